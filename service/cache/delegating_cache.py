"""Base of caches that change some methods of another cache."""

from __future__ import annotations

from collections.abc import Callable

from service.cache.cached_answer import Admission, Cache, CacheAnswer, admit_all


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
