"""Reads the store's generation before every answer, in microseconds, and never from memory.

On SQLite, `PRAGMA data_version` tells without reading the file whether anything was committed since the last
call. PostgreSQL is queried on a connection of its own, by libpq without a cursor (two thirds of the CPU
time); of the threads that call at the same time, one queries for all that called before its query.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Final

from psycopg import OperationalError
from psycopg.pq import ExecStatus
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from service.store.engine.database import Database
from service.store.state import Generation
from service.store.tables import state

MAX_WAIT_S: Final = 1.0  # for another thread's query; then a thread queries by itself
STATEMENT: Final = b"generation"  # its name on PostgreSQL


class GenerationWatch:
    """Reads the generation on a database connection of its own. Thread-safe."""

    def __init__(self, database: Database) -> None:
        self._database: Final = database
        self._sql: Final = str(
            select(state.c.name, state.c.generation, state.c.token).compile(database.engine)
        )
        self._lock: Final = threading.Lock()
        self._connection: Any = None
        self._asked_at = -1.0
        self._version = -1
        self._generation = ""

    def look(self) -> str | None:
        """The generation, no older than this call; None if it has to be read through `Database`, which
        also translates errors."""
        came_at = time.monotonic()
        if not self._lock.acquire(timeout=MAX_WAIT_S):
            return None
        try:
            if self._asked_at > came_at:  # another thread's query began after this call
                return self._generation
            begun_at = time.monotonic()
            self._generation = self._ask()
            self._asked_at = begun_at
            return self._generation
        except (SQLAlchemyError, self._database.engine.dialect.loaded_dbapi.Error):
            self._forget()
            return None
        finally:
            self._lock.release()

    def close(self) -> None:
        """Close the connection; the next call of `look` opens a new one."""
        with self._lock:
            self._forget()

    def _ask(self) -> str:
        if self._connection is None:
            self._connection = self._open()
        if not self._database.is_sqlite:
            return self._read()
        # Read before the generation, so that a commit in between is seen by the next call.
        version = self._connection.execute("PRAGMA data_version").fetchone()[0]
        if version != self._version:
            generation = self._read()
            self._version = version
            return generation
        return self._generation

    def _read(self) -> str:
        if self._database.is_sqlite:
            name, changes, token = self._connection.execute(self._sql).fetchone()
        else:
            name, changes, token = self._read_postgres()
        return str(Generation(name, int(changes), token))

    def _read_postgres(self) -> tuple[str, str, str]:
        """The row as text. Raises OperationalError if PostgreSQL answers anything else."""
        result = self._connection.pgconn.exec_prepared(STATEMENT, None)
        if result.status != ExecStatus.TUPLES_OK or result.ntuples != 1:
            raise OperationalError(result.error_message.decode(errors="replace") or "no generation")
        name, changes, token = (result.get_value(0, column).decode() for column in range(3))
        return name, changes, token

    def _open(self) -> Any:
        """A connection outside the pool, with the same options."""
        pooled = self._database.engine.raw_connection()
        connection: Any = pooled.driver_connection
        pooled.detach()
        if self._database.is_sqlite:
            connection.isolation_level = None
            return connection
        try:
            connection.rollback()
            connection.autocommit = True
            prepared = connection.pgconn.prepare(STATEMENT, self._sql.encode())
            if prepared.status != ExecStatus.COMMAND_OK:  # no tables yet, say
                raise OperationalError(prepared.error_message.decode(errors="replace"))
        except BaseException:
            close_quietly(connection.close)
            raise
        return connection

    def _forget(self) -> None:
        connection, self._connection, self._version = self._connection, None, -1
        self._asked_at = -1.0
        if connection is not None:
            close_quietly(connection.close)


def close_quietly(close: Callable[[], None]) -> None:
    """Close a connection that may be broken."""
    try:
        close()
    except Exception:
        return
