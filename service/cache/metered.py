"""Any cache, counted: how often it had the answer, why it had not, how long it waited."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final

from prometheus_client import Counter

from service.cache.answer import Cache, CacheAnswer
from service.telemetry import metrics
from service.telemetry.tracing import span

KIND_PART: Final = 2  # of `verbatim:1:<kind>:<digest>`


class MeteredCache:
    """A cache whose look-ups show in the metrics and, where tracing is on, in a request's trace."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def get_or_compute(self, key: str, compute: Callable[[], bytes], ttl_s: int | None = None) -> CacheAnswer:
        with span("cache"):
            answer = self._cache.get_or_compute(key, compute, ttl_s)
        count(kind_of(key), answer)
        return answer

    def find(self, key: str) -> CacheAnswer | None:
        with span("cache"):
            answer = self._cache.find(key)
        if answer is not None:
            count(kind_of(key), answer)
        return answer

    def get(self, key: str) -> bytes | None:
        return self._cache.get(key)

    def put(self, key: str, value: bytes, ttl_s: int | None = None) -> bool:
        return self._cache.put(key, value, ttl_s)

    def ping(self) -> bool:
        return self._cache.ping()

    def describe(self) -> str:
        return self._cache.describe()


def kind_of(key: str) -> str:
    """What the key is of, one of a few words."""
    return key.split(":", KIND_PART + 1)[KIND_PART]


def count(kind: str, answer: CacheAnswer) -> None:
    """Count one answer; `detail` is one of a few tokens."""
    looked_up(kind, answer.status.value).inc()
    if answer.collapsed:
        metrics.FLIGHTS_SHARED.labels(kind).inc()
    if answer.detail is not None:
        metrics.CACHE_FAULTS.labels(answer.detail).inc()


@lru_cache(maxsize=64)
def looked_up(kind: str, result: str) -> Counter:
    """The counter of such answers."""
    return metrics.CACHE_LOOKUPS.labels(kind, result)
