"""One POST to one checked address, whatever stands at the other end."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import trustme

from service.outbound import Answer, Forbidden, Unreachable, parse_networks, post, read_target

HERE = parse_networks(("127.0.0.1",))
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"


@contextmanager
def listening(answer: Callable[[socket.socket], None]) -> Iterator[tuple[int, list[socket.socket]]]:
    """A server on loopback that does something odd with each connection."""
    server = socket.create_server(("127.0.0.1", 0))
    accepted: list[socket.socket] = []

    def serve() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            accepted.append(connection)
            threading.Thread(target=handle, args=(connection,), daemon=True).start()

    def handle(connection: socket.socket) -> None:
        try:
            answer(connection)
        except OSError:
            pass
        finally:
            connection.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield server.getsockname()[1], accepted
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join(5)
        for connection in accepted:
            connection.close()


def replying(*parts: bytes) -> Callable[[socket.socket], None]:
    def answer(connection: socket.socket) -> None:
        connection.recv(65_536)
        for part in parts:
            connection.sendall(part)
        # Closing with something unread would take the answer back: what is left of the request is read first.
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65_536):
            pass

    return answer


def send(port: int, **options: float) -> Answer:
    target = read_target(f"http://127.0.0.1:{port}/hook?x=1")
    return post(target, b'{"a":1}', {"Content-Type": "application/json"}, networks=HERE, **options)


def test_a_body_arrives_as_it_is():
    heard: list[bytes] = []

    def answer(connection: socket.socket) -> None:
        heard.append(connection.recv(65_536))
        connection.sendall(OK)

    with listening(answer) as (port, _):
        assert send(port) == Answer(200)
    head, _, body = heard[0].partition(b"\r\n\r\n")
    while not body:
        body = heard.pop()
    assert head.startswith(b"POST /hook?x=1 HTTP/1.1\r\n")
    assert f"Host: 127.0.0.1:{port}".encode() in head


def test_a_redirect_is_an_answer_and_is_not_followed():
    with (
        listening(replying(OK)) as (inside, reached),
        listening(
            replying(f"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{inside}/\r\n\r\n".encode())
        ) as (port, _),
    ):
        assert send(port).status == 302
        assert reached == []


@pytest.mark.parametrize(
    "parts",
    [
        (b"",),
        (b"HTTP/1.1 ",),
        (b"220 smtp ready\r\n",),
        (b"\x00" * 100,),
        (b"HTTP/1.1 200 OK\r\n" + b"a" * 70_000,),
    ],
)
def test_what_is_no_http_is_told_as_such(parts):
    with listening(replying(*parts)) as (port, _), pytest.raises(Unreachable, match=r"hung up|HTTP"):
        send(port)


def test_an_endless_answer_is_not_read_to_its_end():
    sent = []

    def flood(connection: socket.socket) -> None:
        connection.recv(65_536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
        while len(sent) < 4_000:
            connection.sendall(b"x" * 65_536)
            sent.append(1)

    with listening(flood) as (port, _):
        assert send(port).status == 200
        time.sleep(0.05)
    assert len(sent) < 4_000


def test_an_answer_that_comes_in_drops_ends_in_time():
    def drip(connection: socket.socket) -> None:
        connection.recv(65_536)
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        while True:
            connection.sendall(b"X-Drop: 1\r\n")
            time.sleep(0.05)

    with listening(drip) as (port, _), pytest.raises(Unreachable, match=r"no answer within 0\.5 s"):
        send(port, total_s=0.5)


def test_a_silent_listener_ends_in_time():
    def wait(connection: socket.socket) -> None:
        time.sleep(3)

    with listening(wait) as (port, _), pytest.raises(Unreachable, match="no answer"):
        send(port, total_s=0.3)


def test_nobody_there():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(Unreachable, match="refused"):
        send(port)


def test_the_address_that_was_checked_is_the_one_connected_to():
    """DNS rebinding: the name is asked for once, and what it means later does not count."""
    asked = []

    def resolve(host: str, port: int) -> list[ipaddress.IPv4Address]:
        asked.append(host)
        return [ipaddress.IPv4Address("127.0.0.1" if len(asked) == 1 else "10.0.0.1")]

    with listening(replying(OK)) as (port, reached):
        target = read_target(f"http://rebind.example:{port}/")
        assert post(target, b"{}", {}, networks=HERE, resolve=resolve).status == 200
        assert len(reached) == 1
    assert asked == ["rebind.example"]


def test_nothing_is_sent_to_a_private_address():
    with listening(replying(OK)) as (port, reached):
        with pytest.raises(Forbidden):
            post(read_target(f"http://127.0.0.1:{port}/"), b"{}", {})
        with pytest.raises(Forbidden):
            post(
                read_target(f"https://innocent.example:{port}/"),
                b"{}",
                {},
                resolve=lambda host, port: [ipaddress.IPv4Address("127.0.0.1")],
            )
        time.sleep(0.02)
        assert reached == []


@contextmanager
def listening_over_tls(authority: trustme.CA, name: str) -> Iterator[int]:
    """A server on loopback that proves to be `name`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)

    def answer(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as secured:
            replying(OK)(secured)

    with listening(answer) as (port, _):
        yield port


def send_over_tls(port: int, name: str, authority: trustme.CA | None, **options: float) -> Answer:
    context = ssl.create_default_context()
    if authority is not None:
        authority.configure_trust(context)
    here = ipaddress.IPv4Address("127.0.0.1")
    target = read_target(f"https://{name}:{port}/")
    return post(target, b"{}", {}, networks=HERE, tls=context, resolve=lambda host, port: [here], **options)


def test_over_tls_the_host_proves_its_name_though_it_is_reached_by_address():
    authority = trustme.CA()
    with listening_over_tls(authority, "hook.example") as port:
        assert send_over_tls(port, "hook.example", authority).status == 200
        with pytest.raises(Unreachable, match="certificate is not valid"):
            send_over_tls(port, "other.example", authority)
        with pytest.raises(Unreachable, match="certificate is not valid"):
            send_over_tls(port, "hook.example", None)


def test_a_handshake_that_never_ends_ends_in_time():
    def stall(connection: socket.socket) -> None:
        connection.recv(65_536)
        while True:
            connection.sendall(b"\x16")
            time.sleep(0.05)
            connection.sendall(b"\x03\x03\x40\x00" + b"\x00" * 20)
            while True:
                connection.sendall(b"\x00")
                time.sleep(0.05)

    with listening(stall) as (port, _), pytest.raises(Unreachable):
        send_over_tls(port, "hook.example", None, total_s=0.5)
