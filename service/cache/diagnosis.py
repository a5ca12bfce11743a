"""Why a Redis cannot be used, in one sentence for the operator."""

from __future__ import annotations

import re
from typing import Final

import redis

from service.cache.redis_client import LinkLimits, connect

PATIENT: Final = LinkLimits(connect_timeout_s=2.0, answer_timeout_s=2.0)
PROBE_KEY: Final = "verbatim:probe"
PROBE_MS: Final = 1_000
AUTHENTICATION: Final = re.compile(r"NOAUTH|WRONGPASS|invalid password|invalid username|AUTH", re.IGNORECASE)


def diagnose_redis(url: str) -> str | None:
    """What is wrong with a Redis and what to do; None if it answers and takes values.

    Raises SettingsError for a URL that is none.
    """
    try:
        with connect(url, PATIENT) as client:
            client.set(PROBE_KEY, b"1", px=PROBE_MS)
    except redis.AuthenticationError:
        return "Redis refuses the password in REDIS_URL: correct it"
    except redis.ResponseError as error:
        return explain_refusal(error)
    except redis.InvalidResponse:
        return "what answers at REDIS_URL is not Redis: correct the host or the port"
    except (redis.RedisError, OSError):
        return "Redis does not answer: start it, or correct REDIS_URL, or leave it empty to run without Redis"
    return None


def explain_refusal(error: redis.ResponseError) -> str:
    """The reason why a server that answers does not accept a value."""
    if AUTHENTICATION.search(str(error)):
        return "Redis refuses the password in REDIS_URL: correct it"
    if isinstance(error, redis.OutOfMemoryError):
        return "Redis is full: raise its maxmemory, and set maxmemory-policy volatile-lru"
    if isinstance(error, redis.ReadOnlyError):
        return "the Redis at REDIS_URL is a replica, which takes no values: name the primary"
    return "Redis does not take values: see its own log"
