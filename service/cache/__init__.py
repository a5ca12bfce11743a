"""Results kept for a while: in Redis, in the process, or not at all. A cache never fails a request."""

from service.cache.answer import Cache, CacheAnswer, CacheStatus
from service.cache.forwarding import ForwardingCache
from service.cache.key import cache_key
from service.cache.memory import MemoryCache
from service.cache.metered import MeteredCache
from service.cache.opening import open_cache
from service.cache.redis_cache import RedisCache, RedisLimits
from service.cache.redis_link import LinkLimits
from service.cache.uncached import NoCache

__all__ = [
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
    "cache_key",
    "open_cache",
]
