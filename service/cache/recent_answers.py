"""Answers given a moment ago, whole, in this process: found again by what was sent, before it is read.

What names an entry holds all that the answer depends on, as a cache key does, so the answer is the same as
the cache's. It only spares a hit the way there.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Final

from cachetools import LRUCache

ENTRY_BYTES: Final = 1_500  # beside the body: headers, name, places in the dictionary
MAX_BYTES: Final = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class RecentAnswer:
    """An answer's bytes and headers, and when it ends, on the monotonic clock."""

    body: bytes
    headers: tuple[tuple[str, str], ...]
    expires_at: float

    @property
    def size(self) -> int:
        """About the bytes of memory that it takes."""
        return ENTRY_BYTES + len(self.body)


class RecentAnswers:
    """The answers used last, up to so many bytes. Thread-safe."""

    def __init__(self, max_bytes: int = MAX_BYTES, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock: Final = clock
        self._lock: Final = threading.Lock()
        self._entries: Final[LRUCache[Hashable, RecentAnswer]] = LRUCache(
            max_bytes, getsizeof=lambda entry: entry.size
        )

    def find(self, name: Hashable) -> tuple[RecentAnswer, int] | None:
        """The answer and the whole seconds it is still fresh; None where there is none."""
        with self._lock:
            entry = self._entries.get(name)
            if entry is None:
                return None
            left_s = entry.expires_at - self._clock()
            if left_s <= 0:
                del self._entries[name]
                return None
        return entry, math.ceil(left_s)

    def keep(self, name: Hashable, body: bytes, headers: tuple[tuple[str, str], ...], ttl_s: int) -> None:
        """Keep an answer for so many seconds, in place of those unused for longest."""
        entry = RecentAnswer(body, headers, self._clock() + ttl_s)
        with self._lock:
            self._entries.pop(name, None)
            if ttl_s >= 1 and entry.size <= self._entries.maxsize:
                self._entries[name] = entry
