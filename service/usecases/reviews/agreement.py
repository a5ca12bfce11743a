"""How often people agree with the verdicts that they decided on.

Only doubtful verdicts are reviewed, so the figures are not those of all verdicts. Watch for a share that
falls from week to week.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from typing import Final, Literal, TypeVar

from service.store.reviews.records import Tally

Period = Literal["day", "week", "month"]
Axis = Literal["fidelity", "attribution"]
K = TypeVar("K", str, date)
Z_95: Final = 1.959964  # of the normal distribution
FEWEST_FOR_KAPPA: Final = 10  # decisions; of fewer a coefficient says nothing


@dataclass(frozen=True, slots=True)
class Figure:
    """The number of decisions, and of those that agree with the verdict.

    `low` and `high` bound the share (Wilson's interval, 95 %). A kappa is None if there are too few
    decisions or all are the same.
    """

    decided: int
    agreed: int
    share: float | None
    low: float | None
    high: float | None
    kappa_fidelity: float | None
    kappa_attribution: float | None


@dataclass(frozen=True, slots=True)
class Named:
    """The figure of one rule, or of one verdict."""

    name: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Span:
    """The figure of a period, the last day included."""

    start: date
    end: date
    figure: Figure


@dataclass(frozen=True, slots=True)
class Cell:
    """The number of decisions with a given verdict and a given decision."""

    axis: Axis
    machine: str
    human: str
    count: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """All figures. A decision that several rules asked for counts for each of them."""

    total: Figure
    periods: tuple[Span, ...]
    rules: tuple[Named, ...]
    verdicts: tuple[Named, ...]
    confusion: tuple[Cell, ...]


def measure_agreement(tallies: Sequence[Tally], by: Period) -> Agreement:
    """The figures of decisions, in total and by period; periods without decisions are left out."""
    return Agreement(
        total=measure(tallies),
        periods=tuple(
            Span(start, end_of(start, by), measure(group))
            for start, group in split(tallies, lambda tally: [start_of(tally.decided_on, by)])
        ),
        rules=name_figures(split(tallies, lambda tally: tally.rules)),
        verdicts=name_figures(split(tallies, lambda tally: [tally.machine_fidelity])),
        confusion=(*count_cells("fidelity", tallies), *count_cells("attribution", tallies)),
    )


def split(tallies: Iterable[Tally], keys: Callable[[Tally], Iterable[K]]) -> list[tuple[K, list[Tally]]]:
    """The tallies of each key, ordered by key; a tally with several keys is under each."""
    groups: dict[K, list[Tally]] = defaultdict(list)
    for tally in tallies:
        for key in keys(tally):
            groups[key].append(tally)
    return sorted(groups.items(), key=lambda item: item[0])


def name_figures(groups: Iterable[tuple[str, Sequence[Tally]]]) -> tuple[Named, ...]:
    """The figure of each group."""
    return tuple(Named(name, measure(group)) for name, group in groups)


def measure(tallies: Sequence[Tally]) -> Figure:
    """The figure of decisions. They agree if both fidelity and attribution are the same."""
    decided = sum(tally.count for tally in tallies)
    agreed = sum(tally.count for tally in tallies if is_agreed(tally))
    low, high = bound_share(agreed, decided)
    return Figure(
        decided=decided,
        agreed=agreed,
        share=agreed / decided if decided else None,
        low=low,
        high=high,
        kappa_fidelity=find_kappa(count_pairs("fidelity", tallies)),
        kappa_attribution=find_kappa(count_pairs("attribution", tallies)),
    )


def is_agreed(tally: Tally) -> bool:
    """Whether decision and verdict are the same on both axes."""
    return (tally.machine_fidelity, tally.machine_attribution) == (
        tally.human_fidelity,
        tally.human_attribution,
    )


def bound_share(agreed: int, decided: int) -> tuple[float | None, float | None]:
    """Wilson's score interval of a share, 95 %."""
    if not decided:
        return None, None
    share, squared = agreed / decided, Z_95**2
    middle = (share + squared / (2 * decided)) / (1 + squared / decided)
    half = Z_95 / (1 + squared / decided) * sqrt(share * (1 - share) / decided + squared / (4 * decided**2))
    return max(0.0, middle - half), min(1.0, middle + half)


def count_pairs(axis: Axis, tallies: Iterable[Tally]) -> Counter[tuple[str, str]]:
    """The number of each pair of verdict and decision on one axis."""
    pairs: Counter[tuple[str, str]] = Counter()
    for tally in tallies:
        pairs[getattr(tally, f"machine_{axis}"), getattr(tally, f"human_{axis}")] += tally.count
    return pairs


def find_kappa(pairs: Counter[tuple[str, str]]) -> float | None:
    """Cohen's kappa: 1 for complete agreement, 0 for no more than by chance."""
    total = pairs.total()
    if total < FEWEST_FOR_KAPPA:
        return None
    machine, human = Counter[str](), Counter[str]()
    for (from_machine, from_human), count in pairs.items():
        machine[from_machine] += count
        human[from_human] += count
    by_chance = sum(machine[code] * human[code] for code in machine) / total**2
    if by_chance == 1:
        return None
    observed = (
        sum(count for (from_machine, from_human), count in pairs.items() if from_machine == from_human)
        / total
    )
    return (observed - by_chance) / (1 - by_chance)


def count_cells(axis: Axis, tallies: Iterable[Tally]) -> list[Cell]:
    """The confusion matrix of one axis."""
    pairs = count_pairs(axis, tallies)
    return [Cell(axis, machine, human, count) for (machine, human), count in sorted(pairs.items())]


def start_of(day: date, by: Period) -> date:
    """The first day of the period that a day is in; weeks begin on Monday."""
    if by == "month":
        return day.replace(day=1)
    return day - timedelta(days=day.weekday() if by == "week" else 0)


def end_of(start: date, by: Period) -> date:
    """The last day of the period that begins with a day."""
    if by == "month":
        return (start.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return start + timedelta(days=6 if by == "week" else 0)
