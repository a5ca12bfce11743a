"""Metrics of caches: hits, misses with their reason, and waiting times."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final

from prometheus_client import Counter

from service.cache.cached_answer import Admission, CacheAnswer, ForwardingCache, admit_all
from service.telemetry import metrics
from service.telemetry.tracing import span

KIND_PART: Final = 2  # of `verbatim:1:<kind>:<digest>`


class MeteredCache(ForwardingCache):
    """A cache whose reads are counted in the metrics and, with tracing, in a request's trace."""

    def get_or_compute(
        self,
        key: str,
        compute: Callable[[], bytes],
        ttl_s: int | None = None,
        admit: Admission = admit_all,
    ) -> CacheAnswer:
        with span("cache"):
            answer = super().get_or_compute(key, compute, ttl_s, admit)
        count(kind_of(key), answer)
        return answer

    def find(self, key: str) -> CacheAnswer | None:
        with span("cache"):
            answer = super().find(key)
        if answer is not None:
            count(kind_of(key), answer)
        return answer


def kind_of(key: str) -> str:
    """The kind of a key, one of a few words."""
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
    """The counter for a kind and a result."""
    return metrics.CACHE_LOOKUPS.labels(kind, result)
