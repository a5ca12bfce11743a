"""Following the log of events: one reader in each process asks the database, all followers are told by it.

The database is the truth, so that no Redis is needed and none can lose anything. What is read is kept for a
while; who is further behind, a slow client or one that was away, reads the log itself. So nothing is ever put
aside for a follower, and a slow one costs no memory.
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
KEPT: Final = 1_000  # events in memory
AT_ONCE: Final = 500  # events read from the log
PLACE: Final = re.compile(r"(\d{1,18})(?:\.([0-9a-f]{8}))?", re.ASCII)

Lost = Literal["unreadable", "other_store", "too_old", "too_new"]
log = structlog.get_logger("verbatim.events")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a follower begins: behind this event. `lost` says why what came before cannot be told."""

    after: int
    bounds: LogBounds
    lost: Lost | None = None

    def name(self, number: int) -> str:
        """The id of an event: its number and which store it is of, as another may have the same number."""
        return f"{number}.{self.bounds.store[:8]}"


def find_place(bounds: LogBounds, given: str | None) -> Place:
    """Where to go on for who has had the event `given` last; without one, from now on."""
    if given is None:
        return Place(bounds.last, bounds)
    named = PLACE.fullmatch(given)
    lost: Lost | None = None
    number = int(named[1]) if named else 0
    if named is None:
        lost = "unreadable"
    elif named[2] not in (None, bounds.store[:8]):
        lost = "other_store"
    elif number > bounds.last:
        lost = "too_new"
    elif number + 1 < bounds.first:
        lost = "too_old"
    return Place(bounds.last if lost else number, bounds, lost)


class Feed:
    """The events of a store as they come. Safe to share between threads; it reads while anybody follows."""

    def __init__(self, store: EventStore, poll_s: float = POLL_S, kept: int = KEPT) -> None:
        self._store: Final = store
        self._poll_s: Final = poll_s
        self._changed: Final = threading.Condition()
        self._recent: Final[deque[LoggedEvent]] = deque(maxlen=kept)
        self._last = 0
        self.restarts = 0  # how often the log was found to have gone back: the store was restored
        self._followers = 0
        self._reader: threading.Thread | None = None
        self._idle: Final = threading.Event()

    def place(self, given: str | None) -> Place:
        """Where a follower begins. Raises StoreUnavailable."""
        return find_place(self._store.bounds(), given)

    @contextmanager
    def following(self) -> Iterator[None]:
        """While at least one follower is in here, the log is read."""
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
        """Some of the events behind a number, in order; none where none came in that time.

        The first one is `after` + 1, unless the log has forgotten that. Raises StoreUnavailable.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: self._last > after, timeout_s):
                return []
            if self._recent and self._recent[0].number <= after + 1:
                return [event for event in self._recent if event.number > after]
        return self.read(after)

    def read(self, after: int) -> list[LoggedEvent]:
        """The same from the log itself, without waiting for anything."""
        return self._store.find_after(after, AT_ONCE)

    def _read(self) -> None:
        """Read the log until nobody follows."""
        is_away = False
        while True:
            with self._changed:
                if not self._followers:
                    self._reader = None
                    return
                last = self._last
            try:
                found = self._store.find_after(last, AT_ONCE) if last else []
                newest = found[-1].number if found else self._store.last()
                if last and not found:  # what came in since is found next time; only going back counts
                    newest = min(newest, last)
                is_away = False
            except VerbatimError as error:  # followers hear nothing for a while, and miss nothing
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
            if len(found) < AT_ONCE:
                self._idle.wait(self._poll_s)
