"""The log of events: what happened, in the order in which it was committed, for whoever follows it.

An event is written in the transaction of what it tells. Its number is taken from a row that stays locked
until that transaction commits, on PostgreSQL too, where a sequence would let a later number be seen before an
earlier one. So numbers have no gaps, and who has read up to one has missed none before it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from sqlalchemy import Connection, delete, func, insert, select, update

from service.store.engine.database import Database
from service.store.tables import event_state, events, state

EventKind = Literal[
    "article.analysed",
    "article.rejudged",
    "article.deleted",
    "review.opened",
    "review.claimed",
    "review.skipped",
    "review.released",
    "review.decided",
    "review.reopened",
    "review.superseded",
    "factchecks.imported",
]
EVENT_KINDS: Final[tuple[EventKind, ...]] = get_args(EventKind)

MOST_KEPT: Final = 20_000  # events, some 6 MB
FORGET_EVERY: Final = 100  # events


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """Something that happened. `data` is JSON: ids and codes, nothing of an article's words."""

    number: int
    type: str
    data: str
    created_at: float  # seconds since 1970


@dataclass(frozen=True, slots=True)
class LogBounds:
    """Where the log begins and ends: `first` is last + 1 where it is empty. `store` names this store."""

    first: int
    last: int
    store: str


def log_event(connection: Connection, kind: EventKind, data: Mapping[str, Any], now: float) -> int:
    """Add an event in the current transaction; its number. As late in it as can be: others wait from here."""
    return log_events(connection, kind, [data], now)


def log_events(connection: Connection, kind: EventKind, told: Sequence[Mapping[str, Any]], now: float) -> int:
    """Add several of a kind, at least one; the number of the last."""
    raised = update(event_state).values(last=event_state.c.last + len(told))
    last: int = connection.execute(raised.returning(event_state.c.last)).scalar_one()
    first = last - len(told) + 1
    rows = [
        {
            "number": number,
            "type": kind,
            "data": json.dumps(dict(data), ensure_ascii=False, separators=(",", ":")),
            "created_at": now,
        }
        for number, data in enumerate(told, first)
    ]
    connection.execute(insert(events), rows)
    if last // FORGET_EVERY != (first - 1) // FORGET_EVERY:
        connection.execute(delete(events).where(events.c.number <= last - MOST_KEPT))
    return last


class EventStore:
    """The events of one database. Methods raise StoreUnavailable where it does not answer."""

    def __init__(self, database: Database) -> None:
        self._database: Final = database

    def last(self) -> int:
        """The number of the newest event, 0 where there was none yet."""
        with self._database.read() as connection:
            return int(connection.execute(select(event_state.c.last)).scalar_one())

    def bounds(self) -> LogBounds:
        """What can be read."""
        first = select(func.min(events.c.number)).scalar_subquery()
        named = select(state.c.name).scalar_subquery()
        with self._database.read() as connection:
            row = connection.execute(select(event_state.c.last, first, named)).one()
        return LogBounds(row[1] if row[1] is not None else row[0] + 1, row[0], row[2])

    def find_after(self, number: int, limit: int) -> list[LoggedEvent]:
        """The events that follow a number, in order."""
        wanted = select(events).where(events.c.number > number).order_by(events.c.number).limit(limit)
        with self._database.read() as connection:
            return [LoggedEvent(**row._mapping) for row in connection.execute(wanted)]
