"""Single flight: if several threads request the same value, one of them computes it for all."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class _Flight(Generic[T]):
    """One piece of work under way: `landed` is set once there is a result or an error, or neither,
    where the thread that flew it was torn away."""

    def __init__(self) -> None:
        self.pilot = threading.get_ident()
        self.landed = threading.Event()
        self.waiting = 0
        self.result: list[T] = []
        self.error: Exception | None = None


class SingleFlight(Generic[T]):
    """Joins concurrent calls with one key into one, within this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._flights: dict[str, _Flight[T]] = {}

    def fly(self, key: str, work: Callable[[], T], wait_s: float) -> tuple[T, bool]:
        """(the result of `work`, whether another thread's call of it gave that result).

        An error of `work` is raised in every thread that waited. After `wait_s` seconds a waiter does the
        work itself; so it does where its own thread flies this key already, which would never land.
        """
        deadline = time.monotonic() + wait_s
        while True:
            flight, is_mine = self._join(key)
            if is_mine:
                return self._pilot(key, flight, work), False
            if flight.pilot == threading.get_ident():
                return work(), False
            if not flight.landed.wait(max(0.0, deadline - time.monotonic())):
                return work(), False
            if flight.error is not None:
                raise flight.error
            if flight.result:
                return flight.result[0], True

    def _join(self, key: str) -> tuple[_Flight[T], bool]:
        """The flight for the key, and whether the caller has just started it."""
        with self._lock:
            flight = self._flights.get(key)
            if flight is None:
                flight = self._flights[key] = _Flight()
                return flight, True
            flight.waiting += 1
            return flight, False

    def waiting(self, key: str) -> int:
        """The number of callers that wait for the current computation."""
        with self._lock:
            flight = self._flights.get(key)
            return flight.waiting if flight else 0

    def _pilot(self, key: str, flight: _Flight[T], work: Callable[[], T]) -> T:
        try:
            result = work()
            flight.result.append(result)
            return result
        except Exception as error:
            flight.error = error
            raise
        finally:
            # Removed before it ends: later callers start a new computation.
            with self._lock:
                del self._flights[key]
            flight.landed.set()
