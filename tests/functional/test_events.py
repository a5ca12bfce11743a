"""Streams of events under a real gunicorn of two processes: away and back, slow, gone, Redis lost, the end."""

import http.client
import json
import os
import signal
import time
import uuid
from contextlib import closing, contextmanager, nullcontext
from urllib.parse import urlsplit

import psycopg
import pytest
from sqlalchemy.engine import make_url

from service.store.events.publish import publish_event
from tests.functional.test_service import call, serving
from tests.functional.test_streams import connect, worker_pids
from tests.servers import running_redis
from tests.stores import open_migrated

PATIENCE_S = 60


@pytest.fixture(scope="module")
def redis_server():
    with running_redis() as server:
        yield server


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def server(request, tmp_path_factory, redis_server, postgres_url):
    """Address, process and store of a gunicorn of two processes, with room for three streams of one caller in each."""
    if request.param == "postgresql":
        made = new_database(postgres_url)
    else:
        made = nullcontext(f"sqlite:///{tmp_path_factory.mktemp('events')}/s.sqlite3")
    environment = {"REDIS_URL": redis_server.url, "WEB_CONCURRENCY": "2", "MAX_STREAMS": "6"}
    with (
        made as database,
        closing(open_migrated(database)) as store,
        serving(DATABASE_URL=database, **environment) as (url, process),
    ):
        yield url, process, store


@contextmanager
def new_database(postgres_url):
    """The URL of a database for this module alone."""
    server, name = make_url(postgres_url), f"verbatim_test_{uuid.uuid4().hex}"
    libpq_url = server.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(libpq_url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        yield server.set(database=name).render_as_string(hide_password=False)
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


class Follower:
    """A client of the stream, at its own pace."""

    def __init__(self, url, last=None, narrow=False):
        self.connection = connect(url, narrow=narrow)
        header = f"Last-Event-ID: {last}\r\n" if last else ""
        self.connection.sendall(
            f"GET /v1/events HTTP/1.1\r\nHost: {urlsplit(url).netloc}\r\n{header}\r\n".encode()
        )
        self.response = http.client.HTTPResponse(self.connection)
        self.last = last

    def begin(self):
        """Read the head and the first event; the status."""
        self.response.begin()
        if self.response.status == 200:
            assert self.next()[0] == "ready"
        return self.response.status

    def next(self):
        """The next event: type, number, data. None at the end of the stream."""
        fields = {}
        while line := self.response.readline():
            name, _, value = line.decode().rstrip("\n").partition(": ")
            if name in ("event", "id", "data"):
                fields[name] = value
            elif not line.strip():
                if "data" in fields:
                    self.last = fields["id"]
                    return fields["event"], int(fields["id"].split(".")[0]), json.loads(fields["data"])
                fields = {}
        return None

    def read(self, count):
        """The numbers of so many events."""
        return [self.next()[1] for _ in range(count)]

    def close(self):
        self.response.close()
        self.connection.close()


def follow(url, last=None, **how):
    """A follower, as soon as there is room for it."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            follower = Follower(url, last, **how)
            if follower.begin() == 200:
                return follower
        except (OSError, http.client.HTTPException):
            pass
        follower.close()
        assert time.monotonic() < deadline, "no room for a stream"
        time.sleep(0.1)


def happen(store, count, **data):
    """Have so many events happen; their numbers."""
    with store._database.write() as connection:
        return [publish_event(connection, "article.deleted", {"id": "a", **data}, 1.0) for _ in range(count)]


def test_followers_of_both_processes_are_told_the_same_and_can_come_back(server):
    url, process, store = server
    followers = [follow(url) for _ in range(4)]
    article = {"uri": "urn:harbour", "body_text": "“We will dredge the harbour this year,” Ann Marlow said."}
    assert call(f"{url}/v1/articles", article)[0] == 200
    told = [follower.next() for follower in followers]
    assert len({json.dumps(one) for one in told}) == 1
    assert told[0][0] == "article.analysed"
    away, *others = followers
    away.close()
    numbers = happen(store, 30)
    for follower in others:
        assert follower.read(30) == numbers
    back = follow(url, away.last)
    assert back.read(30) == numbers
    os.kill(worker_pids(process.pid)[0], signal.SIGKILL)  # some of them lose their stream in the middle
    later = happen(store, 10)
    for follower in [back, *others]:
        assert read_whatever_happens(url, follower, 10) == later


def read_whatever_happens(url, follower, count):
    """The numbers of so many events; where the stream is lost, of the next one."""
    seen = []
    while len(seen) < count:
        try:
            event = follower.next()
        except (OSError, http.client.HTTPException):
            event = None
        if event is None:
            follower.close()
            follower = follow(url, follower.last)
        else:
            seen.append(event[1])
    follower.close()
    return seen


def test_a_slow_client_gets_all_and_holds_up_nobody(server):
    url, _, store = server
    slow, quick = follow(url, narrow=True), follow(url)
    numbers = [number for _ in range(20) for number in happen(store, 100, more="x" * 500)]
    assert quick.read(len(numbers)) == numbers
    assert slow.read(len(numbers)) == numbers, "it had read nothing until now, and the rest waited for it"
    slow.close()
    quick.close()


def test_who_has_gone_makes_room(server):
    url, *_ = server
    held = []
    deadline = time.monotonic() + PATIENCE_S
    while len(held) < 6:  # three in each process; which one takes a connection is the kernel's choice
        follower = Follower(url)
        if follower.begin() == 200:
            held.append(follower)
        else:
            assert follower.response.headers["Retry-After"]
            follower.close()
        assert time.monotonic() < deadline
    refused = Follower(url)
    assert refused.begin() == 503
    refused.close()
    assert call(f"{url}/v1/quotes?limit=1")[0] == 200, "there are threads left for others"
    for follower in held:
        follower.close()
    follow(url).close()


def test_no_redis_is_needed(server, redis_server):
    url, _, store = server
    follower = follow(url)
    redis_server.kill()
    try:
        numbers = happen(store, 3)
        assert follower.read(3) == numbers
    finally:
        redis_server.restart()
        follower.close()


def test_streams_end_with_their_server(tmp_path):
    with serving(DATABASE_URL=f"sqlite:///{tmp_path}/s.sqlite3", WEB_CONCURRENCY="1") as (url, process):
        follower = follow(url)
        process.send_signal(signal.SIGTERM)
        begun = time.monotonic()
        assert follower.next() is None, "the stream ends as streams do, and not cut off"
        process.wait(25)
        assert time.monotonic() - begun < 25, "nobody waits for streams to run out"
        follower.close()
