"""Overload protection: a number of requests compute, a number wait, and the others get 503 immediately.

Cached answers and health checks are not limited: the web server has
more threads than may compute and wait together, so some are always free for them
(`service/gunicorn_config.py`).
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, Final, TypeVar

from flask import Response, current_app, g, has_request_context, make_response, request

from service.cache import Admission, Cache, CacheAnswer, ForwardingCache, admit_all
from service.errors import Overloaded
from service.web.http.rate_limits import caller_of

View = TypeVar("View", bound=Callable[..., Any])
EXTENSION: Final = "verbatim-gates"
WAIT_S: Final = 3.0  # for a slot; requests that would wait longer are refused
FOLLOWERS: Final = 8  # of a process that wait for the same answer to be computed by another request
SHARE: Final = 0.75  # of the places, and of the waiting time, that one caller may use
LEARNING: Final = 0.2  # the weight of the last one in the average
CHECKING: Final = 2  # checks of one quotation at a time in a process, beside articles
CHECKS_WAITING: Final = 8
SEARCHING: Final = 2  # searches at a time in a process, and as many again wait: the database does the work
LASTING: Final = 3  # imports and exports under way in a process, each of which keeps a thread for minutes


class Gate:
    """Lets `slots` requests run at a time while up to `waiting` others wait, each at most `wait_s`.

    A request that would wait longer is refused immediately; this is estimated from recent durations, so that
    many short requests may wait and few long ones. `who` names the caller: a caller with as many places as
    there are slots may use at most `SHARE` of the queue, so that one caller cannot fill it. No caller uses
    more than `most_each` slots at a time: one is left for others.
    """

    def __init__(
        self,
        slots: int,
        waiting: int,
        wait_s: float = WAIT_S,
        who: Callable[[], str | None] = lambda: None,
        most_each: int | None = None,
    ) -> None:
        self._who: Final = who
        self._each: Final[Counter[str]] = Counter()  # places
        self._free = slots
        self._most_each: Final = max(1, slots - 1) if most_each is None else most_each
        self._using: Final[Counter[str]] = Counter()  # slots
        self._slot_count: Final = slots
        self._most: Final = slots + waiting
        self._wait_s: Final = wait_s
        self._lock: Final = threading.Lock()
        self._freed: Final = threading.Condition(self._lock)
        self._taken = 0  # places
        self._mean_s = 0.0  # average time that a slot was used
        self._held: Final = threading.local()  # a thread that has a slot is not stopped again

    @contextmanager
    def place(self) -> Iterator[None]:
        """A place among those that compute or wait. Raises Overloaded immediately if there is none."""
        if getattr(self._held, "place", False):
            yield
            return
        who = self._who()
        with self._lock:
            if self._refuses(who):
                raise Overloaded
            self._taken += 1
            if who is not None:
                self._each[who] += 1
        self._held.place = True
        try:
            yield
        finally:
            self._held.place = False
            with self._lock:
                self._taken -= 1
                if who is not None:
                    self._each[who] -= 1
                    if not self._each[who]:
                        del self._each[who]

    @contextmanager
    def slot(self) -> Iterator[None]:
        """A slot, after waiting for it. Raises Overloaded if too many wait, or the wait was too long."""
        if getattr(self._held, "slot", False):
            yield
            return
        with self.place():
            who = self._who()
            with self._freed:
                if not self._freed.wait_for(lambda: self._may_use(who), self._wait_s):
                    raise Overloaded
                self._use(who)
            self._held.slot = True
            started = time.monotonic()
            try:
                yield
            finally:
                self._held.slot = False
                self._leave(who)
                self._learn(time.monotonic() - started)

    def enter(self) -> Callable[[], None]:
        """A slot without waiting; returns the function that releases it. Raises Overloaded."""
        who = self._who()
        with self._lock:
            if not self._may_use(who):
                raise Overloaded
            self._use(who)
        return lambda: self._leave(who)

    def is_full(self) -> bool:
        """Whether a place would be refused to the current thread now."""
        if getattr(self._held, "place", False):
            return False
        who = self._who()
        with self._lock:
            return self._refuses(who)

    def _refuses(self, who: str | None) -> bool:
        share = SHARE if who is not None and self._each[who] >= self._slot_count else 1.0
        return self._taken >= share * self._most or self._expected_wait_s() > share * self._wait_s

    def _expected_wait_s(self) -> float:
        before = self._taken - self._slot_count + 1  # that have to be finished before this caller's turn
        return before * self._mean_s / self._slot_count if before > 0 else 0.0

    def _may_use(self, who: str | None) -> bool:
        return self._free > 0 and (who is None or self._using[who] < self._most_each)

    def _use(self, who: str | None) -> None:
        self._free -= 1
        if who is not None:
            self._using[who] += 1

    def _leave(self, who: str | None) -> None:
        with self._freed:
            self._free += 1
            if who is not None:
                self._using[who] -= 1
                if not self._using[who]:
                    del self._using[who]
            self._freed.notify_all()

    def _learn(self, seconds: float) -> None:
        with self._lock:
            self._mean_s += LEARNING * (seconds - self._mean_s)


class GatedCache(ForwardingCache):
    """A cache whose computations are limited by a gate. Cached values are not limited.

    A request that waits for another's computation of the same value needs no place, but occupies a
    thread: these are counted separately.
    """

    def __init__(self, cache: Cache, gate: Gate, followers: int = FOLLOWERS) -> None:
        super().__init__(cache)
        self._gate: Final = gate
        self._followers: Final = threading.Semaphore(followers)
        self._lock: Final = threading.Lock()
        self._led: Final[set[str]] = set()

    def get_or_compute(
        self,
        key: str,
        compute: Callable[[], bytes],
        ttl_s: int | None = None,
        admit: Admission = admit_all,
    ) -> CacheAnswer:
        """See `Cache`. Raises Overloaded if the value cannot be computed now."""

        def compute_in_turn() -> bytes:
            with self._gate.slot():
                return compute()

        @contextmanager
        def placed() -> Iterator[None]:
            with self._gate.place(), admit():
                yield

        with self._leading(key) as leads:
            # Read and locked in one step, unless nothing more can be computed anyway.
            if leads and not self._gate.is_full():
                return super().get_or_compute(key, compute_in_turn, ttl_s, placed)
            if found := self.find(key):
                return found
            if leads:
                raise Overloaded
            with self._following():
                return super().get_or_compute(key, compute_in_turn, ttl_s, admit)

    @contextmanager
    def _leading(self, key: str) -> Iterator[bool]:
        """Whether no other thread of this process is requesting the key now."""
        with self._lock:
            leads = key not in self._led
            if leads:
                self._led.add(key)
        try:
            yield leads
        finally:
            if leads:
                with self._lock:
                    self._led.discard(key)

    @contextmanager
    def _following(self) -> Iterator[None]:
        if not self._followers.acquire(blocking=False):
            raise Overloaded
        try:
            yield
        finally:
            self._followers.release()


def caller() -> str | None:
    """The caller of the current request: its key, else its address; None outside of requests."""
    if not has_request_context():
        return None
    found = g.get("principal")
    return found.key_id if found is not None and found.key_id else caller_of(request.remote_addr)


class Gates:
    """The gates of one app: `computing` for articles, `checking` for single quotations, which take a
    hundredth of that, `searching` for work of the database, `lasting` for long transfers, `following` for
    streams of events, half of them for one caller at most."""

    def __init__(self, slots: int, waiting: int, streams: int = 8) -> None:
        self.computing: Final = Gate(slots, waiting, who=caller)
        self.checking: Final = Gate(CHECKING, CHECKS_WAITING, who=caller)
        self.searching: Final = Gate(SEARCHING, SEARCHING, who=caller)
        self.lasting: Final = Gate(LASTING, 0, who=caller)
        self.following: Final = Gate(streams, 0, who=caller, most_each=(streams + 1) // 2)


def gates() -> Gates:
    """The current app's gates."""
    found: Gates = current_app.extensions[EXTENSION]
    return found


def costly(view: View) -> View:
    """Decorates a view that computes or searches much without a cache: limited by `computing`."""

    @wraps(view)
    def in_turn(*args: Any, **kwargs: Any) -> Any:
        with gates().computing.slot():
            return view(*args, **kwargs)

    return in_turn  # type: ignore[return-value]


def searching(view: View) -> View:
    """Decorates a view with expensive searches: limited by `searching`."""

    @wraps(view)
    def in_turn(*args: Any, **kwargs: Any) -> Any:
        with gates().searching.slot():
            return view(*args, **kwargs)

    return in_turn  # type: ignore[return-value]


def lasting(view: View) -> View:
    """Decorates a view with long transfers: counts it as one until its answer is sent."""

    @wraps(view)
    def counted(*args: Any, **kwargs: Any) -> Any:
        return hold(gates().lasting, lambda: view(*args, **kwargs))

    return counted  # type: ignore[return-value]


def following(view: View) -> View:
    """Decorates a view that streams events: limited by `following` until the stream ends."""

    @wraps(view)
    def counted(*args: Any, **kwargs: Any) -> Any:
        return hold(gates().following, lambda: view(*args, **kwargs))

    return counted  # type: ignore[return-value]


def hold(gate: Gate, answer: Callable[[], Any]) -> Response:
    """An answer that occupies a slot until it is sent. Raises Overloaded if none is free."""
    leave = gate.enter()
    try:
        response = make_response(answer())
    except BaseException:
        leave()
        raise
    response.call_on_close(leave)
    return response
