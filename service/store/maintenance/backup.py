"""Backs a store up to one file and restores it, while the service runs.

SQLite is copied by its backup API, PostgreSQL by pg_dump; both copy one snapshot. A restore is complete or
changes nothing.

A restored store gets a new id: its generation continues from that of the backup, so with the former id the
cache would return answers from after the backup.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, func, inspect, select, update

from service.errors import InvalidInput, StoreUnavailable
from service.store.engine.database import WRITE_TIMEOUT_S, Database
from service.store.engine.schema import HEAD, read_revision
from service.store.maintenance.postgres_dump import dump_tables, load_tables, read_table_list
from service.store.store import Store
from service.store.tables import articles, metadata, quotes, state

VERSION_TABLE: Final = "alembic_version"
SQLITE_MAGIC: Final = b"SQLite format 3\x00"
DUMP_MAGIC: Final = b"PGDMP"
NEWER: Final = "was made by a newer version of this program: use that one"


@dataclass(frozen=True, slots=True)
class Restored:
    """A restored store: its size, and the errors that verification found."""

    quotes: int
    articles: int
    findings: tuple[str, ...]


def back_up(url: str, target: Path) -> int:
    """Write the store to a new file; its size in bytes.

    Raises InvalidInput if the file exists or the store was never migrated, StoreUnavailable if it cannot be
    read or written.
    """
    if target.exists():
        raise InvalidInput(f"{target} exists already: a backup overwrites nothing")
    database = Database(url)
    try:
        with database.read() as connection:
            tables = find_tables(connection)
        if VERSION_TABLE not in tables:
            raise InvalidInput("there is no store to back up: the database is empty")
        with writing(target) as partial:
            if database.is_sqlite:
                copy_sqlite(sqlite_path(database), partial, journal="DELETE")  # without write-ahead log
            else:
                dump_tables(url, tables, partial)
    finally:
        database.close()
    return target.stat().st_size


def restore(url: str, source: Path, *, replace: bool = False) -> Restored:
    """Replace the store by a backup, migrate it and verify it.

    Raises InvalidInput, before anything is changed, if the store is not empty and `replace` is not set, or
    if the file is not a backup for this program and kind of database.
    """
    database = Database(url)
    try:
        check_kind(source, database.is_sqlite)
        with database.read() as connection:
            check_replaceable(connection, replace)
        if database.is_sqlite:
            restore_sqlite(source, sqlite_path(database))
        else:
            restore_postgres(url, source)
    finally:
        database.close()
    return migrate_and_verify(url)


def migrate_and_verify(url: str) -> Restored:
    """Migrate a restored store and verify it."""
    store = Store(url)
    try:
        store.migrate()
        stats = store.stats()
        return Restored(stats.quotes, stats.articles, tuple(store.verify()))
    finally:
        store.close()


def find_tables(connection: Connection) -> list[str]:
    """The tables of this program in the database. Raises InvalidInput if they are of a newer version."""
    there = set(inspect(connection).get_table_names())
    revision = read_revision(connection)
    if revision is not None and revision > HEAD:
        raise InvalidInput(f"the store {NEWER}")
    return [name for name in (*metadata.tables, VERSION_TABLE) if name in there]


def check_replaceable(connection: Connection, replace: bool) -> None:
    """Raise InvalidInput if the store must not be replaced."""
    tables = find_tables(connection)
    if replace or state.name not in tables:
        return
    for table in (quotes, articles):
        if connection.execute(select(func.count()).select_from(select(table).limit(1).subquery())).scalar():
            raise InvalidInput("the store is not empty: use --replace to overwrite it")


def check_kind(source: Path, is_sqlite: bool) -> None:
    """Raise InvalidInput if the file is not a backup for this kind of database."""
    try:
        with source.open("rb") as stream:
            start = stream.read(len(SQLITE_MAGIC))
    except OSError as error:
        raise InvalidInput(f"{source} cannot be read: {error.strerror}") from error
    kind = "SQLite" if start == SQLITE_MAGIC else "PostgreSQL" if start.startswith(DUMP_MAGIC) else None
    wanted = "SQLite" if is_sqlite else "PostgreSQL"
    if kind is None:
        raise InvalidInput(f"{source} is not a backup")
    if kind != wanted:
        raise InvalidInput(f"{source} is a backup of a {kind} store, and DATABASE_URL names {wanted}")


def restore_sqlite(source: Path, target: Path) -> None:
    """Verify a copy of the backup, then replace the store by it in one transaction."""
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=target.parent) as directory:
        checked = Path(directory) / "store.sqlite3"
        copy_sqlite(source, checked)
        database = Database(f"sqlite:///{checked}")
        try:
            with database.write() as connection:
                if VERSION_TABLE not in find_tables(connection):
                    raise InvalidInput(f"{source} is not a backup of a store")
                connection.execute(update(state).values(name=uuid.uuid4().hex))
        finally:
            database.close()
        copy_sqlite(checked, target)


def copy_sqlite(source: Path, target: Path, journal: str = "WAL") -> None:
    """Copy a database onto another at once, even while they are in use. Raises StoreUnavailable."""
    try:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as connection,
            closing(sqlite3.connect(target, timeout=WRITE_TIMEOUT_S)) as copy,
        ):
            connection.backup(copy, pages=-1)
            copy.execute(f"PRAGMA journal_mode = {journal}")
            (found,) = copy.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        raise StoreUnavailable(f"the database cannot be copied: {error}") from error
    if found != "ok":
        raise StoreUnavailable("the database is damaged: its copy does not pass SQLite's own check")


def restore_postgres(url: str, source: Path) -> None:
    """Replace the tables by those of a dump, in one transaction."""
    dumped = read_table_list(source)
    if state.name not in dumped or VERSION_TABLE not in dumped:
        raise InvalidInput(f"{source} is not a backup of a store")
    if unknown := dumped - set(metadata.tables) - {VERSION_TABLE}:
        raise InvalidInput(f"{source} {NEWER} (it has {', '.join(sorted(unknown))})")
    rename = f"UPDATE {{schema}}.{state.name} SET name = '{uuid.uuid4().hex}';"  # noqa: S608 - both our own
    load_tables(url, source, [*metadata.tables, VERSION_TABLE], rename)


def sqlite_path(database: Database) -> Path:
    """The file of an SQLite database."""
    return Path(str(database.engine.url.database))


@contextmanager
def writing(target: Path) -> Iterator[Path]:
    """A temporary file beside the target; it gets the target's name when it is complete."""
    partial = target.with_name(f".{target.name}.partial")
    try:
        partial.unlink(missing_ok=True)
        partial.touch(mode=0o600)  # it may contain unpublished articles
        yield partial
        with partial.open("rb") as stream:
            os.fsync(stream.fileno())
        partial.replace(target)
    except OSError as error:
        raise StoreUnavailable(f"{target} cannot be written: {error.strerror}") from error
    finally:
        partial.unlink(missing_ok=True)
