"""One POST to one checked address: no redirects, no proxies, bounded in time and in what is read."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Final

from service.outbound.address import Resolve, Target
from service.outbound.guard import Network

CONNECT_TIMEOUT_S: Final = 5.0
TOTAL_TIMEOUT_S: Final = 15.0
MAX_ANSWER: Final = 16_384  # bytes of the answer that are read; nothing in them matters


class Unreachable(Exception):
    """No answer came. The message names the stage, and nothing that the other side said."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: only what a sender of news can use."""

    status: int
    retry_after: str | None = None


class PinnedConnection(HTTPConnection):
    """A connection to one address, that asks for a host by name and, over TLS, makes it prove that name."""

    def __init__(self, target: Target, address: str, tls: ssl.SSLContext | None, timeout_s: float) -> None:
        super().__init__(target.host, target.port, timeout=timeout_s)
        self._pinned: Final = (address, target.port)
        self._tls: Final = tls
        if target.secure:
            self.default_port = 443  # which the Host header then leaves out

    def connect(self) -> None:
        """Connect to the pinned address, whatever its name means by now."""
        self.sock = socket.create_connection(self._pinned, self.timeout)
        if self._tls is not None:
            # The handshake comes after, so that who watches the time can reach the socket meanwhile.
            secured = self._tls.wrap_socket(
                self.sock, server_hostname=self.host, do_handshake_on_connect=False
            )
            self.sock = secured
            secured.do_handshake()


def post(  # noqa: PLR0913 - what a request is made of
    target: Target,
    body: bytes,
    headers: Mapping[str, str],
    *,
    networks: Sequence[Network] = (),
    tls: ssl.SSLContext | None = None,
    resolve: Resolve | None = None,
    total_s: float = TOTAL_TIMEOUT_S,
) -> Answer:
    """Send a body to a target. Raises Forbidden, with nothing sent, and Unreachable.

    `networks` are allowed though they are not public. All of it ends within `total_s`, however slowly the
    other side answers.
    """
    address = target.locate(networks, resolve)
    context = (tls or ssl.create_default_context()) if target.secure else None
    connection = PinnedConnection(target, str(address), context, min(CONNECT_TIMEOUT_S, total_s))
    expired = threading.Event()

    def expire() -> None:
        expired.set()
        hang_up(connection)

    watch = threading.Timer(total_s, expire)
    watch.daemon = True
    watch.start()
    try:
        connection.connect()
        connection.sock.settimeout(total_s)
        connection.request("POST", target.path, body, dict(headers))
        response = connection.getresponse()
        if expired.is_set():  # hung up by us, which looks like the end of the head
            raise TimeoutError
        answer = Answer(response.status, response.getheader("Retry-After"))
        with contextlib.suppress(OSError, HTTPException):
            response.read(MAX_ANSWER)
        return answer
    except (OSError, HTTPException, ValueError) as error:
        raise Unreachable(describe(error, expired.is_set(), total_s)) from error
    finally:
        watch.cancel()
        connection.close()


def hang_up(connection: HTTPConnection) -> None:
    """End a connection that another thread waits on; closing it alone would not wake that one."""
    sock = connection.sock
    if sock is not None:
        with contextlib.suppress(OSError):
            socket.socket.shutdown(sock, socket.SHUT_RDWR)  # not TLS's own: that takes its state away


def describe(error: Exception, expired: bool, total_s: float) -> str:
    """Why no answer came, for the delivery log."""
    if expired or isinstance(error, TimeoutError):
        return f"no answer within {total_s:g} s"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not valid: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return "TLS failed"
    if isinstance(error, ConnectionRefusedError):
        return "the connection was refused"
    if isinstance(error, HTTPException | ConnectionError):
        return "it hung up, or did not speak HTTP"
    return "it cannot be reached"
