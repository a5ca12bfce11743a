"""One request to a checked address, without redirects and proxies, within a limit of time."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse
from time import monotonic
from typing import Final, Literal

from service.outbound.address import Resolve, Target
from service.outbound.allowed_addresses import Network

CONNECT_TIMEOUT_S: Final = 5.0


class Unreachable(Exception):
    """No answer was received. The message names the stage, and contains nothing that the other side sent."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent."""

    method: Literal["GET", "POST"]
    headers: Mapping[str, str]
    body: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Limits:
    """Where a request may go, and how long it may take. `networks` are allowed although not public."""

    total_s: float
    networks: Sequence[Network] = ()
    tls: ssl.SSLContext | None = None
    resolve: Resolve | None = None


class PinnedConnection(HTTPConnection):
    """A connection to a given address. The host name is sent, and over TLS verified."""

    def __init__(self, target: Target, address: str, tls: ssl.SSLContext | None, timeout_s: float) -> None:
        super().__init__(target.host, target.port, timeout=timeout_s)
        self._pinned: Final = (address, target.port)
        self._tls: Final = tls
        if target.secure:
            self.default_port = 443  # which the Host header then leaves out

    def connect(self) -> None:
        """Connect to the given address, without resolving the name."""
        self.sock = socket.create_connection(self._pinned, self.timeout)
        if self._tls is not None:
            # The handshake comes later, so that the timer can shut the socket down meanwhile.
            secured = self._tls.wrap_socket(
                self.sock, server_hostname=self.host, do_handshake_on_connect=False
            )
            self.sock = secured
            secured.do_handshake()


@contextlib.contextmanager
def exchange(target: Target, request: Request, limits: Limits) -> Iterator[HTTPResponse]:
    """The answer to a request, its head read; its body is read by the caller meanwhile.

    Raises Forbidden, before anything is sent, and Unreachable, also for what the caller reads. The whole ends
    within `limits.total_s` seconds, however slowly the other side answers.
    """
    started = monotonic()
    address = target.locate(limits.networks, limits.resolve)
    remaining = limits.total_s - (monotonic() - started)  # looking the name up counts
    if remaining <= 0:
        raise Unreachable(describe(TimeoutError(), True, limits.total_s))
    context = (limits.tls or ssl.create_default_context()) if target.secure else None
    connection = PinnedConnection(target, str(address), context, min(CONNECT_TIMEOUT_S, remaining))
    expired = threading.Event()

    def expire() -> None:
        expired.set()
        shut_down(connection)

    watch = threading.Timer(remaining, expire)
    watch.daemon = True
    watch.start()
    try:
        connection.connect()
        connection.sock.settimeout(remaining)
        connection.request(request.method, target.path, request.body, dict(request.headers))
        response = connection.getresponse()
        if expired.is_set():  # shut down by us, which looks like an early end of the headers
            raise TimeoutError
        yield response
        if expired.is_set():
            raise TimeoutError
    except (OSError, HTTPException, ValueError) as error:
        raise Unreachable(describe(error, expired.is_set(), limits.total_s)) from error
    finally:
        watch.cancel()
        connection.close()


def shut_down(connection: HTTPConnection) -> None:
    """Shut down a connection that another thread reads from; closing it would not wake that thread."""
    sock = connection.sock
    if sock is not None:
        with contextlib.suppress(OSError):
            socket.socket.shutdown(sock, socket.SHUT_RDWR)  # not TLS's own method, which drops its state


def describe(error: Exception, expired: bool, total_s: float) -> str:
    """The reason for a missing answer, for the delivery log."""
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
