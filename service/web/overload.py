"""More to do than can be done: so many compute, so many wait, the rest is told so at once.

What is found in the cache, and what says how the service fares, passes by all of this: the web server has
more threads than may compute and wait together, so some are always free for them (`service/serving.py`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, Final, TypeVar

from flask import current_app, make_response

from service.cache import Cache, CacheAnswer
from service.errors import Overloaded

View = TypeVar("View", bound=Callable[..., Any])
EXTENSION: Final = "verbatim-gates"
WAIT_S: Final = 5.0  # then whoever waits is sent away too
SEARCHING: Final = 2  # searches at a time in a process, and as many again wait: the database does the work
LASTING: Final = 2  # imports and exports under way in a process, each of which keeps a thread for minutes


class Gate:
    """Lets `slots` through at a time while up to `waiting` others wait, each no longer than `wait_s`."""

    def __init__(self, slots: int, waiting: int, wait_s: float = WAIT_S) -> None:
        self._slots: Final = threading.Semaphore(slots)
        self._places: Final = threading.Semaphore(slots + waiting)
        self._wait_s: Final = wait_s
        self._held: Final = threading.local()  # a thread that is through is not stopped again

    @contextmanager
    def place(self) -> Iterator[None]:
        """A place among those that compute or wait. Raises Overloaded, at once, where all are taken."""
        if getattr(self._held, "place", False):
            yield
            return
        if not self._places.acquire(blocking=False):
            raise Overloaded
        self._held.place = True
        try:
            yield
        finally:
            self._held.place = False
            self._places.release()

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Leave to compute. Raises Overloaded where the wait for it was too long, or too many wait."""
        if getattr(self._held, "slot", False):
            yield
            return
        with self.place():
            if not self._slots.acquire(timeout=self._wait_s):
                raise Overloaded
            self._held.slot = True
            try:
                yield
            finally:
                self._held.slot = False
                self._slots.release()

    def enter(self) -> Callable[[], None]:
        """A slot without waiting; what gives it back, from whichever thread. Raises Overloaded."""
        if not self._slots.acquire(blocking=False):
            raise Overloaded
        return self._slots.release


class GatedCache:
    """A cache that computes only as much at a time as the gate lets through, and serves what it has freely.

    Whoever waits for another's computation of the same holds a place too, since he holds a thread.
    """

    def __init__(self, cache: Cache, gate: Gate) -> None:
        self._cache: Final = cache
        self._gate: Final = gate

    def get_or_compute(self, key: str, compute: Callable[[], bytes], ttl_s: int | None = None) -> CacheAnswer:
        """As every cache's. Raises Overloaded where the value would have to be computed, and cannot now."""

        def compute_in_turn() -> bytes:
            with self._gate.slot():
                return compute()

        if found := self._cache.find(key):
            return found
        with self._gate.place():
            return self._cache.get_or_compute(key, compute_in_turn, ttl_s)

    def find(self, key: str) -> CacheAnswer | None:
        return self._cache.find(key)

    def get(self, key: str) -> bytes | None:
        return self._cache.get(key)

    def put(self, key: str, value: bytes, ttl_s: int | None = None) -> bool:
        return self._cache.put(key, value, ttl_s)

    def ping(self) -> bool:
        return self._cache.ping()

    def describe(self) -> str:
        return self._cache.describe()


class Gates:
    """The gates of one app: `computing` for what takes the processor, `searching` for what takes the
    database, `lasting` for long transfers."""

    def __init__(self, slots: int, waiting: int) -> None:
        self.computing: Final = Gate(slots, waiting)
        self.searching: Final = Gate(SEARCHING, SEARCHING)
        self.lasting: Final = Gate(LASTING, 0)


def gates() -> Gates:
    """The current app's gates."""
    found: Gates = current_app.extensions[EXTENSION]
    return found


def costly(view: View) -> View:
    """For a view that computes or searches much without a cache: it takes its turn with the others."""

    @wraps(view)
    def in_turn(*args: Any, **kwargs: Any) -> Any:
        with gates().computing.slot():
            return view(*args, **kwargs)

    return in_turn  # type: ignore[return-value]


def searching(view: View) -> View:
    """For a view that asks much of the database: it takes its turn with the other searches."""

    @wraps(view)
    def in_turn(*args: Any, **kwargs: Any) -> Any:
        with gates().searching.slot():
            return view(*args, **kwargs)

    return in_turn  # type: ignore[return-value]


def lasting(view: View) -> View:
    """For a view that streams for as long as it takes: a few at a time, until the answer is sent."""

    @wraps(view)
    def counted(*args: Any, **kwargs: Any) -> Any:
        leave = gates().lasting.enter()
        try:
            response = make_response(view(*args, **kwargs))
        except BaseException:
            leave()
            raise
        response.call_on_close(leave)
        return response

    return counted  # type: ignore[return-value]
