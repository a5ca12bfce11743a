"""SQL for many rows at a time: inserts, and selects by many keys."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, Final, TypeVar

import numpy as np
from sqlalchemy import ColumnElement, Connection, Table, any_, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from service.errors import StoreUnavailable
from service.matching.retrieval.fingerprints import Codes
from service.store.tables import postings

ROWS_AT_ONCE: Final = 50  # in one INSERT on SQLite; takes less than half the time of single rows
CHUNK: Final = 500  # keys in one query; for many more PostgreSQL would scan the whole table
_COPY_HEADER: Final = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
_COPY_END: Final = b"\xff\xff"
_COPY_POSTING: Final = np.dtype([("fields", ">i2"), ("size", ">i4"), ("posting", ">i8")])

T = TypeVar("T")


def split_chunks(items: Sequence[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    """The items in chunks of at most `size`."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def select_by_keys(
    connection: Connection, statement: Any, column: ColumnElement[Any], keys: Sequence[Any]
) -> Iterator[Any]:
    """The rows of a SELECT whose `column`, of numbers or text, is among any number of keys."""
    among = _is_any_of if connection.dialect.name == "postgresql" else _is_listed
    for chunk in split_chunks(keys):
        yield from connection.execute(statement.where(among(column, chunk)))


def _is_any_of(column: ColumnElement[Any], keys: Sequence[Any]) -> ColumnElement[bool]:
    return column == any_(literal(list(keys), ARRAY(column.type)))


def _is_listed(column: ColumnElement[Any], keys: Sequence[Any]) -> ColumnElement[bool]:
    """A condition with a single parameter for any number of keys, so that the statement is compiled once."""
    listed = func.json_each(json.dumps(list(keys))).table_valued("value")
    return column.in_(select(listed.c.value))


def insert_rows(
    connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Insert tuples of raw values in the order of `columns`, by the fastest means of the database."""
    if connection.dialect.name == "postgresql":
        _copy(connection, f"COPY {table.name} ({', '.join(columns)}) FROM STDIN", rows)
        return
    whole = len(rows) - len(rows) % ROWS_AT_ONCE
    several = [
        tuple(chain.from_iterable(rows[start : start + ROWS_AT_ONCE]))
        for start in range(0, whole, ROWS_AT_ONCE)
    ]
    _execute_many(connection, build_insert(table.name, columns, ROWS_AT_ONCE), several)
    _execute_many(connection, build_insert(table.name, columns, 1), rows[whole:])


def insert_postings(connection: Connection, new: Codes) -> None:
    """Insert postings, which must be sorted and distinct."""
    if connection.dialect.name != "postgresql":
        numbers = new.tolist()
        whole = len(numbers) - len(numbers) % ROWS_AT_ONCE
        several = list(zip(*[iter(numbers[:whole])] * ROWS_AT_ONCE, strict=True))
        _execute_many(connection, build_insert(postings.name, ("posting",), ROWS_AT_ONCE), several)
        _execute_many(connection, build_insert(postings.name, ("posting",), 1), list(zip(numbers[whole:])))
        return
    rows = np.empty(len(new), dtype=_COPY_POSTING)
    rows["fields"], rows["size"], rows["posting"] = 1, 8, new
    statement = "COPY postings (posting) FROM STDIN (FORMAT BINARY)"
    _copy(connection, statement, _COPY_HEADER + rows.tobytes() + _COPY_END)


def build_insert(table: str, columns: Sequence[str], rows: int) -> str:
    """An INSERT of `rows` rows, with a question mark for each value."""
    row = f"({', '.join('?' * len(columns))})"
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([row] * rows)}"  # noqa: S608


def _execute_many(connection: Connection, statement: str, parameters: Sequence[tuple[Any, ...]]) -> None:
    if parameters:
        connection.exec_driver_sql(statement, list(parameters)).close()


def _copy(connection: Connection, statement: str, rows: Iterable[Any] | bytes) -> None:
    import psycopg  # only where PostgreSQL is in use

    driver: Any = connection.connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            if isinstance(rows, bytes):
                copy.write(rows)
            else:
                for row in rows:
                    copy.write_row(row)
    except (psycopg.OperationalError, psycopg.InterfaceError) as error:
        raise StoreUnavailable("the database does not answer; try again later") from error
