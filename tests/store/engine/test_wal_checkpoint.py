"""What was committed is written back into SQLite's file, by a thread that nobody waits for."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.store import Store, open_store
from service.store.engine import wal_checkpoint as checkpointing
from tests.processes import wait_until
from tests.store.material import make_article
from tests.stores import open_migrated

WAIT_S = 20.0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.sqlite3"


@pytest.fixture
def store(path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store in a file, none of whose commits writes the log back itself."""
    monkeypatch.setattr(checkpointing, "PAUSE_S", 0.01)
    opened = open_migrated(f"sqlite:///{path}")
    yield opened
    opened.close()


def named_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "checkpoint"]


def is_in_file(path: Path, text: str) -> bool:
    """Whether the file itself, without the log beside it, holds a text."""
    return text.encode() in path.read_bytes()


def wait_until_in_file(path: Path, text: str) -> None:
    wait_until(lambda: is_in_file(path, text), "the log written back")


def test_what_is_committed_comes_into_the_file(store: Store, path: Path) -> None:
    store.save_article(make_article(("The pier is closed for good", "Ana")))
    wait_until_in_file(path, "The pier is closed for good")


def test_a_reader_in_the_way_is_not_waited_for_and_loses_nothing(store: Store, path: Path) -> None:
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM quotes").fetchone() == (0,)
    store.save_article(make_article(("The pier is closed for good", "Ana")))
    assert reader.execute("SELECT count(*) FROM quotes").fetchone() == (0,)
    reader.close()
    store.save_article(make_article(("Nobody had planned for ice", "Ana"), uri="https://example.org/b"))
    wait_until_in_file(path, "Nobody had planned for ice")
    assert is_in_file(path, "The pier is closed for good")


def test_closing_a_store_ends_its_thread_and_empties_the_log(store: Store, path: Path) -> None:
    former = set(named_threads())
    other = open_store(f"sqlite:///{path}")
    other.save_article(make_article(("The pier is closed for good", "Ana")))
    assert len(set(named_threads()) - former) == 1
    other.close()
    assert set(named_threads()) <= former
    store.close()
    assert is_in_file(path, "The pier is closed for good")
    assert not path.with_name(f"{path.name}-wal").exists()


def test_a_forked_process_writes_back_with_a_thread_of_its_own(store: Store, path: Path) -> None:
    store.save_article(make_article(("The pier is closed for good", "Ana")))
    wait_until_in_file(path, "The pier is closed for good")
    checkpointer = store._database._checkpointer
    assert checkpointer is not None
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:  # only what is asked about runs here: pytest is the parent's
        try:
            checkpointer.note_commit()
            os.write(writing, b"1" if checkpointer._thread and checkpointer._thread.is_alive() else b"0")
        finally:
            os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    assert os.read(reading, 1) == b"1"
    os.close(reading)


def test_a_file_that_cannot_be_written_is_said_and_tried_again(
    store: Store, path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpointer = store._database._checkpointer
    assert checkpointer is not None
    copied, failing = checkpointer._copy, threading.Event()

    def fail_once() -> None:
        if not failing.is_set():
            failing.set()
            raise checkpointing.exc.OperationalError("PRAGMA", None, Exception("disk I/O error"))
        copied()

    monkeypatch.setattr(checkpointer, "_copy", fail_once)
    store.save_article(make_article(("The pier is closed for good", "Ana")))
    assert failing.wait(WAIT_S)
    store.save_article(make_article(("Nobody had planned for ice", "Ana"), uri="https://example.org/b"))
    wait_until_in_file(path, "Nobody had planned for ice")
    assert "could not be written back" in caplog.text
