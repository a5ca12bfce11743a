"""Checkpoints of SQLite's write-ahead log in a thread, so that no commit waits for one."""

from __future__ import annotations

import logging
import os
import threading
from typing import Any, Final

from sqlalchemy import Engine, exc

PAUSE_S: Final = 0.5  # between checkpoints; a page that is written several times meanwhile is copied once
# The length of the log, in pages, at which a commit copies it itself (SQLite's default is 1,000): if the
# thread cannot keep up or is not running.
MOST_PAGES: Final = 8_000

_log = logging.getLogger(__name__)


class Checkpointer:
    """A thread that copies commits from the log into the database file. Starts with the first commit."""

    def __init__(self, engine: Engine) -> None:
        self._engine: Final = engine
        self._starting = threading.Lock()
        self._begin_anew()

    def _begin_anew(self) -> None:
        self._thread: threading.Thread | None = None
        self._process = os.getpid()
        self._written, self._closed = threading.Event(), threading.Event()

    def note_commit(self) -> None:
        """Note that something was committed."""
        with self._starting:
            if self._process != os.getpid():  # threads do not outlive a fork
                self._begin_anew()
            if self._thread is None and not self._closed.is_set():
                self._thread = threading.Thread(target=self._run, name="checkpoint", daemon=True)
                self._thread.start()
        self._written.set()

    def close(self) -> None:
        """End the thread. SQLite copies the rest when the last connection is closed."""
        self._closed.set()
        self._written.set()
        if self._thread is not None and self._process == os.getpid():
            self._thread.join()

    def _run(self) -> None:
        while self._written.wait() and not self._closed.is_set():
            self._written.clear()
            try:
                self._copy()
            except exc.SQLAlchemyError:  # the next commit, or MOST_PAGES of them, try again
                _log.warning("SQLite's log could not be written back for now")
            self._closed.wait(PAUSE_S)

    def _copy(self) -> None:
        connection: Any = self._engine.raw_connection()
        try:
            connection.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        finally:
            connection.close()
