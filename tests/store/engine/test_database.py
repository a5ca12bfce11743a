"""What is promised where somebody else holds the database, or the URL names none."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from service.errors import SettingsError, StoreUnavailable
from service.store import open_store
from service.store.engine import database
from tests.store.material import make_article
from tests.stores import open_migrated


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///:memory:", "mysql://x/y", "postgresql://x/y", "sqlite+x:///f"]
)
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(SettingsError):
        open_store(url)


def test_a_writer_waits_and_readers_do_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "WRITE_TIMEOUT_S", 0.05)
    pragmas = [pragma for pragma in database.SQLITE_PRAGMAS if "busy_timeout" not in pragma]
    monkeypatch.setattr(database, "SQLITE_PRAGMAS", (*pragmas, "PRAGMA busy_timeout = 10"))
    path = tmp_path / "store.sqlite3"
    store = open_migrated(f"sqlite:///{path}")
    article = make_article(("The pier is closed for good", "Ana"))
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    assert store.find_evidence("The pier is closed") == []
    with pytest.raises(StoreUnavailable):
        store.save_article(article)
    monkeypatch.setattr(database, "WRITE_TIMEOUT_S", 60.0)
    release = threading.Timer(0.1, other.rollback)
    release.start()
    assert store.save_article(article).created
    release.join()
    other.close()
    store.close()


def test_messages_carry_neither_values_nor_addresses(tmp_path: Path) -> None:
    store = open_store("postgresql+psycopg://someone:secret@127.0.0.1:1/database")
    with pytest.raises(StoreUnavailable) as caught:
        store.find_evidence("private words")
    assert "secret" not in str(caught.value)
    assert "private" not in str(caught.value)


def test_maintenance_is_outside_of_any_transaction(tmp_path: Path) -> None:
    opened = database.Database(f"sqlite:///{tmp_path}/store.sqlite3")
    for entered, expected in ((opened.maintain(), False), (opened.read(), True)):
        with entered as connection:
            connection.exec_driver_sql("SELECT 1")
            assert connection.connection.dbapi_connection.in_transaction is expected
    opened.close()
