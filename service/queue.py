"""Notification of workers: a list in Redis, of which each worker waits for an element.

An element says that there is something to do and nothing more: what there is to do, the store knows. Workers
look at no element's content, so that anyone who can write to Redis can make a worker look into the store and
nothing else (docs/adr/0020-wakeups.md). An element that is lost delays work, one too many does no harm.
"""

from __future__ import annotations

import logging
from typing import Final

import redis

KEY: Final = "verbatim:wakeups"
ELEMENT: Final = "1"
TIME_LIMIT_S: Final = 300  # for one job
MAX_WAKEUPS: Final = 16  # that wait at a time; each worker that wakes up goes on until there is nothing to do
CONNECT_TIMEOUT_S: Final = 0.5
WAIT_MARGIN_S: Final = 10.0  # for Redis to say that nothing came

log = logging.getLogger(__name__)


class JobTimeout(Exception):
    """A job took longer than TIME_LIMIT_S."""


class QueueLost(Exception):
    """Redis does not answer, or holds something else where the list should be."""


class JobQueue:
    """Notifies workers. Without Redis they are not notified, and poll the store."""

    def __init__(self, redis_url: str) -> None:
        self._url: Final = redis_url
        self._redis: Final = redis.Redis.from_url(
            redis_url, socket_connect_timeout=CONNECT_TIMEOUT_S, socket_timeout=CONNECT_TIMEOUT_S
        )
        self._waiting: redis.Redis | None = None

    def wake(self, times: int = 1) -> bool:
        """Notify up to so many workers; returns whether Redis accepted it."""
        elements = [ELEMENT] * min(times, MAX_WAKEUPS)
        try:
            with self._redis.pipeline(transaction=False) as pipeline:
                pipeline.rpush(KEY, *elements)
                pipeline.ltrim(KEY, 0, MAX_WAKEUPS - 1)
                pipeline.execute()
        except redis.RedisError as error:
            log.warning("queue unavailable: %s", type(error).__name__)
            return False
        return True

    def depth(self) -> int | None:
        """How many elements nobody has taken yet; None if Redis does not answer."""
        try:
            return int(self._redis.llen(KEY))
        except redis.RedisError:
            return None

    def wait(self, timeout_s: float) -> bool:
        """Wait for an element and take it; whether one came in that time. Raises QueueLost."""
        try:
            if self._waiting is None:
                self._waiting = redis.Redis.from_url(
                    self._url,
                    socket_connect_timeout=CONNECT_TIMEOUT_S,
                    socket_timeout=timeout_s + WAIT_MARGIN_S,
                    socket_keepalive=True,
                )
            return self._waiting.blpop([KEY], timeout_s) is not None
        except redis.RedisError as error:
            raise QueueLost(type(error).__name__) from None
