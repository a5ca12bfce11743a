"""Reads the event log: numbered events, in the order in which their transactions were committed.

Event numbers have no gaps, and a reader that has seen a number has been able to see every smaller one
(`service.store.events.publish` says how). The newest `MOST_KEPT` events are kept, and older ones for as long
as a webhook delivery refers to them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, delete, exists, func, select

from service.store.engine.database import Database
from service.store.tables import event_state, events, state, webhook_deliveries

MOST_KEPT: Final = 20_000  # events, about 6 MB
PRUNE_EVERY: Final = 100  # events


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """A published event. `data` is JSON: ids and codes, no text of an article.

    An event with an `owner` (the id of an API key) is shown to that owner's webhooks only.
    """

    number: int
    type: str
    data: str
    created_at: float  # seconds since 1970
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class LogBounds:
    """The numbers of the oldest and newest event in the log; `first` is `last` + 1 in an empty log.

    `store` is the id of the store; it changes when a backup is restored.
    """

    first: int
    last: int
    store: str


def find_floor(last: int) -> int:
    """The largest number that pruning may have deleted, where `last` is the newest; 0 if there is none."""
    return max(0, last // PRUNE_EVERY * PRUNE_EVERY - MOST_KEPT)


def prune_log(connection: Connection, last: int, former: int = 0) -> None:
    """Delete the events that are too old and that no webhook delivery refers to.

    Only those that were not too old yet when `former` was the newest number: so publishing does not look
    again and again at events that are kept for deliveries. They are deleted when deliveries are purged.
    """
    is_referenced = exists().where(webhook_deliveries.c.event_number == events.c.number)
    is_old = (events.c.number > find_floor(former)) & (events.c.number <= find_floor(last))
    connection.execute(delete(events).where(is_old, ~is_referenced))


class EventStore:
    """The event log of a database. Methods raise StoreUnavailable if the database does not answer."""

    def __init__(self, database: Database) -> None:
        self._database: Final = database

    def last(self) -> int:
        """The number of the newest event, 0 if none was ever published."""
        with self._database.read() as connection:
            return int(connection.execute(select(event_state.c.last)).scalar_one())

    def bounds(self) -> LogBounds:
        """The range of events that can be read."""
        with self._database.read() as connection:
            named = select(state.c.name).scalar_subquery()
            last, store = connection.execute(select(event_state.c.last, named)).one()
            kept = events.c.number > find_floor(last)
            first = connection.execute(select(func.min(events.c.number)).where(kept)).scalar()
        return LogBounds(first if first is not None else last + 1, last, store)

    def find_after(self, number: int, limit: int) -> list[LoggedEvent]:
        """Up to `limit` events with a larger number, in ascending order."""
        wanted = select(events).where(events.c.number > number).order_by(events.c.number).limit(limit)
        with self._database.read() as connection:
            return [LoggedEvent(**row._mapping) for row in connection.execute(wanted)]
