"""Connections and transactions on SQLite and PostgreSQL, and what their errors mean."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlalchemy import create_engine, event, exc, select
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.pool import ConnectionPoolEntry

from service.errors import MigrationDue, SettingsError, StoreUnavailable
from service.store.engine.wal_checkpoint import MOST_PAGES, Checkpointer
from service.store.tables import state

CONNECT_TIMEOUT_S: Final = 3
BUSY_TIMEOUT_MS: Final = 5_000
WRITE_PATIENCE_S: Final = 60.0  # a write waits that long behind others, an import among them
POOL_SIZE: Final = 8

SQLITE_PRAGMAS: Final = (
    "PRAGMA page_size = 8192",  # of a file that is still to be made
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = NORMAL",
    f"PRAGMA wal_autocheckpoint = {MOST_PAGES}",
    f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}",
    "PRAGMA foreign_keys = ON",
    "PRAGMA cache_size = -64000",  # KiB; holds what a batch of an import changes, reads go by the memory map
    "PRAGMA mmap_size = 1073741824",
    "PRAGMA temp_store = MEMORY",
)
POSTGRES_OPTIONS: Final = "-c jit=off -c random_page_cost=1.1 -c lock_timeout=30s -c timezone=UTC"

SQLITE_TIDY: Final = ("PRAGMA wal_checkpoint(TRUNCATE)",)  # where readers are in the way it does what it can
POSTGRES_TIDY: Final = ("VACUUM (ANALYZE) postings", "VACUUM (ANALYZE) quotes")

AUTOCOMMIT: Final[dict[str, Any]] = {"isolation_level": "AUTOCOMMIT"}

T = TypeVar("T")


class Database:
    """An engine with one way to read and one way to write."""

    def __init__(self, url: str) -> None:
        self.engine = build_engine(make_url(url))
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        # A read on PostgreSQL needs no transaction around its statements; on SQLite it is what makes them
        # see one state of the file.
        self._reader = self.engine if self.is_sqlite else self.engine.execution_options(**AUTOCOMMIT)
        self._writer = self.engine.execution_options(verbatim_write=True)
        self._checkpointer = Checkpointer(self.engine) if self.is_sqlite else None
        self._writing = threading.Lock()  # threads of one process queue here, fairly, instead of polling

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection to read on."""
        with translate_errors(), self._reader.connect() as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A connection to read on that sees one state of the store throughout."""
        repeating = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        engine = self.engine if self.is_sqlite else self.engine.execution_options(**repeating)
        with translate_errors(), engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that is alone in writing from its start. All of it is kept, or nothing.

        SQLite locks the file, PostgreSQL the row of the store's state; whoever comes second waits.
        """
        with translate_errors(), self._writing, self._writer.connect() as connection:
            # Not in the engine's "begin" event: where BEGIN fails there, SQLAlchemy takes it for done.
            lock = "BEGIN IMMEDIATE" if self.is_sqlite else str(select(state.c.id).with_for_update())
            wait_until_free(lambda: connection.exec_driver_sql(lock).close(), connection.rollback)
            yield connection
            connection.commit()
        if self._checkpointer is not None:
            self._checkpointer.note_commit()

    @contextmanager
    def write_hastily(self, patience_ms: int) -> Iterator[Connection]:
        """A connection for one small statement that touches no quotes, committed by itself, past the queue
        of writers. Raises StoreUnavailable where a lock is not free within `patience_ms`."""
        hurry, relax = f"SET lock_timeout = {patience_ms}", "RESET lock_timeout"
        if self.is_sqlite:
            hurry, relax = f"PRAGMA busy_timeout = {patience_ms}", f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}"
        alone = self.engine.execution_options(**AUTOCOMMIT, verbatim_write=True)  # no BEGIN is to be sent
        with translate_errors(), alone.connect() as connection:
            connection.exec_driver_sql(hurry)
            try:
                yield connection
            finally:
                connection.exec_driver_sql(relax)

    @contextmanager
    def change(self) -> Iterator[Connection]:
        """A transaction on tables that quotes have no part in, all or nothing.

        On PostgreSQL it waits for nobody but who holds the same rows: a job can be taken while an import
        runs. SQLite knows one writer only.
        """
        if self.is_sqlite:
            with self.write() as connection:
                yield connection
            return
        with translate_errors(), self._writer.connect() as connection:
            yield connection
            connection.commit()

    @contextmanager
    def maintain(self) -> Iterator[Connection]:
        """A connection outside of any transaction, for what may not run in one."""
        with translate_errors(), self.engine.execution_options(**AUTOCOMMIT).connect() as connection:
            yield connection

    def tidy(self) -> None:
        """Settle a large change: write SQLite's log back into the file, tell PostgreSQL's planner."""
        statements = SQLITE_TIDY if self.is_sqlite else POSTGRES_TIDY
        with self.maintain() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)

    def close(self) -> None:
        """Close all connections."""
        if self._checkpointer is not None:
            self._checkpointer.close()
        self.engine.dispose()


def wait_until_free(attempt: Callable[[], T], undo: Callable[[], None], patience_s: float | None = None) -> T:
    """The attempt's answer, made again while somebody else holds the lock, for `WRITE_PATIENCE_S`."""
    deadline = time.monotonic() + (WRITE_PATIENCE_S if patience_s is None else patience_s)
    while True:
        try:
            return attempt()
        except exc.OperationalError as error:
            undo()
            if not is_lock_error(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def is_lock_error(error: exc.DBAPIError) -> bool:
    """Whether another writer was in the way."""
    if getattr(error.orig, "sqlstate", None) == "55P03":  # lock_not_available
        return True
    return str(error.orig) in ("database is locked", "database table is locked")


@contextmanager
def translate_errors() -> Iterator[None]:
    """Turn the drivers' errors into the service's. Messages never carry the statement or its values."""
    try:
        yield
    except (exc.OperationalError, exc.ProgrammingError) as error:
        if is_missing_table(error):
            message = "the database schema does not fit this program: run `verbatim migrate`"
            raise MigrationDue(message) from error
        if isinstance(error, exc.ProgrammingError):
            raise
        raise StoreUnavailable("the database does not answer; try again later") from error
    except (exc.InterfaceError, exc.InternalError, exc.TimeoutError) as error:
        raise StoreUnavailable("the database does not answer; try again later") from error
    except exc.DatabaseError as error:
        if type(error) is not exc.DatabaseError:  # of its kinds, some say that a statement is wrong
            raise
        raise StoreUnavailable("the database cannot be read; see `verbatim doctor`") from error


def is_missing_table(error: exc.DBAPIError) -> bool:
    """Whether the statement named a table or column that is not there."""
    if getattr(error.orig, "sqlstate", None) in ("42P01", "42703"):  # undefined_table, undefined_column
        return True
    return str(error.orig).startswith(("no such table", "no such column", "table "))


def build_engine(url: URL) -> Engine:
    """An engine for the URL. Raises SettingsError where it names no file or no driver known here."""
    if url.drivername in ("sqlite", "sqlite+pysqlite"):
        return _build_sqlite_engine(url)
    if url.drivername != "postgresql+psycopg":
        raise SettingsError("the database URL must start with sqlite:/// or postgresql+psycopg://")
    return create_engine(
        url,
        pool_size=POOL_SIZE,
        max_overflow=POOL_SIZE,
        pool_timeout=WRITE_PATIENCE_S,
        pool_use_lifo=True,
        pool_pre_ping=True,  # a database that was restarted must not fail the first requests after it
        hide_parameters=True,
        connect_args={
            "connect_timeout": CONNECT_TIMEOUT_S,
            "options": POSTGRES_OPTIONS,
            "prepare_threshold": 2,
        },
    )


def _build_sqlite_engine(url: URL) -> Engine:
    if not url.database or url.database == ":memory:":
        raise SettingsError("the SQLite URL must name a file, such as sqlite:///var/verbatim.sqlite3")
    with suppress(OSError):  # where it cannot be made, connecting says so
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url, pool_size=POOL_SIZE, max_overflow=-1, pool_use_lifo=True, hide_parameters=True
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver must not begin transactions on its own
    cursor = connection.cursor()
    for pragma in SQLITE_PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if not options.get("verbatim_write") and options.get("isolation_level") != AUTOCOMMIT["isolation_level"]:
        driver: Any = connection.connection.driver_connection
        driver.execute("BEGIN")  # past SQLAlchemy, which costs a read as much as one of its searches
