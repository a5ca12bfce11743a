"""Acknowledged writes are on the disk, unless the operator chose faster ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.app import create_app
from service.errors import SettingsError
from service.settings import Settings, read_settings
from service.store.engine.database import Database
from tests.stores import open_migrated

SQLITE_NAMES = {0: "off", 1: "normal", 2: "full", 3: "extra"}


def ask(database: Database, question: str) -> object:
    with database.read() as connection:
        return connection.exec_driver_sql(question).scalar_one()


@pytest.mark.parametrize("environ", [{}, {"SYNCHRONOUS": "full"}, {"SYNCHRONOUS": "normal"}], ids=str)
def test_sqlite_syncs_each_commit_unless_told_otherwise(tmp_path: Path, environ: dict[str, str]) -> None:
    settings = read_settings({"DATABASE_URL": f"sqlite:///{tmp_path}/s.sqlite3", **environ})
    store = create_app(settings).extensions["verbatim"].store
    try:
        found = ask(store._database, "PRAGMA synchronous")
        assert SQLITE_NAMES[found] == environ.get("SYNCHRONOUS", "full")
    finally:
        store.close()


def test_writing_connections_sync_too(tmp_path: Path) -> None:
    store = open_migrated(f"sqlite:///{tmp_path}/s.sqlite3")
    try:
        with store._database.write() as connection:
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2
        with store._database.write_soon(100) as connection:
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2
    finally:
        store.close()


def test_postgres_keeps_the_choice_of_the_server_unless_told_otherwise(postgres_url: str) -> None:
    for synchronous, expected in (("full", "on"), ("normal", "off")):
        database = Database(postgres_url, synchronous)
        try:
            assert ask(database, "SHOW synchronous_commit") == expected
        finally:
            database.close()


def test_another_value_is_refused() -> None:
    assert Settings().synchronous == "full"
    with pytest.raises(SettingsError, match="SYNCHRONOUS must be full or normal"):
        read_settings({"SYNCHRONOUS": "off"})
