"""Stored API keys: the public id and the hash of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import RowMapping, insert, select, update

from service.errors import NotFound
from service.store.engine.database import Database
from service.store.tables.access import api_keys

USE_PATIENCE_MS: Final = 50


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """A key without its secret; `digest` is the SHA-256 of the whole key in hexadecimal."""

    id: str
    name: str
    scopes: tuple[str, ...]
    digest: str
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None


class KeyStore:
    """The keys of one database. Methods raise StoreUnavailable if it does not answer."""

    def __init__(self, database: Database) -> None:
        self._database: Final = database

    def add(self, record: KeyRecord) -> None:
        """Keep a new key."""
        members: dict[str, Any] = {
            "id": record.id,
            "name": record.name,
            "scopes": " ".join(record.scopes),
            "digest": record.digest,
            "created_at": record.created_at,
            "expires_at": record.expires_at,
        }
        with self._database.write() as connection:
            connection.execute(insert(api_keys).values(members))

    def find(self, key_id: str) -> KeyRecord | None:
        """The key of that public id, revoked and expired ones too."""
        with self._database.read() as connection:
            row = connection.execute(select(api_keys).where(api_keys.c.id == key_id)).mappings().first()
        return _read_record(row) if row else None

    def find_all(self) -> list[KeyRecord]:
        """All keys, the oldest first."""
        with self._database.read() as connection:
            rows = connection.execute(select(api_keys).order_by(api_keys.c.created_at, api_keys.c.id))
            return [_read_record(row) for row in rows.mappings()]

    def revoke(self, key_id: str, at: datetime) -> KeyRecord:
        """Revoke a key; a second time changes nothing. Raises NotFound."""
        statement = update(api_keys).where(api_keys.c.id == key_id, api_keys.c.revoked_at.is_(None))
        with self._database.write() as connection:
            connection.execute(statement.values(revoked_at=at))
        found = self.find(key_id)
        if found is None:
            raise NotFound("no such key")
        return found

    def note_use(self, key_id: str, at: datetime) -> None:
        """Note that a key was used. Outside of the queue of writers, and given up (StoreUnavailable) after
        `USE_PATIENCE_MS`: a request waits for this, and it may be noted another time."""
        statement = update(api_keys).where(api_keys.c.id == key_id).values(last_used_at=at)
        with self._database.write_soon(USE_PATIENCE_MS) as connection:
            connection.execute(statement)


def _read_record(row: RowMapping) -> KeyRecord:
    return KeyRecord(**{**row, "scopes": tuple(row["scopes"].split())})
