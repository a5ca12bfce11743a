"""Connections and transactions of SQLite and PostgreSQL, and the translation of their errors."""

from __future__ import annotations

import os
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
from service.settings import Synchronous
from service.store.engine.shared_clock import SharedClock, read_now
from service.store.engine.wal_checkpoint import MOST_PAGES, Checkpointer
from service.store.tables import state

CONNECT_TIMEOUT_S: Final = 3
BUSY_TIMEOUT_MS: Final = 5_000
WRITE_TIMEOUT_S: Final = 60.0  # a write waits so long for others, such as an import
POOL_SIZE: Final = 8

SQLITE_PRAGMAS: Final = (
    "PRAGMA page_size = 8192",  # of a new file
    "PRAGMA journal_mode = WAL",
    f"PRAGMA wal_autocheckpoint = {MOST_PAGES}",
    f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}",
    "PRAGMA foreign_keys = ON",
    "PRAGMA cache_size = -64000",  # KiB; the changes of an import's batch; reads use the memory map
    "PRAGMA mmap_size = 1073741824",
    "PRAGMA temp_store = MEMORY",
)
#: FULL writes the log to the disk at each commit, NORMAL at checkpoints only. Neither damages the file.
SQLITE_SYNCHRONOUS: Final[dict[Synchronous, str]] = {
    "full": "PRAGMA synchronous = FULL",
    "normal": "PRAGMA synchronous = NORMAL",
}
POSTGRES_OPTIONS: Final = "-c jit=off -c random_page_cost=1.1 -c lock_timeout=30s -c timezone=UTC"
#: "full" leaves the choice of the server, `on` unless an operator has set another, such as `remote_apply`.
POSTGRES_SYNCHRONOUS: Final[dict[Synchronous, str]] = {"full": "", "normal": " -c synchronous_commit=off"}

SQLITE_TIDY: Final = ("PRAGMA wal_checkpoint(TRUNCATE)",)  # copies as much as readers allow
POSTGRES_TIDY: Final = ("VACUUM (ANALYZE) postings", "VACUUM (ANALYZE) quotes")

AUTOCOMMIT: Final[dict[str, Any]] = {"isolation_level": "AUTOCOMMIT"}

T = TypeVar("T")


class Database:
    """A database with its engine: connections for reading, transactions for writing.

    With `synchronous` "full", a transaction is on the disk when its `with` block ends. With "normal", a
    loss of power may undo the last ones, but damages nothing.
    """

    def __init__(self, url: str, synchronous: Synchronous = "full") -> None:
        self.engine = build_engine(make_url(url), synchronous)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        # PostgreSQL needs no transaction for reads; on SQLite a transaction makes statements
        # see one state of the file.
        self._reader = self.engine if self.is_sqlite else self.engine.execution_options(**AUTOCOMMIT)
        self._writer = self.engine.execution_options(verbatim_write=True)
        self._checkpointer = Checkpointer(self.engine) if self.is_sqlite else None
        self._clock: Final = SharedClock(self._read_clock)
        self._writing = threading.Lock()  # threads of one process wait here in order, and do not poll

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection for reading."""
        with translate_errors(), self._reader.connect() as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A connection for reading from one snapshot of the store."""
        repeating = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        engine = self.engine if self.is_sqlite else self.engine.execution_options(**repeating)
        with translate_errors(), engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that excludes all other writers of quotes from its start.

        SQLite locks the file, PostgreSQL the row of `store_state`.
        """
        with translate_errors(), self._writing, self._writer.connect() as connection:
            # Not in the engine's "begin" event: SQLAlchemy would ignore that BEGIN failed there.
            lock = "BEGIN IMMEDIATE" if self.is_sqlite else str(select(state.c.id).with_for_update())
            wait_until_free(lambda: connection.exec_driver_sql(lock).close(), connection.rollback)
            yield connection
            connection.commit()
        if self._checkpointer is not None:
            self._checkpointer.note_commit()

    @contextmanager
    def write_soon(self, timeout_ms: int) -> Iterator[Connection]:
        """A connection for one short statement that changes no quotes, committed by itself.

        It does not wait for other writers of this process. Raises StoreUnavailable if a lock is not free
        within `timeout_ms`.
        """
        hurry, relax = f"SET lock_timeout = {timeout_ms}", "RESET lock_timeout"
        if self.is_sqlite:
            hurry, relax = f"PRAGMA busy_timeout = {timeout_ms}", f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}"
        alone = self.engine.execution_options(**AUTOCOMMIT, verbatim_write=True)  # without BEGIN
        with translate_errors(), alone.connect() as connection:
            connection.exec_driver_sql(hurry)
            try:
                yield connection
            finally:
                connection.exec_driver_sql(relax)

    @contextmanager
    def change(self) -> Iterator[Connection]:
        """A transaction that changes no quotes.

        On PostgreSQL it waits only for locks of the same rows, so a job can be claimed while an import runs.
        SQLite has a single writer.
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
        """A connection without a transaction, for statements that cannot run in one."""
        with translate_errors(), self.engine.execution_options(**AUTOCOMMIT).connect() as connection:
            yield connection

    def now(self) -> float:
        """Seconds since 1970, the same in all processes that use this database."""
        return time.time() if self.is_sqlite else self._clock.now()

    def _read_clock(self) -> float:
        with self.read() as connection:
            return read_now(connection)

    def tidy(self) -> None:
        """Clean up after a large change: checkpoint SQLite's log, update PostgreSQL's statistics."""
        statements = SQLITE_TIDY if self.is_sqlite else POSTGRES_TIDY
        with self.maintain() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)

    def close(self) -> None:
        """Close all connections."""
        if self._checkpointer is not None:
            self._checkpointer.close()
        self.engine.dispose()


def wait_until_free(attempt: Callable[[], T], undo: Callable[[], None], timeout_s: float | None = None) -> T:
    """The result of `attempt`, which is retried for `WRITE_TIMEOUT_S` while another holds the lock."""
    deadline = time.monotonic() + (WRITE_TIMEOUT_S if timeout_s is None else timeout_s)
    while True:
        try:
            return attempt()
        except exc.OperationalError as error:
            undo()
            if not is_lock_error(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def is_lock_error(error: exc.DBAPIError) -> bool:
    """Whether an error means that another transaction holds the lock."""
    if getattr(error.orig, "sqlstate", None) == "55P03":  # lock_not_available
        return True
    return str(error.orig) in ("database is locked", "database table is locked")


@contextmanager
def translate_errors() -> Iterator[None]:
    """Translate the drivers' errors into the service's. Messages contain neither statements nor values."""
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
        if type(error) is not exc.DatabaseError:  # some of its subclasses mean a wrong statement
            raise
        raise StoreUnavailable("the database cannot be read; see `verbatim doctor`") from error


def is_missing_table(error: exc.DBAPIError) -> bool:
    """Whether an error means that a table or column is missing."""
    if getattr(error.orig, "sqlstate", None) in ("42P01", "42703"):  # undefined_table, undefined_column
        return True
    return str(error.orig).startswith(("no such table", "no such column", "table "))


def build_engine(url: URL, synchronous: Synchronous = "full") -> Engine:
    """An engine for the URL. Raises SettingsError if it names no file or an unknown driver."""
    if url.drivername in ("sqlite", "sqlite+pysqlite"):
        return _build_sqlite_engine(url, synchronous)
    if url.drivername != "postgresql+psycopg":
        raise SettingsError("the database URL must start with sqlite:/// or postgresql+psycopg://")
    return create_engine(
        url,
        pool_size=POOL_SIZE,
        max_overflow=POOL_SIZE,
        pool_timeout=WRITE_TIMEOUT_S,
        pool_use_lifo=True,
        pool_pre_ping=True,  # so that the first requests after a restart of the database do not fail
        hide_parameters=True,
        connect_args={
            "connect_timeout": CONNECT_TIMEOUT_S,
            "options": POSTGRES_OPTIONS + POSTGRES_SYNCHRONOUS[synchronous],
            "prepare_threshold": 2,
        },
    )


def _build_sqlite_engine(url: URL, synchronous: Synchronous) -> Engine:
    if not url.database or url.database == ":memory:":
        raise SettingsError("the SQLite URL must name a file, such as sqlite:///var/verbatim.sqlite3")
    with suppress(OSError):  # if it cannot be created, connecting raises an error
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url, pool_size=POOL_SIZE, max_overflow=-1, pool_use_lifo=True, hide_parameters=True
    )
    path = Path(url.database)

    @event.listens_for(engine, "do_connect")
    def make_private(*_: Any) -> None:
        """SQLite makes files that everybody reads; -wal and -shm get the rights of the file beside them."""
        with suppress(OSError):  # where it cannot be made, connecting says so
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # the driver must not start transactions
        cursor = connection.cursor()
        for pragma in (*SQLITE_PRAGMAS, SQLITE_SYNCHRONOUS[synchronous]):
            cursor.execute(pragma)
        cursor.close()

    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if not options.get("verbatim_write") and options.get("isolation_level") != AUTOCOMMIT["isolation_level"]:
        driver: Any = connection.connection.driver_connection
        driver.execute("BEGIN")  # without SQLAlchemy, which would take as long as a search
