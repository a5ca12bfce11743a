"""Several processes, one Redis: who computes, who waits, and what happens when the one who computes dies."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis

from service.cache import cache_key
from tests.processes import wait_until

PROJECT = Path(__file__).resolve().parents[2]
KEY = cache_key("test", "processes")
MISS = "verbatim; fwd=uri-miss; stored"
COLLAPSED = "verbatim; fwd=uri-miss; stored; collapsed"
LONG_S = "60"


class Caller:
    """One process running tests.cache.compute_in_process."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.cache.compute_in_process", *arguments],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._line() == "ready"

    def ask(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def answer(self) -> str:
        return self._line()

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def calls(tmp_path: Path) -> Path:
    path = tmp_path / "calls"
    path.touch()
    return path


@pytest.fixture
def start(redis_empty_url: str, calls: Path) -> Iterator[Callable[..., Caller]]:
    started: list[Caller] = []

    def start_caller(hold_s: str, lock_ttl_s: str, wait_s: str = LONG_S) -> Caller:
        started.append(Caller(redis_empty_url, KEY, str(calls), hold_s, lock_ttl_s, wait_s))
        return started[-1]

    yield start_caller
    for caller in started:
        caller.end()


def wait_for_calls(calls: Path, number: int) -> None:
    wait_until(lambda: calls.stat().st_size >= number, f"{number} calls")


def test_processes_compute_once(start: Callable[..., Caller], calls: Path) -> None:
    callers = [start("1.0", LONG_S) for _ in range(4)]
    for caller in callers:
        caller.ask()
    headers = sorted(caller.answer() for caller in callers)
    assert calls.stat().st_size == 1
    # One that was late to ask would find the value there: that is a hit, and no second computation.
    assert headers.count(MISS) == 1
    assert set(headers) <= {MISS, COLLAPSED, "verbatim; hit; ttl=600"}


def test_a_waiter_gets_what_the_other_computed(start: Callable[..., Caller], calls: Path) -> None:
    holder, waiter = start("1.0", LONG_S), start("0", LONG_S)
    holder.ask()
    wait_for_calls(calls, 1)
    waiter.ask()
    assert (holder.answer(), waiter.answer()) == (MISS, COLLAPSED)
    assert calls.stat().st_size == 1


def test_when_the_holder_dies_another_computes(
    start: Callable[..., Caller], calls: Path, redis_empty_url: str
) -> None:
    holder, waiter = start(LONG_S, "0.5"), start("0", "0.5")
    holder.ask()
    wait_for_calls(calls, 1)
    waiter.ask()
    holder.end()
    assert waiter.answer() == MISS
    assert calls.stat().st_size == 2
    with redis.Redis.from_url(redis_empty_url) as client:
        assert client.keys() == [KEY.encode()]


def test_a_waiter_does_not_wait_for_ever(start: Callable[..., Caller], calls: Path) -> None:
    holder, waiter = start(LONG_S, LONG_S), start("0", LONG_S, wait_s="0.2")
    holder.ask()
    wait_for_calls(calls, 1)
    waiter.ask()
    assert waiter.answer() == MISS
    assert calls.stat().st_size == 2
    assert holder.process.poll() is None
