"""Metrics of several processes, each with files of its own, named by slot and not by process id.

A process takes the first free slot and continues the counts in its files. The lock on a slot ends with the
process, even if that is killed. So there are never more sets of files than processes at one time, and a
worker that is replaced or killed loses no count.
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
MADE_HERE: Final = "VERBATIM_METRICS_DIR_MADE"  # set if the directory was made here and not by the operator
PREFIX: Final = "verbatim-metrics-"
MEMORY: Final = Path("/dev/shm")  # noqa: S108 - mkdtemp makes the name; counters should not wear a disk


class Slot:
    """The number of this process's slot: the first free one in the directory."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._process = 0
        self._number = 0
        self._lock = threading.Lock()

    def __call__(self) -> int:
        """The number of the slot; a forked process takes another one."""
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
        # Live gauges of its last process, such as requests under way, are over.
        for stale in self._directory.glob(f"gauge_live*_{number}.db"):
            stale.unlink(missing_ok=True)
        return number


def try_lock(path: Path) -> int | None:
    """A descriptor that locks the file until it is closed or its process ends; None if it is locked."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def lock_file(directory: Path, number: int) -> Path:
    """The lock file of a slot."""
    return directory / f"slot_{number}.lock"


def shared_directory() -> Path | None:
    """The directory of the metrics of several processes; None if this process keeps its own in memory."""
    given = os.environ.get(DIRECTORY, "")
    return Path(given) if given else None


def share_values() -> None:
    """Make the client library keep its values in the shared directory, if there is one."""
    directory = shared_directory()
    if directory is not None:
        directory.mkdir(parents=True, exist_ok=True)
        values.ValueClass = values.MultiProcessValue(Slot(directory))  # type: ignore[no-untyped-call]


def forget_dead(directory: Path) -> None:
    """Remove the live gauges of processes that have ended. Their counters stay."""
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
    """Make a directory for the server's processes and name it in the environment; None if one is configured.

    It is in use while any process holds its lock, so the next server can remove that of a killed one. A
    server that gunicorn starts to take over (USR2) makes its own.
    """
    given = environ.get(DIRECTORY, "")
    if given and given != environ.get(MADE_HERE):
        return None
    parent = MEMORY if os.access(MEMORY, os.W_OK) else Path(tempfile.gettempdir())
    sweep(parent)
    made = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
    try_lock(made / "server.lock")  # held by this process and its forks
    environ[DIRECTORY] = environ[MADE_HERE] = str(made)
    return made


def sweep(parent: Path) -> None:
    """Remove the directories of servers that have ended."""
    for left in parent.glob(f"{PREFIX}*"):
        lock = left / "server.lock"
        with contextlib.suppress(
            OSError
        ):  # another server removes it, or another user's may not be looked into
            if left.is_symlink() or left.stat().st_uid != os.getuid() or not lock.exists():
                continue
            with _held(lock) as is_free:
                if is_free:
                    shutil.rmtree(left, ignore_errors=True)
