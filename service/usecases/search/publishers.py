"""The publishers of the stored sources, with how many sources each has."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from service.store.engine.cursor import CursorCodec
from service.store.quotes.sources import PublisherCount, SourceListing, SourcePage, SourceSearch

RECOUNT_S: Final = 600.0
CURSOR: Final = CursorCodec("publishers", int, str)  # sources, name


@dataclass(frozen=True, slots=True)
class Publisher:
    """A publisher: its sources by kind, the days of the earliest and the latest, and the id of the newest."""

    name: str
    kinds: Mapping[str, int] = field(default_factory=dict)
    first: date | None = None
    last: date | None = None
    highest: int = 0

    @property
    def sources(self) -> int:
        """The number of sources of all kinds."""
        return sum(self.kinds.values())

    def with_more(self, counted: PublisherCount) -> Publisher:
        """The publisher with more sources of one kind."""
        return Publisher(
            self.name,
            {**self.kinds, counted.kind: self.kinds.get(counted.kind, 0) + counted.sources},
            min((day for day in (self.first, counted.first) if day), default=None),
            max((day for day in (self.last, counted.last) if day), default=None),
            max(self.highest, counted.highest),
        )


@dataclass(frozen=True, slots=True)
class PublisherPage:
    """A page of the publishers that were found, those with the most sources first."""

    items: tuple[Publisher, ...]
    next_cursor: str | None
    found: int  # on all pages


class PublisherDirectory:
    """Counts the publishers of one store: new sources at each call, all of them every `RECOUNT_S`.

    A source may get another publisher when it is stored again, hence the recount. Thread-safe.
    """

    def __init__(self, store: SourceListing, clock: Callable[[], float] = time.monotonic) -> None:
        self._store: Final = store
        self._clock: Final = clock
        self._lock: Final = threading.Lock()
        self._publishers: dict[str, Publisher] = {}
        self._counted_upto = 0  # source id
        self._recount_at = -math.inf

    def find_page(self, words: str | None, cursor: str | None, limit: int) -> PublisherPage:
        """Publishers with the words in their name, those with the most sources first.

        Raises InvalidInput for a bad cursor, StoreUnavailable.
        """
        after = CURSOR.decode(cursor) if cursor else None
        needle = (words or "").casefold()
        found = sorted((one for one in self._count() if needle in one.name.casefold()), key=_sort_key)
        page = found if after is None else [one for one in found if _sort_key(one) > (-after[0], after[1])]
        items = tuple(page[:limit])
        following = CURSOR.encode(items[-1].sources, items[-1].name) if len(page) > limit else None
        return PublisherPage(items, following, len(found))

    def find_highest(self, name: str) -> int:
        """The id of a publisher's newest source, 0 if it has none. Raises StoreUnavailable."""
        return next((one.highest for one in self._count() if one.name == name), 0)

    def find_sources(self, wanted: SourceSearch, cursor: str | None, limit: int) -> SourcePage:
        """Sources, the newest first. Raises InvalidInput for a bad cursor, StoreUnavailable.

        A page may be short, even empty, and yet have a cursor, if many sources were read and few fit.
        """
        if wanted.publisher is None:
            return self._store.find_page(wanted, cursor, limit)
        return self._store.find_page(wanted, cursor, limit, self.find_highest(wanted.publisher))

    def _count(self) -> list[Publisher]:
        with self._lock:  # one thread counts, the others wait for it
            last, now = self._store.last_id(), self._clock()
            if now >= self._recount_at or last < self._counted_upto:  # fewer: a backup was restored
                self._publishers, self._counted_upto = {}, 0
                self._recount_at = now + RECOUNT_S
            if last > self._counted_upto:
                for counted in self._store.count_publishers(self._counted_upto, last):
                    known = self._publishers.get(counted.publisher) or Publisher(counted.publisher)
                    self._publishers[counted.publisher] = known.with_more(counted)
                self._counted_upto = last
            return list(self._publishers.values())


def _sort_key(publisher: Publisher) -> tuple[int, str]:
    return -publisher.sources, publisher.name
