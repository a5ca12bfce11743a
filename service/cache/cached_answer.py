"""Answers of caches: the bytes, how they were found in terms of RFC 9211 (Cache-Status), and metrics."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import Final, Protocol

from prometheus_client import Counter

from service.telemetry import metrics
from service.telemetry.tracing import span

CACHE_NAME = "verbatim"
KIND_PART: Final = 2  # of `verbatim:1:<kind>:<digest>`

#: Increased when the format of keys or values changes, so that old ones are never read.
FORM = 1
#: A context that is entered if a value is not found, and left when there is an answer. It may raise.
Admission = Callable[[], AbstractContextManager[object]]
admit_all: Admission = nullcontext


class CacheStatus(StrEnum):
    HIT = "hit"
    MISS = "miss"
    BYPASS = "bypass"  # there is no cache, or it did not answer


@dataclass(frozen=True, slots=True)
class CacheAnswer:
    """The bytes asked for, the same whatever the status.

    `ttl_s`: seconds a hit stays fresh, None if unknown. `stored`: a miss can be a hit next time.
    `collapsed`: somebody else was computing the same, and this is their result. `detail`: why a value was
    not looked up or not stored, an RFC 9651 token.
    """

    value: bytes
    status: CacheStatus
    ttl_s: int | None = None
    stored: bool = False
    collapsed: bool = False
    detail: str | None = None

    @property
    def header(self) -> str:
        """The value of the Cache-Status header, such as `verbatim; fwd=uri-miss; stored`."""
        parts = [CACHE_NAME]
        if self.status is CacheStatus.HIT:
            parts.append("hit")
            if self.ttl_s is not None:
                parts.append(f"ttl={self.ttl_s}")
        else:
            parts.append("fwd=uri-miss" if self.status is CacheStatus.MISS else "fwd=bypass")
            parts += ["stored"] * self.stored + ["collapsed"] * self.collapsed
        if self.detail is not None:
            parts.append(f"detail={self.detail}")
        return "; ".join(parts)

    def as_collapsed(self) -> CacheAnswer:
        """The answer for a caller who waited while another computed it; a hit is a hit for both."""
        return self if self.status is CacheStatus.HIT else replace(self, collapsed=True)


class Cache(Protocol):
    """A store of bytes by key, for a time. No method raises because the cache fails.

    A lifetime is in whole seconds from 1, None for the cache's default. Keys come from `cache_key`.
    """

    def get_or_compute(
        self,
        key: str,
        compute: Callable[[], bytes],
        ttl_s: int | None = None,
        admit: Admission = admit_all,
    ) -> CacheAnswer:
        """The value kept under `key`, or that of `compute()`, which is then kept.

        Concurrent callers with one key compute once. What `compute` raises is raised to every caller that
        waited for it in this process, and is not kept. `admit` is entered before this thread computes, or
        waits for another process that does; a value that is there needs no admission.
        """
        ...

    def find(self, key: str) -> CacheAnswer | None:
        """The value kept under `key` as a hit, None if there is none. Does not wait for a computation."""
        ...

    def get(self, key: str) -> bytes | None:
        """The value kept under `key`, None if there is none; an empty value is b""."""
        ...

    def put(self, key: str, value: bytes, ttl_s: int | None = None) -> bool:
        """Keep a value; whether it was kept."""
        ...

    def ping(self) -> bool:
        """Whether values can be written and read now."""
        ...

    def describe(self) -> str:
        """The cache's kind and state for a person: "redis ok", "redis unavailable", "in-process", "none"."""
        ...


class ForwardingCache:
    """A cache that forwards all calls to another; subclasses override some."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def get_or_compute(
        self,
        key: str,
        compute: Callable[[], bytes],
        ttl_s: int | None = None,
        admit: Admission = admit_all,
    ) -> CacheAnswer:
        return self._cache.get_or_compute(key, compute, ttl_s, admit)

    def find(self, key: str) -> CacheAnswer | None:
        return self._cache.find(key)

    def get(self, key: str) -> bytes | None:
        return self._cache.get(key)

    def put(self, key: str, value: bytes, ttl_s: int | None = None) -> bool:
        return self._cache.put(key, value, ttl_s)

    def ping(self) -> bool:
        return self._cache.ping()

    def describe(self) -> str:
        return self._cache.describe()


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


def cache_key(kind: str, *parts: str) -> str:
    """`verbatim:1:<kind>:<64 hex digits>`, the SHA-256 of the parts.

    Each part is preceded by its length in bytes, so that ("ab", "c") and ("a", "bc") differ. The parts
    are whatever the answer depends on: the text, the engine's fingerprint, the store's generation.
    """
    digest = hashlib.sha256()
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "big"))
        digest.update(encoded)
    return f"verbatim:{FORM}:{kind}:{digest.hexdigest()}"
