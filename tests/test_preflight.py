"""Checks before a start: what they say of servers and places, in two seconds and without secrets."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from service import preflight
from tests.apps import running_app


def test_a_running_service_is_recognised(tmp_path: Path) -> None:
    with running_app(f"sqlite:///{tmp_path}/s.sqlite3") as app:
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            told = preflight.check_port("127.0.0.1", server.server_port)
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
    assert told is not None
    assert told.startswith(
        f"Verbatim is already running at http://127.0.0.1:{server.server_port}: open that, or "
    )


def test_a_server_that_accepts_and_says_nothing_is_another_program() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        told = preflight.check_port("127.0.0.1", server.getsockname()[1])
    assert told is not None
    assert "is in use by another program" in told


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0.0.0.0", "::1", "::"])
def test_a_free_port(host: str) -> None:
    assert preflight.check_port(host, 0) is None


def test_a_redis_at_a_socket_file(tmp_path: Path) -> None:
    place = tmp_path / "redis.sock"
    assert "Redis does not answer at" in (preflight.check_redis(f"unix://{place}") or "")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(place))
        server.listen()
        assert preflight.check_redis(f"unix://{place}?db=1") is None


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg:///verbatim",
        "postgresql+psycopg://u@/verbatim?host=/var/run/postgresql",
    ],
)
def test_what_only_the_driver_knows_is_left_to_it(url: str) -> None:
    assert preflight.check_database(url) is None


@pytest.mark.parametrize("url", ["redis://[::1:6379", "redis://h:port/0"])
def test_a_url_that_cannot_be_read(url: str) -> None:
    assert "REDIS_URL is not a URL with a host and a port" in (preflight.check_redis(url) or "")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql+psycopg://u:hunter2@h:5/d?sslpassword=hunter2", "postgresql+psycopg://h:5/d"),
        ("redis://:hunter2@h:6379/0", "redis://h:6379/0"),
        ("sqlite:////a/b.sqlite3?x=hunter2", "/a/b.sqlite3"),
        ("redis://[hunter2", "a URL that cannot be read"),
    ],
)
def test_a_url_is_described_without_its_secrets(url: str, shown: str) -> None:
    assert preflight.describe_url(url) == shown
