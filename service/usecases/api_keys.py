"""API keys: the caller, and what they may do."""

from __future__ import annotations

import hmac
import math
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal, cast, get_args

from cachetools import LRUCache

from service.errors import Fault, InvalidInput, StoreUnavailable
from service.store.keys import KeyRecord, KeyStore
from service.store.records import hash_token

Scope = Literal["read", "check", "write", "sources", "review", "admin"]
SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)
#: Storing an article answers it as well, so `write` is more than `check`; it does not open what others
#: have stored, and that is `read`. Evidence is added and changed by `sources` alone.
IMPLIED: Final[dict[Scope, frozenset[Scope]]] = {"write": frozenset({"check"}), "admin": frozenset(SCOPES)}

ALPHABET: Final = "abcdefghijklmnopqrstuvwxyz234567"  # five bits a character, none of which needs quoting
ID_LENGTH: Final = 10
SECRET_LENGTH: Final = 40  # 200 bits
TOKEN: Final = re.compile(rf"vb_([a-z2-7]{{{ID_LENGTH}}})_[a-z2-7]{{{SECRET_LENGTH}}}", re.ASCII)
MAX_NAME: Final = 200

FRESH_S: Final = 2.0  # so long a key is believed without asking the database; a revoked one dies within it
REREAD_S: Final = 0.2  # between two looks at all keys while somebody guesses; so long a new one waits then
REMEMBERED: Final = 1_000  # keys
USE_NOTED_EVERY: Final = timedelta(hours=1)
USE_RETRIED_AFTER: Final = timedelta(minutes=1)
NOBODY: Final = "0" * 64


@dataclass(frozen=True, slots=True)
class Principal:
    """The caller, a key or a person: name, public id, and scopes with those they imply."""

    name: str
    scopes: frozenset[Scope]
    key_id: str | None = None  # of the key or the person; None if the server is open and nobody showed a key
    role: str | None = None  # of a person

    def may(self, scope: Scope) -> bool:
        """Whether this scope, or one that implies it, was given."""
        return scope in self.scopes


EVERYONE: Final = Principal("everyone", frozenset(SCOPES))


@dataclass(frozen=True, slots=True)
class NewKey:
    """A new key: `token` is the key itself, which is stored nowhere."""

    token: str
    record: KeyRecord


@dataclass(slots=True)
class _Verified:
    """A key that was valid when the database was last read, `checked_at` on the monotonic clock."""

    principal: Principal
    expires_at: datetime | None
    checked_at: float
    note_use_from: datetime


class KeyRing:
    """Makes, lists, revokes and verifies keys.

    Verifying asks the database at most every `FRESH_S` seconds for each key, so a revocation takes effect
    within that time in every process. All methods raise StoreUnavailable if the database is away.
    """

    def __init__(self, store: KeyStore, clock: Callable[[], float] = time.monotonic) -> None:
        self._store: Final = store
        self._clock: Final = clock
        self._lock: Final = threading.Lock()
        self._digests: tuple[frozenset[str], float] = (frozenset(), -math.inf)
        self._verified: Final[LRUCache[str, _Verified]] = LRUCache(REMEMBERED)

    def create(self, name: str, scopes: Iterable[str], expires_at: datetime | None = None) -> NewKey:
        """Create a key. Its token is returned and not stored. Raises InvalidInput."""
        wanted = set(scopes)
        faults = []
        if not name.strip() or len(name) > MAX_NAME or not name.isprintable():
            faults.append(Fault("/name", f"Must be 1 to {MAX_NAME} printable characters."))
        if not wanted or not wanted <= set(SCOPES):
            faults.append(Fault("/scopes", f"Must be some of {', '.join(SCOPES)}."))
        now = datetime.now(UTC)
        if expires_at is not None and expires_at <= now:
            faults.append(Fault("/expires", "Must lie in the future."))
        if faults:
            raise InvalidInput("the key cannot be made", tuple(faults))
        key_id, secret = _draw(ID_LENGTH), _draw(SECRET_LENGTH)
        token = f"vb_{key_id}_{secret}"
        ordered = tuple(scope for scope in SCOPES if scope in wanted)
        record = KeyRecord(key_id, name.strip(), ordered, hash_token(token), now, expires_at)
        self._store.add(record)
        return NewKey(token, record)

    def find_all(self) -> list[KeyRecord]:
        """All keys ever made, the oldest first."""
        return self._store.find_all()

    def revoke(self, key_id: str) -> KeyRecord:
        """End a key by its public id, or by the whole key. Raises NotFound."""
        whole = TOKEN.fullmatch(key_id.strip())
        revoked = self._store.revoke(whole[1] if whole else key_id.strip(), datetime.now(UTC))
        with self._lock:
            self._verified.pop(revoked.digest, None)
            self._verified.pop(revoked.id, None)
        return revoked

    def is_right(self, token: str) -> bool:
        """Whether this token was that of a key at most `REREAD_S` ago, also of an expired one.

        The database is asked once in that time for all keys together, however many are tried.
        """
        with self._lock:
            digests, read_at = self._digests
        if self._clock() - read_at >= REREAD_S:
            read_at = self._clock()
            digests = frozenset(record.digest for record in self._store.find_all())
            with self._lock:
                self._digests = (digests, read_at)
        return hash_token(token) in digests

    def verify(self, token: str) -> Principal | None:
        """The owner of a key; None if it is unknown, revoked or expired."""
        digest = hash_token(token)
        known = self._find_verified(digest)
        if known is None or self._clock() - known.checked_at >= FRESH_S:
            known = self._ask(token, digest, known)
        return self._let_in(known)

    def recall(self, key_id: str) -> Principal | None:
        """The owner of the key of a session, by its id; None if it is unknown, revoked or expired.

        Only for sessions, which began with the whole key.
        """
        known = self._find_verified(key_id)
        if known is None or self._clock() - known.checked_at >= FRESH_S:
            checked_at = self._clock()
            known = self._remember(key_id, self._store.find(key_id), checked_at, known)
        return self._let_in(known)

    def _find_verified(self, name: str) -> _Verified | None:
        """The result of the last verification of a digest or an id."""
        with self._lock:
            return self._verified.get(name)

    def _let_in(self, known: _Verified | None) -> Principal | None:
        """The owner of a key, noting its use; None if it is no longer valid."""
        now = datetime.now(UTC)
        if known is None or (known.expires_at is not None and known.expires_at <= now):
            return None
        if now >= known.note_use_from:
            self._note_use(known, now)
        return known.principal

    def _ask(self, token: str, digest: str, known: _Verified | None) -> _Verified | None:
        """Read a key from the database; a valid one is cached, an invalid one removed from the cache."""
        checked_at = self._clock()
        shape = TOKEN.fullmatch(token)
        record = self._store.find(shape[1]) if shape else None
        right = hmac.compare_digest(record.digest if record else NOBODY, digest)
        return self._remember(digest, record if right else None, checked_at, known)

    def _remember(
        self, name: str, record: KeyRecord | None, checked_at: float, known: _Verified | None
    ) -> _Verified | None:
        """Cache the result under a digest, or under an id; remove it if the key has ended."""
        if record is None or record.revoked_at is not None:
            with self._lock:
                self._verified.pop(name, None)
            return None
        noted = record.last_used_at
        due = noted + USE_NOTED_EVERY if noted else record.created_at
        if known is not None:  # a note that could not be made is not tried again at once
            due = max(due, known.note_use_from)
        verified = _Verified(principal_of(record), record.expires_at, checked_at, due)
        with self._lock:
            self._verified[name] = verified
        return verified

    def _note_use(self, known: _Verified, now: datetime) -> None:
        assert known.principal.key_id is not None
        known.note_use_from = now + USE_NOTED_EVERY  # other threads need not try too
        try:
            self._store.note_use(known.principal.key_id, now)
        except StoreUnavailable:  # somebody writes; it is no reason to keep the request waiting
            known.note_use_from = now + USE_RETRIED_AFTER


def principal_of(record: KeyRecord) -> Principal:
    """The owner of a key, with all scopes that its own imply."""
    own = frozenset(cast(Scope, scope) for scope in record.scopes)
    return Principal(record.name, own.union(*(IMPLIED.get(scope, frozenset()) for scope in own)), record.id)


def key_id_of(token: str | None) -> str:
    """The public id in a key; "" if it does not have the form of a key."""
    shape = TOKEN.fullmatch(token or "")
    return shape[1] if shape else ""


def _draw(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
