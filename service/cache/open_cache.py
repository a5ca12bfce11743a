"""Choose and open the cache that the settings ask for."""

from __future__ import annotations

from collections.abc import Callable

from service.cache.cached_answer import Cache
from service.cache.memory_cache import MemoryCache
from service.cache.null_cache import NoCache
from service.cache.rate_counter import QuotaCounter
from service.cache.redis_cache import RedisCache, RedisLimits
from service.cache.redis_client import LinkLimits, RedisLink

DEFAULT_TTL_S = 86_400
DEFAULT_MEMORY_BYTES = 64 * 1024 * 1024


def open_cache(
    redis_url: str | None,
    ttl_s: int = DEFAULT_TTL_S,
    *,
    memory_bytes: int = DEFAULT_MEMORY_BYTES,
    limits: RedisLimits | None = None,
    secret: Callable[[], bytes] | None = None,
) -> Cache:
    """The cache in Redis where its URL is given, else one in this process; none where `memory_bytes` is 0.

    `secret` authenticates what is kept in Redis; processes share values only where they share it. Nothing is
    connected yet, so Redis may be away. Raises SettingsError for a URL that is none; the
    message never shows it.
    """
    if redis_url:
        return RedisCache(redis_url, ttl_s, limits, secret)
    return MemoryCache(ttl_s, memory_bytes) if memory_bytes else NoCache()


def open_quota_counter(redis_url: str | None) -> QuotaCounter:
    """Counts in Redis where its URL is given, in this process alone otherwise. Nothing is connected yet."""
    return QuotaCounter(RedisLink(redis_url, LinkLimits()) if redis_url else None)
