"""A streamed answer that keeps reading the request while the client does not read the answer.

A client may send its whole request before it reads any of the answer. If the server waited until that is
read, both would wait for each other. So what a client does not read immediately is buffered,
on disk if it is large, and the server goes on reading.
"""

from __future__ import annotations

import errno
import fcntl
import select
import socket
import sys
import termios
from array import array
from collections.abc import Iterable, Iterator
from tempfile import SpooledTemporaryFile
from typing import IO, Final

from flask import Response, request

IDLE_S: Final = 30.0  # how long a client may neither send nor take anything
PIECE: Final = 2_048  # bytes; a socket that can be written to takes so many without waiting
IN_MEMORY: Final = 256_000  # bytes
MOST_ASIDE: Final = 16_000_000  # bytes on disk; then the client has to read


def client_socket() -> socket.socket | None:
    """The socket of the current request; None unless the web server (gunicorn) gives it."""
    found = request.environ.get("gunicorn.socket")
    return found if isinstance(found, socket.socket) else None


def count_waiting(connection: socket.socket | None) -> int:
    """The number of bytes received and not yet read, as the system counts them: with TLS, before
    decryption. A very large number if it is not known."""
    if connection is None or connection.fileno() < 0:
        return sys.maxsize
    counted = array("i", [0])
    fcntl.ioctl(connection, termios.FIONREAD, counted)
    return counted[0]


def is_ready(connection: socket.socket | None, event: int, wait_s: float) -> bool:
    """Whether a socket is ready within that time. A broken one is: using it raises."""
    if connection is None or connection.fileno() < 0:
        return True
    poll = select.poll()
    poll.register(connection, event)
    return bool(poll.poll(1_000 * wait_s))


class BufferedStream:
    """The buffer of an answer. Without a socket, the web server is assumed to take everything immediately."""

    def __init__(self, connection: socket.socket | None, most_aside: int = MOST_ASIDE) -> None:
        self._connection: Final = connection
        self._most_aside: Final = most_aside
        self._coming: IO[bytes]
        self._going: IO[bytes]
        self._aside = 0  # bytes

    def respond(self, answers: Iterable[bytes], content_type: str) -> Response:
        """A response that is sent as it is produced."""
        response = Response(self.send(answers), content_type=content_type)
        response.headers["X-Accel-Buffering"] = "no"  # else nginx would buffer it
        return response

    def send(self, answers: Iterable[bytes]) -> Iterator[bytes]:
        """The pieces to send, as they are produced and the client reads them.

        Raises BrokenPipeError if the client reads nothing for `IDLE_S`, as after a disconnect.
        """
        with SpooledTemporaryFile(IN_MEMORY) as one, SpooledTemporaryFile(IN_MEMORY) as other:
            # Answers are written to one file while what was buffered before is read from the other.
            self._coming, self._going = one, other
            for answer in answers:
                self._coming.write(answer)
                self._aside += len(answer)
                yield from self._send_taken()
                while self._aside > self._most_aside:
                    self._wait_until_taken()
                    yield from self._send_taken()
            while self._aside:
                self._wait_until_taken()
                yield from self._send_taken()

    def _send_taken(self) -> Iterator[bytes]:
        """Pieces as long as the client reads them immediately."""
        while self._aside and self._is_taken(0):
            piece = self._going.read(PIECE)
            if not piece:
                self._going.seek(0)
                self._going.truncate()
                self._coming, self._going = self._going, self._coming
                self._going.seek(0)
                piece = self._going.read(PIECE)
            self._aside -= len(piece)
            yield piece

    def _wait_until_taken(self) -> None:
        if not self._is_taken(IDLE_S):
            raise BrokenPipeError(errno.EPIPE, "the client does not read")

    def _is_taken(self, wait_s: float) -> bool:
        """Whether the client can receive more within that time."""
        return is_ready(self._connection, select.POLLOUT, wait_s)
