"""Upgrades: a migration that is killed midway, and the former release's statements on the newer schema.

The former release's wheel is not built: that needs the history of the repository, which a plain checkout does not have,
and a wheel kept in the project (34 MB, half of it models) would be a binary that nobody can review. Its statements
name the tables and columns of its schema, and that is in the migrations: so each schema's columns are written, read,
changed and deleted on the schema after it, as a process of the former release does during a rolling upgrade.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import warnings
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import DateTime, Float, Integer, LargeBinary, MetaData, Numeric, Table, inspect, select
from sqlalchemy.exc import SAWarning

from service.store import open_store
from service.store.engine import schema
from service.store.engine.database import Database
from tests.apps import ROOT, post_article, running_app
from tests.faults.scale import scaled
from tests.processes import environment
from tests.stores import make_migrated

STEP = scaled(9, 1)  # statements from one kill to the next
REVISIONS = sorted(
    re.findall(r"v(\d{4})_", " ".join(p.name for p in (schema.MIGRATIONS / "versions").glob("v*")))
)
VERSION_TABLE = "alembic_version"
#: What a constraint of the schema wants of a column.
WANTED = {("reviews", "state"): "open", ("sign_offs", "status"): "right"}


def describe(url: str) -> dict[str, Any]:
    """The tables with their columns and indexes."""
    database = Database(url)
    try:
        with database.read() as connection:
            found = inspect(connection)
            return {
                name: (
                    [
                        (column["name"], str(column["type"]), column["nullable"])
                        for column in found.get_columns(name)
                    ],
                    sorted(str(index["name"]) for index in found.get_indexes(name)),
                )
                for name in sorted(found.get_table_names())
            }
    finally:
        database.close()


def test_a_migration_killed_at_any_statement_is_whole_or_nothing(
    empty_database_url: str, tmp_path: Path
) -> None:
    url = empty_database_url
    make_migrated(scratch := f"sqlite:///{tmp_path}/whole.sqlite3")
    counting = f"sqlite:///{tmp_path}/counting.sqlite3"
    program = [sys.executable, "-m", "tests.faults.migrate_killed", url, counting, str(STEP)]
    done = subprocess.run(program, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    killed = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(killed) >= 10
    assert {line["signal"] for line in killed[:-2]} == {9}
    assert {line["revision"] for line in killed} <= {None, schema.HEAD}
    assert [line["revision"] for line in killed[:-2]] == [None] * (len(killed) - 2)

    store = open_store(url)
    store.migrate()
    assert not store.migration_due()
    assert list(store.verify()) == []
    store.close()
    if url.startswith("sqlite"):
        assert describe(url) == describe(scratch)
    with running_app(url) as app:
        client = app.test_client()
        assert post_article(client, "“We will dredge the harbour this year,” Ann Marlow said.")["id"]
        assert client.get("/readyz").status_code == 200


def upgrade(database: Database, revision: str) -> None:
    """Bring a database to an older schema than this program's."""
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def read_schema(database: Database) -> MetaData:
    """The tables as the database has them."""
    found = MetaData()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)  # about options of indexes
        found.reflect(database.engine)
    return found


def make_row(table: Table) -> dict[str, Any]:
    """A row of a table with a value in each column that needs one; all numbers are 1, so that references hold."""
    row: dict[str, Any] = {}
    for column in table.columns:
        kind = column.type
        if (table.name, column.name) in WANTED:
            row[column.name] = WANTED[table.name, column.name]
        elif column.nullable and not column.primary_key:
            row[column.name] = None
        elif isinstance(kind, Integer | Numeric | Float):
            row[column.name] = 1
        elif isinstance(kind, DateTime):
            row[column.name] = datetime(2020, 1, 2, tzinfo=UTC).replace(tzinfo=None)
        elif isinstance(kind, LargeBinary):
            row[column.name] = b"x"
        else:
            row[column.name] = "x"
    return row


def run_statements(database: Database, known: MetaData) -> int:
    """Write, read, change and delete rows with the columns of an older schema; the number of its tables."""
    tables = [table for table in known.sorted_tables if table.name != VERSION_TABLE]
    connection = database.engine.connect()
    transaction = connection.begin()
    try:
        for table in tables:
            row = make_row(table)
            if connection.execute(select(*table.columns)).first() is None:
                connection.execute(table.insert(), row)
            connection.execute(table.update().values({name: row[name] for name in row if name != "id"}))
            assert connection.execute(select(*table.columns)).first() is not None
        for table in reversed(tables):
            connection.execute(table.delete())
    finally:
        transaction.rollback()
        connection.close()
    return len(tables)


def test_each_releases_statements_run_on_the_schema_after_it(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    try:
        upgrade(database, REVISIONS[0])
        assert len(REVISIONS) > 1
        for former, newer in pairwise(REVISIONS):
            known = read_schema(database)
            upgrade(database, newer)
            try:
                assert run_statements(database, known) >= 9
            except Exception as error:
                raise AssertionError(f"{newer} is no schema for the release of {former}: {error}") from error
    finally:
        database.close()


def test_a_statement_that_does_not_fit_is_noticed(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    try:
        upgrade(database, REVISIONS[-1])
        known = read_schema(database)
        with database.engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE articles DROP COLUMN headline")
        with pytest.raises(Exception, match="headline"):
            run_statements(database, known)
    finally:
        database.close()
