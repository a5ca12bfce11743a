"""Column types that read the same from SQLite and PostgreSQL, and the metadata that all tables belong to."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import DateTime, Integer, MetaData
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

UNKNOWN_DAY: Final = 0

metadata: Final = MetaData()


class Day(TypeDecorator[date]):
    """A date as its proleptic ordinal, `UNKNOWN_DAY` for None: small, never null, ordered like dates."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> int:
        """The ordinal of a date."""
        return value.toordinal() if value else UNKNOWN_DAY

    def process_result_value(self, value: Any, dialect: Dialect) -> date | None:
        """The date of an ordinal."""
        return date.fromordinal(value) if value else None


class Moment(TypeDecorator[datetime]):
    """An instant in UTC. SQLite forgets time zones, so they are taken off before and put back after."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The instant in UTC, without a zone; one that has none is taken as UTC."""
        return value.astimezone(UTC).replace(tzinfo=None) if value and value.tzinfo else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The instant, with its zone."""
        return value.replace(tzinfo=UTC) if value else None
