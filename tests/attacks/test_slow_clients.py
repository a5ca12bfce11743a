"""Slow clients keep nothing that others need: a real gunicorn without a proxy, and hundreds of stalled connections."""

from __future__ import annotations

import contextlib
import select
import socket
from collections.abc import Iterator

import pytest

from tests.faults.load import ask
from tests.faults.running import WebService, serving
from tests.processes import wait_until

MANY = 300
LONG = "/docs/swagger-ui-bundle.js"  # more than a megabyte, for anybody
BODY = b"POST /v1/articles HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
#: What each kind sends before it stops, and whether it reads.
STALLED: dict[str, bytes] = {
    "nothing": b"",
    "half a head": b"GET /livez HTTP/1.1\r\nHost: loc",
    "half a body": BODY + b'Content-Length: 4000\r\n\r\n{"body_text": "We',
    "a body of a megabyte": BODY + b"Content-Length: 1000000\r\n\r\n{" + b" " * 3_000,
    "a body in chunks": BODY + b"Transfer-Encoding: chunked\r\n\r\n400\r\n{",
    "a body that waits to be asked for": BODY + b"Expect: 100-continue\r\nContent-Length: 4000\r\n\r\n",
    "a body beyond the limit": BODY + b"Content-Length: 90000000\r\n\r\n{",
    "half of a second head": b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\nGET /livez HT",
    # The system takes more than a megabyte for a client that does not read; of several answers it does not.
    "no reading": 4 * f"GET {LONG} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode(),
    "no reading of one answer": f"GET {LONG} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode(),
    "no end": b"GET /livez HTTP/1.0\r\n\r\n",
}


@contextlib.contextmanager
def stalling(port: int, sent: bytes, count: int, address: str = "127.0.0.1") -> Iterator[list[socket.socket]]:
    """Connections from an address that sent this and do no more; their buffers are small."""
    with contextlib.ExitStack() as stack:
        clients = []
        for _ in range(count):
            client = stack.enter_context(socket.socket())
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            client.settimeout(60)
            client.bind((address, 0))
            client.connect(("127.0.0.1", port))
            client.sendall(sent)
            clients.append(client)
        yield clients


@pytest.fixture(scope="module")
def patient(tmp_path_factory) -> Iterator[WebService]:
    """A server of one process that waits longer for slow clients than this test takes."""
    directory = tmp_path_factory.mktemp("patient")
    url = f"sqlite:///{directory}/store.sqlite3"
    with serving(directory, DATABASE_URL=url, WEB_CONCURRENCY="1", CLIENT_TIMEOUT_S="600") as web:
        yield web


@pytest.mark.parametrize("kind", STALLED)
def test_others_are_answered_while_many_stall(patient, kind):
    with stalling(patient.port, STALLED[kind], MANY):
        for _ in range(3):
            answer = ask(patient.port, "GET", "/livez")
            assert (answer.status, answer.reason) == (200, "")
        body = {"body_text": "“We will dredge the harbour,” Ann Marlow said."}
        assert ask(patient.port, "POST", "/v1/articles", body).status == 200


@pytest.fixture(scope="module")
def impatient(tmp_path_factory) -> Iterator[WebService]:
    """A server that gives slow clients a second."""
    directory = tmp_path_factory.mktemp("impatient")
    url = f"sqlite:///{directory}/store.sqlite3"
    with serving(directory, DATABASE_URL=url, WEB_CONCURRENCY="1", CLIENT_TIMEOUT_S="1") as web:
        yield web


def read_to_end(client: socket.socket) -> bytes:
    """Everything until the server ends the connection."""
    received = b""
    with contextlib.suppress(ConnectionResetError):
        while block := client.recv(65_536):
            received += block
    return received


@pytest.mark.parametrize("kind", ["half a head", "half a body", "half of a second head", "nothing"])
def test_who_sends_too_slowly_is_cut_off(impatient, kind):
    with stalling(impatient.port, STALLED[kind], 1) as [client]:
        received = read_to_end(client)
    assert received.endswith(b"") if kind == "nothing" else b"408 Request Timeout" in received
    assert b"500" not in received.partition(b"\r\n")[0]


def test_who_sends_a_byte_now_and_then_is_cut_off(impatient):
    with stalling(impatient.port, STALLED["half a head"], 1) as [client]:

        def is_cut() -> bool:
            with contextlib.suppress(OSError):
                client.send(b"a")
                return bool(select.select([client], [], [], 0.05)[0])
            return True

        wait_until(is_cut, "the end of the connection")


def test_who_reads_too_slowly_is_cut_off(impatient):
    with stalling(impatient.port, STALLED["no reading"], 1) as [client]:
        poll = select.poll()
        poll.register(client, 0)
        wait_until(lambda: poll.poll(0), "the end of the connection")  # POLLHUP or POLLERR
        received = read_to_end(client)
    assert len(received) < len(ask(impatient.port, "GET", LONG).body)


def test_who_reads_slowly_but_steadily_gets_everything(impatient):
    whole = ask(impatient.port, "GET", LONG).body
    request = f"GET {LONG} HTTP/1.0\r\n\r\n".encode()
    with stalling(impatient.port, request, 1) as [client]:
        received = b"".join(iter(lambda: client.recv(3_000), b""))
    assert received.partition(b"\r\n\r\n")[2] == whole


def test_requests_in_any_pieces_are_answered(impatient):
    article = b'{"body_text": "We will dredge the harbour this year"}'
    request = BODY + b"Content-Length: %d\r\n\r\n%s" % (len(article), article)
    whole = (request + b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n") * 2
    for size in (1, 7, 200, len(whole)):
        with stalling(impatient.port, b"", 1) as [client]:
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for start in range(0, len(whole), size):
                client.sendall(whole[start : start + size])
            client.shutdown(socket.SHUT_WR)
            received = read_to_end(client)
        assert received.count(b"HTTP/1.1 200 OK") == 4, received


IMPORT = b"POST /v1/quotes:import HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"


def test_bodies_in_chunks_are_received_by_no_thread(patient):
    """Many more than there are threads for bodies without a length, each with all but its end."""
    article = b'{"body_text": "We will dredge the harbour this year"}'
    chunked = BODY + b"Transfer-Encoding: chunked\r\n\r\n"
    with stalling(patient.port, chunked + b"%x\r\n%s\r\n" % (len(article), article), 30) as clients:
        with stalling(patient.port, chunked + b"5;a=b\r\n%s\r\n%x\r\n%s\r\n0\r\nX-End: 1\r\n\r\n" % (
            article[:5], len(article) - 5, article[5:]), 1) as [whole]:  # fmt: skip
            assert whole.recv(65_536).startswith(b"HTTP/1.1 200 OK")
        clients[0].sendall(b"0\r\n\r\n")
        assert clients[0].recv(65_536).startswith(b"HTTP/1.1 200 OK")


def test_one_address_has_half_of_the_threads_for_long_bodies(patient):
    """The import of another one is read although 30 imports have begun and go no further."""
    begun = IMPORT + b"Transfer-Encoding: chunked\r\n\r\n400\r\n" + b"\n" * 500
    long = b"\n" * 1_500_000  # more than is received before a thread reads it
    with stalling(patient.port, begun, 30, "127.0.0.2"):
        request = IMPORT + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(long)
        with stalling(patient.port, request, 1, "127.0.0.3") as [other]:
            other.sendall(long)
            assert read_to_end(other).startswith(b"HTTP/1.1 200 OK")


def test_who_sends_a_long_body_slowly_is_cut_off(impatient):
    """What keeps a thread has to come faster than what does not: here by less than 20,000 bytes a second."""
    begun = IMPORT + b"Content-Length: 20000000\r\n\r\n"
    with stalling(impatient.port, begun, 1) as [client]:

        def is_cut() -> bool:
            with contextlib.suppress(OSError):
                client.send(b"\n" * 200)  # every 50 ms: 4,000 bytes a second
                return bool(select.select([client], [], [], 0.05)[0])
            return True

        wait_until(is_cut, "the end of the connection")
