"""More to do than can be done: so many compute, so many wait, the rest is told so at once.

What is found in the cache, and what says how the service fares, passes by all of this: the web server has
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
from service.web.http.rate_limits import asker_of

View = TypeVar("View", bound=Callable[..., Any])
EXTENSION: Final = "verbatim-gates"
WAIT_S: Final = 3.0  # for a turn to compute; whoever would wait longer is sent away
FOLLOWERS: Final = 8  # that wait in a process for another's computation of the same
SHARE: Final = 0.75  # of the places, and of the wait, that one asker may fill
LEARNING: Final = 0.2  # the share of the last one in what is taken for usual
SEARCHING: Final = 2  # searches at a time in a process, and as many again wait: the database does the work
LASTING: Final = 2  # imports and exports under way in a process, each of which keeps a thread for minutes


class Gate:
    """Lets `slots` through at a time while up to `waiting` others wait, each no longer than `wait_s`.

    Whoever would wait longer is sent away at once: that is reckoned from how long the last ones took, so that
    many short requests may wait and few long ones. `who` names the one who asks: who has as many places as
    there are slots may fill no more than `SHARE` of the queue, so that nobody else finds it full of his.
    """

    def __init__(
        self, slots: int, waiting: int, wait_s: float = WAIT_S, who: Callable[[], str | None] = lambda: None
    ) -> None:
        self._who: Final = who
        self._each: Final[Counter[str]] = Counter()  # places
        self._slots: Final = threading.Semaphore(slots)
        self._slot_count: Final = slots
        self._most: Final = slots + waiting
        self._wait_s: Final = wait_s
        self._lock: Final = threading.Lock()
        self._taken = 0  # places
        self._mean_s = 0.0  # that a slot was held, of late
        self._held: Final = threading.local()  # a thread that is through is not stopped again

    @contextmanager
    def place(self) -> Iterator[None]:
        """A place among those that compute or wait. Raises Overloaded, at once, where there is none."""
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
        """Leave to compute. Raises Overloaded where too many wait, or the wait was too long after all."""
        if getattr(self._held, "slot", False):
            yield
            return
        with self.place():
            if not self._slots.acquire(timeout=self._wait_s):
                raise Overloaded
            self._held.slot = True
            started = time.monotonic()
            try:
                yield
            finally:
                self._held.slot = False
                self._slots.release()
                self._learn(time.monotonic() - started)

    def enter(self) -> Callable[[], None]:
        """A slot without waiting; what gives it back, from whichever thread. Raises Overloaded."""
        if not self._slots.acquire(blocking=False):
            raise Overloaded
        return self._slots.release

    def is_full(self) -> bool:
        """Whether a place would be refused at this moment to the thread that asks."""
        if getattr(self._held, "place", False):
            return False
        who = self._who()
        with self._lock:
            return self._refuses(who)

    def _refuses(self, who: str | None) -> bool:
        share = SHARE if who is not None and self._each[who] >= self._slot_count else 1.0
        return self._taken >= share * self._most or self._expected_wait_s() > share * self._wait_s

    def _expected_wait_s(self) -> float:
        before = self._taken - self._slot_count + 1  # that have to be done before the one who asks now
        return before * self._mean_s / self._slot_count if before > 0 else 0.0

    def _learn(self, seconds: float) -> None:
        with self._lock:
            self._mean_s += LEARNING * (seconds - self._mean_s)


class GatedCache(ForwardingCache):
    """A cache that computes only as much at a time as the gate lets through, and serves what it has freely.

    Who waits for another's computation of the same needs no place, since it costs nothing more, but holds a
    thread: they are counted by themselves.
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
        """As every cache's. Raises Overloaded where the value would have to be computed, and cannot now."""

        def compute_in_turn() -> bytes:
            with self._gate.slot():
                return compute()

        @contextmanager
        def placed() -> Iterator[None]:
            with self._gate.place(), admit():
                yield

        with self._leading(key) as leads:
            # Looked up and locked in one, unless it is known already that nothing more can be computed.
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
        """Whether no other thread of this process asks for the key at the moment."""
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


def asker() -> str | None:
    """Who is counted for the current request: its key, else its address; None outside of requests."""
    if not has_request_context():
        return None
    found = g.get("principal")
    return found.key_id if found is not None and found.key_id else asker_of(request.remote_addr)


class Gates:
    """The gates of one app: `computing` for what takes the processor, `searching` for what takes the
    database, `lasting` for long transfers, `following` for streams of events."""

    def __init__(self, slots: int, waiting: int, streams: int = 8) -> None:
        self.computing: Final = Gate(slots, waiting, who=asker)
        self.searching: Final = Gate(SEARCHING, SEARCHING)
        self.lasting: Final = Gate(LASTING, 0)
        self.following: Final = Gate(streams, 0)


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
        return hold(gates().lasting, lambda: view(*args, **kwargs))

    return counted  # type: ignore[return-value]


def following(view: View) -> View:
    """For a view that streams events for minutes: so many at a time, until the stream ends."""

    @wraps(view)
    def counted(*args: Any, **kwargs: Any) -> Any:
        return hold(gates().following, lambda: view(*args, **kwargs))

    return counted  # type: ignore[return-value]


def hold(gate: Gate, answer: Callable[[], Any]) -> Response:
    """An answer that keeps a slot until it is sent. Raises Overloaded where there is none."""
    leave = gate.enter()
    try:
        response = make_response(answer())
    except BaseException:
        leave()
        raise
    response.call_on_close(leave)
    return response
