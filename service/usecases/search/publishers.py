"""Who published the sources that the store holds, counted once and then only what is new.

No index counts sources by publisher, and there may be millions. So they are added up in memory, some tens of
thousands at each look, and anew now and then since a source may come again under another name.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from service.errors import Fault, InvalidInput
from service.store.quotes.sources import PublisherCount, SourceStore

AT_ONCE: Final = 50_000  # sources that are counted in one statement
STEPS: Final = 4  # statements at each look
RECOUNT_S: Final = 600.0
MOST_KNOWN: Final = 20_000  # publishers, each some 300 bytes


@dataclass(slots=True)
class Publisher:
    """A publisher with the number of sources by kind, and the days of the earliest and the latest.

    `highest` is the number of the source that came in last.
    """

    name: str
    kinds: dict[str, int] = field(default_factory=dict)
    first: date | None = None
    last: date | None = None
    highest: int = 0

    @property
    def sources(self) -> int:
        """All of them."""
        return sum(self.kinds.values())

    def add(self, counted: PublisherCount) -> None:
        """Take more of its sources into account."""
        self.kinds[counted.kind] = self.kinds.get(counted.kind, 0) + counted.sources
        self.first = min((day for day in (self.first, counted.first) if day), default=None)
        self.last = max((day for day in (self.last, counted.last) if day), default=None)
        self.highest = max(self.highest, counted.highest)


@dataclass(frozen=True, slots=True)
class PublisherPage:
    """Some publishers, those with most sources first. `counted` of `total` source numbers were looked at:
    where it is less, counting still goes on. `is_cut` says that there are more than can be kept."""

    items: tuple[Publisher, ...]
    next_cursor: str | None
    found: int
    counted: int
    total: int
    is_cut: bool

    @property
    def is_whole(self) -> bool:
        """Whether all sources were counted."""
        return self.counted >= self.total


class _Count:
    """Publishers of the sources up to a number."""

    def __init__(self) -> None:
        self.upto = 0
        self.publishers: dict[str, Publisher] = {}
        self.is_cut = False

    def advance(self, store: SourceStore, last: int) -> bool:
        """Count some more; whether it has come to the last source."""
        for _ in range(STEPS):
            if self.upto >= last:
                break
            upto = min(last, self.upto + AT_ONCE)
            for counted in store.count_publishers(self.upto, upto):
                known = self.publishers.get(counted.publisher)
                if known is None:
                    if len(self.publishers) >= MOST_KNOWN:
                        self.is_cut = True
                        continue
                    known = self.publishers[counted.publisher] = Publisher(counted.publisher)
                known.add(counted)
            self.upto = upto
        return self.upto >= last


class PublisherDirectory:
    """The use case over one store. Safe to share between threads."""

    def __init__(self, store: SourceStore, clock: Callable[[], float] = time.monotonic) -> None:
        self._store: Final = store
        self._clock: Final = clock
        self._lock: Final = threading.Lock()
        self._count = _Count()
        self._next: _Count | None = None  # that takes its place when it is whole
        self._begun_at = clock()

    def find_page(self, words: str | None, cursor: str | None, limit: int) -> PublisherPage:
        """Publishers with the words in their name, those with most sources first.

        Raises InvalidInput for a bad cursor, StoreUnavailable.
        """
        place = parse_cursor(cursor) if cursor else None
        needle = (words or "").casefold()
        with self._lock:
            last = self._advance()
            ordered = sorted(
                (one for one in self._count.publishers.values() if needle in one.name.casefold()),
                key=_in_order,
            )
            page = ordered if place is None else [one for one in ordered if _in_order(one) > place]
            items = tuple(
                Publisher(one.name, dict(one.kinds), one.first, one.last, one.highest) for one in page[:limit]
            )
            return PublisherPage(
                items,
                format_cursor(items[-1]) if len(page) > limit else None,
                len(ordered),
                self._count.upto,
                last,
                self._count.is_cut,
            )

    def find_highest(self, name: str) -> int | None:
        """The number of the last source of a publisher; None while not all sources are counted."""
        with self._lock:
            last = self._advance()
            known = self._count.publishers.get(name)
            if self._count.upto < last or self._count.is_cut:
                return None
            return known.highest if known else 0

    def _advance(self) -> int:
        last = self._store.last_number()
        if last < self._count.upto:  # another store took its place
            self._count, self._next = _Count(), None
        is_whole = self._count.advance(self._store, last)
        if is_whole and self._next is None and self._clock() - self._begun_at > RECOUNT_S:
            self._next = _Count()
            self._begun_at = self._clock()
        if is_whole and self._next is not None and self._next.advance(self._store, last):
            self._count, self._next = self._next, None
        return last


def _in_order(publisher: Publisher) -> tuple[int, str]:
    return -publisher.sources, publisher.name


def format_cursor(publisher: Publisher) -> str:
    """A place in the order: sources and name."""
    return f"{publisher.sources}.{publisher.name}"


def parse_cursor(cursor: str) -> tuple[int, str]:
    """The place of a cursor. Raises InvalidInput for anything that this service did not make."""
    digits, dot, name = cursor.partition(".")
    if not (dot and digits.isascii() and digits.isdigit() and len(digits) <= 12):
        fault = Fault("/cursor", "Not a cursor of this service; leave it out to start from the beginning.")
        raise InvalidInput("the cursor is not valid", (fault,))
    return -int(digits), name
