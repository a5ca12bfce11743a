"""How often a request asks Redis: a hit once, a miss twice (docs/adr/0003-cache.md)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
import redis

from service.cache import LinkLimits, MeteredCache, RedisCache, RedisLimits, cache_key
from service.errors import Overloaded
from service.web.http.overload import Gate, GatedCache

KEY = cache_key("check", "round trips")
PATIENT = RedisLimits(LinkLimits(connect_timeout_s=30.0, answer_timeout_s=30.0))


@pytest.fixture
def gate() -> Gate:
    return Gate(1, 0)


@pytest.fixture
def cache(redis_empty_url: str, gate: Gate) -> Iterator[GatedCache]:
    """The cache as the web server has it."""
    with closing(RedisCache(redis_empty_url, 600, PATIENT)) as kept:
        yield GatedCache(MeteredCache(kept), gate)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The commands that were sent to Redis, one for each round trip."""
    commands: list[str] = []
    execute = redis.Redis.execute_command

    def counted(self: redis.Redis, *args: object, **options: object) -> object:
        commands.append(str(args[0]))
        return execute(self, *args, **options)  # type: ignore[no-untyped-call]

    monkeypatch.setattr(redis.Redis, "execute_command", counted)
    return commands


def compute() -> bytes:
    return b"computed"


def count(asked: list[str], request: Callable[[], object]) -> int:
    asked.clear()
    request()
    return len(asked)


def test_a_miss_asks_twice_and_a_hit_once(cache: GatedCache, asked: list[str]) -> None:
    assert count(asked, lambda: cache.get_or_compute(KEY, compute)) == 2
    assert count(asked, lambda: cache.get_or_compute(KEY, compute)) == 1


def test_what_is_refused_asks_once_and_leaves_no_lock(
    cache: GatedCache, gate: Gate, asked: list[str], redis_empty_url: str
) -> None:
    leave, entered = threading.Event(), threading.Event()

    def hold() -> None:
        with gate.slot():
            entered.set()
            assert leave.wait(60)

    def refused() -> None:
        with pytest.raises(Overloaded):
            cache.get_or_compute(KEY, compute)

    with ThreadPoolExecutor(1) as pool:
        held = pool.submit(hold)
        assert entered.wait(60)
        assert count(asked, refused) == 1
        leave.set()
        held.result()
    with redis.Redis.from_url(redis_empty_url) as client:
        assert client.keys() == []
    assert cache.get_or_compute(KEY, compute).value == b"computed"


def test_admission_that_is_refused_gives_the_lock_back(redis_empty_url: str) -> None:
    def refuse() -> None:
        raise Overloaded

    with closing(RedisCache(redis_empty_url, 600, PATIENT)) as cache:
        with pytest.raises(Overloaded):
            cache.get_or_compute(KEY, compute, admit=refuse)  # type: ignore[arg-type, return-value]
        with redis.Redis.from_url(redis_empty_url) as client:
            assert client.keys() == []
        cache.put(KEY, b"kept")
        assert cache.get_or_compute(KEY, compute, admit=refuse).value == b"kept"  # type: ignore[arg-type, return-value]
