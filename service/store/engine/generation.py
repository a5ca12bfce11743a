"""The store's generation, asked for before every answer, in microseconds, and never a moment old.

An SQLite connection that only reads knows without reading whether anybody has committed since it last looked
(`PRAGMA data_version`). PostgreSQL has to be asked, on a connection of its own; of the threads that want to
know at the same time one asks for all those that came before it asked.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from service.store.engine.database import Database
from service.store.state import Generation
from service.store.tables import state

PATIENCE_S: Final = 1.0  # behind another thread that asks; then a thread asks by itself


class GenerationWatch:
    """Tells the generation by a database connection of its own. Safe to share between threads."""

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
        """The generation, no older than this call; None where it has to be asked for in the ordinary way,
        which also knows what an error means."""
        came_at = time.monotonic()
        if not self._lock.acquire(timeout=PATIENCE_S):
            return None
        try:
            if self._asked_at > came_at:  # another thread began to ask after this one came
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
        """Let the connection go; the next look makes a new one."""
        with self._lock:
            self._forget()

    def _ask(self) -> str:
        if self._connection is None:
            self._connection = self._open()
        if not self._database.is_sqlite:
            return self._read()
        # Asked before the generation is read: a commit in between is seen the next time.
        version = self._connection.execute("PRAGMA data_version").fetchone()[0]
        if version != self._version:
            generation = self._read()
            self._version = version
            return generation
        return self._generation

    def _read(self) -> str:
        name, changes, token = self._connection.execute(self._sql).fetchone()
        return str(Generation(name, changes, token))

    def _open(self) -> Any:
        """A connection that the pool knows nothing of, with the options of all others."""
        pooled = self._database.engine.raw_connection()
        connection: Any = pooled.driver_connection
        pooled.detach()
        if self._database.is_sqlite:
            connection.isolation_level = None
        else:
            connection.rollback()
            connection.autocommit = True
            connection.prepare_threshold = 0
        return connection

    def _forget(self) -> None:
        connection, self._connection, self._version = self._connection, None, -1
        self._asked_at = -1.0
        if connection is not None:
            close_quietly(connection.close)


def close_quietly(close: Callable[[], None]) -> None:
    """Close what may be broken already."""
    try:
        close()
    except Exception:
        return
