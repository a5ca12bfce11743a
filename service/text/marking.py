"""Quotation marks in a text, each with what it would cost, against typography, to open, close or mean nothing.

Costs are in units of "one thing a careful typist would not do"; 0 is normal. They compare readings of one
paragraph, nothing else, and only their order matters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Family = Literal["double", "single", "guillemet", "angle", "corner", "white_corner"]

FAMILY: dict[str, Family] = {
    **dict.fromkeys(('"', "“", "”", "„", "‟", "``", "''"), "double"),
    **dict.fromkeys(("'", "‘", "’", "‚", "‛", "`"), "single"),
    **dict.fromkeys(("«", "»"), "guillemet"),
    **dict.fromkeys(("‹", "›"), "angle"),
    **dict.fromkeys(("「", "」"), "corner"),
    **dict.fromkeys(("『", "』"), "white_corner"),
}
# Other ways to type the same mark. Two single curls make a double one; a doubled double is a slip.
SAME = {"＂": '"', "´": "’", "‘‘": "“", "’’": "”", "´´": "”", "''''": "''"}

FEET_AND_INCHES = r"(?<=\d)\s?['’′]\s?-?\d{1,2}(?:\.\d|½|¼|¾)?\s?(?:[\"”″]|''|’’)"
MINUTES_AND_SECONDS = r"(?<=°)\s?\d{1,2}(?:\.\d+)?\s?['’′](?:\s?\d{1,2}(?:\.\d+)?\s?(?:[\"”″]|''|’’))?"
SHORTENED_AND = r"(?<=\s)['’‘`]n['’‘`](?=\s)"
NOT_MARKS = rf"{FEET_AND_INCHES}|{MINUTES_AND_SECONDS}|{SHORTENED_AND}|(?<=\w)['’‘´`](?=\w)"
RUN = re.compile(rf"(?:{NOT_MARKS})|([\"“”„‟«»‹›「」『』＂'‘’‚‛`´]+)")
SINGLE_MARK = re.compile(r"\"+|“+|”+|''(?!')|``|‘‘|’’|´´|＂+|.")
SINGLE_MARK_OPENING = re.compile(r"\"+|“+|”+|''|``|‘‘|’’|´´|＂+|.")

# Words that begin with an apostrophe, and the endings that a tokeniser has split off.
ELISION = re.compile(
    r"(?:em|til|tis|twas|twere|twill|cause|bout|round|cuz|cos|neath|gainst|fraid|nother|nuff|n|s|re|ve|ll|d|m|t)\b"
    r"|\d\d?0?s?\b",
    re.IGNORECASE,
)
FUNCTION_WORD = re.compile(
    r"\s(?:of|in|and|or|said|says|to|for|is|was|are|were|that|by|on|at|as|with|from|he|she|they|it|we|but|who|which|"
    r"had|has|have|when|while|after|before|because|the|a|an|than|if|so)\b"
)
SPACES = frozenset(" \t\n\r\v\f\u00a0\u2009\u202f\u200b\u3000")
BEFORE_OPENING = frozenset("([{<—–―-/=:>*_#|…¿¡")
AFTER_CLOSING = frozenset(".,;:!?)]}>…—–―-/*_|")
DASHES = frozenset("—–―-")


@dataclass(slots=True)
class Mark:
    """One quotation mark: where, its form as in `FAMILY`, and the cost of each reading."""

    start: int
    end: int
    form: str
    opens: float
    closes: float
    skips: float

    @property
    def family(self) -> Family:
        """The kind of marks it pairs with."""
        return FAMILY[self.form]


def find_marks(text: str) -> list[Mark]:
    """Every mark of `text` in order; apostrophes within words, feet, inches, minutes, seconds are left out."""
    marks = []
    for run in RUN.finditer(text):
        if run[1] is None:
            continue
        before = text[run.start() - 1] if run.start() else " "
        after = text[run.end()] if run.end() < len(text) else " "
        opening = before in SPACES and after not in SPACES
        pattern = SINGLE_MARK_OPENING if opening else SINGLE_MARK
        for piece in pattern.finditer(run[1]):
            form = _form(piece[0])
            start = run.start() + piece.start()
            marks.append(_price(text, start, run.start() + piece.end(), form, before, after))
    return marks


def _form(typed: str) -> str:
    if len(typed) > 1 and typed[0] == typed[-1] and typed[0] in '"“”＂':
        typed = typed[0]
    return SAME.get(typed, typed)


def _price(text: str, start: int, end: int, form: str, before: str, after: str) -> Mark:
    family = FAMILY[form]
    if family in ("corner", "white_corner"):
        opening = form in "「『"
        return Mark(start, end, form, 0 if opening else 9, 9 if opening else 0, 2)
    if family in ("guillemet", "angle"):
        return _price_guillemet(start, end, form, before, after)
    opens = _opening_cost(before, after) + OPENS_AGAINST.get(form, 0)
    closes = _closing_cost(before, after) + CLOSES_AGAINST.get(form, 0)
    if family == "double":
        inches = before.isdigit() and form in ('"', "”", "''")
        return Mark(start, end, form, opens, closes, 0.4 if inches else 2)
    return _price_single(text, Mark(start, end, form, opens, closes, 1), before, after)


# Forms that point one way, used the other way.
OPENS_AGAINST = {"”": 0.7, "’": 1.5, "‟": 0.2, "''": 0.1}
CLOSES_AGAINST = {"“": 0.7, "„": 4, "‟": 0.5, "``": 2, "‘": 1, "‚": 4, "‛": 2, "`": 1}


def _opening_cost(before: str, after: str) -> float:
    cost = 0.0
    if after in SPACES:
        cost += 1 if before in SPACES else 3
    elif after in AFTER_CLOSING:
        cost += 0.2 if after in "…." or after in DASHES else 2
    if before in SPACES or before in BEFORE_OPENING:
        return cost
    return cost + (2 if before.isalnum() else 1.2)


def _closing_cost(before: str, after: str) -> float:
    cost = 0.0
    if before in SPACES:
        cost += 1 if after in SPACES else 2
    elif before in "([{":
        cost += 1.5
    if after in SPACES or after in AFTER_CLOSING:
        return cost
    if after in "([{":
        return cost + 0.3
    return cost + (1 if before in ".,!?…" else 1.5)


def _price_guillemet(start: int, end: int, form: str, before: str, after: str) -> Mark:
    pointed_left = form in "«‹"
    loose = before in SPACES and after in SPACES  # French puts spaces inside; so do menus ("Home » News")
    opens = 0 if pointed_left else (3 if loose or after in SPACES else 0.5)
    closes = 0 if not pointed_left else (3 if loose or before in SPACES else 0.5)
    return Mark(start, end, form, opens, closes, 0.4 if loose else 1)


def _price_single(text: str, mark: Mark, before: str, after: str) -> Mark:
    """Single marks share their form with the apostrophe."""
    if before in SPACES or before in BEFORE_OPENING or before in '"“':
        if mark.form != "‚" and (elision := ELISION.match(text, mark.end)):
            mark.opens += 2 if elision[0][0].isdigit() else 1
            mark.skips = 0
        elif mark.form in ("‘", "‚"):
            mark.skips = 1.5
    elif before.isalnum() and after in SPACES:
        possessive = before in "szxSZX" or text[mark.start - 2 : mark.start] == "in"
        if not possessive:
            mark.skips = 1
        elif FUNCTION_WORD.match(text, mark.end):
            mark.skips = 0.5
        elif text[mark.end + 1 : mark.end + 2].islower():
            mark.closes += 0.6
            mark.skips = 0.2
        else:
            mark.skips = 0.5
    elif before in ".,!?…":
        mark.skips = 2
    return mark
