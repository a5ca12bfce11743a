"""The cache inside one process: the most recently used values, up to so many bytes."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from service.cache.cached_answer import CacheAnswer, CacheStatus
from service.cache.single_flight import SingleFlight

#: What an entry takes beside its value: key, entry, places in the dictionary. Counted, so that a million
#: empty values do not fill the memory unseen.
ENTRY_BYTES = 300


@dataclass(frozen=True, slots=True)
class _Entry:
    value: bytes
    expires_at: float

    @property
    def size(self) -> int:
        return ENTRY_BYTES + len(self.value)


class MemoryCache:
    """A bounded, thread-safe cache of this process. Values older than their lifetime are gone."""

    def __init__(
        self,
        ttl_s: int,
        max_bytes: int,
        wait_s: float = 30.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ttl_s = ttl_s
        self._max_bytes = max_bytes
        self._wait_s = wait_s
        self._clock = clock
        self._lock = threading.Lock()
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self._bytes = 0
        self._flights: SingleFlight[CacheAnswer] = SingleFlight()

    def get_or_compute(self, key: str, compute: Callable[[], bytes], ttl_s: int | None = None) -> CacheAnswer:
        def find_or_compute() -> CacheAnswer:
            return self.find(key) or self._compute(key, compute, ttl_s)

        if found := self.find(key):
            return found
        answer, shared = self._flights.fly(key, find_or_compute, self._wait_s)
        return answer.as_collapsed() if shared else answer

    def find(self, key: str) -> CacheAnswer | None:
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                return None
            left_s = entry.expires_at - self._clock()
            if left_s <= 0:
                self._remove(key)
                return None
            self._entries.move_to_end(key)
        return CacheAnswer(entry.value, CacheStatus.HIT, ttl_s=math.ceil(left_s))

    def get(self, key: str) -> bytes | None:
        found = self.find(key)
        return found.value if found else None

    def put(self, key: str, value: bytes, ttl_s: int | None = None) -> bool:
        lifetime_s = self._ttl_s if ttl_s is None else ttl_s
        entry = _Entry(value, self._clock() + lifetime_s)
        with self._lock:
            self._remove(key)
            if lifetime_s < 1 or entry.size > self._max_bytes:
                return False
            self._entries[key] = entry
            self._bytes += entry.size
            while self._bytes > self._max_bytes:
                self._remove(next(iter(self._entries)))
        return True

    def ping(self) -> bool:
        return True

    def describe(self) -> str:
        return "in-process"

    def _compute(self, key: str, compute: Callable[[], bytes], ttl_s: int | None) -> CacheAnswer:
        value = compute()
        stored = self.put(key, value, ttl_s)
        return CacheAnswer(value, CacheStatus.MISS, stored=stored, detail=None if stored else "not-kept")

    def _remove(self, key: str) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self._bytes -= entry.size
