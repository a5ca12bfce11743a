"""The cache inside one process: the most recently used values, up to so many bytes."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from cachetools import LRUCache

from service.cache.cached_answer import Admission, CacheAnswer, CacheStatus, admit_all
from service.cache.single_flight import SingleFlight

#: Memory of an entry besides its value: key, entry, places in the dictionary. Counted, so that a million
#: empty values do not fill the memory.
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
        self._wait_s = wait_s
        self._clock = clock
        self._lock = threading.Lock()
        self._entries: LRUCache[str, _Entry] = LRUCache(max_bytes, getsizeof=lambda entry: entry.size)
        self._flights: SingleFlight[CacheAnswer] = SingleFlight()

    def get_or_compute(
        self,
        key: str,
        compute: Callable[[], bytes],
        ttl_s: int | None = None,
        admit: Admission = admit_all,
    ) -> CacheAnswer:
        def find_or_compute() -> CacheAnswer:
            if found := self.find(key):
                return found
            with admit():
                return self._compute(key, compute, ttl_s)

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
                del self._entries[key]
                return None
        return CacheAnswer(entry.value, CacheStatus.HIT, ttl_s=math.ceil(left_s))

    def get(self, key: str) -> bytes | None:
        found = self.find(key)
        return found.value if found else None

    def put(self, key: str, value: bytes, ttl_s: int | None = None) -> bool:
        lifetime_s = self._ttl_s if ttl_s is None else ttl_s
        entry = _Entry(value, self._clock() + lifetime_s)
        with self._lock:
            self._entries.pop(key, None)
            if lifetime_s < 1 or entry.size > self._entries.maxsize:
                return False
            self._entries[key] = entry
        return True

    def ping(self) -> bool:
        return True

    def describe(self) -> str:
        return "in-process"

    def _compute(self, key: str, compute: Callable[[], bytes], ttl_s: int | None) -> CacheAnswer:
        value = compute()
        stored = self.put(key, value, ttl_s)
        return CacheAnswer(value, CacheStatus.MISS, stored=stored, detail=None if stored else "not-kept")
