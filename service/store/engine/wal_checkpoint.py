"""Writing SQLite's log back into the file: beside the work, so that no commit waits for it."""

from __future__ import annotations

import logging
import os
import threading
from typing import Any, Final

from sqlalchemy import Engine, exc

PAUSE_S: Final = 0.5  # from one round to the next: what is written several times meanwhile is copied once
# The log's length at which a commit writes it back itself, as SQLite does at 1,000 by default: where the
# thread cannot keep up, or was never there.
MOST_PAGES: Final = 8_000

_log = logging.getLogger(__name__)


class Checkpointer:
    """A thread that copies what was committed from the log into the file. Begins with the first commit."""

    def __init__(self, engine: Engine) -> None:
        self._engine: Final = engine
        self._starting = threading.Lock()
        self._begin_anew()

    def _begin_anew(self) -> None:
        self._thread: threading.Thread | None = None
        self._process = os.getpid()
        self._written, self._closed = threading.Event(), threading.Event()

    def note_commit(self) -> None:
        """Something was written to the log."""
        with self._starting:
            if self._process != os.getpid():  # threads do not outlive a fork
                self._begin_anew()
            if self._thread is None and not self._closed.is_set():
                self._thread = threading.Thread(target=self._run, name="checkpoint", daemon=True)
                self._thread.start()
        self._written.set()

    def close(self) -> None:
        """End the thread; what it leaves undone, SQLite does when the last connection is closed."""
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
