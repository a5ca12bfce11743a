"""The reading of one paragraph's marks that goes least against typography."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from service.text.marking import FAMILY, Family, Mark

# What may close each opening form, and at which cost.
CLOSED_BY: dict[str, dict[str, float]] = {
    '"': {'"': 0, "”": 0.3, "''": 0.5, "“": 0.5},
    "“": {"”": 0, '"': 0.3, "''": 0.5, "“": 0.5},
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
SAME_FORM_NESTED = 1.5  # straight marks within the same straight marks
SAME_DIRECTED_NESTED = 0.8
SAME_FAMILY_NESTED = 0.2
REOPENED = 1.8  # a new opening mark where the last one was never closed
LEFT_OPEN: dict[Family, float] = {
    "double": 1.2, "single": 2.5, "guillemet": 1.2, "angle": 2.5, "corner": 1.2, "white_corner": 1.2,
}  # fmt: skip
DEEPEST = 4
BEAM = 6
SEARCHED_MARKS = 20_000  # of one paragraph; a text with more doubtful marks than this is no article

Action = Literal["open", "close", "skip", "reopen"]
Stack = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """An opening mark, the one that closes it, or where the words end that were never closed (None: at the end of
    the paragraph), and how many pairs it stands within."""

    opening: Mark
    closing: Mark | None
    cut_at: int | None
    depth: int


@dataclass(frozen=True, slots=True)
class Step:
    """A reading so far: its last action and the reading before it."""

    before: Step | None
    action: Action


def pair_marks(marks: list[Mark], reopens: Family | None) -> list[Pair]:
    """Pairs in order of their opening marks. `reopens` is the family of the mark that begins the next paragraph,
    so that one left open here costs nothing."""
    actions = _obvious(marks)
    if actions is None:
        actions = _cheapest(marks[:SEARCHED_MARKS], reopens)
    return _pairs(marks, actions)


def _obvious(marks: list[Mark]) -> list[Action] | None:
    """The reading that costs nothing, if taking each mark as it comes finds one."""
    actions: list[Action] = []
    stack: list[str] = []
    for mark in marks:
        if stack and mark.closes == 0 and CLOSED_BY[stack[-1]].get(mark.form) == 0:
            stack.pop()
            actions.append("close")
        elif mark.opens == 0 and mark.form in CLOSED_BY and _nesting_cost(stack, mark.form) == 0:
            stack.append(mark.form)
            actions.append("open")
        elif mark.skips == 0 or (
            mark.family == "single"
            and not any(FAMILY[form] == "single" for form in stack)
            and mark.opens > 1
            and mark.skips <= 1
        ):
            actions.append("skip")
        else:
            return None
    return actions if not stack else None


def _nesting_cost(stack: Stack | list[str], form: str) -> float:
    if not stack:
        return 0
    if form in stack:
        return SAME_FORM_NESTED if form in STRAIGHT else SAME_DIRECTED_NESTED
    return SAME_FAMILY_NESTED if FAMILY[form] == FAMILY[stack[-1]] else 0


def _cheapest(marks: list[Mark], reopens: Family | None) -> list[Action]:
    """Search all readings, keeping the cheapest few at each mark."""
    readings: dict[Stack, tuple[float, Step | None]] = {(): (0.0, None)}
    for mark in marks:
        following: dict[Stack, tuple[float, Step | None]] = {}
        for stack, (cost, step) in readings.items():
            for action, left, price in _readings_of(mark, stack):
                total = cost + price
                if left not in following or total < following[left][0]:
                    following[left] = (total, Step(step, action))
        if len(following) > BEAM:
            following = dict(sorted(following.items(), key=lambda item: item[1][0])[:BEAM])
        readings = following
    _, (_, step) = min(readings.items(), key=lambda item: item[1][0] + _left_open_cost(item[0], reopens))
    actions: list[Action] = []
    while step is not None:
        actions.append(step.action)
        step = step.before
    return actions[::-1]


def _readings_of(mark: Mark, stack: Stack) -> list[tuple[Action, Stack, float]]:
    """What a mark may do to the open marks, and the price of each."""
    readings: list[tuple[Action, Stack, float]] = [("skip", stack, mark.skips)]
    form = mark.form
    if stack:
        match = CLOSED_BY[stack[-1]].get(form)
        if match is not None:
            readings.append(("close", stack[:-1], mark.closes + match))
        if form in CLOSED_BY and FAMILY[stack[-1]] == mark.family:
            readings.append(("reopen", (*stack[:-1], form), mark.opens + REOPENED))
    if form in CLOSED_BY and len(stack) < DEEPEST:
        readings.append(("open", (*stack, form), mark.opens + _nesting_cost(stack, form)))
    return readings


def _left_open_cost(stack: Stack, reopens: Family | None) -> float:
    cost = 0.0
    for depth, form in enumerate(stack):
        family = FAMILY[form]
        cost += 0 if depth == 0 and family == reopens else LEFT_OPEN[family]
    return cost


def _pairs(marks: list[Mark], actions: list[Action]) -> list[Pair]:
    """Replay the actions."""
    pairs: list[Pair | None] = []
    stack: list[tuple[int, Mark]] = []

    def end(closing: Mark | None, cut_at: int | None) -> None:
        place, opening = stack.pop()
        pairs[place] = Pair(opening, closing, cut_at, len(stack))

    for mark, action in zip(marks, actions, strict=False):
        if action == "close":
            end(mark, None)
        elif action == "reopen":
            end(None, mark.start)
        if action in ("open", "reopen"):
            stack.append((len(pairs), mark))
            pairs.append(None)
    while stack:
        end(None, None)
    return [pair for pair in pairs if pair is not None]
