"""Recent answers as bytes, in the memory of this process, found by the hash of the request's body.

The name of an entry contains all that the answer depends on, as a cache key does, so the answer equals the
cached one; but no JSON is parsed to find it.
"""

from __future__ import annotations

import hashlib
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
    """An answer's bytes and headers, and when it expires, on the monotonic clock."""

    body: bytes
    headers: tuple[tuple[str, str], ...]
    expires_at: float

    @property
    def size(self) -> int:
        """About the bytes of memory that it takes."""
        return ENTRY_BYTES + len(self.body)


class RecentAnswers:
    """The answers used last, up to so many bytes. Thread-safe.

    `generation` reads the generation of the store that the answers come from.
    """

    def __init__(
        self,
        generation: Callable[[], str],
        max_bytes: int = MAX_BYTES,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._generation: Final = generation
        self._clock: Final = clock
        self._lock: Final = threading.Lock()
        self._entries: Final[LRUCache[Hashable, RecentAnswer]] = LRUCache(
            max_bytes, getsizeof=lambda entry: entry.size
        )

    def name(self, kind: str, body: bytes) -> tuple[str, str, bytes]:
        """The name of the answer to a body: all that it depends on. Raises StoreUnavailable."""
        return kind, self._generation(), hashlib.sha256(body).digest()

    def find(self, name: Hashable) -> tuple[RecentAnswer, int] | None:
        """The answer and the whole seconds it is still fresh; None if there is none."""
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
