"""Keys are kept alike by SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from service.errors import NotFound, StoreUnavailable
from service.store import Store
from service.store.keys import KeyRecord
from service.usecases.api_keys import KeyRing

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
RECORD = KeyRecord("abcdefghij", "cms", ("read", "write"), "0" * 64, NOW, NOW + timedelta(days=1))


def test_what_is_added_is_found(store: Store) -> None:
    store.keys.add(RECORD)
    store.keys.add(KeyRecord("bbbbbbbbbb", "ext", ("check",), "1" * 64, NOW + timedelta(seconds=1)))
    assert store.keys.find("abcdefghij") == RECORD
    assert [record.name for record in store.keys.find_all()] == ["cms", "ext"]
    assert store.keys.find("zzzzzzzzzz") is None


def test_a_key_is_revoked_once(store: Store) -> None:
    store.keys.add(RECORD)
    assert store.keys.revoke("abcdefghij", NOW).revoked_at == NOW
    assert store.keys.revoke("abcdefghij", NOW + timedelta(days=1)).revoked_at == NOW
    with pytest.raises(NotFound):
        store.keys.revoke("zzzzzzzzzz", NOW)


def test_its_use_is_noted_unless_somebody_writes(store: Store) -> None:
    store.keys.add(RECORD)
    store.keys.note_use("abcdefghij", NOW)
    found = store.keys.find("abcdefghij")
    assert found is not None
    assert found.last_used_at == NOW
    with store._database.write() as connection:
        connection.execute(text("UPDATE api_keys SET name = 'held'"))
        with pytest.raises(StoreUnavailable):
            store.keys.note_use("abcdefghij", NOW + timedelta(hours=2))
    found = store.keys.find("abcdefghij")
    assert found is not None
    assert (found.name, found.last_used_at) == ("held", NOW)
    store.keys.note_use("abcdefghij", NOW + timedelta(hours=2))


def test_no_secret_is_in_the_database(store: Store) -> None:
    new = KeyRing(store.keys).create("cms", ["read"])
    with store._database.read() as connection:
        rows = connection.execute(text("SELECT * FROM api_keys")).all()
    kept = " ".join(str(value) for row in rows for value in row)
    assert new.token[-40:] not in kept
    assert new.record.digest in kept
