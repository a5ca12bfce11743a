"""Quotation marks in a text, each with what it costs against typography to open, to close or to mean nothing.

A cost of 1 is about one thing that a careful typist would not do; 0 is normal. Costs compare the readings of
one paragraph's marks (`service.text.pairing`) and mean nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

Family = Literal["double", "single", "guillemet", "angle", "corner", "white_corner"]

FAMILY: dict[str, Family] = {
    **dict.fromkeys(('"', "“", "”", "„", "‟", "``", "''"), "double"),
    **dict.fromkeys(("'", "‘", "’", "‚", "‛", "`"), "single"),
    **dict.fromkeys(("«", "»"), "guillemet"),
    **dict.fromkeys(("‹", "›"), "angle"),
    **dict.fromkeys(("「", "」"), "corner"),
    **dict.fromkeys(("『", "』"), "white_corner"),
}
# Other ways to type the same mark. Two single curls make a double one.
SAME = {"＂": '"', "´": "’", "‘‘": "“", "’’": "”", "´´": "”"}

# Scripts that put no spaces between words.
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef"
NOT_MARKS = "|".join(
    (
        r"(?<=\d)\s?['’′]\s?-?\d{1,2}(?:\.\d|½|¼|¾)?\s?(?:[\"”″]|''|’’)",  # feet and inches: 6'2"
        r"(?<=°)\s?\d{1,2}(?:\.\d+)?\s?['’′](?:\s?\d{1,2}(?:\.\d+)?\s?(?:[\"”″]|''|’’))?",  # 40° 26' 46"
        r"(?<=\s)['’‘`]n['’‘`](?=\s)",  # rock 'n' roll
        rf"(?<=\w)['’‘´`](?=\w)(?![{UNSPACED}])",  # don't
        r"(?<=[.)\]%&\"”])['’]s\b",  # the D.C.'s, "Hamilton"'s
        r"(?<!\S)\"\"(?!\w)|(?:“”|‘’|«\s?»)(?!\w)",  # nothing in marks
        r"(?<=[א-ת])[\"”](?=[א-ת](?![א-ת]))",  # Hebrew abbreviations are written with a double mark
    )
)
RUN = re.compile(
    rf"(?:{NOT_MARKS})|([\"“”„‟«»‹›「」『』＂'‘’‚‛`´]+?(?=['’]s\b)|[\"“”„‟«»‹›「」『』＂'‘’‚‛`´]+)"
)
DOUBLED = (
    r"\"+|“+|”+|＂+|``|‘‘|’’|´´"  # a double mark typed twice is a slip, two single ones are a double one
)
IN_CLOSING_RUN = re.compile(rf"{DOUBLED}|''(?!')|.")  # .''' closes the single one first
IN_OPENING_RUN = re.compile(rf"{DOUBLED}|''|.")

# Words that begin with an apostrophe, decades, and endings that a tokeniser has split off.
ELISION = re.compile(
    r"(?:em|til|tis|twas|twere|twill|cause|bout|round|cuz|cos|neath|gainst|fraid|nother|nuff|s|re|ve|ll|d|m|t)\b"
    r"|\d0?s\b|\d\ds?\b",
    re.IGNORECASE,
)
# After a possessive comes what is possessed; after a closing mark, often one of these.
FUNCTION_WORD = re.compile(
    r"\s(?:of|in|and|or|said|says|to|for|is|was|are|were|that|by|on|at|as|with|from|he|she|they|it|we|but|who|"
    r"which|had|has|have|when|while|after|before|because|the|a|an|than|if|so)\b"
)
SPACES = frozenset(" \t\n\r\v\f\x85\u00a0\u2002\u2003\u2009\u200a\u200b\u2028\u2029\u202f\u3000")
LEADS_IN = frozenset("([{<—–―-/=:>*_#|…¿¡")
FOLLOWS = frozenset(".,;:!?)]}>…—–―-/*_|")
DASHES = frozenset("—–―-")
WITHOUT_SPACES = re.compile(f"[{UNSPACED}]")

# Forms that point one way, used the other way.
OPENS_AGAINST = {"”": 0.7, "’": 1.5, "‟": 0.2, "''": 0.1}
CLOSES_AGAINST = {"“": 0.7, "„": 4, "‟": 0.5, "``": 2, "‘": 1, "‚": 4, "‛": 2, "`": 1}


@dataclass(slots=True)
class Mark:
    """One quotation mark: where, its form as in `FAMILY`, and the cost of each reading of it."""

    start: int
    end: int
    form: str
    opens: float
    closes: float
    skips: float
    after_stop: bool  # a sentence has just ended before it

    @property
    def family(self) -> Family:
        """The kind of marks it pairs with."""
        return FAMILY[self.form]

    @property
    def prices(self) -> tuple[float, float, float]:
        """The costs of opening, closing and passing over."""
        return self.opens, self.closes, self.skips

    def moved(self, shift: int) -> Mark:
        """The same mark so many characters further on."""
        return Mark(
            self.start + shift,
            self.end + shift,
            self.form,
            self.opens,
            self.closes,
            self.skips,
            self.after_stop,
        )


class Surroundings(NamedTuple):
    """The characters around a run of marks; a space stands for the edge of the text."""

    before: str
    after: str
    after_stop: bool


def find_marks(text: str) -> list[Mark]:
    """Every mark of `text` in order, without apostrophes within words, feet, inches, minutes and seconds."""
    marks: list[Mark] = []
    priced: dict[tuple[str, str, str], list[Mark]] = {}  # by what the prices of double marks depend on
    for run in RUN.finditer(text):
        if run[1] is None:
            continue
        start, end = run.span()
        key = (text[max(0, start - 2) : start], run[1], text[end : end + 1])
        if (alike := priced.get(key)) is not None:
            shift = start - alike[0].start
            marks += [mark.moved(shift) for mark in alike]
            continue
        around = _surroundings(text, start, end)
        found = [_price(text, *piece, around) for piece in _split_run(run, around)]
        if all(
            mark.family != "single" for mark in found
        ):  # those of single marks depend on the words after them
            priced[key] = found
        marks += found
    return marks


def _surroundings(text: str, start: int, end: int) -> Surroundings:
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    after_stop = before.isspace() and text[max(0, start - 2) : start - 1] in '.!?…”"' and start > 1
    return Surroundings(
        " " if WITHOUT_SPACES.match(before) else before,
        " " if WITHOUT_SPACES.match(after) else after,
        after_stop,
    )


def _split_run(run: re.Match[str], around: Surroundings) -> Iterator[tuple[int, int]]:
    opening = around.before in SPACES and around.after not in SPACES
    pattern = IN_OPENING_RUN if opening else IN_CLOSING_RUN
    for piece in pattern.finditer(run[1]):
        yield run.start() + piece.start(), run.start() + piece.end()


def _price(text: str, start: int, end: int, around: Surroundings) -> Mark:
    typed = text[start:end]
    if typed[0] in '"“”＂':
        typed = typed[0]
    form = SAME.get(typed, typed)
    mark = Mark(start, end, form, 0, 0, 2, around.after_stop)
    family = mark.family
    if family in ("corner", "white_corner"):
        mark.opens, mark.closes = (0, 9) if form in "「『" else (9, 0)
    elif family in ("guillemet", "angle"):
        _price_guillemet(mark, around)
    else:
        mark.opens = _opening_cost(around) + OPENS_AGAINST.get(form, 0)
        mark.closes = _closing_cost(around) + CLOSES_AGAINST.get(form, 0)
        if family == "single":
            _price_single(text, mark, around)
        elif around.before.isdigit() and form in ('"', "”", "''"):
            mark.skips = 0.4  # inches: a 12" record
    return mark


def _opening_cost(around: Surroundings) -> float:
    before, after, _ = around
    cost = 0.0
    if after in SPACES:
        cost += 1 if before in SPACES else 3
    elif after in FOLLOWS:
        cost += 0.2 if after in "…." or after in DASHES else 2
    if before in SPACES or before in LEADS_IN:
        return cost
    return cost + (2 if before.isalnum() else 1.2)


def _closing_cost(around: Surroundings) -> float:
    before, after, _ = around
    cost = 0.0
    if before in SPACES:
        cost += 1 if after in SPACES else 2
    elif before in "([{":
        cost += 1.5
    if after in SPACES or after in FOLLOWS:
        return cost
    if after in "([{":
        return cost + 0.3
    return cost + (1 if before in ".,!?…" else 1.5)


def _price_guillemet(mark: Mark, around: Surroundings) -> None:
    """French puts spaces inside, Danish turns the points inwards, menus use them as arrows."""
    leading = around.before in SPACES or around.before in LEADS_IN
    trailing = around.after in SPACES or around.after in FOLLOWS
    outwards = 0 if leading or not trailing else 2
    inwards_opening = 0.5 if leading and not trailing else 3
    inwards_closing = 0.5 if trailing and not leading else 3
    if mark.form in "«‹":
        mark.opens, mark.closes = outwards, inwards_closing
    else:
        mark.opens, mark.closes = inwards_opening, 0 if trailing or not leading else 2
    mark.skips = 0.4 if around.before in SPACES and around.after in SPACES else 1


def _price_single(text: str, mark: Mark, around: Surroundings) -> None:
    """Single marks share their forms with the apostrophe."""
    before, after, _ = around
    mark.skips = 1
    if before in SPACES or before in LEADS_IN:
        elision = ELISION.match(text, mark.end) if mark.form != "‚" else None
        if elision is not None:
            mark.opens += 2 if elision[0][0].isdigit() else 1
            mark.skips = 0
        elif mark.form in "‘‚":
            mark.skips = 1.5
    elif before in ".,!?…":
        mark.skips = 2
    elif after in SPACES and (before in "szxSZX" or text[max(0, mark.start - 2) : mark.start] == "in"):
        if FUNCTION_WORD.match(text, mark.end) or not text[mark.end + 1 : mark.end + 2].islower():
            mark.skips = 0.5
        else:  # "the workers' rights"
            mark.closes += 0.6
            mark.skips = 0.2
