"""Two caches on one Redis, as two processes have them: the lock between them, seen from inside."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import pytest
import redis

from service.cache import CacheAnswer, LinkLimits, RedisCache, RedisLimits, cache_key

KEY = cache_key("test", "two caches")
LONG_S = 60.0
PATIENT = LinkLimits(connect_timeout_s=30.0, answer_timeout_s=30.0)


def shared_secret() -> bytes:
    """What all processes of one service have."""
    return b"shared by all processes of a service"


class Holder:
    """A cache whose computation has begun and ends when told."""

    def __init__(self, url: str) -> None:
        self.cache = RedisCache(url, 600, RedisLimits(PATIENT), shared_secret)
        self.started = threading.Event()
        self.may_end = threading.Event()
        self.error: Exception | None = None

    def compute(self) -> bytes:
        self.started.set()
        assert self.may_end.wait(LONG_S)
        if self.error is not None:
            raise self.error
        return b"the holder's"


@contextmanager
def holding(url: str) -> Iterator[tuple[Holder, Future[CacheAnswer]]]:
    holder = Holder(url)
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(holder.cache.get_or_compute, KEY, holder.compute)
        try:
            assert holder.started.wait(LONG_S)
            yield holder, answer
        finally:
            holder.may_end.set()
    holder.cache.close()


@pytest.fixture
def waiting_cache(redis_empty_url: str) -> Iterator[RedisCache]:
    cache = RedisCache(redis_empty_url, 600, RedisLimits(PATIENT, wait_s=LONG_S), shared_secret)
    yield cache
    cache.close()


def wait_for_polls(url: str, number: int) -> None:
    """Until Redis was asked so many times for the value: somebody waits for it."""
    with redis.Redis.from_url(url) as client:
        pause = threading.Event()
        while client.info("commandstats").get("cmdstat_eval", {}).get("calls", 0) < number:
            pause.wait(0.01)


def compute_own() -> bytes:
    return b"my own"


def test_a_waiter_gets_the_holders_value(redis_empty_url: str, waiting_cache: RedisCache) -> None:
    with redis.Redis.from_url(redis_empty_url) as client:
        client.config_resetstat()
    with holding(redis_empty_url) as (holder, held), ThreadPoolExecutor(1) as pool:
        waiter = pool.submit(waiting_cache.get_or_compute, KEY, compute_own)
        wait_for_polls(redis_empty_url, 4)
        assert not waiter.done()
        holder.may_end.set()
        assert waiter.result(LONG_S).header == "verbatim; fwd=uri-miss; stored; collapsed"
        assert waiter.result().value == held.result(LONG_S).value == b"the holder's"


def test_a_waiter_computes_when_the_holder_fails(redis_empty_url: str, waiting_cache: RedisCache) -> None:
    with redis.Redis.from_url(redis_empty_url) as client:
        client.config_resetstat()
    with holding(redis_empty_url) as (holder, held), ThreadPoolExecutor(1) as pool:
        waiter = pool.submit(waiting_cache.get_or_compute, KEY, compute_own)
        wait_for_polls(redis_empty_url, 3)
        holder.error = ValueError("not to be had")
        holder.may_end.set()
        assert waiter.result(LONG_S).value == b"my own"
        assert waiter.result().header == "verbatim; fwd=uri-miss; stored"
        assert isinstance(held.exception(LONG_S), ValueError)


def test_a_waiter_gives_up_and_computes(redis_empty_url: str) -> None:
    impatient = RedisCache(redis_empty_url, 600, RedisLimits(PATIENT, wait_s=0.0), shared_secret)
    with holding(redis_empty_url) as (_, held):
        answer = impatient.get_or_compute(KEY, compute_own)
        assert not held.done()
        assert (answer.value, answer.stored) == (b"my own", True)
    impatient.close()


def test_waiting_here_and_elsewhere_is_one_wait(redis_empty_url: str) -> None:
    """Who has waited for a thread of its own process does not then wait as long for another process."""
    cache = RedisCache(redis_empty_url, 600, RedisLimits(PATIENT, wait_s=1.0), shared_secret)
    calls: list[str] = []

    def counted() -> bytes:
        calls.append(threading.current_thread().name)
        return b"my own"

    with holding(redis_empty_url) as (_, held), ThreadPoolExecutor(3) as pool:
        waiters = [pool.submit(cache.get_or_compute, KEY, counted) for _ in range(3)]
        assert {waiter.result(LONG_S).value for waiter in waiters} == {b"my own"}
        assert not held.done()
    cache.close()


def test_redis_lost_while_waiting(redis_empty_url: str, waiting_cache: RedisCache) -> None:
    with redis.Redis.from_url(redis_empty_url) as client, ThreadPoolExecutor(1) as pool:
        client.config_resetstat()
        with holding(redis_empty_url):
            waiter = pool.submit(waiting_cache.get_or_compute, KEY, compute_own)
            wait_for_polls(redis_empty_url, 3)
            waiting_cache._link._outage.begin()
            assert waiter.result(LONG_S).header == "verbatim; fwd=bypass; detail=redis-unavailable"


def test_a_lock_is_renewed_while_its_holder_computes(redis_empty_url: str) -> None:
    cache = RedisCache(redis_empty_url, 600, RedisLimits(PATIENT, lock_ttl_s=6.0), shared_secret)
    lock, left_ms = f"{KEY}:lock", [0]

    def compute_until_renewed() -> bytes:
        pause = threading.Event()
        with redis.Redis.from_url(redis_empty_url) as client:
            assert client.pexpire(lock, 60_000)
            # Only a renewal makes it a lock's life again.
            while (left := int(client.pttl(lock))) > 6_000:
                pause.wait(0.01)
        left_ms.append(left)
        return b"computed"

    assert cache.get_or_compute(KEY, compute_until_renewed).stored
    assert 0 < left_ms[-1] <= 6_000
    cache.close()


def test_anothers_lock_is_not_renewed(redis_empty_url: str) -> None:
    cache = RedisCache(redis_empty_url, 600, RedisLimits(PATIENT), shared_secret)
    with redis.Redis.from_url(redis_empty_url) as client:
        client.set(f"{KEY}:lock", "another's", px=60_000)
        cache._link.renew(KEY, "mine", 600.0)
        assert int(client.pttl(f"{KEY}:lock")) <= 60_000
        cache._link.renew(KEY, "another's", 600.0)
        assert int(client.pttl(f"{KEY}:lock")) > 60_000
    cache.close()
