"""Counters of several processes: each writes its own files in one directory, by slot and not by process id.

A process takes the first slot that nobody holds and goes on from what that slot's files say; the lock on a
slot ends with its holder, however it ends. So there are never more files than there were processes at one
time, and a worker that is replaced after `max_requests`, or is killed, takes no count with it.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import Final

from prometheus_client import values

DIRECTORY: Final = "PROMETHEUS_MULTIPROC_DIR"  # the client library's own name
MADE_HERE: Final = "VERBATIM_METRICS_DIR_MADE"  # tells a directory we made from one that an operator gave
PREFIX: Final = "verbatim-metrics-"
MEMORY: Final = Path("/dev/shm")  # noqa: S108 - mkdtemp makes the name; counters should not wear a disk


class Slot:
    """The number of this process among those that share the directory: the first that is free."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._process = 0
        self._number = 0
        self._lock = threading.Lock()

    def __call__(self) -> int:
        """The number; another one after a fork."""
        process = os.getpid()
        if process != self._process:
            with self._lock:
                if process != self._process:
                    self._number = self._take()
                    self._process = process
        return self._number

    def _take(self) -> int:
        number = 0
        while try_lock(lock_file(self._directory, number)) is None:
            number += 1
        # What its last holder said of a passing state, such as requests under way, is over.
        for stale in self._directory.glob(f"gauge_live*_{number}.db"):
            stale.unlink(missing_ok=True)
        return number


def try_lock(path: Path) -> int | None:
    """A descriptor that holds the lock on the file until it is closed or its process ends; None if held."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def lock_file(directory: Path, number: int) -> Path:
    """The file whose lock is the right to a slot."""
    return directory / f"slot_{number}.lock"


def shared_directory() -> Path | None:
    """Where this process's counters lie together with others'; None where it counts for itself."""
    given = os.environ.get(DIRECTORY, "")
    return Path(given) if given else None


def share_values() -> None:
    """Have the client library keep its numbers in the shared directory, if there is one."""
    directory = shared_directory()
    if directory is not None:
        directory.mkdir(parents=True, exist_ok=True)
        values.ValueClass = values.MultiProcessValue(Slot(directory))  # type: ignore[no-untyped-call]


def forget_dead(directory: Path) -> None:
    """Remove what processes that are gone said of passing states. What they counted stays."""
    for path in directory.glob("slot_*.lock"):
        with _held(path) as is_free:
            number = path.stem.removeprefix("slot_")
            if is_free:
                for stale in directory.glob(f"gauge_live*_{number}.db"):
                    stale.unlink(missing_ok=True)


@contextlib.contextmanager
def _held(path: Path) -> Iterator[bool]:
    descriptor = try_lock(path)
    try:
        yield descriptor is not None
    finally:
        if descriptor is not None:
            os.close(descriptor)


def make_directory(environ: MutableMapping[str, str]) -> Path | None:
    """Make a directory for the processes to come and name it in the environment; None where one was given.

    It is in use while any process holds its lock, so that what a killed server left is swept away by the
    next one. A server that gunicorn starts beside itself to take over (USR2) makes its own.
    """
    given = environ.get(DIRECTORY, "")
    if given and given != environ.get(MADE_HERE):
        return None
    parent = MEMORY if os.access(MEMORY, os.W_OK) else Path(tempfile.gettempdir())
    sweep(parent)
    made = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
    try_lock(made / "server.lock")  # held by this process and every fork of it
    environ[DIRECTORY] = environ[MADE_HERE] = str(made)
    return made


def sweep(parent: Path) -> None:
    """Remove the directories of servers that are gone."""
    for left in parent.glob(f"{PREFIX}*"):
        lock = left / "server.lock"
        if left.is_symlink() or not lock.exists() or left.stat().st_uid != os.getuid():
            continue
        with contextlib.suppress(OSError), _held(lock) as is_free:
            if is_free:
                shutil.rmtree(left, ignore_errors=True)
