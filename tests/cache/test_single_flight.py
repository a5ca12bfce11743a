from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from service.cache.single_flight import SingleFlight
from tests.processes import wait_until

LONG_S = 60.0


def test_a_waiter_gives_up_and_does_the_work_itself() -> None:
    flights: SingleFlight[str] = SingleFlight()
    may_end = threading.Event()

    def slow() -> str:
        assert may_end.wait(LONG_S)
        return "slow"

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(flights.fly, "key", slow, LONG_S)
        wait_until(lambda: flights._flights.get("key") is not None)
        assert flights.fly("key", lambda: "own", 0.01) == ("own", False)
        may_end.set()
        assert first.result(LONG_S) == ("slow", False)


def test_a_timeout_raised_by_the_work_is_the_works_own() -> None:
    flights: SingleFlight[str] = SingleFlight()
    may_end = threading.Event()

    def times_out() -> str:
        assert may_end.wait(LONG_S)
        raise TimeoutError("the database's")

    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(flights.fly, "key", times_out, LONG_S)]
        wait_until(lambda: "key" in flights._flights)
        both.append(pool.submit(flights.fly, "key", times_out, LONG_S))
        wait_until(lambda: flights.waiting("key") == 1)
        may_end.set()
        assert len(both) == 2
        for future in both:
            with pytest.raises(TimeoutError, match="the database's"):
                future.result(LONG_S)


def test_work_that_flies_its_own_key_does_not_wait_for_itself() -> None:
    flights: SingleFlight[str] = SingleFlight()

    def outer() -> str:
        return "outer " + flights.fly("key", lambda: "inner", LONG_S)[0]

    assert flights.fly("key", outer, LONG_S) == ("outer inner", False)


def test_waiters_of_a_thread_that_was_torn_away_start_afresh() -> None:
    flights: SingleFlight[str] = SingleFlight()
    may_end = threading.Event()

    def torn_away() -> str:
        assert may_end.wait(LONG_S)
        raise SystemExit

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(flights.fly, "key", torn_away, LONG_S)
        wait_until(lambda: "key" in flights._flights)
        waiter = pool.submit(flights.fly, "key", lambda: "afresh", LONG_S)
        wait_until(lambda: flights.waiting("key") == 1)
        may_end.set()
        assert waiter.result(LONG_S) == ("afresh", False)
        assert isinstance(first.exception(LONG_S), SystemExit)


def test_nothing_is_left_behind() -> None:
    flights: SingleFlight[str] = SingleFlight()
    flights.fly("key", lambda: "done", LONG_S)
    nothing: dict[str, str] = {}
    with pytest.raises(KeyError):
        flights.fly("key", lambda: nothing["no"], LONG_S)
    assert flights._flights == {}
