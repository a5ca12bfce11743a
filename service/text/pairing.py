"""The pairing of a paragraph's quotation marks with the lowest cost."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from service.text.marking import FAMILY, Family, Mark

# What may close each opening form, and at which cost.
CLOSED_BY: dict[str, dict[str, float]] = {
    '"': {'"': 0, "”": 0.3, "''": 0.5, "“": 0.5},
    "“": {"”": 0, '"': 0.3, "''": 0.5, "“": 0.5, "’": 1.6},
    "”": {"”": 0, '"': 0.3, "''": 0.5},
    "„": {"“": 0, "”": 0, '"': 0.2, "‟": 0},
    "‟": {"”": 0, '"': 0.3},
    "``": {"''": 0, '"': 0.2, "”": 0.3},
    "''": {"''": 0, '"': 0.5, "”": 0.5},
    "'": {"'": 0, "’": 0.3},
    "‘": {"’": 0, "'": 0.3, "‘": 0.5},
    "’": {"’": 0, "'": 0.5},
    "‚": {"‘": 0, "’": 0, "'": 0.3},
    "‛": {"’": 0, "'": 0.3},
    "`": {"'": 0, "’": 0.2, "`": 0.3},
    "«": {"»": 0, "«": 0.5},
    "»": {"«": 0, "»": 0.3},
    "‹": {"›": 0},
    "›": {"‹": 0, "›": 0.3},
    "「": {"」": 0},
    "『": {"』": 0},
}
STRAIGHT = frozenset(("'", '"', "''"))
SAME_STRAIGHT_NESTED = 1.5
SAME_DIRECTED_NESTED = 0.8
SAME_FAMILY_NESTED = 0.2
# A new opening mark where the last was never closed: likely where a sentence has just ended.
REOPENED = 2.2
REOPENED_AFTER_STOP = 1.2
LEFT_OPEN: dict[Family, float] = {
    "double": 1.2, "single": 2.5, "guillemet": 1.2, "angle": 2.5, "corner": 1.2, "white_corner": 1.2,
}  # fmt: skip
LEFT_OPEN_TO_GO_ON = 0.2  # where the next paragraph opens again
DEEPEST = 4
BEAM = 6
MARGIN = 5.0  # a reading this much worse than the best never wins
SEARCHED_MARKS = 20_000  # in paragraphs that hold a doubtful mark; a text with more of them is no article

Action = Literal["open", "close", "skip", "reopen"]
Stack = tuple[str, ...]  # the forms of the marks that are open, the outermost first


@dataclass(frozen=True, slots=True)
class Pair:
    """An opening mark and the one that closes it, within `depth` other pairs.

    Where none closes it, its words end at `cut_at`, or at the end of the paragraph where that is None too.
    """

    opening: Mark
    closing: Mark | None
    cut_at: int | None
    depth: int


Step = tuple["Step | None", Action]  # the last action of a reading so far, and the reading before it


class Pairing:
    """Pairs the marks of one text, paragraph by paragraph.

    Searching is bounded for the text as a whole; past the bound each mark is taken as it comes.
    """

    def __init__(self, searched_marks: int = SEARCHED_MARKS) -> None:
        self._left = searched_marks

    def pair_marks(self, marks: list[Mark], reopens: Family | None) -> tuple[list[Pair], list[Mark]]:
        """The pairs of one paragraph in order of their opening marks, and the marks that belong to none.

        `reopens` is the family of the mark that begins the next paragraph: there one left open may go on.
        """
        actions, free = _read_in_turn(marks)
        if not free and self._left > 0:
            searched = marks[: self._left]
            self._left -= len(searched)
            actions = _cheapest(searched, reopens) + _read_in_turn(marks[len(searched) :])[0]
        return _replay(marks, actions)


def _read_in_turn(marks: list[Mark]) -> tuple[list[Action], bool]:
    """Each mark as it comes: closing if it can, else opening if it can; and whether all that cost nothing."""
    actions: list[Action] = []
    stack: list[str] = []
    free = True
    for mark in marks:
        if stack and mark.closes == 0 and CLOSED_BY[stack[-1]].get(mark.form) == 0:
            stack.pop()
            actions.append("close")
        elif mark.opens == 0 and mark.form in CLOSED_BY and _nesting_cost(stack, mark.form) == 0:
            stack.append(mark.form)
            actions.append("open")
        else:
            actions.append("skip")
            free = free and _is_apostrophe(mark, stack)
    return actions, free and not stack


def _is_apostrophe(mark: Mark, stack: list[str]) -> bool:
    """Whether a single mark can be nothing else: no other is open for it to close, and it does not open."""
    if mark.skips == 0:
        return True
    doubtful = mark.family != "single" or mark.opens <= 1 or mark.skips > 1
    return not doubtful and all(FAMILY[form] != "single" for form in stack)


def _nesting_cost(stack: Stack | list[str], form: str) -> float:
    if not stack:
        return 0
    if form in stack:
        return SAME_STRAIGHT_NESTED if form in STRAIGHT else SAME_DIRECTED_NESTED
    return SAME_FAMILY_NESTED if FAMILY[form] == FAMILY[stack[-1]] else 0


def _cheapest(marks: list[Mark], reopens: Family | None) -> list[Action]:
    """Search all readings, keeping the few cheapest at each mark."""
    readings: dict[Stack, tuple[float, Step | None]] = {(): (0.0, None)}
    for mark in marks:
        following: dict[Stack, tuple[float, Step | None]] = {}
        for stack, (cost, step) in readings.items():
            for action, left, price in _ways_to_read(mark.form, mark.prices, mark.after_stop, stack):
                total = cost + price
                if left not in following or total < following[left][0]:
                    following[left] = (total, (step, action))
        limit = min(cost for cost, _ in following.values()) + MARGIN
        best = sorted(following.items(), key=lambda item: item[1][0])[:BEAM]
        readings = {stack: reading for stack, reading in best if reading[0] <= limit}
    _, (_, step) = min(readings.items(), key=lambda item: item[1][0] + _left_open_cost(item[0], reopens))
    actions: list[Action] = []
    while step is not None:
        step, action = step
        actions.append(action)
    return actions[::-1]


@lru_cache(maxsize=4_096)
def _ways_to_read(
    form: str, prices: tuple[float, float, float], after_stop: bool, stack: Stack
) -> list[tuple[Action, Stack, float]]:
    """The possible readings of a mark, given the open marks, with their costs."""
    to_open, to_close, to_skip = prices
    ways: list[tuple[Action, Stack, float]] = [("skip", stack, to_skip)]
    opens = form in CLOSED_BY
    if stack:
        match = CLOSED_BY[stack[-1]].get(form)
        if match is not None:
            ways.append(("close", stack[:-1], to_close + match))
        if opens and FAMILY[stack[-1]] == FAMILY[form]:
            price = REOPENED_AFTER_STOP if after_stop else REOPENED
            ways.append(("reopen", (*stack[:-1], form), to_open + price))
    if opens and len(stack) < DEEPEST:
        ways.append(("open", (*stack, form), to_open + _nesting_cost(stack, form)))
    return ways


def _left_open_cost(stack: Stack, reopens: Family | None) -> float:
    cost = 0.0
    for depth, form in enumerate(stack):
        family = FAMILY[form]
        cost += LEFT_OPEN_TO_GO_ON if depth == 0 and family == reopens else LEFT_OPEN[family]
    return cost


def _replay(marks: list[Mark], actions: list[Action]) -> tuple[list[Pair], list[Mark]]:
    """Carry the actions out."""
    pairs: dict[int, Pair] = {}  # by the start of the opening mark
    strays: list[Mark] = []
    stack: list[Mark] = []

    def end_pair(closing: Mark | None, cut_at: int | None) -> None:
        opening = stack.pop()
        pairs[opening.start] = Pair(opening, closing, cut_at, len(stack))

    for mark, action in zip(marks, actions, strict=True):
        if action == "skip":
            strays.append(mark)
        elif action == "close":
            end_pair(mark, None)
        else:
            if action == "reopen":
                end_pair(None, mark.start)
            stack.append(mark)
    while stack:
        end_pair(None, None)
    return [pairs[start] for start in sorted(pairs)], strays
