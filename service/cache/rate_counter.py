"""Counting of requests for rate limits: in Redis for all processes together, without it in each process.

A process takes a few requests' worth out of the common count at a time and then spends them by itself. So the
count costs next to nothing, a limit is never exceeded, and where Redis is away each process simply takes the
whole limit for itself until the window ends.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from cachetools import LRUCache

from service.cache.cached_answer import cache_key
from service.cache.redis_client import CacheFault

LEASES: Final = 50  # so many takes make a whole limit
REMEMBERED: Final = 10_000  # callers; the one that called longest ago is forgotten


class CommonCount(Protocol):
    """A counter that all processes share."""

    def count_up(self, key: str, amount: int, window_s: int) -> tuple[int, int]:
        """The count after adding, and the milliseconds until it is nought again. Raises CacheFault."""
        ...


@dataclass(frozen=True, slots=True)
class Quota:
    """`limit` requests in any window of `window_s` seconds that the first of them opens."""

    name: str
    limit: int
    window_s: int = 60


@dataclass(frozen=True, slots=True)
class Standing:
    """The state of a caller's quota: whether this request is within it, what is left, and until when."""

    quota: Quota
    is_within: bool
    remaining: int  # at most; another process may have spent some of it
    reset_s: int


@dataclass(slots=True)
class _Lease:
    ends_at: float
    own: int  # this process may still spend
    common: int  # were left to all when the common count was last asked

    @property
    def remaining(self) -> int:
        return self.own + self.common


class QuotaCounter:
    """Counts requests against quotas. Never raises; bounded in time like the connection to Redis."""

    def __init__(self, common: CommonCount | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._common: Final = common
        self._clock: Final = clock
        self._lock: Final = threading.Lock()
        self._leases: Final[LRUCache[tuple[str, str], _Lease]] = LRUCache(REMEMBERED)

    def spend(self, quota: Quota, who: str) -> Standing:
        """Count one request of a caller."""
        with self._lock:
            standing = self._spend_own(quota, who)
        if standing is not None:
            return standing
        taken = self._take(quota, who)
        with self._lock:
            lease = self._renew(quota, who, taken)
            is_within = lease.own > 0
            lease.own -= is_within
            return self._stand(quota, lease, is_within)

    def is_spent(self, quota: Quota, who: str) -> bool:
        """Whether this process knows that nothing is left; without counting or asking Redis."""
        with self._lock:
            lease = self._current(quota, who)
            return lease is not None and lease.remaining <= 0

    def _current(self, quota: Quota, who: str) -> _Lease | None:
        lease = self._leases.get((quota.name, who))
        return lease if lease is not None and self._clock() < lease.ends_at else None

    def _spend_own(self, quota: Quota, who: str) -> Standing | None:
        """The answer if it is known in this process; None if the shared counter has to be asked."""
        lease = self._current(quota, who)
        if lease is None or (lease.own <= 0 and lease.common > 0):
            return None
        is_within = lease.own > 0
        lease.own -= is_within
        return self._stand(quota, lease, is_within)

    def _take(self, quota: Quota, who: str) -> _Lease | None:
        """A part of what is left for all processes; None if there is no shared counter."""
        if self._common is None:
            return None
        amount = max(1, quota.limit // LEASES)
        key = cache_key("quota", quota.name, str(quota.limit), str(quota.window_s), who)
        try:
            count, ttl_ms = self._common.count_up(key, amount, quota.window_s)
        except CacheFault:
            return None
        own = min(amount, max(0, quota.limit - (count - amount)))
        return _Lease(self._clock() + ttl_ms / 1000, own, max(0, quota.limit - count))

    def _renew(self, quota: Quota, who: str, taken: _Lease | None) -> _Lease:
        """The lease to spend from: what was taken with what is left of the last one, which another thread may
        have filled meanwhile. Where nothing could be taken, all that was left to all."""
        lease = self._current(quota, who)
        if taken is None:
            taken = lease or _Lease(self._clock() + quota.window_s, quota.limit, 0)
            taken.own, taken.common = taken.own + taken.common, 0
        elif lease is not None:
            taken.own += lease.own
        self._leases[quota.name, who] = taken
        return taken

    def _stand(self, quota: Quota, lease: _Lease, is_within: bool) -> Standing:
        reset_s = max(1, math.ceil(lease.ends_at - self._clock()))
        return Standing(quota, is_within, max(0, lease.remaining), reset_s)
