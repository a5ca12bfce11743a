"""Quotas: never exceeded while Redis is there, never in the way when it is not."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.cache import rate_counter as quotas
from service.cache.open_cache import open_quota_counter
from service.cache.rate_counter import Quota, QuotaCounter
from service.cache.redis_client import CacheFault
from tests.servers import RedisServer, running_redis


class Clock:
    def __init__(self) -> None:
        self.now = 50.0

    def __call__(self) -> float:
        return self.now


class Common:
    """A common count in memory, that can be away."""

    def __init__(self, clock: Clock) -> None:
        self.clock, self.counts, self.asked, self.away = clock, dict[str, tuple[int, float]](), 0, False

    def count_up(self, key: str, amount: int, window_s: int) -> tuple[int, int]:
        self.asked += 1
        if self.away:
            raise CacheFault("redis-unavailable")
        count, ends_at = self.counts.get(key, (0, 0.0))
        if self.clock() >= ends_at:
            count, ends_at = 0, self.clock() + window_s
        self.counts[key] = count + amount, ends_at
        return count + amount, round(1000 * (ends_at - self.clock()))


@given(
    limit=st.integers(1, 300),
    turns=st.lists(st.integers(0, 2), min_size=1, max_size=700),
)
def test_processes_together_take_the_limit_and_no_more(limit: int, turns: list[int]) -> None:
    clock = Clock()
    common = Common(clock)
    counters = [QuotaCounter(common, clock) for _ in range(3)]
    quota = Quota("key", limit)
    within = sum(counters[turn].spend(quota, "a").is_within for turn in turns)
    assert within <= limit
    unspent = 2 * (max(1, limit // quotas.LEASES) - 1)  # what the other two have taken and may not need
    assert within >= min(len(turns), limit - unspent)


def test_the_common_count_is_asked_seldom() -> None:
    clock = Clock()
    common = Common(clock)
    counter, quota = QuotaCounter(common, clock), Quota("key", 500)
    assert all(counter.spend(quota, "a").is_within for _ in range(500))
    assert common.asked == 50
    assert not any(counter.spend(quota, "a").is_within for _ in range(500))
    assert common.asked <= 51, "a flood of refused requests costs Redis nothing"


def test_what_is_left_is_told() -> None:
    clock = Clock()
    counter, quota = QuotaCounter(Common(clock), clock), Quota("key", 3, 60)
    first = counter.spend(quota, "a")
    assert (first.is_within, first.remaining, first.reset_s) == (True, 2, 60)
    clock.now += 20
    assert (counter.spend(quota, "a").remaining, counter.spend(quota, "a").remaining) == (1, 0)
    refused = counter.spend(quota, "a")
    assert (refused.is_within, refused.remaining, refused.reset_s) == (False, 0, 40)
    assert counter.is_spent(quota, "a")
    assert not counter.is_spent(quota, "b")
    clock.now += 40
    assert not counter.is_spent(quota, "a")
    assert counter.spend(quota, "a").remaining == 2


@pytest.mark.parametrize("common", ["none", "away"])
def test_alone_it_counts_for_itself(common: str) -> None:
    clock = Clock()
    shared = Common(clock)
    shared.away = True
    counter, quota = QuotaCounter(None if common == "none" else shared, clock), Quota("key", 5)
    assert [counter.spend(quota, "a").is_within for _ in range(8)] == [True] * 5 + [False] * 3
    assert counter.spend(quota, "b").is_within
    clock.now += 60
    assert counter.spend(quota, "a").is_within


def test_an_outage_in_the_middle_gives_nobody_more_than_was_left() -> None:
    clock = Clock()
    common = Common(clock)
    counter, quota = QuotaCounter(common, clock), Quota("key", 100)
    assert all(counter.spend(quota, "a").is_within for _ in range(60))
    common.away = True
    assert sum(counter.spend(quota, "a").is_within for _ in range(100)) == 40


def test_callers_are_forgotten_and_still_counted_in_common(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quotas, "REMEMBERED", 10)
    clock = Clock()
    counter, quota = QuotaCounter(Common(clock), clock), Quota("address", 2)
    for _ in range(2):
        assert all(counter.spend(quota, str(who)).is_within for who in range(100))
        assert len(counter._leases) == 10
    assert not any(counter.spend(quota, str(who)).is_within for who in range(100))


def test_threads_take_no_more_than_there_is() -> None:
    counter, quota = QuotaCounter(None), Quota("key", 200)
    with ThreadPoolExecutor(8) as pool:
        within = list(pool.map(lambda _: counter.spend(quota, "a").is_within, range(1000)))
    assert sum(within) == 200


@pytest.fixture
def server() -> Iterator[RedisServer]:
    with running_redis() as server:
        yield server


def test_on_redis(server: RedisServer) -> None:
    counters, quota = [open_quota_counter(server.url) for _ in range(2)], Quota("key", 20, 60)
    within = [counters[turn % 2].spend(quota, "a").is_within for turn in range(50)]
    assert within == [True] * 20 + [False] * 30
    assert counters[0].spend(Quota("key", 20, 1), "b").is_within


def test_a_window_on_redis_ends(server: RedisServer) -> None:
    counter, quota = open_quota_counter(server.url), Quota("key", 1, 1)
    assert counter.spend(quota, "a").is_within
    assert not counter.spend(quota, "a").is_within
    deadline = time.monotonic() + 60
    while not counter.spend(quota, "a").is_within:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_hanging_redis_costs_one_timeout(server: RedisServer) -> None:
    counter, quota = open_quota_counter(server.url), Quota("key", 2)
    counter.spend(quota, "before")
    server.pause()
    try:
        started = time.monotonic()
        assert all(counter.spend(quota, str(who)).is_within for who in range(1000))
        # One timeout of a quarter of a second, and not a thousand of them.
        assert time.monotonic() - started < 100 * 0.25
    finally:
        server.resume()
