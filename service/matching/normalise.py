"""The normalisation ladder, N0 to N4, with a way back from every normalised word to its raw place.

N0 raw text · N1 NFC and white space · N2 typography (quotation marks, dashes, ellipsis, punctuation) · N3 case:
together they turn a text into `Word`s. N4, the declared lists (contractions, numbers as values, spelling), turns
words into keys; one word may have several keys ("isn't") and one key may cover several words ("twelve thousand").
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from service.matching.lexicon import CONTRACTION_ENDINGS, IRREGULAR_CONTRACTIONS
from service.matching.numerals import read_numeral, starts_number
from service.matching.spelling import unify_spelling

# â€™ is a right quotation mark that went through the wrong code page; old transcripts are full of it.
_APOSTROPHE: Final = "(?:['’‘ʼ`´＇]|â€™)"
_WORD: Final = re.compile(
    r"(?:[A-Za-z]\.){2,}"  # U.S., D.C.
    r"|\[[A-Za-z]\][A-Za-z]+"  # [W]e: the writer's capital
    r"|\d+(?:[.,]\d+)*[^\W_]*"  # 12,000 · 1.80 · 8th · 12K
    rf"|[\w\u0300-\u036f]+(?:{_APOSTROPHE}[\w\u0300-\u036f]+)*"
    r"|%|[$£€¥](?=[ ]?\d)"
)
_APOSTROPHES: Final = re.compile(_APOSTROPHE)
_ONE_SPACE: Final = frozenset({" ", "\u00a0", "\u2009", "\u202f", "-", "\u2010", "\u2011"})
_CURRENCIES: Final = frozenset("$£€¥")
_PERCENT: Final = "percent"
_UNIT_WORDS: Final = {
    "%": _PERCENT,
    "pct": _PERCENT,
    "$": "dollars",
    "dollar": "dollars",
    "€": "euros",
    "euro": "euros",
    "£": "pounds",
    "¥": "yen",
}
_CACHED_TEXT_LENGTH: Final = 2_000


class Word(NamedTuple):
    """One word at rung N3: its form, and where it stands in the raw text (half-open code points)."""

    form: str
    start: int
    end: int


class Key(NamedTuple):
    """One word at rung N4 and the words it was made of, `words[first:last]`."""

    form: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class NormalisedText:
    """A text at every rung of the ladder."""

    raw: str
    words: tuple[Word, ...]
    keys: tuple[Key, ...]
    folded: str  # rung N3 as one string, words divided by single spaces
    unified: str  # rung N4 likewise


def normalise(text: str) -> NormalisedText:
    """Climb the whole ladder. Short texts are cached: the same sentences come back with every check."""
    return _normalise_cached(text) if len(text) <= _CACHED_TEXT_LENGTH else _normalise(text)


def _normalise(text: str) -> NormalisedText:
    words = tuple([_word(text, match.start(), match.end()) for match in _WORD.finditer(text)])
    keys = tuple(_keys(text, words))
    folded = " ".join([word.form for word in words])
    return NormalisedText(text, words, keys, folded, " ".join([key.form for key in keys]))


_normalise_cached = lru_cache(maxsize=8_192)(_normalise)


def _word(text: str, start: int, end: int) -> Word:
    return Word(fold_word(text[start:end]), start, end)


@lru_cache(maxsize=65_536)
def fold_word(raw: str) -> str:
    """One raw word at rung N3. "U.S." and "US" keep their own form, for "us" is another word."""
    if raw in ("US", "U.S.", "U.S"):
        return "u.s."
    form = raw if raw[0] != "[" else raw.replace("[", "").replace("]", "")
    if not form.isascii():
        form = _APOSTROPHES.sub("'", unicodedata.normalize("NFC", form))
    elif "`" in form:
        form = form.replace("`", "'")
    form = form.lower().strip("_") or raw.lower()
    return form.replace(".", "") if form.endswith(".") else form


def _keys(text: str, words: tuple[Word, ...]) -> list[Key]:
    forms = [word.form for word in words]
    joined = [text[a.end : b.start] in _ONE_SPACE for a, b in itertools.pairwise(words)]
    keys: list[Key] = []
    position = 0
    while position < len(forms):
        form = forms[position]
        numeral = None
        if starts_number(form):
            numeral = read_numeral(forms, position, joined)
            end = position + numeral.length if numeral else position
        elif position + 1 < len(forms) and (form in _CURRENCIES or (form == "a" and forms[position + 1] in _ROUND)):
            numeral = read_numeral(forms, position + 1, joined)
            end = position + 1 + numeral.length if numeral else position
        if numeral is None:
            keys.extend([Key(key, position, position + 1) for key in expand_word(form)])
            position += 1
            continue
        keys.append(Key(numeral.key, position, end))
        if form in _CURRENCIES:  # "$5 billion" is said "five billion dollars"
            keys.append(Key(_UNIT_WORDS[form], position, end))
        position = end
    return _join_pairs(keys)


_ROUND: Final = frozenset({"hundred", "thousand", "million", "billion", "trillion"})
_PAIRS: Final = {("united", "states"): "u.s.", ("per", "cent"): _PERCENT}


def _join_pairs(keys: list[Key]) -> list[Key]:
    """Two keys that are one name or unit: "United States", "per cent"."""
    joined: list[Key] = []
    for key in keys:
        pair = _PAIRS.get((joined[-1].form, key.form)) if joined and key.form in ("states", "cent") else None
        if pair is not None:
            joined[-1] = Key(pair, joined[-1].first, key.last)
        else:
            joined.append(key)
    return joined


@lru_cache(maxsize=65_536)
def expand_word(form: str) -> tuple[str, ...]:
    """The keys of one word of rung N3: contractions taken apart, spelling unified."""
    if "'" not in form:
        if form in IRREGULAR_CONTRACTIONS:
            return IRREGULAR_CONTRACTIONS[form]
        return (_UNIT_WORDS.get(form) or unify_spelling(form),)
    if form in IRREGULAR_CONTRACTIONS:
        return IRREGULAR_CONTRACTIONS[form]
    for ending, key in CONTRACTION_ENDINGS:
        if form.endswith(ending) and len(form) > len(ending):
            return (*expand_word(form[: -len(ending)]), key)
    return (unify_spelling(form.replace("'", "")),)
