from __future__ import annotations

import os
import threading
import time

import pytest

from service.cache.outage import OutageWatch
from tests.processes import wait_until


class Patient:
    """Something that is back after it was looked at so many times."""

    def __init__(self, looks: int) -> None:
        self.looks_left = looks

    def is_back(self) -> bool:
        self.looks_left -= 1
        return self.looks_left <= 0


def test_an_outage_ends_by_itself() -> None:
    patient = Patient(looks=3)
    watch = OutageWatch(patient.is_back, 0.001, 0.01)
    assert not watch.is_on()
    assert watch.begin()
    assert watch.is_on()
    wait_until(lambda: not watch.is_on())
    assert patient.looks_left == 0


def test_an_outage_begins_once_and_can_begin_again() -> None:
    may_be_back = threading.Event()
    watch = OutageWatch(may_be_back.is_set, 0.001, 0.001)
    assert [watch.begin() for _ in range(3)] == [True, False, False]
    may_be_back.set()
    wait_until(lambda: not watch.is_on())
    may_be_back.clear()
    assert watch.begin()
    watch.close()


def test_closing_ends_the_watch_without_a_look() -> None:
    looks: list[int] = []
    watch = OutageWatch(lambda: bool(looks.append(1)), 3600.0, 3600.0)  # type: ignore[func-returns-value]
    watch.begin()
    watch.close()
    assert not watch.is_on()
    assert looks == []


def test_without_a_thread_everybody_finds_out_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    watch = OutageWatch(lambda: False, 1.0, 1.0)
    watch.begin()
    assert not watch.is_on()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_a_forked_child_watches_for_itself() -> None:
    may_be_back = threading.Event()
    watch = OutageWatch(may_be_back.is_set, 0.001, 0.001)
    watch.begin()
    child = os.fork()
    if child == 0:
        may_be_back.set()
        deadline = time.monotonic() + 30
        while watch.is_on() and time.monotonic() < deadline:
            time.sleep(0.005)
        os._exit(int(watch.is_on()))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    watch.close()
