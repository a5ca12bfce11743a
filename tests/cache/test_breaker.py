from __future__ import annotations

from service.cache.breaker import CircuitBreaker


class Clock:
    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def test_lets_everybody_through_while_all_is_well() -> None:
    breaker = CircuitBreaker(1.0, Clock())
    assert [breaker.lets_through() for _ in range(3)] == [True] * 3


def test_lets_one_through_in_each_pause_after_a_failure() -> None:
    clock = Clock()
    breaker = CircuitBreaker(1.0, clock)
    breaker.fail()
    let_through = []
    for _ in range(40):
        clock.now_s += 0.1
        let_through.append(breaker.lets_through())
    assert 3 <= sum(let_through) <= 4


def test_one_success_ends_it() -> None:
    clock = Clock()
    breaker = CircuitBreaker(1.0, clock)
    open_then = [breaker.is_open]
    breaker.fail()
    open_then.append(breaker.is_open)
    breaker.succeed()
    open_then.append(breaker.is_open)
    assert open_then == [False, True, False]
    assert [breaker.lets_through() for _ in range(3)] == [True] * 3


def test_says_when_something_changed() -> None:
    breaker = CircuitBreaker(1.0, Clock())
    changes = [breaker.succeed(), breaker.fail(), breaker.fail(), breaker.succeed(), breaker.succeed()]
    assert changes == [False, True, False, True, False]


def test_a_try_that_never_reports_is_followed_by_another() -> None:
    clock = Clock()
    breaker = CircuitBreaker(1.0, clock)
    breaker.fail()
    clock.now_s += 1.0
    assert breaker.lets_through()
    assert not breaker.lets_through()
    clock.now_s += 1.0
    assert breaker.lets_through()
