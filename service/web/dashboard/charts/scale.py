"""Scales and ticks of axes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

NICE: Final = (1, 2, 5, 10)


def round_up(most: int) -> int:
    """The next round number: 1, 2, 5 or 10 times a power of ten, or twice such a number."""
    if most <= 1:
        return 1
    power: int = 10 ** math.floor(math.log10(most))
    return next(power * nice for nice in NICE if power * nice >= most)


@dataclass(frozen=True, slots=True)
class Days:
    """A scale of days from `first` at `left` to `last` at `right`; a single day is in the middle."""

    first: date
    last: date
    left: float
    right: float

    def place(self, day: date) -> float:
        """The x coordinate of a day."""
        span = (self.last - self.first).days
        if span <= 0:
            return (self.left + self.right) / 2
        return self.left + (day - self.first).days / span * (self.right - self.left)

    def ticks(self, most: int = 6) -> list[date]:
        """The days labelled on the axis: first days of years or months, or single days."""
        span = (self.last - self.first).days
        if span <= 0:
            return [self.first]
        for days, found in ((61, self._days(most)), (1_100, self._months(most))):
            if span <= days:
                return found
        return self._years(most)

    def write(self, day: date) -> str:
        """The label of a tick, as precise as the axis."""
        span = (self.last - self.first).days
        if span <= 61:
            return f"{day.day} {day:%b %Y}" if span <= 0 else f"{day.day} {day:%b}"
        return f"{day:%b %Y}" if span <= 1_100 else f"{day.year}"

    def _days(self, most: int) -> list[date]:
        span = (self.last - self.first).days
        step = max(1, math.ceil(span / most))
        return [date.fromordinal(self.first.toordinal() + gone) for gone in range(0, span + 1, step)]

    def _months(self, most: int) -> list[date]:
        firsts = []
        year, month = self.first.year, self.first.month
        while (year, month) <= (self.last.year, self.last.month):
            firsts.append(date(year, month, 1))
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        return [day for day in thin(firsts, most) if day >= self.first] or [self.first]

    def _years(self, most: int) -> list[date]:
        years = [date(year, 1, 1) for year in range(self.first.year, self.last.year + 1)]
        return [day for day in thin(years, most) if day >= self.first] or [self.first]


def thin(days: Sequence[date], most: int) -> list[date]:
    """At most so many of the days, evenly spread."""
    step = max(1, math.ceil(len(days) / most))
    return list(days[::-1][::step][::-1])
