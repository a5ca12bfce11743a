"""Counters of several processes: none is lost with its process, and no file is left for each."""

import os
import re
import subprocess
import sys

import pytest

from service.telemetry.slots import MADE_HERE, forget_dead, lock_file, make_directory, try_lock
from tests.apps import ROOT

COUNT = """
import sys, time
from service.telemetry import metrics
metrics.RATE_LIMITED.labels("/v1/check").inc(int(sys.argv[1]))
metrics.REQUESTS_UNDER_WAY.inc()
print("counted", flush=True)
if sys.argv[2:] == ["stay"]:
    time.sleep(60)
"""
SHOW = """
from service.telemetry.exposition import expose
print(expose([]).decode())
"""


@pytest.fixture
def counting(tmp_path):
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    running = []

    def start(amount, *more):
        process = subprocess.Popen(
            [sys.executable, "-c", COUNT, str(amount), *more],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
        )
        running.append(process)
        assert process.stdout.readline() == b"counted\n"
        return process

    def show():
        text = subprocess.run(
            [sys.executable, "-c", SHOW],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        found = re.findall(r"^(verbatim_\w+)(?:\{[^}]*\})? (\S+)$", text, re.MULTILINE)
        return {name: float(value) for name, value in found}

    yield start, show
    for process in running:
        end(process)


def end(process):
    process.kill()
    process.wait()
    process.stdout.close()


def test_what_dead_processes_counted_stays_and_their_files_are_used_again(counting, tmp_path):
    start, show = counting
    for _ in range(4):
        end(start(1, "stay"))
    start(1).wait()
    assert show()["verbatim_rate_limited_requests_total"] == 5
    assert len(list(tmp_path.glob("counter_*.db"))) == 1


def test_processes_at_one_time_have_a_file_each_and_are_added_up(counting, tmp_path):
    start, show = counting
    processes = [start(amount, "stay") for amount in (1, 10, 100)]
    told = show()
    assert told["verbatim_rate_limited_requests_total"] == 111
    assert told["verbatim_http_requests_in_progress"] == 3
    assert len(list(tmp_path.glob("counter_*.db"))) == 3
    end(processes[1])
    told = show()
    assert told["verbatim_rate_limited_requests_total"] == 111
    assert told["verbatim_http_requests_in_progress"] == 2, "a killed process works on nothing"
    start(1000, "stay")
    assert len(list(tmp_path.glob("counter_*.db"))) == 3
    assert show()["verbatim_rate_limited_requests_total"] == 1111


def test_a_held_slot_is_left_alone(tmp_path):
    held, free = tmp_path / "gauge_livesum_0.db", tmp_path / "gauge_livesum_1.db"
    held.touch()
    free.touch()
    lock_file(tmp_path, 1).touch()
    descriptor = try_lock(lock_file(tmp_path, 0))
    try:
        forget_dead(tmp_path)
    finally:
        os.close(descriptor)
    assert held.exists()
    assert not free.exists()


def test_the_directory_is_made_once_and_an_operators_is_kept(monkeypatch, tmp_path):
    monkeypatch.setattr("service.telemetry.slots.MEMORY", tmp_path)
    environ = {}
    made = make_directory(environ)
    assert made.parent == tmp_path
    assert environ["PROMETHEUS_MULTIPROC_DIR"] == environ[MADE_HERE] == str(made)
    successor = make_directory(environ)  # a server that takes over from one still running
    assert successor != made
    assert made.exists(), "the running server's lock protects it"
    assert make_directory({"PROMETHEUS_MULTIPROC_DIR": "/given"}) is None


def test_what_a_killed_server_left_is_swept(tmp_path):
    program = (
        "import os, sys, time; from pathlib import Path; from service.telemetry import slots\n"
        "slots.MEMORY = Path(sys.argv[1]); print(slots.make_directory({}), flush=True); time.sleep(60)"
    )

    def serve():
        command = [sys.executable, "-c", program, str(tmp_path)]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        return process, process.stdout.readline().strip()

    first, left = serve()
    first.kill()
    first.communicate()
    second, made = serve()
    try:
        assert [str(path) for path in tmp_path.iterdir()] == [made]
        assert made != left
    finally:
        second.kill()
        second.communicate()
