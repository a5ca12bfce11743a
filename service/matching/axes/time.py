"""The time axis: when a claim says the words were spoken, against when they were first seen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from service.matching.models import TimeCode
from service.matching.thresholds import CONTEMPORANEOUS_DAYS, RECENT_DAYS


def first_sighting(dates: Iterable[date | None]) -> date | None:
    """The earliest known day; None if no day is known."""
    return min((day for day in dates if day is not None), default=None)


def judge_time(said_on: date | None, first_seen: date | None) -> TimeCode:
    """Place the claimed day relative to the first sighting of the words."""
    if said_on is None or first_seen is None:
        return "undated"
    days = (said_on - first_seen).days
    if days > RECENT_DAYS:
        return "recycled"
    if days > CONTEMPORANEOUS_DAYS:
        return "recent"
    return "contemporaneous" if days >= -CONTEMPORANEOUS_DAYS else "anachronistic"
