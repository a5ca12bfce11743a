"""One contract for every cache: what callers may rely on, whichever of them is configured."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from service.cache import (
    Cache,
    CacheStatus,
    LinkLimits,
    MemoryCache,
    NoCache,
    RedisCache,
    RedisLimits,
    cache_key,
    open_cache,
)

BACKENDS = ["redis", "in-process", "none"]
KEEPING = ["redis", "in-process"]
THREADS = 8
# A busy machine may keep Redis waiting; what happens then is tests/cache/test_redis_faults.py's business.
PATIENT = RedisLimits(LinkLimits(connect_timeout_s=30.0, answer_timeout_s=30.0))


def shared_secret() -> bytes:
    """What all processes of one service have."""
    return b"shared by all processes of a service"


@pytest.fixture(params=BACKENDS)
def cache(request: pytest.FixtureRequest) -> Iterator[Cache]:
    yield from open_backend(request.param, request)


@pytest.fixture(params=KEEPING)
def keeping_cache(request: pytest.FixtureRequest) -> Iterator[Cache]:
    yield from open_backend(request.param, request)


def open_backend(name: str, request: pytest.FixtureRequest) -> Iterator[Cache]:
    match name:
        case "redis":
            opened: Cache = open_cache(
                request.getfixturevalue("redis_empty_url"), 600, limits=PATIENT, secret=shared_secret
            )
            assert isinstance(opened, RedisCache)
            yield opened
            opened.close()
        case "in-process":
            opened = open_cache(None, 600)
            assert isinstance(opened, MemoryCache)
            yield opened
        case _:
            opened = open_cache(None, memory_bytes=0)
            assert isinstance(opened, NoCache)
            yield opened


class Computation:
    """A computation that counts its calls and can be held at its middle."""

    def __init__(self, value: bytes = b"computed", error: BaseException | None = None) -> None:
        self.value = value
        self.error = error
        self.calls = 0
        self.started = threading.Event()
        self.may_end = threading.Event()
        self.may_end.set()
        self._lock = threading.Lock()

    def __call__(self) -> bytes:
        with self._lock:
            self.calls += 1
        self.started.set()
        assert self.may_end.wait(60)
        if self.error is not None:
            raise self.error
        return self.value


@pytest.fixture
def key(request: pytest.FixtureRequest) -> str:
    return cache_key("test", request.node.name)


def test_a_hit_is_the_miss_again(keeping_cache: Cache, key: str) -> None:
    compute = Computation(bytes(range(256)) * 20)
    miss = keeping_cache.get_or_compute(key, compute)
    hit = keeping_cache.get_or_compute(key, compute)
    assert (miss.status, hit.status) == (CacheStatus.MISS, CacheStatus.HIT)
    assert miss.value == hit.value == compute.value
    assert compute.calls == 1
    assert miss.header == "verbatim; fwd=uri-miss; stored"
    assert hit.header == "verbatim; hit; ttl=600"


def test_without_a_cache_everything_is_computed(key: str) -> None:
    compute = Computation()
    headers = [NoCache().get_or_compute(key, compute).header for _ in range(3)]
    assert headers == ["verbatim; fwd=bypass; detail=no-cache"] * 3
    assert compute.calls == 3


def test_keys_do_not_share_values(keeping_cache: Cache) -> None:
    one, other = cache_key("test", "one"), cache_key("test", "other")
    keeping_cache.put(one, b"1")
    assert keeping_cache.get(other) is None
    assert keeping_cache.get_or_compute(other, lambda: b"2").value == b"2"
    assert keeping_cache.get(one) == b"1"


def test_an_empty_value_is_not_a_miss(keeping_cache: Cache, key: str) -> None:
    compute = Computation(b"")
    assert keeping_cache.get(key) is None
    assert keeping_cache.get_or_compute(key, compute).status is CacheStatus.MISS
    assert keeping_cache.get_or_compute(key, compute).status is CacheStatus.HIT
    assert keeping_cache.get(key) == b""
    assert compute.calls == 1


def test_put_replaces_and_get_or_compute_finds_it(keeping_cache: Cache, key: str) -> None:
    assert keeping_cache.put(key, b"old")
    assert keeping_cache.put(key, b"new")
    compute = Computation()
    assert keeping_cache.get_or_compute(key, compute).value == b"new"
    assert compute.calls == 0


def test_the_callers_lifetime_wins(keeping_cache: Cache, key: str) -> None:
    keeping_cache.put(key, b"value", ttl_s=50)
    assert keeping_cache.get_or_compute(key, Computation()).ttl_s == 50


def test_no_lifetime_keeps_nothing(cache: Cache, key: str) -> None:
    assert not cache.put(key, b"value", ttl_s=0)
    compute = Computation()
    answers = [cache.get_or_compute(key, compute, ttl_s=0) for _ in range(2)]
    assert [answer.stored for answer in answers] == [False, False]
    assert compute.calls == 2


def test_an_error_is_raised_and_not_kept(cache: Cache, key: str) -> None:
    failing = Computation(error=ValueError("no such article"))
    with pytest.raises(ValueError, match="no such article"):
        cache.get_or_compute(key, failing)
    working = Computation()
    # Had the failure left its lock behind, this would wait for it.
    assert cache.get_or_compute(key, working).value == b"computed"
    assert (failing.calls, working.calls) == (1, 1)


def start_together(cache: Cache, key: str, compute: Computation, pool: ThreadPoolExecutor) -> list[object]:
    """What each of several simultaneous callers got, an answer or an error."""

    def call() -> object:
        try:
            return cache.get_or_compute(key, compute)
        except Exception as error:
            return error

    compute.may_end.clear()
    first = pool.submit(call)
    assert compute.started.wait(60)
    others = [pool.submit(call) for _ in range(THREADS - 1)]
    wait_for_waiters(cache, key, THREADS - 1)
    compute.may_end.set()
    return [future.result(60) for future in (first, *others)]


def wait_for_waiters(cache: Cache, key: str, number: int) -> None:
    flights = cache._flights  # type: ignore[attr-defined]
    waiting = threading.Event()
    for _ in range(6000):
        if flights.waiting(key) == number:
            return
        waiting.wait(0.01)
    raise AssertionError(f"{flights.waiting(key)} of {number} callers wait")


def test_simultaneous_callers_compute_once(cache: Cache, key: str) -> None:
    compute = Computation()
    with ThreadPoolExecutor(THREADS) as pool:
        first, *others = start_together(cache, key, compute, pool)
    assert compute.calls == 1
    assert {answer.value for answer in (first, *others)} == {b"computed"}  # type: ignore[attr-defined]
    assert [answer.collapsed for answer in (first, *others)] == [False] + [True] * (THREADS - 1)  # type: ignore[attr-defined]
    assert all("; collapsed" in answer.header for answer in others)  # type: ignore[attr-defined]


def test_an_error_reaches_every_waiter(cache: Cache, key: str) -> None:
    error = ValueError("for all")
    compute = Computation(error=error)
    with ThreadPoolExecutor(THREADS) as pool:
        outcomes = start_together(cache, key, compute, pool)
    assert outcomes == [error] * THREADS
    assert compute.calls == 1


def test_different_keys_do_not_wait_for_each_other(cache: Cache, key: str) -> None:
    slow = Computation()
    slow.may_end.clear()
    with ThreadPoolExecutor(1) as pool:
        held = pool.submit(cache.get_or_compute, key, slow)
        assert slow.started.wait(60)
        other = Computation(b"meanwhile")
        assert cache.get_or_compute(cache_key("test", "another"), other).value == b"meanwhile"
        assert not held.done()
        slow.may_end.set()
        assert held.result(60).value == b"computed"


def test_a_computation_may_ask_for_another_key(cache: Cache, key: str) -> None:
    inner = cache_key("test", "inner")

    def outer() -> bytes:
        return b"<" + cache.get_or_compute(inner, lambda: b"inner").value + b">"

    assert cache.get_or_compute(key, outer).value == b"<inner>"


def test_all_are_up(cache: Cache) -> None:
    assert cache.ping()
    assert cache.describe() in {"redis ok", "in-process", "none"}


@pytest.mark.parametrize("backend", KEEPING)
@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    value=st.binary(max_size=3000)
    | st.builds(lambda unit, n: unit * n, st.binary(max_size=9), st.integers(0, 999))
)
def test_any_bytes_come_back_as_they_were(
    backend: str, redis_url: str, memory: Callable[[], MemoryCache], value: bytes
) -> None:
    cache: Cache = (
        open_cache(redis_url, 600, limits=PATIENT, secret=shared_secret) if backend == "redis" else memory()
    )
    key = cache_key("any", backend)
    assert cache.put(key, value)
    assert cache.get(key) == value
    assert cache.get_or_compute(key, Computation()).value == value
    if isinstance(cache, RedisCache):
        cache.close()


@pytest.fixture
def memory() -> Callable[[], MemoryCache]:
    return lambda: MemoryCache(ttl_s=600, max_bytes=1_000_000)
