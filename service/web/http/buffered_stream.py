"""A streamed answer that never waits for its reader while there is still something to be read from it.

A client may send all it has before it reads a word of the answer. A server that waits until its answer is
taken then waits for a client that waits for the server. So what a client does not take at once is put aside,
on disk where it is much, and the request is read on.
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
MOST_ASIDE: Final = 512_000_000  # bytes on disk; then the client has to read


def client_socket() -> socket.socket | None:
    """The socket of the current request, where the web server (gunicorn) tells it."""
    found = request.environ.get("gunicorn.socket")
    return found if isinstance(found, socket.socket) else None


def count_waiting(connection: socket.socket | None) -> int:
    """Bytes that were received and not read yet, as the system counts them: over TLS, before they are
    deciphered. As many as anyone may ask for where nobody knows."""
    if connection is None or connection.fileno() < 0:
        return sys.maxsize
    counted = array("i", [0])
    fcntl.ioctl(connection, termios.FIONREAD, counted)
    return counted[0]


def is_ready(connection: socket.socket | None, event: int, wait_s: float) -> bool:
    """Whether a socket can be used without waiting, within that time. A broken one can: using it tells."""
    if connection is None or connection.fileno() < 0:
        return True
    poll = select.poll()
    poll.register(connection, event)
    return bool(poll.poll(1_000 * wait_s))


class Outlet:
    """What is still to be sent on a socket; without one everything is taken at once."""

    def __init__(self, connection: socket.socket | None, most_aside: int = MOST_ASIDE) -> None:
        self._connection: Final = connection
        self._most_aside: Final = most_aside
        self._coming: IO[bytes]
        self._going: IO[bytes]
        self._aside = 0  # bytes

    def respond(self, answers: Iterable[bytes], content_type: str) -> Response:
        """A response that is sent as it comes."""
        response = Response(self.send(answers), content_type=content_type)
        response.headers["X-Accel-Buffering"] = "no"  # nginx would collect it first
        return response

    def send(self, answers: Iterable[bytes]) -> Iterator[bytes]:
        """The pieces to send, as answers come and the client takes them.

        Raises BrokenPipeError where the client takes nothing for `IDLE_S`: to the web server it has hung up.
        """
        with SpooledTemporaryFile(IN_MEMORY) as one, SpooledTemporaryFile(IN_MEMORY) as other:
            # Answers are written to one file while what was put aside before is read from the other.
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
        """Pieces for as long as the client takes them at once."""
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
        """Whether the client takes more, within that time."""
        return is_ready(self._connection, select.POLLOUT, wait_s)
