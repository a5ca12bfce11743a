"""Level N4, numbers: words and digits that name one value get one key."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final, NamedTuple


def _numbered(words: str, start: int = 0, step: int = 1) -> dict[str, int]:
    return {word: start + step * at for at, word in enumerate(words.split())}


_UNITS: Final = _numbered(
    """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen
    """
)
_TENS: Final = _numbered("twenty thirty forty fifty sixty seventy eighty ninety", start=20, step=10)
_SCALES: Final = {
    "hundred": Decimal(100),
    "thousand": Decimal(1_000),
    "million": Decimal(10**6),
    "billion": Decimal(10**9),
    "trillion": Decimal(10**12),
}
_ABBREVIATED_SCALES: Final = {
    "k": _SCALES["thousand"],
    "m": _SCALES["million"],
    "mn": _SCALES["million"],
    "mln": _SCALES["million"],
    "bn": _SCALES["billion"],
    "b": _SCALES["billion"],
    "tn": _SCALES["trillion"],
}
_ORDINALS: Final = _numbered(
    """
    first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth
    fifteenth sixteenth seventeenth eighteenth nineteenth twentieth
    """,
    start=1,
) | {"thirtieth": 30, "hundredth": 100, "thousandth": 1000}
# Parts of a whole. Not numbers by themselves: a quarter may be one of a year, a half one of a match.
FRACTION_WORDS: Final = frozenset(f"{word}s" for word in _ORDINALS if word not in ("first", "second")) | {
    "half", "halves", "quarter", "quarters",
}  # fmt: skip
NUMBER_WORDS: Final = frozenset(_UNITS) | frozenset(_TENS) | frozenset(_SCALES) | frozenset(_ORDINALS)

_NUMBER_KEY: Final = re.compile(r"^#|[0-9]")
_DIGITS: Final = re.compile(r"^(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?([a-z]{0,3})$", re.ASCII)
_LONGEST: Final = 32  # more digits name no quantity anybody quotes; they are compared as they stand


class Numeral(NamedTuple):
    """A number read from `words[start:start + length]`: its key, equal for equal values."""

    key: str
    length: int


def is_number_key(key: str) -> bool:
    """Whether a key names a quantity, an ordinal, or holds a digit ("b52")."""
    return _NUMBER_KEY.search(key) is not None


def starts_number(form: str) -> bool:
    """Whether a word (level N3) may begin a number; a cheap test before `read_numeral`."""
    return form[0] in "0123456789" or form in NUMBER_WORDS


def continues_number(form: str) -> bool:
    """Whether a word may go on with a number that another began: "twelve [thousand]", "hundred [and]"."""
    return starts_number(form) or form == "and"


def read_numeral(forms: Sequence[str], start: int, joined: Sequence[bool]) -> Numeral | None:
    """The longest number that begins at `forms[start]`.

    `joined[i]` tells that only one space lies between word i and the next, so that "12 000" is one number and
    "12; 000" is two.
    """
    first = forms[start]
    if len(first) > _LONGEST:
        return None
    if first in _ORDINALS:
        return Numeral(f"#{_ORDINALS[first]}th", 1)
    if first[0] in "0123456789":
        return _read_digits(forms, start, joined)
    return _read_with_fraction(forms, start, joined) or _read_words(forms, start, joined)


_FRACTIONS: Final[dict[tuple[str, ...], Decimal]] = {
    ("and", "a", "half"): Decimal("0.5"),
    ("and", "a", "quarter"): Decimal("0.25"),
    ("and", "three", "quarters"): Decimal("0.75"),
}


def _read_with_fraction(forms: Sequence[str], start: int, joined: Sequence[bool]) -> Numeral | None:
    """ "one and a half million", "a million and a half" (from "million" on), "two and three quarters"."""
    at = start + 1
    fraction = _FRACTIONS.get(tuple(forms[at : at + 3]))
    if fraction is None or not all(joined[at - 1 : at + 2]):
        return None
    end = at + 3
    scale = _SCALES.get(forms[start])
    if scale is not None:
        return Numeral(_key(scale * (1 + fraction)), 4)
    if forms[start] not in _UNITS:
        return None
    value = _UNITS[forms[start]] + fraction
    if end < len(forms) and joined[end - 1] and forms[end] in _SCALES:
        return Numeral(_key(value * _SCALES[forms[end]]), 5)
    return Numeral(_key(value), 4)


def _key(value: Decimal) -> str:
    return f"#{value.normalize():f}"


def halve_key(key: str) -> str:
    """The key of half a number: of "half a million"."""
    return _key(Decimal(key.removeprefix("#")) / 2)


def _read_digits(forms: Sequence[str], start: int, joined: Sequence[bool]) -> Numeral | None:
    match = _DIGITS.match(forms[start])
    if match is None:
        return None
    whole, fraction, suffix = match.groups(default="")
    if suffix in ("st", "nd", "rd", "th"):
        return Numeral(f"#{int(whole.replace(',', ''))}th", 1)
    if suffix and (suffix not in _ABBREVIATED_SCALES or whole == "401"):
        return None
    end = start + 1
    while (
        not (fraction or suffix)
        and end < len(forms)
        and joined[end - 1]
        and len(whole) < _LONGEST
        and _is_group(whole if end == start + 1 else forms[end - 1], forms[end], first=end == start + 1)
    ):
        whole += forms[end]
        end += 1
    value = Decimal(whole.replace(",", "") + fraction) * _ABBREVIATED_SCALES.get(suffix, Decimal(1))
    scales_end = end + 2  # "2 hundred million"; nobody says more, a hostile text may
    while end < min(len(forms), scales_end) and joined[end - 1] and forms[end] in _SCALES:
        value *= _SCALES[forms[end]]
        end += 1
    return Numeral(_key(value), end - start)


def _is_group(before: str, after: str, *, first: bool) -> bool:
    """Whether `after` continues `before` as a group of thousands: "12 000"."""
    return (
        before.isdecimal()
        and (1 <= len(before) <= 3 if first else len(before) == 3)
        and after.isdecimal()
        and after.isascii()
        and len(after) == 3
    )


def _read_words(forms: Sequence[str], start: int, joined: Sequence[bool]) -> Numeral | None:
    """A cardinal in words: "one hundred and sixty-three thousand" (hyphens already split)."""
    total, current = Decimal(0), Decimal(0)
    rest = None  # what the last word still allows below it: 10 after a ten, 100 after "hundred"
    position = start
    while position < len(forms) and (position == start or joined[position - 1]):
        form = forms[position]
        if form in _UNITS and (rest is None or (_UNITS[form] < rest and form != "zero")):
            current, rest = current + _UNITS[form], Decimal(1)
        elif form in _TENS and (rest is None or rest >= 100):
            current, rest = current + _TENS[form], Decimal(10)
        elif form in _SCALES:
            scale = _SCALES[form]
            if scale == 100 and 0 < current < 100:
                current, rest = current * scale, Decimal(100)
            elif scale == 100 and position == start:
                current, rest = scale, Decimal(100)
            elif scale > 100 and (current or position == start) and (not total or total >= scale * 1000):
                total, current, rest = total + (current or 1) * scale, Decimal(0), Decimal(1000)
            else:
                break
        elif form == "and" and rest is not None and rest >= 100 and _goes_on(forms, position + 1):
            pass
        else:
            break
        position += 1
    while forms[position - 1] == "and":
        position -= 1
    return Numeral(_key(total + current), position - start)


def _goes_on(forms: Sequence[str], position: int) -> bool:
    """Whether "and" joins a smaller part of one number: "hundred and five", not "hundred and two million"."""
    return position < len(forms) and (forms[position] in _UNITS or forms[position] in _TENS)
