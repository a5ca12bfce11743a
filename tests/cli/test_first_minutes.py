"""What a newcomer meets: `verbatim` alone, and set-ups that cannot work, each told in one plain line.

Real processes. What `make run` says before anything is installed is in tests/deploy/test_first_run.py.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, event

from service.cli import commands
from service.cli.status import show_bytes
from service.errors import StoreUnavailable
from service.store import open_store
from service.store.engine.diagnosis import explain_failure
from tests.apps import ROOT
from tests.servers import find_free_port
from tests.small_disk import on_a_small_disk

CLOSED = "127.0.0.1:1"  # nothing listens on this port
VERBATIM = [sys.executable, "-m", "service.cli"]
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def run(command: Sequence[str], **environment: str) -> subprocess.CompletedProcess[str]:
        defaults = {"PYTHONPATH": str(ROOT), "DATABASE_URL": f"sqlite:///{tmp_path}/s.sqlite3"}
        return subprocess.run(
            command,
            cwd=tmp_path,
            env={**os.environ, **defaults, **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    return run


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    """What was said of a fault: one line, an exit status that is not 0, no traceback, no password."""
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("verbatim: ")
    assert done.stderr.count("\n") == 1, done.stderr
    assert "hunter2" not in done.stderr
    return done.stderr


BROKEN = {
    "unknown scheme": ({"DATABASE_URL": "mysql://u:hunter2@h/d"}, "DATABASE_URL must start with sqlite:///"),
    "near scheme": (
        {"DATABASE_URL": "postgres://u:hunter2@h/d"},
        "replace postgres:// by postgresql+psycopg://",
    ),
    "folder": ({"DATABASE_URL": "sqlite:////"}, "which is a folder: name a file in it"),
    "no database": ({"DATABASE_URL": f"sqlite:///{__file__}"}, "is not an SQLite database: set DATABASE_URL"),
    "PostgreSQL": (
        {"DATABASE_URL": f"postgresql+psycopg://u:hunter2@{CLOSED}/d"},
        f"PostgreSQL does not answer at {CLOSED} (connection refused): start it, or correct DATABASE_URL",
    ),
    "Redis": (
        {"REDIS_URL": f"redis://:hunter2@{CLOSED}/0"},
        f"Redis does not answer at {CLOSED} (connection refused): start it, or correct REDIS_URL",
    ),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_start_that_cannot_work(run: Run, tmp_path: Path, broken: str) -> None:
    environment, told = BROKEN[broken]
    assert told in one_line(run([*VERBATIM, "serve"], PORT=str(find_free_port()), **environment))
    assert list(tmp_path.iterdir()) == [], "nothing was begun"


@pytest.mark.parametrize("broken", ["unknown scheme", "folder"])
def test_a_worker_that_cannot_work(run: Run, broken: str) -> None:
    environment, told = BROKEN[broken]
    assert told in one_line(run([*VERBATIM, "worker"], REDIS_URL=f"redis://{CLOSED}", **environment))


def test_a_worker_says_what_it_waits_for(run: Run) -> None:
    done = run([*VERBATIM, "worker", "--burst"], REDIS_URL=f"redis://:hunter2@{CLOSED}/0")
    first = done.stderr.splitlines()[0]
    assert first.startswith(f"verbatim: Redis does not answer at {CLOSED} (connection refused): start it")
    assert first.endswith("The worker waits for it")
    assert "hunter2" not in done.stderr


def test_a_busy_port_is_told_before_a_store_is_made(run: Run, tmp_path: Path) -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        assert f"port {port} is in use by another program" in one_line(
            run([*VERBATIM, "serve"], PORT=str(port))
        )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("command", "full"), [("serve", "disk"), ("sample load", "disk")])
def test_a_full_disk_is_told_before_a_store_is_made(
    run: Run, tmp_path: Path, command: str, full: str
) -> None:
    disk = tmp_path / full
    disk.mkdir()
    called = on_a_small_disk(disk, [*VERBATIM, *command.split()])
    line = one_line(run(called, DATABASE_URL=f"sqlite:///{disk}/s.sqlite3", PORT=str(find_free_port())))
    assert f"the disk that holds {disk} is full (1.0 MB free): Verbatim needs 32 MB there" in line


def test_a_disk_that_fills_in_the_middle_is_explained(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/s.sqlite3", migrate=True)

    @event.listens_for(Engine, "connect")
    def bound(connection: object, _: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")  # type: ignore[attr-defined]

    try:
        store.close()  # so that connections are made anew
        with pytest.raises(StoreUnavailable) as caught, store._database.write() as connection:
            connection.exec_driver_sql("CREATE TABLE large AS SELECT randomblob(9000000) AS bytes")
    finally:
        event.remove(Engine, "connect", bound)
        store.close()
    assert "the disk that holds the store is full: free space on it" in (explain_failure(caught.value) or "")


def test_verbatim_alone_says_where_the_store_is_and_what_to_do_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def shown(*arguments: str) -> str:
        done = CliRunner().invoke(commands, arguments)
        assert done.exit_code == 0, done.output
        return done.stdout

    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/s.sqlite3")
    fresh = shown()
    assert f"{tmp_path}/s.sqlite3\n       does not exist yet" in fresh
    assert "verbatim sample load" in fresh
    assert list(tmp_path.iterdir()) == []
    shown("sample", "load")
    filled = shown()
    assert re.search(r"\d [kM]B, 46 quotes, 0 articles, 0 fact-checks", filled)
    assert "verbatim sample load" not in filled
    assert "verbatim serve" in filled
    assert shown("stats").startswith(f"{tmp_path}/s.sqlite3, ")
    monkeypatch.setenv("DATABASE_URL", f"postgresql+psycopg://u:hunter2@{CLOSED}/d")
    away = shown()
    assert f"PostgreSQL does not answer at {CLOSED}" in away
    assert "hunter2" not in away


@pytest.mark.parametrize(
    ("size", "shown"), [(0, "0 bytes"), (999, "999 bytes"), (1_300_000, "1.3 MB"), (5e12, "5,000.0 GB")]
)
def test_sizes_are_written_as_people_do(size: int, shown: str) -> None:
    assert show_bytes(size) == shown
