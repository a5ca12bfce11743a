"""Writes all that a store holds as lines of JSON, and reads it into an empty store of either database.

The first line names the format, its version and the schema; each further line is a row,
`{"table": …, "row": …}`, tables and rows always in the same order; the last one counts the rows. Days and
moments are written as ISO 8601, bytes as base64. What belongs to one database is left out: its name, its
generation's token and the secret of its cache. So the export of an imported store is the same to the byte.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Column, Connection, LargeBinary, String, Table, func, select, text

from service.errors import InvalidInput
from service.store.engine.database import Database
from service.store.engine.schema import HEAD, read_revision
from service.store.tables import Day, Moment, metadata, state

FORMAT: Final = "verbatim-store"
VERSION: Final = 1
ROWS_AT_ONCE: Final = 500
OWN: Final[dict[str, frozenset[str]]] = {state.name: frozenset({"name", "token", "cache_secret"})}
STATE_SUFFIX: Final = "_state"  # of tables whose one row a migration makes


def export_rows(url: str) -> Iterator[bytes]:
    """All that a store holds, a line at a time, from one snapshot. Raises MigrationDue, StoreUnavailable."""
    database = Database(url)
    try:
        with database.snapshot() as connection:
            yield encode({"format": FORMAT, "version": VERSION, "schema": read_revision(connection)})
            count = 0
            for table in metadata.sorted_tables:
                for row in read_rows(connection, table):
                    yield encode({"table": table.name, "row": row})
                    count += 1
            yield encode({"rows": count})
    finally:
        database.close()


def import_rows(url: str, lines: Iterable[bytes]) -> int:
    """Read an export into an empty store, all of it or nothing; the number of its rows.

    Raises InvalidInput if the store is not empty, or the lines are not a whole export of this schema.
    """
    database = Database(url)
    try:
        with database.write() as connection:
            check_empty(connection)
            count = load(connection, iter(lines))
            new = {"token": secrets.token_hex(8)}  # cached answers about the empty store no longer count
            connection.execute(state.update().values(new))
            if not database.is_sqlite:
                set_sequences(connection)
        database.tidy()
    finally:
        database.close()
    return count


def encode(line: dict[str, Any]) -> bytes:
    """A line of an export."""
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def columns_of(table: Table) -> list[Column[Any]]:
    """The columns of a table that are exported."""
    return [column for column in table.columns if column.name not in OWN.get(table.name, ())]


def read_rows(connection: Connection, table: Table) -> Iterator[dict[str, Any]]:
    """The rows of a table by its primary key, in an order that no collation changes."""
    columns = columns_of(table)
    binary = "BINARY" if connection.dialect.name == "sqlite" else "C"
    order = [
        column.collate(binary) if isinstance(column.type, String) else column for column in table.primary_key
    ]
    found = connection.execution_options(yield_per=ROWS_AT_ONCE).execute(select(*columns).order_by(*order))
    for row in found:
        yield {column.name: write_value(value) for column, value in zip(columns, row, strict=True)}


def write_value(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value.isoformat() if isinstance(value, date) else value


def value_reader(column: Column[Any]) -> Callable[[Any], Any]:
    """What reads a column's values from JSON."""
    readers: dict[type, Callable[[Any], Any]] = {
        Day: date.fromisoformat,
        Moment: datetime.fromisoformat,
        LargeBinary: base64.b64decode,
    }
    read = readers.get(type(column.type))
    return (lambda value: None if value is None else read(value)) if read else lambda value: value


def check_empty(connection: Connection) -> None:
    """Raise InvalidInput if the store holds anything."""
    for table in metadata.sorted_tables:
        if not table.name.endswith(STATE_SUFFIX):
            some = select(table).limit(1).subquery()
            if connection.execute(select(func.count()).select_from(some)).scalar():
                raise InvalidInput(
                    f"the store is not empty ({table.name}): a whole store is read into a new one"
                )


def load(connection: Connection, lines: Iterator[bytes]) -> int:
    """Write the rows of an export; their number. Raises InvalidInput."""
    check_head(read_line(next(lines, b"")))
    batch: list[dict[str, Any]] = []
    table: Table | None = None
    for count, line in enumerate(lines):
        read = read_line(line)
        if "rows" in read:
            write_batch(connection, table, batch)
            if read["rows"] != count or next(lines, b"").strip():
                raise InvalidInput("the export is not whole: it counts other rows than it has")
            return count
        named = metadata.tables.get(str(read.get("table")))
        if named is None or not isinstance(read.get("row"), dict):
            raise InvalidInput(f"line {count + 2} of the export is no row of a table that is known")
        if named is not table or len(batch) >= ROWS_AT_ONCE:
            write_batch(connection, table, batch)
            table, batch = named, []
        batch.append(read["row"])
    raise InvalidInput("the export is not whole: it breaks off")


def check_head(head: dict[str, Any]) -> None:
    """Raise InvalidInput unless the export can be read by this program."""
    if head.get("format") != FORMAT:
        raise InvalidInput("this is no export of a whole store (`verbatim export --all`)")
    if head.get("version") != VERSION or head.get("schema") != HEAD:
        made = f"version {head.get('version')}, schema {head.get('schema')}"
        raise InvalidInput(
            f"the export is of another release ({made}; this one reads version {VERSION}, schema {HEAD}): "
            "export it with the release that imports it, after `verbatim migrate`"
        )


def read_line(line: bytes) -> dict[str, Any]:
    """A line of an export. Raises InvalidInput."""
    try:
        read = json.loads(line)
    except ValueError as error:
        raise InvalidInput("the export is not whole: a line of it is not JSON") from error
    if not isinstance(read, dict):
        raise InvalidInput("a line of the export is no JSON object")
    return read


def write_batch(connection: Connection, table: Table | None, batch: list[dict[str, Any]]) -> None:
    """Write rows of one table. Raises InvalidInput if their columns are not those of the table."""
    if table is None or not batch:
        return
    columns = {column.name: column for column in columns_of(table)}
    readers = {name: value_reader(column) for name, column in columns.items()}
    if any(row.keys() != columns.keys() for row in batch):
        raise InvalidInput(f"rows of {table.name} have other columns in the export")
    try:
        rows = [{columns[name].key: readers[name](value) for name, value in row.items()} for row in batch]
    except (ValueError, TypeError) as error:
        raise InvalidInput(f"a row of {table.name} cannot be read: {error}") from error
    if not table.name.endswith(STATE_SUFFIX):
        connection.execute(table.insert(), rows)
        return
    for row in rows:  # the row is there, and others may wait for its lock
        connection.execute(table.update().where(table.c.id == row["id"]).values(row))


def set_sequences(connection: Connection) -> None:
    """Let PostgreSQL count on from the highest id of each table."""
    for table in metadata.sorted_tables:
        column = table.autoincrement_column
        if column is not None:
            names = {"table": table.name, "column": column.name}
            found = connection.execute(text("SELECT pg_get_serial_sequence(:table, :column)"), names).scalar()
            highest = connection.execute(select(func.max(column))).scalar()
            if found is not None and highest is not None:
                connection.execute(select(func.setval(found, highest)))
