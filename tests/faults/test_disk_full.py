"""A store that cannot be written: `/readyz` and the log say why, and reads go on."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import structlog

from service.store import Store
from service.store.engine.database import Database
from service.store.engine.write_probe import WriteFault, find_write_fault
from service.usecases import readiness_parts
from service.usecases.readiness import PartState
from service.usecases.readiness_parts import BELIEVED_S, WriteCheck
from tests.apps import ROOT, running_app
from tests.processes import environment
from tests.small_disk import on_a_small_disk
from tests.stores import open_migrated

FILL = """
import json, os, pathlib, sys
from tests.apps import running_app
folder = pathlib.Path(sys.argv[1])
with running_app(f"sqlite:///{folder}/store.sqlite3") as app:
    client = app.test_client()
    before = client.get("/readyz").get_json()
    store = app.extensions["verbatim"].store
    store._database.engine.dispose()
    with open(folder / "filler", "wb", buffering=0) as filler:
        try:
            while True:
                filler.write(b"0" * 4096)
        except OSError:
            pass
    from service.store.engine.write_probe import find_write_fault
    fault = None
    for _ in range(200):  # the log is written over from its start as long as that helps
        fault = find_write_fault(store._database)
        if fault:
            break
    print(json.dumps({"before": before, "fault": fault and [fault.explanation, dict(fault.cause)]}))
"""


def test_a_full_disk_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "disk"
    folder.mkdir()
    command = on_a_small_disk(folder, [sys.executable, "-c", FILL, str(folder)], size="8m")
    done = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert told["before"]["writes"] == "ok"
    explanation, cause = told["fault"]
    assert "disk" in explanation
    assert "full" in explanation
    assert cause["sqlite_errorname"] in ("SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE")
    assert cause["free_bytes"] < 100_000


class ReadOnly(Store):
    """A store whose database refuses writes, as a standby does."""

    fault: WriteFault | None = WriteFault("the store may not be written", {"sqlstate": "25006"})

    def __init__(self) -> None:
        """Without any database."""

    def find_write_fault(self) -> WriteFault | None:
        """What a test says."""
        return self.fault


def test_it_is_logged_once_with_its_cause_and_when_it_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    # A logger keeps its configuration from its first use, which may have been in another test.
    monkeypatch.setattr(readiness_parts, "log", structlog.get_logger("verbatim.readiness"))
    store, now = ReadOnly(), [100.0]
    check = WriteCheck(store, lambda: now[0])
    with structlog.testing.capture_logs() as logs:
        assert check.ask() == check.ask() == PartState("degraded", "the store may not be written")
        store.fault = None
        assert check.ask().health == "ok"
        store.fault = WriteFault("full", {})
        assert check.ask().health == "ok", "a success is believed for a while"
        now[0] += BELIEVED_S
        assert check.ask() == PartState("degraded", "full")
    # That it is over is told at the level `info`, which other tests may have switched off.
    warned = [line["event"] for line in logs if line["log_level"] != "info"]
    assert warned == ["store_not_writable", "store_not_writable"]
    assert logs[0]["sqlstate"] == "25006"


def test_readyz_says_it_and_reads_go_on(tmp_path: Path, monkeypatch: Any) -> None:
    with running_app(f"sqlite:///{tmp_path}/s.sqlite3") as app:
        fault = WriteFault("the disk that holds the store is full", {})
        monkeypatch.setattr(Store, "find_write_fault", lambda self: fault)
        client = app.test_client()
        answer = client.get("/readyz")
        assert (answer.status_code, answer.get_json()["status"]) == (200, "degraded")
        assert answer.get_json()["writes"] == "the disk that holds the store is full"
        assert "writes" in answer.get_json()["degraded"]
        assert client.get("/v1/quotes").status_code == 200
        assert 'verbatim_degraded{part="writes"} 1' in client.get("/metrics").text


def test_postgres_that_is_read_only_is_named(postgres_store: str) -> None:
    database = Database(postgres_store)
    try:
        assert find_write_fault(database) is None
        with database.maintain() as connection:
            name = database.engine.url.database
            connection.exec_driver_sql(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
        database.engine.dispose()
        fault = find_write_fault(database)
        assert fault is not None
        assert "may not be written" in fault.explanation
        assert fault.cause["sqlstate"] == "25006"
    finally:
        database.close()


def test_another_writer_is_no_fault(tmp_path: Path) -> None:
    store = open_migrated(f"sqlite:///{tmp_path}/s.sqlite3")
    other = open_migrated(f"sqlite:///{tmp_path}/s.sqlite3")
    try:
        with store._database.write():
            assert find_write_fault(other._database) is None
    finally:
        store.close()
        other.close()


@pytest.mark.parametrize("command", ["serve", "migrate"])
def test_a_start_on_a_read_only_folder_says_it(tmp_path: Path, command: str) -> None:
    folder = tmp_path / "disk"
    folder.mkdir()
    start = on_a_small_disk(folder, [sys.executable, "-m", "service.cli", command], size="1m,ro")
    variables = {**environment(), "DATABASE_URL": f"sqlite:///{folder}/store.sqlite3", "PORT": "0"}
    done = subprocess.run(start, cwd=ROOT, env=variables, capture_output=True, check=False, timeout=120)
    told = done.stderr.decode()
    assert done.returncode != 0
    assert "Traceback" not in told
    assert "may not be written" in told or "no file can be made" in told or "read-only" in told, told
