"""Requests that may be sent again: what each was answered, kept for a day under its Idempotency-Key."""

from __future__ import annotations

import hashlib
import json
import time
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

KEPT_S: Final = 86_400.0  # how long an answer is given again
LEASE_S: Final = 60.0  # a request under way whose process was silent for so long is taken for dead
TIDY_AT_ONCE: Final = 200  # expired rows taken out on the way
TRIES: Final = 3  # at a row that others begin and give up at the same time
COMPRESSION: Final = 1  # answers are JSON: the fastest level already leaves a fifth


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer as it was given. Headers are those that belong to the answer and not to the connection."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Begun:
    """Nobody did this request yet, or who began it died: it is ours, under this lease."""

    id: str
    lease: str


@dataclass(frozen=True, slots=True)
class Replayed:
    """The request was answered before."""

    answer: KeptAnswer


@dataclass(frozen=True, slots=True)
class UnderWay:
    """The same request is being worked on at this moment. Its lease ends in `seconds` unless renewed."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Mismatched:
    """The key belongs to another request."""


Outcome = Begun | Replayed | UnderWay | Mismatched


class IdempotencyStore:
    """What was asked under which key. Keys of different askers never meet."""

    def __init__(self, database: Database) -> None:
        self._database: Final = database

    def begin(self, asker: str, key: str, fingerprint: str) -> Outcome:
        """Take a request up, unless it was answered or is under way.

        `fingerprint` is a hash of the request (hexadecimal, at most 64 digits). What this returns as `Begun`
        has to be given to `complete` or `release`, and now and then to `renew`.
        """
        own = name_request(asker, key)
        with self._database.read() as connection:  # an answer is given again without waiting for any writer
            found = find_outcome(connection, own, fingerprint)
        if isinstance(found, Replayed | Mismatched):
            return found
        begun = Begun(own, name_process())
        with self._database.change() as connection:
            return take(connection, begun, fingerprint)

    def renew(self, begun: Begun) -> bool:
        """Say that a request is still being worked on; False where its lease went to somebody else."""
        values = {"leased_until": time.time() + LEASE_S}
        with self._database.change() as connection:
            return bool(connection.execute(update(keys).where(is_held(begun)).values(values)).rowcount)

    def complete(self, begun: Begun, answer: KeptAnswer) -> bool:
        """Keep the answer; False where the lease went to somebody else, whose answer then counts."""
        values = {
            "status": answer.status,
            "headers": json.dumps(dict(answer.headers)),
            "body": zlib.compress(answer.body, COMPRESSION),
            "expires_at": time.time() + KEPT_S,
        }
        with self._database.change() as connection:
            return bool(connection.execute(update(keys).where(is_held(begun)).values(values)).rowcount)

    def release(self, begun: Begun) -> None:
        """Forget a request that came to nothing: sent again, it is done anew."""
        with self._database.change() as connection:
            connection.execute(delete(keys).where(is_held(begun)))


def take(connection: Connection, begun: Begun, fingerprint: str) -> Outcome:
    """Take a request up, in a transaction that waits only for others that take up the same one."""
    for _ in range(TRIES):
        row = connection.execute(select(keys).where(keys.c.id == begun.id).with_for_update()).one_or_none()
        if (found := judge(row, fingerprint)) is not None:
            return found
        if row is not None:  # it is ours to replace while it is locked
            connection.execute(delete(keys).where(keys.c.id == begun.id))
        now = time.time()
        values = {"leased_until": now + LEASE_S, "expires_at": now + KEPT_S}
        new = {"id": begun.id, "fingerprint": fingerprint, "lease": begun.lease, **values}
        insert = insert_in(connection)(keys).values(new).on_conflict_do_nothing().returning(keys.c.id)
        if connection.execute(insert).first() is not None:
            tidy(connection)
            return begun
    raise StoreUnavailable("the same request was begun and given up by others; try again")


def insert_in(connection: Connection) -> Any:
    """The database's own INSERT, which can pass over a row that is there."""
    return sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert


def find_outcome(connection: Connection, own: str, fingerprint: str) -> Outcome | None:
    """What became of a request; None where it may be taken up."""
    return judge(connection.execute(select(keys).where(keys.c.id == own)).one_or_none(), fingerprint)


def judge(row: Row[Any] | None, fingerprint: str) -> Outcome | None:
    """What a row says became of a request; None where it may be taken up."""
    now = time.time()
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


def tidy(connection: Connection) -> None:
    """Take out some of what expired, unless others do; a table that is written to stays as small as a day."""
    expired = select(keys.c.id).where(keys.c.expires_at < time.time()).limit(TIDY_AT_ONCE)
    gone = expired.with_for_update(skip_locked=True)
    connection.execute(delete(keys).where(keys.c.id.in_(gone)))


def name_request(asker: str, key: str) -> str:
    """The row of a key: the same key of two askers is two."""
    return hashlib.sha256(f"{len(asker)}:{asker}{key}".encode()).hexdigest()
