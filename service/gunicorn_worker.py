"""gunicorn's threaded worker, with threads only for requests that have arrived.

gunicorn's own gives a thread to each connection: it reads the head and the body there and sends the
answer, so that as many slow clients as there are threads stop it, `/livez` included. Here the main thread
receives requests and sends what clients do not read at once; both have a minimum rate (CLIENT_TIMEOUT_S).
What was received is read by gunicorn's parser, which alone decides what it means: the main thread only
estimates when it is complete. A wrong estimate makes a thread wait, for a bounded time.
"""

from __future__ import annotations

import os
import selectors
import socket
import struct
import time
from collections import deque
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from ipaddress import ip_address
from typing import Any, Final

from gunicorn import http  # type: ignore[import-untyped]
from gunicorn.workers.gthread import TConn, ThreadWorker  # type: ignore[import-untyped]

from service.client_socket import LEAST_RATE, Allowance, ClientSocket
from service.request_end import MOST_HEAD, RequestEnd
from service.settings import read_settings

RECEIVED_AT_ONCE: Final = 65_536  # bytes
MOST_KEPT: Final = (
    64_000_000  # bytes of incomplete requests, and of unread answers; then the oldest is dropped
)
OPEN_BODIES: Final = 8  # threads for bodies that are read as they come: very long, or with no end in sight
OPEN_BODIES_EACH: Final = 4  # of them for one address that is no proxy of ours
OPEN_RATE: Final = (
    20_000  # bytes a second with which such a body has to arrive (as in web/http/minimum_rate.py)
)
LINGER_S: Final = 2.0  # for the client to close, after an answer that ends the connection (RFC 9112, 9.6)
STOPPING_S: Final = 2.0  # for the rest of a request, once the process is told to stop
SLIP_S: Final = 1.0  # for the rest of a request that seemed complete
DRAIN_S: Final = 0.2  # for the rest of a long body that the application did not read
LOOKED_EVERY_S: Final = 0.5

NO_LINGER: Final = struct.pack("ii", 1, 0)
TOO_SLOW: Final = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


@dataclass(slots=True, eq=False)
class Transfer:
    """What the main thread waits for on a connection: a request, the reading of an answer, or its end."""

    conn: Any
    allowance: Allowance
    end: RequestEnd | None = None  # of a request that arrives
    since: float = field(default_factory=time.monotonic)
    received: bytearray = field(default_factory=bytearray)
    done: Future[bool] | None = None  # the request's, where an answer is sent

    def spend(self, transferred: int = 0) -> None:
        """Count the time since the last call."""
        now = time.monotonic()
        self.allowance.spend(now - self.since, transferred)
        self.since = now

    def is_late(self, now: float) -> bool:
        """Whether the client's time is over."""
        return now - self.since > self.allowance.left_s


class Worker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's `worker_class`. TLS is for a proxy: with a certificate of its own it is as gunicorn's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        settings = read_settings(os.environ)
        self._patience_s: Final = float(settings.client_timeout_s)
        self._most_kept: Final = settings.max_body_bytes + MOST_HEAD
        self._arriving: Final[dict[Any, Transfer]] = {}  # the oldest first, as in the others
        self._leaving: Final[dict[Any, Transfer]] = {}
        self._closing: Final[dict[Any, Transfer]] = {}
        self._queued: Final[deque[Transfer]] = deque()  # for a thread of OPEN_BODIES
        self._open_bodies: Final[set[Any]] = set()
        self._kept = 0  # bytes of requests that arrive
        self._look_at = 0.0

    # Requests

    def accept(self, listener: socket.socket) -> None:
        """Accept a connection and wait for its request."""
        if self.cfg.is_ssl:
            super().accept(listener)
            return
        try:
            accepted, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        if self.nr_conns >= self.worker_connections - 1:
            self._make_room()
        self.nr_conns += 1
        conn: Any = None
        client = ClientSocket(
            accepted, self._patience_s, lambda: self.method_queue.defer(self._send_later, conn)
        )
        conn = TConn(self.cfg, client, address, listener.getsockname())
        conn.parser, conn.initialized = http.get_parser(self.cfg, client, address), True
        self._await_request(conn)

    def on_client_socket_readable(self, conn: Any, client: socket.socket) -> None:
        """The next request of a connection begins."""
        if self.cfg.is_ssl:
            super().on_client_socket_readable(conn, client)
            return
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._await_request(conn)

    def _await_request(self, conn: Any, received: bytes = b"") -> None:
        conn.sock.setblocking(False)
        patience_s = self._patience_s if self.alive else STOPPING_S
        transfer = self._arriving[conn] = Transfer(conn, Allowance(patience_s), RequestEnd(self._most_kept))
        if received:
            self._take(transfer, received)
        else:
            self._receive(transfer, conn.sock)
        if conn in self._arriving and transfer not in self._queued:
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._receive, transfer))

    def _receive(self, transfer: Transfer, client: socket.socket) -> None:
        try:
            block = client.recv(RECEIVED_AT_ONCE)
        except BlockingIOError:
            return
        except OSError:
            block = b""
        if block:
            self._take(transfer, block)
        elif transfer.received:
            self._hand_over(transfer)  # gunicorn says what is wrong with half a request
        else:
            self._drop(transfer)

    def _take(self, transfer: Transfer, block: bytes) -> None:
        """Keep what was received; hand the request over if it is complete, or cannot be kept whole."""
        transfer.received += block
        self._kept += len(block)
        transfer.spend(len(block))
        assert transfer.end is not None
        if transfer.end.look(transfer.received, len(block)):
            self._hand_over(transfer)
        elif transfer.end.is_open:
            self._hand_over_open(transfer)
        else:
            while self._kept > MOST_KEPT:
                self._drop(next(iter(self._arriving.values())))

    def _hand_over_open(self, transfer: Transfer) -> None:
        """Hand a request over whose rest is read as it comes, or let it wait for a thread for that."""
        if self._may_open(transfer.conn):
            self._open_bodies.add(transfer.conn)
            self._hand_over(transfer, self._patience_s, OPEN_RATE)
        else:
            self._unregister(transfer.conn)
            self._queued.append(transfer)

    def _may_open(self, conn: Any) -> bool:
        """Whether a thread is free for a body that is read as it comes, within its address's share."""
        if len(self._open_bodies) >= OPEN_BODIES:
            return False
        host = address_of(conn)
        if host is None or self._is_proxy(host):  # all its clients have one address here
            return True
        return sum(address_of(each) == host for each in self._open_bodies) < OPEN_BODIES_EACH

    def _is_proxy(self, host: str) -> bool:
        trusted = self.cfg.forwarded_allow_ips
        address = ip_address(host)
        return "*" in trusted or any(address in network for network in self.cfg.forwarded_allow_networks())

    def _open_next(self) -> None:
        """Give a thread that is free again to the first that may have it."""
        for transfer in list(self._queued):
            if self._may_open(transfer.conn):
                self._queued.remove(transfer)
                self._hand_over_open(transfer)

    def _hand_over(self, transfer: Transfer, patience_s: float = SLIP_S, rate: int = LEAST_RATE) -> None:
        conn = transfer.conn
        del self._arriving[conn]
        self._kept -= len(transfer.received)
        self._unregister(conn)
        conn.parser.unreader.unread(bytes(transfer.received))
        conn.sock.begin(patience_s, rate)
        self.enqueue_req(conn)

    def _unregister(self, conn: Any) -> None:
        with suppress(KeyError, ValueError):
            self.poller.unregister(conn.sock)

    def _keepalive_after(self, conn: Any, keepalive: bool) -> bool:
        # gunicorn would wait five seconds for the rest of a body.
        return bool(keepalive and conn.parser.finish_body(deadline=time.monotonic() + DRAIN_S))

    # Answers

    def _send_later(self, conn: Any) -> None:
        """An answer, perhaps still being made, has more than its client reads at once."""
        if conn in self._leaving or not conn.sock.unsent:
            return
        transfer = self._leaving[conn] = Transfer(conn, Allowance(self._patience_s))
        self.poller.register(conn.sock, selectors.EVENT_WRITE, partial(self._send, transfer))
        kept = sum(each.sock.unsent for each in self._leaving)
        while kept > MOST_KEPT:
            slowest = next(iter(self._leaving.values()))
            kept -= slowest.conn.sock.unsent
            self._drop(slowest)

    def _send(self, transfer: Transfer, client: ClientSocket) -> None:
        try:
            transfer.spend(client.send_unsent())
        except OSError:
            self._drop(transfer)
            return
        if not client.unsent:
            del self._leaving[transfer.conn]
            self._unregister(transfer.conn)
            if transfer.done is not None:
                self.finish_request(transfer.conn, transfer.done)

    def finish_request(self, conn: Any, fs: Future[bool]) -> None:
        """A request is processed. Its connection is used again or closed when the answer is sent."""
        if self.cfg.is_ssl:
            super().finish_request(conn, fs)
            return
        self._open_bodies.discard(conn)
        self._open_next()
        self._send_later(conn)
        if conn in self._leaving:
            self._leaving[conn].done = fs
        elif fs.cancelled() or fs.exception() is not None or conn.sock.fileno() < 0:
            self._forget(conn)
        elif not fs.result():
            self._close_politely(conn)
        elif rest := conn.parser.unreader.take_buffered():
            self._await_request(conn, rest)
        else:
            super().finish_request(conn, fs)  # kept open

    # Ends

    def _close_politely(self, conn: Any) -> None:
        """Say that nothing more comes, and wait for the client's end: a reset could overtake the answer."""
        try:
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._forget(conn)
            return
        conn.sock.setblocking(False)
        transfer = self._closing[conn] = Transfer(conn, Allowance(LINGER_S))
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._await_end, transfer))

    def _await_end(self, transfer: Transfer, client: socket.socket) -> None:
        try:
            ended = not client.recv(RECEIVED_AT_ONCE)
        except BlockingIOError:
            return
        except OSError:
            ended = True
        if ended:
            self._drop(transfer)

    def _drop(self, transfer: Transfer) -> None:
        """End a connection that the main thread waits for."""
        conn = transfer.conn
        is_answered = False
        if self._leaving.pop(conn, None) is not None:
            is_answered = transfer.done is None
            with suppress(OSError):  # the system too forgets what the client does not read
                conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
        if self._arriving.pop(conn, None) is not None:
            self._kept -= len(transfer.received)
        self._closing.pop(conn, None)
        with suppress(ValueError):
            self._queued.remove(transfer)
        self._unregister(conn)
        if is_answered:  # a thread uses it: its next use fails, and then the connection is forgotten
            with suppress(OSError):
                conn.sock.shutdown(socket.SHUT_RDWR)
            conn.sock.discard_unsent()
        else:
            self._forget(conn)

    def _forget(self, conn: Any) -> None:
        self.nr_conns -= 1
        conn.close()

    def _make_room(self) -> None:
        """Drop the connection that has been waited for longest, so that another one is accepted."""
        for waiting in (self._closing, self._arriving, self._leaving):
            if waiting:
                self._drop(next(iter(waiting.values())))
                return
        if self.keepalived_conns:
            conn = self.keepalived_conns.popleft()
            self.poller.unregister(conn.sock)
            self._forget(conn)

    def murder_pending(self) -> None:
        """Drop clients that are too slow. gunicorn calls it when something happened, or a second passed."""
        super().murder_pending()
        now = time.monotonic()
        if now < self._look_at:
            return
        self._look_at = now + LOOKED_EVERY_S
        if not self.alive:
            for transfer in self._arriving.values():
                transfer.allowance = Allowance(min(STOPPING_S, transfer.allowance.left_s))
        for waiting in (self._arriving, self._leaving, self._closing):
            for transfer in [each for each in waiting.values() if each.is_late(now)]:
                if transfer.received:
                    with suppress(OSError):
                        transfer.conn.sock.send(TOO_SLOW)
                self._drop(transfer)


def address_of(conn: Any) -> str | None:
    """The address of a connection's other end; None for a Unix socket, which has none."""
    return str(conn.client[0]) if isinstance(conn.client, tuple) else None
