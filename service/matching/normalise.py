"""The normalisation ladder, N0 to N4, with a way back from every normalised word to its raw place.

N0 raw text · N1 NFC and white space · N2 typography (quotation marks, dashes, ellipsis, punctuation) · N3
case: together they turn a text into words. N4, the declared lists (contractions, numbers as values,
spelling), turns words into keys; one word may have several ("isn't"), several one ("twelve thousand").
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple, cast

from service.matching.lexicon import CONTRACTION_ENDINGS, IRREGULAR_CONTRACTIONS
from service.matching.numerals import continues_number, read_numeral, starts_number
from service.matching.spelling import unify_spelling

# â€™ is a right quotation mark that went through the wrong code page; old transcripts are full of it.
_APOSTROPHE: Final = "(?:['’‘ʼ`´＇]|â€™)"
_WORD: Final = re.compile(
    r"[A-Za-z](?:\.[A-Za-z])+\b\.?"  # U.S., D.C.
    r"|\[[A-Za-z]\][A-Za-z]+"  # [W]e: the writer's capital
    r"|\d+(?:[.,]\d+)*[^\W_]*"  # 12,000 · 1.80 · 8th · 12K
    rf"|[\w\u0300-\u036f]+(?:{_APOSTROPHE}[\w\u0300-\u036f]+)*"
    rf"|(?<=\]){_APOSTROPHE}(?:s|re|ve|ll|m|d)\b"  # [they]'re
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


class Keys(NamedTuple):
    """Rung N4 of a text: the keys' forms, and for each the words it was made of, `[first, last)`."""

    forms: list[str]
    first: list[int]
    last: list[int]


class NormalisedText:
    """A text at every rung of the ladder; what costs time is worked out when first asked for."""

    __slots__ = ("_keys", "_spans", "folded", "forms", "raw")

    def __init__(self, raw: str) -> None:
        self.raw = raw
        self.forms = [fold_word(word) for word in _WORD.findall(raw)]
        self.folded = " ".join(self.forms)  # rung N3 as one string
        self._keys: Keys | None = None
        self._spans: list[tuple[int, int]] | None = None

    @property
    def spans(self) -> list[tuple[int, int]]:
        """For each word its place in the raw text, half-open code points."""
        if self._spans is None:
            self._spans = [match.span() for match in _WORD.finditer(self.raw)]
        return self._spans

    @property
    def keys(self) -> Keys:
        """Rung N4."""
        if self._keys is None:
            self._keys = self._build_keys()
        return self._keys

    def find_joined(self) -> list[bool]:
        """For each word whether but one space or hyphen divides it from the next; numbers need to know."""
        if not any(starts_number(a) and continues_number(b) for a, b in itertools.pairwise(self.forms)):
            return [False] * len(self.forms)
        return [self.raw[a[1] : b[0]] in _ONE_SPACE for a, b in itertools.pairwise(self.spans)]

    def _build_keys(self) -> Keys:
        plain = [plain_key(form) for form in self.forms]
        if None not in plain:
            size = len(plain)
            return Keys(cast(list[str], plain), list(range(size)), list(range(1, size + 1)))
        return _read_keys(self, plain)


def normalise(text: str) -> NormalisedText:
    """Climb the ladder. Short texts are cached: the same sentences come back with every check."""
    return _normalise_cached(text) if len(text) <= _CACHED_TEXT_LENGTH else NormalisedText(text)


_normalise_cached = lru_cache(maxsize=8_192)(NormalisedText)


@lru_cache(maxsize=65_536)
def fold_word(raw: str) -> str:
    """One raw word at rung N3. "U.S." and "US" keep their own form, for "us" is another word."""
    if raw in ("US", "U.S.", "U.S", "u.s."):
        return "u.s."
    form = raw if raw[0] != "[" else raw.replace("[", "").replace("]", "")
    if not form.isascii():
        form = _APOSTROPHES.sub("'", unicodedata.normalize("NFC", form))
    elif "`" in form:
        form = form.replace("`", "'")
    form = form.lower().strip("_") or raw.lower()
    return form.replace(".", "") if form[0].isalpha() and "." in form else form


@lru_cache(maxsize=65_536)
def plain_key(form: str) -> str | None:
    """The one key of a word that stands for itself; None for a number, a unit or a contraction."""
    if starts_number(form) or form in _CURRENCIES or form in _PAIR_ENDS:
        return None
    keys = expand_word(form)
    return keys[0] if len(keys) == 1 else None


def _read_keys(text: NormalisedText, plain: list[str | None]) -> Keys:
    forms = text.forms
    keys = Keys([], [], [])
    joined: list[bool] = []
    position = 0
    while position < len(forms):
        form, key = forms[position], plain[position]
        if key is not None and form != "a":  # most words
            keys.forms.append(key)
            keys.first.append(position)
            position += 1
            keys.last.append(position)
            continue
        numeral = None
        start = position + 1 if _may_lead_number(form, forms, position) else position
        if start < len(forms) and starts_number(forms[start]):
            joined = joined or text.find_joined()
            numeral = read_numeral(forms, start, joined)
        if numeral is None:
            for part in expand_word(form):
                _append(keys, part, position, position + 1)
            position += 1
            continue
        end = start + numeral.length
        _append(keys, numeral.key, position, end)
        if form in _CURRENCIES:  # "$5 billion" is said "five billion dollars"
            _append(keys, _UNIT_WORDS[form], position, end)
        position = end
    return keys


def _may_lead_number(form: str, forms: list[str], position: int) -> bool:
    """Whether a word belongs to the number that follows: "$5", "a million"."""
    return form in _CURRENCIES or (
        form == "a" and position + 1 < len(forms) and forms[position + 1] in _ROUND
    )


def _append(keys: Keys, form: str, first: int, last: int) -> None:
    """Add a key; two that are one name or unit ("United States", "per cent") become one."""
    if form in _PAIR_ENDS and keys.forms and (pair := _PAIRS.get((keys.forms[-1], form))):
        keys.forms[-1], keys.last[-1] = pair, last
        return
    keys.forms.append(form)
    keys.first.append(first)
    keys.last.append(last)


_ROUND: Final = frozenset({"hundred", "thousand", "million", "billion", "trillion"})
_PAIRS: Final = {("united", "states"): "u.s.", ("per", "cent"): _PERCENT}
_PAIR_ENDS: Final = frozenset(end for _, end in _PAIRS)


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
        if form == ending:
            return (key,)
        if form.endswith(ending):
            return (*expand_word(form[: -len(ending)]), key)
    return (unify_spelling(form.replace("'", "")),)
