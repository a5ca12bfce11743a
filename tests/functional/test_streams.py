"""Streams under a real gunicorn: clients that read late, slowly, at once or not at all, and no deadlock."""

import gzip
import http.client
import json
import os
import signal
import socket
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.functional.test_service import call, serving
from tests.stores import open_migrated

NDJSON = "application/x-ndjson"
LINES = 12_000  # their results fill the buffers of a narrow connection several times over


def quote(number):
    return {
        "text": f"We counted {number} boats in the harbour that morning, and {number * 7} more by noon",
        "speaker": "Ann Marlow",
        "source": {"uri": f"urn:harbour:{number % 50}"},
    }


def ndjson(numbers):
    return b"".join(json.dumps(quote(number)).encode() + b"\n" for number in numbers)


def head(length=None, **headers):
    """The head of an import; without a length the body comes in chunks."""
    framing = "Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}"
    more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return (
        f"POST /v1/quotes:import HTTP/1.1\r\nHost: localhost\r\nContent-Type: {NDJSON}\r\n{framing}\r\n{more}\r\n"
    ).encode()


def chunked(data):
    return b"%x\r\n%s\r\n" % (len(data), data)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A gunicorn of one worker, its address, and its store, which grows from test to test."""
    store = open_migrated(f"sqlite:///{tmp_path_factory.mktemp('streams')}/s.sqlite3")
    environment = {"DATABASE_URL": str(store._database.engine.url), "WEB_CONCURRENCY": "1"}
    with serving(**environment) as (url, process):
        yield url, process, store
    store.close()


def connect(url, *, narrow=False):
    """A connection; a narrow one holds some hundred kilobytes on its way, where loopback holds megabytes."""
    address = urlsplit(url)
    connection = socket.socket()
    connection.settimeout(60)
    if narrow:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32_768)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 32_768)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 1_400)
    connection.connect((address.hostname, address.port))
    return connection


def read_answer(connection):
    """The lines of the answer that a socket is about to give."""
    response = http.client.HTTPResponse(connection)
    response.begin()
    assert response.status == 200, response.read()
    return [json.loads(line) for line in response.read().splitlines()]


def count_added(store, before):
    """Quotes that were stored since there were so many; all of them are indexed."""
    stats = store.stats()
    assert stats.pending == 0
    return stats.quotes - before


def count(store):
    return store.stats().quotes


def test_a_client_that_sends_everything_before_it_reads(server):
    url, process, store = server
    # Wide lines: megabytes that are sent but not read yet hold up the client only when the buffers are full.
    body = b"".join(line.ljust(1_000) + b"\n" for line in ndjson(range(LINES)).splitlines())
    stored, before = count(store), peak_kib(process.pid)
    with connect(url, narrow=True) as connection:
        connection.sendall(head(len(body)) + body)
        *lines, last = read_answer(connection)
    assert [line["line"] for line in lines] == list(range(1, LINES + 1))
    assert last == {"status": "complete", "lines": LINES, "added": LINES, "duplicates": 0, "refused": 0}
    assert count_added(store, stored) == LINES
    assert peak_kib(process.pid) - before < 150_000, "memory does not grow with the stream"


@pytest.mark.parametrize("lines", [500, 37, 3])  # in a chunk
def test_a_client_that_reads_while_it_sends_in_chunks(server, lines):
    url, _, store = server
    stored = count(store)
    seen_before_the_end = threading.Event()
    with connect(url) as connection:
        connection.sendall(head())

        def send():
            first = 1_000_000 * lines
            for start in range(first, first + 4_000 // lines * lines, lines):
                connection.sendall(chunked(ndjson(range(start, start + lines))))
            assert seen_before_the_end.wait(30), "results come before the end of the request"
            connection.sendall(b"0\r\n\r\n")

        sender = threading.Thread(target=send)
        sender.start()
        response = http.client.HTTPResponse(connection)
        response.begin()
        first = json.loads(response.readline())
        seen_before_the_end.set()
        rest = [json.loads(line) for line in response.read().splitlines()]
        sender.join()
    assert first["line"] == 1
    assert rest[-1]["added"] == 4_000 // lines * lines
    assert count_added(store, stored) == 4_000 // lines * lines


def test_a_slow_client_is_answered_on_the_way(server):
    url, *_ = server
    with connect(url) as connection:
        connection.sendall(head() + chunked(ndjson(range(200_000, 200_020))))  # some 3 kB
        response = http.client.HTTPResponse(connection)
        response.begin()
        for start in range(200_020, 200_080, 20):
            for _ in range(10):  # the web server keeps back what is less than a kilobyte
                assert json.loads(response.readline())["status"] == "added"
            connection.sendall(chunked(ndjson(range(start, start + 20))))
            time.sleep(0.2)
        connection.sendall(b"0\r\n\r\n")
        assert json.loads(response.read().splitlines()[-1])["added"] == 80


def test_a_client_that_hangs_up_keeps_what_was_answered(server):
    url, _, store = server
    stored = count(store)
    with connect(url) as connection:
        connection.sendall(head() + chunked(ndjson(range(300_000, 302_000))))
        response = http.client.HTTPResponse(connection)
        response.begin()
        answered = [json.loads(response.readline())["id"] for _ in range(100)]
        response.close()
    deadline = time.monotonic() + 30
    while True:  # the server notices, and finishes what it stored
        kept = [one.id for one in store.export_quotes()]
        if set(answered) <= set(kept) and store.stats().pending == 0:
            break
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert len(set(kept)) == len(kept)
    check = {"quote": quote(300_005)["text"], "speaker": "Ann Marlow"}
    assert json.loads(call(f"{url}/v1/check", check)[2])["verdict"]["fidelity"] == "verbatim"
    with connect(url) as connection:
        body = ndjson(range(300_000, 302_000))
        connection.sendall(head(len(body)) + body)
        last = read_answer(connection)[-1]
    assert last["added"] + last["duplicates"] == 2_000
    assert count_added(store, stored) == 2_000


def test_a_killed_server_loses_nothing_that_it_answered(tmp_path):
    store = open_migrated(f"sqlite:///{tmp_path}/s.sqlite3")
    environment = {"DATABASE_URL": str(store._database.engine.url), "WEB_CONCURRENCY": "1"}
    with serving(**environment) as (url, process), connect(url) as connection:
        connection.sendall(head() + chunked(ndjson(range(3_000))))
        response = http.client.HTTPResponse(connection)
        response.begin()
        answered = [json.loads(response.readline())["id"] for _ in range(500)]
        for pid in worker_pids(process.pid):
            os.kill(pid, signal.SIGKILL)
        response.close()
        deadline = time.monotonic() + 60
        while store.stats().pending or call_again(url) != 200:  # gunicorn's new worker finishes the import
            assert time.monotonic() < deadline
            time.sleep(0.2)
        check = {"quote": quote(5)["text"], "speaker": "Ann Marlow"}
        assert json.loads(call(f"{url}/v1/check", check)[2])["verdict"]["fidelity"] == "verbatim"
    kept = [one.id for one in store.export_quotes()]
    assert set(answered) <= set(kept)
    assert len(set(kept)) == len(kept)
    store.close()


def call_again(url):
    """The status of a server that may not have come up again."""
    try:
        return call(f"{url}/livez")[0]
    except OSError:
        return None


def test_a_body_that_ends_early_is_told(server):
    url, *_ = server
    body = ndjson(range(400_000, 400_050))
    with connect(url) as connection:
        connection.sendall(head(len(body) + 1_000) + body)
        connection.shutdown(socket.SHUT_WR)
        *lines, last = read_answer(connection)
    assert last["status"] == "stopped"
    assert f"after {len(body)} of {len(body) + 1_000} bytes" in last["detail"]
    assert len(lines) == last["added"] == 50


def test_a_broken_chunk_is_told(server):
    url, *_ = server
    with connect(url) as connection:
        connection.sendall(head() + chunked(ndjson(range(50))) + b"nonsense\r\n")
        connection.shutdown(socket.SHUT_WR)
        *_, last = read_answer(connection)
    assert last["status"] == "stopped"


def test_a_gzip_stream_and_the_connection_lives_on(server):
    url, *_ = server
    body = gzip.compress(ndjson(range(500_000, 502_000)))
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    headers = {"Content-Type": NDJSON, "Content-Encoding": "gzip"}
    for status in ("added", "duplicates"):
        connection.request("POST", "/v1/quotes:import", body, headers)
        answer = connection.getresponse().read().splitlines()
        assert json.loads(answer[-1])[status] == 2_000
    connection.close()


def test_streams_leave_room_for_others(server):
    url, *_ = server
    streams = [connect(url) for _ in range(2)]
    for stream in streams:
        stream.sendall(head() + chunked(ndjson(range(10))))
        assert b"200" in stream.recv(15)
    status, headers, _ = call(f"{url}/v1/quotes:export")
    assert (status, headers["Retry-After"] is not None) == (503, True)
    assert call(f"{url}/v1/check", {"quote": "We counted 5 boats in the harbour"})[0] == 200
    for stream in streams:
        stream.sendall(b"0\r\n\r\n")
        while stream.recv(65_536):
            if select_nothing(stream):
                break
        stream.close()
    assert call(f"{url}/v1/quotes:export")[0] == 200


def select_nothing(connection):
    """Whether a socket has nothing more to give for a moment."""
    connection.settimeout(0.5)
    try:
        return connection.recv(1, socket.MSG_PEEK) == b""
    except TimeoutError:
        return True


def test_a_slow_reader_of_an_export_gets_all_and_holds_up_nobody(server):
    url, process, store = server
    stored = count(store)
    before = peak_kib(process.pid)
    with connect(url, narrow=True) as connection:
        connection.sendall(b"GET /v1/quotes:export HTTP/1.1\r\nHost: localhost\r\n\r\n")
        time.sleep(0.5)
        late = ndjson(range(600_000, 600_010))
        with connect(url) as writer:
            writer.sendall(head(len(late)) + late)
            assert read_answer(writer)[-1]["added"] == 10
        ids = [line["id"] for line in read_answer(connection)]
    assert len(set(ids)) == len(ids) >= max(stored, 10_000)
    assert peak_kib(process.pid) - before < 20_000


def worker_pids(pid):
    """The workers of a gunicorn."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def peak_kib(pid):
    """The most memory that a process's workers have had so far, in KiB."""
    lines = [
        line for child in worker_pids(pid) for line in Path(f"/proc/{child}/status").read_text().splitlines()
    ]
    return max(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))
