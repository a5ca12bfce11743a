"""The time that all processes of a store agree on, for leases, deadlines and lifetimes that they share.

The clocks of machines may differ by minutes: a worker that is ahead would take the jobs of all others, whose
leases look run out. With PostgreSQL, the server's clock counts: it is read now and then, and continued by
the process's own monotonic clock. SQLite is used on one machine, whose clock all processes have.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

from sqlalchemy import Connection

from service.errors import StoreUnavailable

REREAD_S: Final = 60.0  # monotonic clocks drift by less than a millisecond in that time


def read_now(connection: Connection) -> float:
    """Seconds since 1970 by the clock that counts for a database."""
    if connection.dialect.name == "sqlite":
        return time.time()
    return float(connection.exec_driver_sql("SELECT extract(epoch FROM clock_timestamp())").scalar_one())


class SharedClock:
    """Seconds since 1970 by the clock that `read` returns. Thread-safe."""

    def __init__(self, read: Callable[[], float], elapsed: Callable[[], float] = time.monotonic) -> None:
        self._read: Final = read
        self._elapsed: Final = elapsed
        self._lock: Final = threading.Lock()
        self._ahead_s: float | None = None  # of the monotonic clock
        self._read_at = 0.0

    def now(self) -> float:
        """The time; while the clock cannot be read, continued from the last reading, or this machine's."""
        with self._lock:
            began = self._elapsed()
            if self._ahead_s is None or began - self._read_at > REREAD_S:
                self._reread(began)
            return time.time() if self._ahead_s is None else self._ahead_s + self._elapsed()

    def _reread(self, began: float) -> None:
        try:
            read = self._read()
        except StoreUnavailable:
            self._read_at = began  # not asked again by each call while the server is away
            return
        ended = self._elapsed()
        self._ahead_s, self._read_at = read - (began + ended) / 2, ended
