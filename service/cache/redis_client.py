"""The operations on Redis: each is one round trip, bounded in time; none is sent during an outage.

Values and keys never reach the log: a server's error texts may quote them, so only its error code is kept.
"""

from __future__ import annotations

import logging
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import redis
from redis.backoff import NoBackoff
from redis.connection import parse_url
from redis.retry import Retry

from service.cache.outage import OutageWatch
from service.errors import SettingsError

T = TypeVar("T")
LOST = (redis.RedisError, OSError)  # errors of a connection that is gone

log = logging.getLogger(__name__)
REFUSAL_CODE = re.compile(r"\b(?:OOM|READONLY|MISCONF|NOPERM|NOREPLICAS|WRONGTYPE|CROSSSLOT|MOVED)\b")

# KEYS: value, lock. ARGV: token, lock lifetime in ms.
# A full or read-only server refuses the lock but still serves what it has, hence pcall.
FIND_OR_LOCK = """
local value = redis.call('GET', KEYS[1])
if value then return {'found', value, redis.call('PTTL', KEYS[1])} end
local locked = redis.pcall('SET', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[2])
if not locked then return {'held'} end
if locked.err then return {'refused', locked.err} end
return {'locked'}
"""

# KEYS: value.
FIND = """
local value = redis.call('GET', KEYS[1])
return value and {value, redis.call('PTTL', KEYS[1])}
"""

# KEYS: value, lock. ARGV: token, frame, lifetime in ms.
STORE_AND_UNLOCK = """
local stored = redis.pcall('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
if redis.call('GET', KEYS[2]) == ARGV[1] then redis.call('DEL', KEYS[2]) end
return stored
"""

# KEYS: lock. ARGV: token, lifetime in ms; 0 gives the lock back.
RENEW = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
"""

# KEYS: count. ARGV: amount, lifetime in ms that the first amount gives it.
COUNT_UP = """
local count = redis.call('INCRBY', KEYS[1], ARGV[1])
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  left = tonumber(ARGV[2])
end
return {count, left}
"""

UNAVAILABLE, REFUSED = "redis-unavailable", "redis-refused"
MOST_LOST_LOCKS = 1000


class CacheFault(Exception):
    """An operation on Redis failed; `detail` is the reason, as a token for Cache-Status."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class RedisLost(CacheFault):
    """Redis did not answer: the operation may or may not have been carried out."""

    def __init__(self) -> None:
        super().__init__(UNAVAILABLE)


@dataclass(frozen=True, slots=True)
class Found:
    """A stored value, and its remaining lifetime; None if it does not expire."""

    frame: bytes
    ttl_ms: int | None


@dataclass(frozen=True, slots=True)
class Locked:
    """There is no value, and the caller now holds the lock to compute it."""


@dataclass(frozen=True, slots=True)
class Held:
    """There is no value yet; another process holds the lock to compute it."""


@dataclass(frozen=True, slots=True)
class LinkLimits:
    """Seconds: to connect, to be answered, and between two looks whether a lost Redis is back (at first,
    and at most)."""

    connect_timeout_s: float = 0.2
    answer_timeout_s: float = 0.25
    first_pause_s: float = 0.1
    longest_pause_s: float = 1.0


class RedisLink:
    """One Redis database. Every method raises CacheFault, within the time limits, when it cannot serve.

    After a failure all of them do so at once, until a thread in the background finds Redis back: an outage
    costs no more than one timeout, and looking up a lost server's name, which may take long, costs no
    request anything.
    """

    def __init__(self, url: str, limits: LinkLimits) -> None:
        self._client = redis.Redis(connection_pool=_connection_pool(url, limits))
        self._outage = OutageWatch(self._is_back, limits.first_pause_s, limits.longest_pause_s)
        # A question that was given up may still be carried out when Redis comes to itself, and then
        # leaves a lock that nobody holds. These are to be given back.
        self._lost_locks: deque[tuple[str, str]] = deque(maxlen=MOST_LOST_LOCKS)
        self._refusal = ""  # the reason last logged: a full server would refuse every request

    def find_or_lock(self, key: str, token: str, lock_ttl_s: float) -> Found | Locked | Held:
        """The value under the key; if there is none, the lock to compute it, for `lock_ttl_s`."""
        keys = (key, _lock_key(key))
        try:
            reply: list[Any] = self._ask(
                lambda: self._client.eval(FIND_OR_LOCK, 2, *keys, token, _milliseconds(lock_ttl_s))
            )
        except RedisLost:
            self._lost_locks.append((key, token))
            raise
        match reply:
            case [b"found", bytes(frame), int(ttl_ms)]:
                return Found(frame, ttl_ms if ttl_ms >= 0 else None)
            case [b"locked"]:
                return Locked()
            case [b"held"]:
                return Held()
            case _:
                self._log_refusal(_error_code(bytes(reply[1]).decode("ascii", "replace")))
                raise CacheFault(REFUSED)

    def store(self, key: str, token: str, frame: bytes, ttl_s: int) -> None:
        """Store the value, and release the lock if it still has this token."""
        keys = (key, _lock_key(key))
        self._ask(lambda: self._client.eval(STORE_AND_UNLOCK, 2, *keys, token, frame, _milliseconds(ttl_s)))
        self._refusal = ""

    def renew(self, key: str, token: str, lock_ttl_s: float) -> None:
        """Keep the lock for `lock_ttl_s` more seconds; 0 gives it back. Nothing if it is another's."""
        self._ask(lambda: self._client.eval(RENEW, 1, _lock_key(key), token, _milliseconds(lock_ttl_s)))

    def find(self, key: str) -> Found | None:
        """The value under the key."""
        reply: list[Any] | None = self._ask(lambda: self._client.eval(FIND, 1, key))
        if reply is None:
            return None
        frame, ttl_ms = bytes(reply[0]), int(reply[1])
        return Found(frame, ttl_ms if ttl_ms >= 0 else None)

    def count_up(self, key: str, amount: int, window_s: int) -> tuple[int, int]:
        """The count under the key after adding, and the milliseconds until it is nought again."""
        reply: list[int] = self._ask(
            lambda: self._client.eval(COUNT_UP, 1, key, amount, _milliseconds(window_s))
        )
        return int(reply[0]), int(reply[1])

    def ping(self) -> None:
        self._ask(self._client.ping)

    def close(self) -> None:
        self._outage.close()
        self._client.connection_pool.disconnect()  # the client's own close() leaves a given pool alone

    def _ask(self, operation: Callable[[], T]) -> T:
        if self._outage.is_on():
            raise CacheFault(UNAVAILABLE)
        try:
            return operation()
        except redis.ResponseError as error:
            # It answers, so it is there; it only refuses this: full, read-only, no permission.
            self._log_refusal(_error_code(f"{getattr(error, 'status_code', '')} {error}"))
            raise CacheFault(REFUSED) from None
        except (*LOST, ValueError) as error:  # ValueError: another thread closed the connection
            if self._outage.begin():
                log.warning("Redis does not answer (%s); working without it", type(error).__name__)
            raise RedisLost from None

    def _is_back(self) -> bool:
        try:
            self._client.ping()
            while self._lost_locks:
                key, token = self._lost_locks[0]
                self._client.eval(RENEW, 1, _lock_key(key), token, 0)
                self._lost_locks.popleft()
        except redis.ResponseError:
            self._lost_locks.clear()  # back, but refusing; the locks lapse by themselves
        except LOST:
            return False
        log.warning("Redis answers again")
        return True

    def _log_refusal(self, reason: str) -> None:
        if reason != self._refusal:
            self._refusal = reason
            log.warning("Redis refuses to keep values (%s); working without", reason)


def connect(url: str, limits: LinkLimits) -> redis.Redis:
    """A client of one's own, within the time limits. Raises SettingsError for a URL that is none."""
    return redis.Redis.from_pool(_connection_pool(url, limits))


def _connection_pool(url: str, limits: LinkLimits) -> redis.ConnectionPool:
    """Connections that give up soon and never try twice; our options win over those in the URL.

    RESP2 without client information: there is nothing to say before the first command, so a connection to
    a hanging server costs one timeout and not one for each line of a greeting.
    """
    try:
        options = parse_url(url) | {  # type: ignore[no-untyped-call]
            "socket_connect_timeout": limits.connect_timeout_s,
            "socket_timeout": limits.answer_timeout_s,
            "retry": Retry(NoBackoff(), 0),
            "retry_on_timeout": False,
            "health_check_interval": 0,
            "decode_responses": False,
            "protocol": 2,
            "driver_info": None,
        }
        pool = redis.ConnectionPool(**options)
        # Options that a URL names are only looked at when a connection is made.
        pool.connection_class(**pool.connection_kwargs)
    except (ValueError, TypeError, redis.RedisError):
        # The reason may quote the URL, and with it a password.
        raise SettingsError(
            "REDIS_URL is not a Redis address: redis://[user:password@]host[:port][/database]"
        ) from None
    return pool


def _lock_key(key: str) -> str:
    return f"{key}:lock"


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)


def _error_code(text: str) -> str:
    """The code in a server's error text; the rest of the text may quote what was being kept."""
    found = REFUSAL_CODE.search(text)
    return found.group() if found else "ERR"
