"""Normalisation in levels, N0 to N4; every normalised word keeps its place in the raw text.

N0 raw text · N1 NFC and white space · N2 typography (quotation marks, dashes, ellipsis, punctuation) · N3
case: together they turn a text into words. N4, the declared lists (contractions, numbers as values,
spelling), turns words into keys; one word may have several ("isn't"), several one ("twelve thousand").
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from functools import lru_cache
from typing import Final

from service.matching.normalise.canonical_tokens import Keys, read_keys
from service.matching.normalise.notes import INVISIBLE, blank_notes

_APOSTROPHE: Final = "['’‘ʼ`´＇]"
_LETTER: Final = rf"\w\u0300-\u036f{INVISIBLE}"
_WORD: Final = re.compile(
    r"[A-Za-z](?:\.[A-Za-z])+\b\.?"  # U.S., D.C.
    r"|\[[A-Za-z]\][A-Za-z]+"  # [W]e: the writer's capital
    r"|\d+(?:[.,]\d+)*[^\W_]*"  # 12,000 · 1.80 · 8th · 12K
    rf"|[{_LETTER}]+(?:{_APOSTROPHE}[{_LETTER}]+)*"
    rf"|(?<=\]){_APOSTROPHE}(?:s|re|ve|ll|m|d)\b"  # [they]'re
    r"|%|[$£€¥](?=[ ]?\d)"
)
_APOSTROPHES: Final = re.compile(_APOSTROPHE)
_ONE_SPACE: Final = frozenset({" ", "\u00a0", "\u2009", "\u202f", "-", "\u2010", "\u2011"})
_CACHED_TEXT_LENGTH: Final = 2_000
_MEMORY: Final = 65_536  # entries of each memory of words; one that is full starts again
_LONGEST_REMEMBERED: Final = 40  # code points; what is longer hardly ever comes back


class NormalisedText:
    """A text at every level of normalisation; what costs time is computed on first use."""

    __slots__ = ("_capitals", "_keys", "_spans", "_spoken", "folded", "forms", "raw")

    def __init__(self, raw: str) -> None:
        self.raw = raw
        self._spoken = blank_notes(raw)
        self.forms = split_forms(self._spoken)
        self.folded = " ".join(self.forms)  # level N3 as one string
        self._keys: Keys | None = None
        self._spans: list[tuple[int, int]] | None = None
        self._capitals: list[int] | None = None

    @property
    def spans(self) -> list[tuple[int, int]]:
        """For each word its place in the raw text, half-open code points."""
        if self._spans is None:
            matches = _WORD.finditer(self._spoken)
            if self._spoken.isascii():
                self._spans = [match.span() for match in matches]
            else:
                self._spans = [match.span() for match in matches if _is_word(match[0])]
        return self._spans

    @property
    def capitals(self) -> list[int]:
        """The words that begin with a capital, in order."""
        if self._capitals is None:
            self._capitals = [at for at, (start, _) in enumerate(self.spans) if self.raw[start].isupper()]
        return self._capitals

    @property
    def keys(self) -> Keys:
        """The words as keys (level N4): contractions taken apart, numbers by value, spelling unified."""
        if self._keys is None:
            self._keys = read_keys(self.forms, self._find_joined)
        return self._keys

    def _find_joined(self) -> list[bool]:
        return [self.raw[a[1] : b[0]] in _ONE_SPACE for a, b in itertools.pairwise(self.spans)]


def normalise(text: str) -> NormalisedText:
    """Normalise a text. Short texts are cached: the same sentences are compared in every check."""
    return _normalise_cached(text) if len(text) <= _CACHED_TEXT_LENGTH else NormalisedText(text)


_normalise_cached = lru_cache(maxsize=8_192)(NormalisedText)


def split_forms(raw: str) -> list[str]:
    """The words of a text at level N3.

    No word holds white space, so what stands between is looked up as a whole: far cheaper than the pattern.
    Only a currency's sign looks further, for the number that may follow it.
    """
    if "$" in raw or "£" in raw or "€" in raw or "¥" in raw:
        return [fold_word(word) for word in _WORD.findall(raw) if _is_word(word)]
    return list(itertools.chain.from_iterable(map(_FORMS.__getitem__, raw.split())))


class _Forms(dict[str, tuple[str, ...]]):
    """What stands between white space ("well,") and the words of level N3 in it."""

    def __missing__(self, chunk: str) -> tuple[str, ...]:
        word = chunk.rstrip(",.;:!?")
        is_plain = word.isalpha() and word.isascii()  # the pattern would find just that, at thrice the cost
        words = [word] if is_plain else filter(_is_word, _WORD.findall(chunk))
        forms = tuple(map(fold_word, words))
        if len(chunk) <= _LONGEST_REMEMBERED:
            if len(self) >= _MEMORY:
                self.clear()
            self[chunk] = forms
        return forms


_FORMS: Final = _Forms()


def fold_word(raw: str) -> str:
    """One raw word at level N3. "U.S." and "US" keep their own form, for "us" is another word."""
    if raw in ("US", "U.S.", "U.S", "u.s."):
        return "u.s."
    form = raw if raw[0] != "[" else raw.replace("[", "").replace("]", "")
    if not form.isascii():
        form = _fold_letters(form)
    elif "`" in form:
        form = form.replace("`", "'")
    form = form.lower().strip("_") or raw.lower()
    return form.replace(".", "") if form[0].isalpha() and "." in form else form


def _is_word(raw: str) -> bool:
    """Whether a match has a letter or digit, not only invisible characters."""
    return raw.isascii() or any(char not in INVISIBLE for char in raw)


def _fold_letters(form: str) -> str:
    """Plain letters: no accents, no ligatures, no invisible characters, straight apostrophes."""
    plain = unicodedata.normalize("NFKD", _APOSTROPHES.sub("'", form).translate(_REMOVED))
    return "".join([char for char in plain if not unicodedata.combining(char)]) or form


# The marks that most texts have beyond ASCII; replaced one by one, many times faster than by a table.
_PLAIN_MARKS: Final = (*((mark, "'") for mark in "’‘"), *((mark, " ") for mark in "“”–—…\u00a0«»"))
_REMOVED: Final = dict.fromkeys(map(ord, INVISIBLE))


def lower(raw: str) -> str:
    """A text in lower case with plain letters, as the words of level N3 have them."""
    spoken = blank_notes(raw)
    if not spoken.isascii():
        for mark, plain in _PLAIN_MARKS:
            spoken = spoken.replace(mark, plain)
    return (spoken if spoken.isascii() else _fold_letters(spoken)).lower()


def squeeze(raw: str) -> str:
    """A text in lower case without the marks that may stand inside a word: "[W]e", "U.N.", "O'Brien"."""
    lowered = lower(raw)
    for mark in "'`.[]":
        lowered = lowered.replace(mark, "")
    return lowered
