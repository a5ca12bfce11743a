"""Dates as publishers write them → days. A date that can be read in two ways is none."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from service.english.calendar import MONTHS

FIRST_YEAR: Final = 1800
LAST_YEAR: Final = 2200
EARLIEST_EPOCH_S: Final = 1e8  # 1973
LATEST_EPOCH_MS: Final = 1e15

_MONTHS: Final = [month[:3] for month in MONTHS]
_ISO: Final = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:$|[t\s])", re.ASCII)
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})(?:$|t)", re.ASCII)
_SHORT: Final = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:$|[t\s,])", re.ASCII)
_DAY_FIRST: Final = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\.? ([a-z]{3,9})\.?,? (\d{4})\b", re.ASCII)
_MONTH_FIRST: Final = re.compile(r"([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})\b", re.ASCII)
_MAX_LENGTH: Final = 100


def read_day(value: Any) -> date | None:
    """The day of an ISO 8601, RFC 2822 or written-out date, in its own time zone; None if there is none.

    `03/04/2020` is none: half the world reads April, the other half March. A number is taken as seconds or
    milliseconds since 1970.
    """
    if isinstance(value, list):
        return next((day for day in map(read_day, value[:8]) if day), None)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _read_epoch(value)
    if not isinstance(value, str) or len(value) > _MAX_LENGTH:
        return None
    text = value.strip().lower()
    for pattern in (_ISO, _COMPACT):
        if found := pattern.match(text):
            return _day(*map(int, found.groups()))
    if found := _SHORT.match(text):
        return _read_short(*map(int, found.groups()))
    return _read_written(text) or _read_mail(value.strip())


def _read_short(first: int, second: int, year: int) -> date | None:
    if first == second or second > 12:
        return _day(year, first, second)
    return _day(year, second, first) if first > 12 else None


def _read_written(text: str) -> date | None:
    if found := _DAY_FIRST.search(text):
        day, month, year = found.groups()
    elif found := _MONTH_FIRST.search(text):
        month, day, year = found.groups()
    else:
        return None
    return _day(int(year), _MONTHS.index(month[:3]) + 1, int(day)) if month[:3] in _MONTHS else None


def _read_mail(text: str) -> date | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    return _day(moment.year, moment.month, moment.day)


def _read_epoch(value: float) -> date | None:
    if not EARLIEST_EPOCH_S < value < LATEST_EPOCH_MS:
        return None  # a bare year, say, or a number that is too large for a float
    seconds = value / 1000 if value > 1e11 else value
    try:
        day = datetime.fromtimestamp(seconds, UTC).date()
    except (ValueError, OverflowError, OSError):
        return None
    return _day(day.year, day.month, day.day)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if FIRST_YEAR <= year <= LAST_YEAR else None
    except ValueError:
        return None
