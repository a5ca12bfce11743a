"""A circuit breaker: after a failure, ask again only now and then."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class CircuitBreaker:
    """Says whether something that failed is worth asking.

    While it fails, one caller in each `retry_after_s` seconds is let through to try; the others are told
    no at once. One success lets everybody through again.
    """

    def __init__(self, retry_after_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._retry_after_s = retry_after_s
        self._clock = clock
        self._lock = threading.Lock()
        self._next_try_at: float | None = None  # None while all is well

    @property
    def is_open(self) -> bool:
        return self._next_try_at is not None

    def lets_through(self) -> bool:
        """Whether this caller may ask. It then says `succeed` or `fail`; if it never does, the next try
        simply comes after the usual pause."""
        with self._lock:
            if self._next_try_at is None:
                return True
            now = self._clock()
            if now < self._next_try_at:
                return False
            self._next_try_at = now + self._retry_after_s
            return True

    def fail(self) -> bool:
        """Whether all was well until now."""
        with self._lock:
            was_well = self._next_try_at is None
            self._next_try_at = self._clock() + self._retry_after_s
            return was_well

    def succeed(self) -> bool:
        """Whether it had failed until now."""
        with self._lock:
            had_failed = self._next_try_at is not None
            self._next_try_at = None
            return had_failed
