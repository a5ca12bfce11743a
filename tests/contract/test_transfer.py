"""A whole store moves between the databases by its export: with every kind of row, and back the same to the byte."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import BigInteger, Column, Connection, Float, LargeBinary, SmallInteger, String, Table

from service.cli import commands
from service.errors import InvalidInput
from service.store.engine.database import Database
from service.store.maintenance.transfer import export_rows, import_rows
from service.store.tables import Day, Moment, metadata, state
from tests.apps import running_app
from tests.stores import make_migrated, open_migrated

ODD = "Zoë “said”\t\\u0041 \u2028 'ß' 😀 ı"
STATES = {table.name for table in metadata.sorted_tables if table.name.endswith("_state")}


#: Values of columns that a constraint allows.
ALLOWED: dict[str, tuple[Any, ...]] = {"reviews.state": ("open", "decided")}


def odd_value(column: Column[Any], number: int) -> Any:
    """A value of a column that is hard to carry over, another for each number."""
    if column.nullable and number == 0:
        return None
    if str(column) in ALLOWED:
        return ALLOWED[str(column)][number]
    kind = column.type
    values: dict[type, Any] = {
        Day: date(1 + 9997 * number, 12, 31),
        Moment: datetime(1999 + number, 12, 31, 23, 59, 59, 999_999 - number, UTC),
        LargeBinary: bytes(range(256)) * (number + 1),
        Float: 0.1 + number / 3,
        BigInteger: (-1) ** number * (2**62 + number),
        SmallInteger: number,
    }
    for known, value in values.items():
        if isinstance(kind, known):
            return value
    if isinstance(kind, String):
        length = kind.length or 10_000
        return f"{number}{ODD}"[:length]
    return 2**30 + number


def fill(connection: Connection) -> None:
    """Two rows in each table, the second with a value in each column; a state's row is changed."""
    keys: dict[str, list[dict[str, Any]]] = {}
    for table in metadata.sorted_tables:
        rows = [make_row(table, number, keys) for number in range(2)]
        keys[table.name] = rows
        if table.name in STATES:
            changed = {name: value for name, value in rows[1].items() if name not in {"id", "cache_secret"}}
            connection.execute(table.update().values(changed))
        else:
            connection.execute(table.insert(), rows)


def make_row(table: Table, number: int, keys: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    row = {column.key: odd_value(column, number) for column in table.columns}
    for foreign in table.foreign_keys:
        if not (foreign.parent.nullable and number == 0):
            row[foreign.parent.key] = keys[foreign.column.table.name][number][foreign.column.key]
    return row


def export(url: str) -> list[bytes]:
    return list(export_rows(url))


@pytest.fixture
def filled(tmp_path: Path) -> str:
    """A store on SQLite with rows in every table."""
    url = make_migrated(f"sqlite:///{tmp_path}/filled.sqlite3")
    database = Database(url)
    with database.write() as connection:
        fill(connection)
    database.close()
    return url


def test_every_kind_of_row_survives_both_ways(filled, tmp_path, postgres_store):
    first = export(filled)
    rows = [json.loads(line) for line in first[1:-1]]
    assert {row["table"] for row in rows} == set(metadata.tables)
    for table in metadata.sorted_tables:
        seen = [row["row"] for row in rows if row["table"] == table.name]
        assert len(seen) == (1 if table.name in STATES else 2), table.name
        given = {name for row in seen for name, value in row.items() if value is not None}
        own = {"name", "token", "cache_secret"} if table is state else set()
        assert given | own == {column.name for column in table.columns}, table.name

    assert import_rows(postgres_store, first) == len(rows)
    second = export(postgres_store)
    assert second == first
    back = make_migrated(f"sqlite:///{tmp_path}/back.sqlite3")
    import_rows(back, second)
    assert export(back) == first


def test_identities_stay_each_stores_own_and_cached_answers_do_not_count(filled, tmp_path):
    other = make_migrated(f"sqlite:///{tmp_path}/other.sqlite3")

    def identity(url: str) -> tuple[Any, ...]:
        database = Database(url)
        with database.read() as connection:
            found = connection.execute(state.select()).one()
        database.close()
        return found.name, found.cache_secret, found.token

    before = identity(other)
    import_rows(other, export(filled))
    after = identity(other)
    assert after[:2] == before[:2]
    assert after[2] not in (before[2], identity(filled)[2])


@pytest.fixture
def used(tmp_path) -> Iterator[str]:
    """A store that a service has worked on."""
    url = f"sqlite:///{tmp_path}/used.sqlite3"
    with running_app(url) as app:
        client = app.test_client()
        said = {"body_text": "“The harbour is deep,” said Ann Lee. Tom Ray said the harbour was shallow."}
        assert client.post("/v1/articles", json={**said, "uri": "urn:a"}).status_code == 200
    yield url


def test_one_command_moves_a_store_that_goes_on_working(used, postgres_store, monkeypatch, tmp_path):
    runner = CliRunner()
    monkeypatch.setenv("DATABASE_URL", used)
    exported = runner.invoke(commands, ["export", "--all"])
    assert exported.exit_code == 0, exported.output
    monkeypatch.setenv("DATABASE_URL", postgres_store)
    read = runner.invoke(commands, ["import", "store", "-"], input=exported.stdout_bytes)
    assert read.exit_code == 0, read.output
    assert "holds together" in read.output
    again = runner.invoke(commands, ["import", "store", "-"], input=exported.stdout_bytes)
    assert again.exit_code == 1
    assert "not empty" in str(again.exception)
    with running_app(postgres_store) as app:
        client = app.test_client()
        assert client.get("/v1/quotes").json["quotes"]
        more = {
            "body_text": "“We will dredge it,” said Ann Lee.",
            "uri": "urn:b",
            "published_at": "2020-01-03",
        }
        assert client.post("/v1/articles", json=more).status_code == 200, "ids count on"


def change(lines: list[bytes], at: int, **members: Any) -> list[bytes]:
    return [*lines[:at], json.dumps(json.loads(lines[at]) | members).encode() + b"\n", *lines[at + 1 :]]


def test_what_is_no_whole_export_changes_nothing(filled, tmp_path):
    whole = export(filled)
    url = make_migrated(f"sqlite:///{tmp_path}/target.sqlite3")
    empty = export(url)
    wrong = {
        "no export": [b"{}\n"],
        "not whole": whole[:-1],
        "not JSON": [*whole[:40], b"{", *whole[40:]],
        "other rows": change(whole, len(whole) - 1, rows=3),
        "another release": change(whole, 0, schema="0001"),
        "no row of a table": change(whole, 5, table="sqlite_master"),
        "other columns": change(whole, 5, row={"x": 1}),
    }
    assert len(wrong) == 7
    for name, lines in wrong.items():
        with pytest.raises(InvalidInput, match=f"(?i){name}"):
            import_rows(url, lines)
        assert export(url) == empty, name


def test_an_export_is_one_snapshot(used):
    lines = export_rows(used)
    begun = [next(lines) for _ in range(3)]
    store = open_migrated(used)
    try:
        before = store.stats().articles
        store.delete_article(next(iter(store.iterate_articles())).id)
        assert store.stats().articles == before - 1
    finally:
        store.close()
    rest = [json.loads(line) for line in [*begun, *lines]]
    assert sum(line.get("table") == "articles" for line in rest) == before
