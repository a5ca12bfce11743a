"""A client's socket for the web server's threads: bounded waiting, and answers that are sent later."""

from __future__ import annotations

import errno
import select
import socket
import threading
import time
from collections.abc import Callable
from typing import Any, Final

LEAST_RATE: Final = 1_000  # bytes a second, in either direction
MOST_UNSENT: Final = 4_000_000  # bytes of an answer that wait in memory; then the thread waits for the client


class Allowance:
    """The time that a client may still be waited for: at most `most_s` seconds.

    Waiting takes it, and each byte that is transferred gives back 1 / `rate` seconds. What was fast
    earlier buys no long pause later.
    """

    __slots__ = ("_left_s", "_most_s", "_rate")

    def __init__(self, most_s: float, rate: int = LEAST_RATE) -> None:
        self._most_s: Final = most_s
        self._rate: Final = rate
        self._left_s = most_s

    @property
    def left_s(self) -> float:
        """Seconds left, 0 if none."""
        return max(self._left_s, 0.0)

    def spend(self, waited_s: float, transferred: int = 0) -> None:
        """Count a wait, and the bytes that ended it."""
        self._left_s = min(self._most_s, self._left_s - waited_s + transferred / self._rate)


class ClientSocket(socket.socket):
    """A client's connection. What it does not read at once is kept, and sent by the worker's main thread.

    `sendall` returns at once while fewer than `MOST_UNSENT` bytes are kept; `on_unsent` is called when some
    are. A `sendall` beyond that, and a blocking `recv`, raise ConnectionResetError if the client is slower
    than `LEAST_RATE` for the seconds it is allowed. `recv` keeps a timeout that the application set instead.
    """

    def __init__(self, accepted: socket.socket, patience_s: float, on_unsent: Callable[[], None]) -> None:
        family, kind, protocol = accepted.family, accepted.type, accepted.proto
        super().__init__(family, kind, protocol, fileno=accepted.detach())
        self._patience_s: Final = patience_s
        self._receiving = Allowance(patience_s)
        self._sending = Allowance(patience_s)
        self._on_unsent: Final = on_unsent
        self._lock: Final = threading.Lock()  # of what is unsent: two threads send it
        self._unsent = bytearray()

    @property
    def unsent(self) -> int:
        """The number of bytes of answers that wait for the client."""
        return len(self._unsent)

    def begin(self, patience_s: float, rate: int = LEAST_RATE) -> None:
        """A request begins: how long to wait for its rest, and how fast that has to come."""
        self._receiving = Allowance(patience_s, rate)
        self._sending = Allowance(self._patience_s)

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        """See `socket.recv`."""
        if self.gettimeout() is not None:  # non-blocking, or limited by the application
            return super().recv(size, flags)
        waited_s = self._wait(select.POLLIN, self._receiving)
        received = super().recv(size, flags)
        self._receiving.spend(waited_s, len(received))
        return received

    def sendall(self, data: Any, flags: int = 0, /) -> None:
        """Send, or keep for later, all of it."""
        rest = memoryview(data)
        with self._lock:
            if not self._unsent:
                rest = rest[self._send_now(rest) :]
                if not rest:
                    return
                self._on_unsent()
            self._unsent += rest
        while len(self._unsent) > MOST_UNSENT:
            waited_s = self._wait(select.POLLOUT, self._sending)
            self._sending.spend(waited_s, self.send_unsent())

    def send_unsent(self) -> int:
        """Send what the system takes at once of what is kept; returns the number of bytes."""
        with self._lock:
            sent = self._send_now(self._unsent)
            del self._unsent[:sent]
            return sent

    def discard_unsent(self) -> None:
        """Forget what the client has not read."""
        with self._lock:
            self._unsent.clear()

    def _send_now(self, data: Any) -> int:
        # Python waits for a socket that has a timeout, whatever the flags.
        if self.gettimeout() and not self._is_ready(select.POLLOUT, 0):
            return 0
        try:
            return super().send(data, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return 0

    def _wait(self, event: int, allowance: Allowance) -> float:
        """Wait until the socket is ready; returns the seconds that it took."""
        began = time.monotonic()
        if not self._is_ready(event, allowance.left_s):
            raise ConnectionResetError(errno.ECONNRESET, "the client is too slow")
        return time.monotonic() - began

    def _is_ready(self, event: int, wait_s: float) -> bool:
        poll = select.poll()
        poll.register(self, event)
        return bool(poll.poll(1_000 * wait_s))
