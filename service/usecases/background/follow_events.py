"""Follows the event log: one thread in each process polls the database for all followers of the process.

Events come from the database, so Redis is not needed and cannot lose any. The newest ones are kept in memory
for all followers together; a follower that is further behind reads the log itself. There is no queue for a
single follower, so a slow one costs no memory.
"""

from __future__ import annotations

import re
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Literal

import structlog

from service.errors import VerbatimError
from service.store.events.log import EventStore, LogBounds, LoggedEvent

POLL_S: Final = 0.5
RECENT_EVENTS: Final = 1_000  # in memory
PAGE_SIZE: Final = 500  # events read from the log at a time
POSITION: Final = re.compile(r"(\d{1,18})(?:\.([0-9a-f]{8}))?", re.ASCII)

LostReason = Literal["unreadable", "other_store", "too_old", "too_new"]
log = structlog.get_logger("verbatim.events")


@dataclass(frozen=True, slots=True)
class StreamPosition:
    """Where a follower starts: after the event with the number `after`.

    `lost` is set if events were lost before it, and says why.
    """

    after: int
    bounds: LogBounds
    lost: LostReason | None = None

    def name(self, number: int) -> str:
        """The id of an event: its number and the start of the store's id, since stores share numbers."""
        return f"{number}.{self.bounds.store[:8]}"


def find_position(bounds: LogBounds, given: str | None) -> StreamPosition:
    """The position after the event id `given`; at the end of the log without one."""
    if given is None:
        return StreamPosition(bounds.last, bounds)
    named = POSITION.fullmatch(given)
    lost: LostReason | None = None
    number = int(named[1]) if named else 0
    if named is None:
        lost = "unreadable"
    elif named[2] not in (None, bounds.store[:8]):
        lost = "other_store"
    elif number > bounds.last:
        lost = "too_new"
    elif number + 1 < bounds.first:
        lost = "too_old"
    return StreamPosition(bounds.last if lost else number, bounds, lost)


class EventFeed:
    """The events of a store as they are published. Thread-safe. Polls while there are followers."""

    def __init__(self, store: EventStore, poll_s: float = POLL_S, kept: int = RECENT_EVENTS) -> None:
        self._store: Final = store
        self._poll_s: Final = poll_s
        self._changed: Final = threading.Condition()
        self._recent: Final[deque[LoggedEvent]] = deque(maxlen=kept)
        self._last = 0
        self.restarts = 0  # how often the log was found to have gone back, as after a backup was restored
        self._followers = 0
        self._reader: threading.Thread | None = None
        self._idle: Final = threading.Event()

    def find_position(self, given: str | None) -> StreamPosition:
        """Where a follower with this last event id starts. Raises StoreUnavailable."""
        return find_position(self._store.bounds(), given)

    @contextmanager
    def following(self) -> Iterator[None]:
        """A context in which the caller counts as a follower."""
        with self._changed:
            self._followers += 1
            self._idle.clear()
            if self._reader is None:
                self._recent.clear()
                self._last = 0
                self._reader = threading.Thread(target=self._read, name="events", daemon=True)
                self._reader.start()
        try:
            yield
        finally:
            with self._changed:
                self._followers -= 1
                if not self._followers:
                    self._idle.set()

    def wait(self, after: int, timeout_s: float) -> list[LoggedEvent]:
        """Events with a larger number, in order; an empty list if none comes within `timeout_s`.

        The first number is `after` + 1, unless that event was pruned. Raises StoreUnavailable.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: self._last > after, timeout_s):
                return []
            if self._recent and self._recent[0].number <= after + 1:
                return [event for event in self._recent if event.number > after]
        return self.read(after)

    def read(self, after: int) -> list[LoggedEvent]:
        """As `wait`, but from the database and without waiting."""
        return self._store.find_after(after, PAGE_SIZE)

    def _read(self) -> None:
        """Poll the log until there are no followers."""
        is_away = False
        while True:
            with self._changed:
                if not self._followers:
                    self._reader = None
                    return
                last = self._last
            try:
                found = self._store.find_after(last, PAGE_SIZE) if last else []
                newest = found[-1].number if found else self._store.last()
                if last and not found:  # the next poll finds newer ones
                    newest = min(newest, last)
                is_away = False
            except VerbatimError as error:  # followers get nothing for a while, and miss nothing
                if not is_away:
                    log.warning("events_wait", reason=type(error).__name__)
                is_away = True
                found, newest = [], last
            with self._changed:
                if newest < last:
                    self._recent.clear()
                    self.restarts += 1
                self._recent.extend(found)
                self._last = newest
                self._changed.notify_all()
            if len(found) < PAGE_SIZE:
                self._idle.wait(self._poll_s)
