"""Caches of computed answers: in Redis, in the process, or none. A cache never fails a request."""

from service.cache.cached_answer import (
    Admission,
    Cache,
    CacheAnswer,
    CacheStatus,
    ForwardingCache,
    MeteredCache,
    admit_all,
    cache_key,
)
from service.cache.memory_cache import MemoryCache
from service.cache.null_cache import NoCache
from service.cache.open_cache import open_cache
from service.cache.redis_cache import RedisCache, RedisLimits
from service.cache.redis_client import LinkLimits

__all__ = [
    "Admission",
    "Cache",
    "CacheAnswer",
    "CacheStatus",
    "ForwardingCache",
    "LinkLimits",
    "MemoryCache",
    "MeteredCache",
    "NoCache",
    "RedisCache",
    "RedisLimits",
    "admit_all",
    "cache_key",
    "open_cache",
]
