"""The cache in Redis, shared by processes and machines."""

from __future__ import annotations

import contextlib
import logging
import math
import random
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from service.cache.cached_answer import Admission, CacheAnswer, CacheStatus, admit_all
from service.cache.redis_client import CacheFault, Found, Held, LinkLimits, Locked, RedisLink
from service.cache.single_flight import SingleFlight
from service.cache.value_codec import BrokenFrame, read_frame, write_frame
from service.errors import VerbatimError

log = logging.getLogger(__name__)
POLL_GROWTH = 1.5
POLL_MOST_S = 0.1


@dataclass(frozen=True, slots=True)
class RedisLimits:
    """How long anything may take, in seconds, and how large a value may be.

    `lock_ttl_s`: the life of a lock between two renewals, so after its holder's death. `wait_s`: the
    longest that a request waits while another computes the same. `poll_s`: its first pause between looks.
    """

    link: LinkLimits = field(default_factory=LinkLimits)
    lock_ttl_s: float = 3.0
    wait_s: float = 30.0
    poll_s: float = 0.01
    max_value_bytes: int = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Question:
    """One call: the key, the computation, and the (monotonic) time until which it may wait."""

    key: str
    compute: Callable[[], bytes]
    ttl_s: int
    give_up_at: float
    admit: Admission
    token: str  # of the lock


def _computed_aside(asked: _Question, fault: CacheFault) -> CacheAnswer:
    return CacheAnswer(asked.compute(), CacheStatus.BYPASS, detail=fault.detail)


class RedisCache:
    """Values in Redis, computed once at a time among all processes that use it.

    If Redis is away, slow, full or gives invalid answers, the value is computed. So it
    is where a value was not written with `secret`, which all processes of the service share and Redis does
    not know; by default this cache has one of its own. Where it raises a VerbatimError nothing is kept.
    """

    def __init__(
        self,
        url: str,
        ttl_s: int,
        limits: RedisLimits | None = None,
        secret: Callable[[], bytes] | None = None,
    ) -> None:
        own = secrets.token_bytes(32)
        self._secret = secret or (lambda: own)
        self._ttl_s = ttl_s
        self._limits = limits or RedisLimits()
        self._flights: SingleFlight[CacheAnswer] = SingleFlight()
        self._link = RedisLink(url, self._limits.link)

    def get_or_compute(
        self,
        key: str,
        compute: Callable[[], bytes],
        ttl_s: int | None = None,
        admit: Admission = admit_all,
    ) -> CacheAnswer:
        lifetime_s = self._ttl_s if ttl_s is None else ttl_s
        give_up_at = time.monotonic() + self._limits.wait_s  # for waiting here and elsewhere together
        asked = _Question(key, compute, lifetime_s, give_up_at, admit, secrets.token_hex(16))
        answer, shared = self._flights.fly(key, lambda: self._find_or_compute(asked), self._limits.wait_s)
        return answer.as_collapsed() if shared else answer

    def find(self, key: str) -> CacheAnswer | None:
        try:
            found = self._link.find(key)
        except CacheFault:
            return None
        return None if found is None else self._answer(key, found.frame, found.ttl_ms, waited=False)

    def get(self, key: str) -> bytes | None:
        found = self.find(key)
        return None if found is None else found.value

    def put(self, key: str, value: bytes, ttl_s: int | None = None) -> bool:
        return self._store(key, "", value, self._ttl_s if ttl_s is None else ttl_s) is None

    def ping(self) -> bool:
        try:
            self._link.ping()
        except CacheFault:
            return False
        return True

    def describe(self) -> str:
        return "redis ok" if self.ping() else "redis unavailable"

    def close(self) -> None:
        """Close the connections; the next use opens new ones."""
        self._link.close()

    def _find_or_compute(self, asked: _Question) -> CacheAnswer:
        try:
            found = self._look(asked, waited=False)
        except CacheFault as fault:
            with asked.admit():
                return _computed_aside(asked, fault)
        if isinstance(found, CacheAnswer):
            return found
        with self._admitted(asked, found):
            try:
                waited_for = self._wait(asked) if isinstance(found, Held) else None
            except CacheFault as fault:
                return _computed_aside(asked, fault)
            return waited_for or self._compute(asked)

    def _look(self, asked: _Question, waited: bool) -> CacheAnswer | Locked | Held:
        """The value, or who computes it: this caller (`Locked`, also if the value is broken) or another."""
        looked = self._link.find_or_lock(asked.key, asked.token, self._limits.lock_ttl_s)
        if isinstance(looked, Found):
            return self._answer(asked.key, looked.frame, looked.ttl_ms, waited) or Locked()
        return looked

    @contextlib.contextmanager
    def _admitted(self, asked: _Question, found: Locked | Held) -> Iterator[None]:
        """Admit the caller to compute or wait. If it is refused, a lock that was taken is released."""
        with contextlib.ExitStack() as stack:
            try:
                stack.enter_context(asked.admit())
            except BaseException:
                if isinstance(found, Locked):
                    self._give_back(asked)
                raise
            yield

    def _wait(self, asked: _Question) -> CacheAnswer | None:
        """The value that another process computes; None if this one has to compute it: the other gave up,
        takes too long, or stored a broken value."""
        pause_s = self._limits.poll_s
        while time.monotonic() < asked.give_up_at:
            time.sleep(pause_s * random.uniform(0.5, 1.0))  # noqa: S311 - spreads the waiters, hides nothing
            pause_s = min(pause_s * POLL_GROWTH, POLL_MOST_S)
            found = self._look(asked, waited=True)
            if isinstance(found, CacheAnswer):
                return found
            if isinstance(found, Locked):
                return None
        return None

    def _compute(self, asked: _Question) -> CacheAnswer:
        with self._held_lock(asked):
            value = asked.compute()
        fault_detail = self._store(asked.key, asked.token, value, asked.ttl_s)
        return CacheAnswer(value, CacheStatus.MISS, stored=fault_detail is None, detail=fault_detail)

    def _answer(self, key: str, frame: bytes, ttl_ms: int | None, waited: bool) -> CacheAnswer | None:
        value = self._open(key, frame)
        if value is None:
            return None
        if waited:  # it was not there when it was asked for: another process has just computed it
            return CacheAnswer(value, CacheStatus.MISS, stored=True, collapsed=True)
        return CacheAnswer(value, CacheStatus.HIT, None if ttl_ms is None else math.ceil(ttl_ms / 1000))

    def _open(self, key: str, frame: bytes) -> bytes | None:
        try:
            return read_frame(key, frame, self._limits.max_value_bytes, self._secret())
        except VerbatimError:
            return None
        except BrokenFrame as error:
            log.warning("a cached value is broken (%s); computing it anew", error)
            return None

    def _store(self, key: str, token: str, value: bytes, ttl_s: int) -> str | None:
        """Store the value and release the lock; returns why it was not stored, None if it was."""
        keep = ttl_s >= 1 and len(value) <= self._limits.max_value_bytes
        try:
            if not keep:
                self._link.renew(key, token, 0)
                return "not-kept"
            self._link.store(key, token, write_frame(key, value, self._secret()), ttl_s)
        except CacheFault as fault:
            return fault.detail
        except VerbatimError:
            return "no-secret"
        return None

    @contextlib.contextmanager
    def _held_lock(self, asked: _Question) -> Iterator[None]:
        """Renew the lock while the block runs, so that its lifetime can be short.

        The lock of a dead process soon ends, and a long computation is still done once. An error releases
        the lock.
        """
        done = threading.Event()

        def renew() -> None:
            while not done.wait(self._limits.lock_ttl_s / 3):
                with contextlib.suppress(CacheFault):
                    self._link.renew(asked.key, asked.token, self._limits.lock_ttl_s)

        with contextlib.suppress(RuntimeError):  # no thread to be had: the lock may then lapse, no more
            threading.Thread(target=renew, name="cache-lock", daemon=True).start()
        try:
            yield
        except BaseException:
            self._give_back(asked)
            raise
        finally:
            done.set()

    def _give_back(self, asked: _Question) -> None:
        with contextlib.suppress(CacheFault):
            self._link.renew(asked.key, asked.token, 0)
