"""Idempotent requests: their answers, stored for a day under the Idempotency-Key."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from service.errors import StoreUnavailable
from service.store.engine.database import Database
from service.store.engine.process_identity import is_gone, name_process
from service.store.tables import idempotency_keys as keys

KEPT_S: Final = 86_400.0  # how long an answer is replayed
LEASE_S: Final = 60.0  # without a renewal, after which a request may be processed again
TIDY_AT_ONCE: Final = 200  # expired rows deleted with each request
TRIES: Final = 3  # at a row that others begin and give up at the same time
COMPRESSION: Final = 1  # the fastest level; JSON shrinks to a fifth


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """A stored answer, without the headers of the connection."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Begun:
    """The request is new, or its former lease ran out: the caller has to process it, under this lease."""

    id: str
    lease: str


@dataclass(frozen=True, slots=True)
class Replayed:
    """The request was answered before."""

    answer: KeptAnswer


@dataclass(frozen=True, slots=True)
class UnderWay:
    """The same request is being processed. Its lease ends in `seconds` unless it is renewed."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Mismatched:
    """The key belongs to another request."""


Outcome = Begun | Replayed | UnderWay | Mismatched


class IdempotencyStore:
    """The requests by key. Keys are separate for each caller."""

    def __init__(self, database: Database) -> None:
        self._database: Final = database

    def begin(self, caller: str, key: str, fingerprint: str) -> Outcome:
        """Begin a request, unless it was answered or is being processed.

        `fingerprint` is a hash of the request (hexadecimal, at most 64 digits). What this returns as `Begun`
        has to be given to `complete` or `release`, and now and then to `renew`.
        """
        own, now = name_request(caller, key), self._database.now()
        with self._database.read() as connection:  # an answer is given again without waiting for any writer
            found = find_outcome(connection, own, fingerprint, now)
        if isinstance(found, Replayed | Mismatched):
            return found
        begun = Begun(own, name_process())
        with self._database.change() as connection:
            return take(connection, begun, fingerprint, now)

    def renew(self, begun: Begun) -> bool:
        """Renew the lease of a request; False if it was lost."""
        values = {"leased_until": self._database.now() + LEASE_S}
        with self._database.change() as connection:
            return bool(connection.execute(update(keys).where(is_held(begun)).values(values)).rowcount)

    def complete(self, begun: Begun, answer: KeptAnswer) -> bool:
        """Store the answer; False if the lease was lost, and another answer counts."""
        values = {
            "status": answer.status,
            "headers": json.dumps(dict(answer.headers)),
            "body": zlib.compress(answer.body, COMPRESSION),
            "expires_at": self._database.now() + KEPT_S,
        }
        with self._database.change() as connection:
            return bool(connection.execute(update(keys).where(is_held(begun)).values(values)).rowcount)

    def release(self, begun: Begun) -> None:
        """Delete a request that failed, so that it is processed if it is sent again."""
        with self._database.change() as connection:
            connection.execute(delete(keys).where(is_held(begun)))


def take(connection: Connection, begun: Begun, fingerprint: str, now: float) -> Outcome:
    """Begin a request in a transaction that waits only for others of the same request."""
    for _ in range(TRIES):
        row = connection.execute(select(keys).where(keys.c.id == begun.id).with_for_update()).one_or_none()
        if (found := judge(row, fingerprint, now)) is not None:
            return found
        if row is not None:  # locked, so that it can be replaced
            connection.execute(delete(keys).where(keys.c.id == begun.id))
        values = {"leased_until": now + LEASE_S, "expires_at": now + KEPT_S}
        new = {"id": begun.id, "fingerprint": fingerprint, "lease": begun.lease, **values}
        insert = insert_in(connection)(keys).values(new).on_conflict_do_nothing().returning(keys.c.id)
        if connection.execute(insert).first() is not None:
            tidy(connection, now)
            return begun
    raise StoreUnavailable("the same request was begun and given up by others; try again")


def insert_in(connection: Connection) -> Any:
    """The INSERT of the database's dialect, which supports ON CONFLICT."""
    return sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert


def find_outcome(connection: Connection, own: str, fingerprint: str, now: float) -> Outcome | None:
    """The outcome of a request; None if it may begin."""
    return judge(connection.execute(select(keys).where(keys.c.id == own)).one_or_none(), fingerprint, now)


def judge(row: Row[Any] | None, fingerprint: str, now: float) -> Outcome | None:
    """The outcome of a request by its row; None if it may begin."""
    if row is None or row.expires_at < now:
        return None
    if row.fingerprint != fingerprint:
        return Mismatched()
    if row.status is not None:
        return Replayed(read_answer(row))
    if row.leased_until < now or is_gone(row.lease):
        return None
    return UnderWay(row.leased_until - now)


def read_answer(row: Row[Any]) -> KeptAnswer:
    """The answer that a row holds."""
    return KeptAnswer(row.status, json.loads(row.headers), zlib.decompress(row.body))


def is_held(begun: Begun) -> Any:
    """The condition that a request is under way under this very lease."""
    return (keys.c.id == begun.id) & (keys.c.lease == begun.lease) & keys.c.status.is_(None)


def tidy(connection: Connection, now: float) -> None:
    """Delete some expired rows, unless another process does; so the table holds about a day."""
    expired = select(keys.c.id).where(keys.c.expires_at < now).limit(TIDY_AT_ONCE)
    gone = expired.with_for_update(skip_locked=True)
    connection.execute(delete(keys).where(keys.c.id.in_(gone)))


def name_request(caller: str, key: str) -> str:
    """The id of the row of a caller's key."""
    return hashlib.sha256(f"{len(caller)}:{caller}{key}".encode()).hexdigest()
