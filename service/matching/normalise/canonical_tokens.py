"""Level N4: words become keys by the declared lists (contractions, numbers as values, spelling).

One word may have several keys ("isn't"), several words one ("twelve thousand").
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final, NamedTuple, cast

from service.english.calendar import MONTH_ABBREVIATIONS, MONTHS
from service.english.numerals import Numeral, continues_number, halve_key, read_numeral, starts_number
from service.english.spelling import may_have_variants, unify_spelling
from service.english.word_classes import CONTRACTION_ENDINGS, IRREGULAR_CONTRACTIONS

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
_MEMORY: Final = 65_536  # words; a memory that is full starts again
_LONGEST_REMEMBERED: Final = 40  # code points; what is longer hardly ever comes back


class Keys(NamedTuple):
    """Level N4 of a text: the keys' forms, and for each the words it was made of, `[first, last)`."""

    forms: list[str]
    first: Sequence[int]
    last: Sequence[int]


def read_keys(forms: Sequence[str], find_joined: Callable[[], list[bool]]) -> Keys:
    """The keys of words of level N3.

    `find_joined` tells for each word whether but one space or hyphen divides it from the next: it costs time,
    and only numbers of several words need it.
    """
    plain = list(map(_PLAIN_KEYS.__getitem__, forms))
    if None not in plain:
        size = len(plain)
        return Keys(cast(list[str], plain), range(size), range(1, size + 1))
    reader = _KeyReader(forms, plain, find_joined)
    for special in [at for at, key in enumerate(plain) if key is None]:
        if special >= reader.position:  # else it is within a number that was read
            reader.read_special(special)
    reader.copy_plain(len(plain))
    return Keys(reader.keys, reader.first, reader.last)


class _KeyReader:
    """The keys of a text so far: of all words before `position`."""

    def __init__(
        self, forms: Sequence[str], plain: list[str | None], find_joined: Callable[[], list[bool]]
    ) -> None:
        self._forms, self._plain, self._find_joined = forms, cast(list[str], plain), find_joined
        self._joined: list[bool] = []
        self.position = 0
        self._last_is_digits = False
        self.keys: list[str] = []
        self.first: list[int] = []
        self.last: list[int] = []

    def copy_plain(self, end: int) -> None:
        """Copy words that are their own keys, up to `end`."""
        self.keys += self._plain[self.position : end]
        self.first += range(self.position, end)
        self.last += range(self.position + 1, end + 1)
        self.position = end

    def read_special(self, at: int) -> None:
        """Read the number, unit or contraction at a word."""
        form = self._forms[at]
        leads = form in _ROUND and at > self.position and self._forms[at - 1] == "a"
        halves = leads and at > self.position + 1 and self._forms[at - 2] == "half"
        first = at - leads - halves  # "a million", "half a million"
        self.copy_plain(first)
        numeral = self._read_numeral(at + 1 if form in _CURRENCIES else at)
        self._last_is_digits = form[0].isdecimal()
        if numeral is None:
            self.position = at + 1
            for part in expand_word(form):
                self._append(part, first)
            return
        self.position = at + numeral.length
        if form in _CURRENCIES:  # "$5 billion" is said "five billion dollars"
            self.position += 1
            self._append(numeral.key, first)
            self._append(_UNIT_WORDS[form], first)
            return
        self._append(halve_key(numeral.key) if halves else numeral.key, first)

    def _read_numeral(self, start: int) -> Numeral | None:
        forms = self._forms
        if start >= len(forms) or not starts_number(forms[start]):
            return None
        if not _goes_on(forms, start + 1):
            return _read_lone_numeral(forms[start]) if len(forms[start]) <= _LONGEST_REMEMBERED else None
        self._joined = self._joined or self._find_joined()
        return read_numeral(forms, start, self._joined)

    def _append(self, key: str, first: int) -> None:
        """Add a key; two that are one name or unit ("United States", "per cent") become one."""
        if key in _PAIR_ENDS and self.keys and (pair := _PAIRS.get((self.keys[-1], key))):
            self.keys[-1], self.last[-1] = pair, self.position
            return
        if self._append_date(key):
            return
        self.keys.append(key)
        self.first.append(first)
        self.last.append(self.position)

    def _append_date(self, key: str) -> bool:
        """Join a day and its month, in either order: "the fifth of November", "5 November", "Nov. 5th".

        Whether it did. "May" and "March" are other words too: with a day in figures or an ordinal alone.
        """
        if not self.keys:
            return False
        if month := _MONTH_KEYS.get(self.keys[-1]):
            day = _read_day(key)
            if day is None or not (key.endswith("th") or self._last_is_digits):
                return False
            self._close_date(1, month, day)
            return True
        month = _MONTH_KEYS.get(key)
        if month is None:
            return False
        back = 2 if self.keys[-1] == "of" and len(self.keys) > 1 else 1
        day = _read_day(self.keys[-back])
        if day is None or not (self.keys[-back].endswith("th") or self._is_written_in_digits(-back)):
            return False
        if len(self.keys) > back and self.keys[-back - 1] == "the" and self.keys[-back].endswith("th"):
            back += 1
        self._close_date(back, month, day)
        return True

    def _is_written_in_digits(self, key: int) -> bool:
        return self._forms[self.first[key]][0].isdecimal()

    def _close_date(self, keys: int, month: str, day: int) -> None:
        """Make the last keys one date, up to the word that was read last."""
        first = self.first[-keys]
        del self.keys[-keys:], self.first[-keys:], self.last[-keys:]
        self.keys.append(f"#{month}-{day}")
        self.first.append(first)
        self.last.append(self.position)


def _read_day(key: str) -> int | None:
    """The day of a month that a number's key can be."""
    digits = key.removeprefix("#").removesuffix("th")
    if not key.startswith("#") or not digits.isdecimal() or len(digits) > 2:
        return None
    return int(digits) if 1 <= int(digits) <= 31 else None


def _goes_on(forms: Sequence[str], at: int) -> bool:
    """Whether a word may go on with a number that the one before it began."""
    if at >= len(forms) or not continues_number(forms[at]):
        return False
    if forms[at] != "and":
        return True
    return at + 1 < len(forms) and (forms[at + 1] == "a" or starts_number(forms[at + 1]))


@lru_cache(maxsize=4_096)
def _read_lone_numeral(form: str) -> Numeral | None:
    """A number of one word."""
    return read_numeral((form,), 0, (False,))


class _PlainKeys(dict[str, str | None]):
    """The one key of a word that stands for itself; None for a number, a unit or a contraction."""

    def __missing__(self, form: str) -> str | None:
        key = _find_plain_key(form)
        if len(form) <= _LONGEST_REMEMBERED:
            if len(self) >= _MEMORY:
                self.clear()
            self[form] = key
        return key


_PLAIN_KEYS: Final = _PlainKeys()


def _find_plain_key(form: str) -> str | None:
    if starts_number(form) or form in _CURRENCIES or form in _PAIR_ENDS or form in _MONTH_KEYS:
        return None
    keys = expand_word(form)
    return keys[0] if len(keys) == 1 else None


_ROUND: Final = frozenset({"hundred", "thousand", "million", "billion", "trillion"})
_PAIRS: Final = {("united", "states"): "u.s.", ("per", "cent"): _PERCENT}
_PAIR_ENDS: Final = frozenset(end for _, end in _PAIRS)
_MONTH_KEYS: Final = {name: name[:3] for name in MONTHS + MONTH_ABBREVIATIONS}


@lru_cache(maxsize=65_536)
def expand_word(form: str) -> tuple[str, ...]:
    """The keys of one word of level N3: contractions taken apart, spelling unified."""
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


# Keys that a text may have without their letters: parts of contractions, names and units.
_UNWRITTEN: Final = frozenset(
    [
        *itertools.chain.from_iterable(IRREGULAR_CONTRACTIONS.values()),
        *(key for _, key in CONTRACTION_ENDINGS),
        *_UNIT_WORDS.values(),
        *_PAIRS.values(),
        *_MONTH_KEYS,  # part of a date's key
    ]
)


@lru_cache(maxsize=65_536)
def has_one_spelling(form: str) -> bool:
    """Whether no other way to spell a word is unified with it."""
    return not may_have_variants(form) and unify_spelling(form) == form


@lru_cache(maxsize=65_536)
def is_always_written(key: str) -> bool:
    """Whether every text with this key has its letters in a row, once `squeeze` took the marks out."""
    return key.isascii() and key.isalpha() and key not in _UNWRITTEN and not may_have_variants(key)
