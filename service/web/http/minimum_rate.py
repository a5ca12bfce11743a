"""A minimum rate for request bodies, so that slow senders do not occupy threads.

A read ends when it has all the bytes that were requested, so a byte now and then can make it
wait for hours. A thread watches each read, and aborts it if it waits for too long.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Final

LEAST_RATE: Final = 20_000  # bytes a second: a reader keeps a thread, as a request that is received does not
PATIENCE_S: Final = 60.0
LOOKED_EVERY_S: Final = 1.0


class Pace:
    """The time a sender has left: it decreases while the server waits, and increases with the bytes received.

    It starts at `patience_s` seconds, which is also the maximum; a byte adds 1 / `rate` seconds. Time in
    which the server processes data does not count.
    """

    def __init__(
        self,
        stop: Callable[[], None],
        rate: float = LEAST_RATE,
        patience_s: float = PATIENCE_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._stop: Final = stop
        self._rate: Final = rate
        self._most_s: Final = patience_s
        self._clock: Final = clock
        self._left_s = patience_s
        self._ends_at: float | None = None  # while a read is under way
        self._over: Final = threading.Event()
        self.is_lost = False

    def __enter__(self) -> Pace:
        threading.Thread(target=self._look, name="pace", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()

    @contextmanager
    def reading(self, size: int) -> Iterator[None]:
        """Context of a read of so many bytes."""
        began = self._clock()
        self._ends_at = began + self._left_s + size / self._rate
        try:
            yield
        finally:
            self._ends_at = None
            self._left_s -= self._clock() - began

    def earn(self, received: int) -> None:
        """Add the time for the received bytes. `is_lost` is whether the time ran out."""
        self._left_s = min(self._most_s, self._left_s + received / self._rate)
        self.is_lost = self.is_lost or self._left_s < 0

    def check(self) -> None:
        """Abort the read if it has waited for too long."""
        ends_at = self._ends_at
        if ends_at is not None and self._clock() > ends_at and not self.is_lost:
            self.is_lost = True
            self._stop()

    def _look(self) -> None:
        while not self._over.wait(LOOKED_EVERY_S):
            self.check()


def stop_reading(connection: socket.socket | None) -> None:
    """Shut down the receiving side of a connection; an answer can still be sent."""
    if connection is not None:
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RD)
