"""Processes of the tests: started with this run's environment, waited for by what they do, and gone with the run.

A wait ends as soon as its condition holds. Its limit only ends a test that would hang: it is far above what any
machine needs, so that a busy one fails nothing.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.servers import ServerFailed, die_with_parent

ROOT = Path(__file__).resolve().parents[1]
PATIENCE_S = 120.0
FIRST_POLL_S = 0.005
LONGEST_POLL_S = 0.1
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


def wait_until(
    condition: Callable[[], Any], what: str = "what was waited for", timeout_s: float = PATIENCE_S
) -> Any:
    """The first answer of `condition` that is true. Fails, naming `what` was waited for, where there is none."""
    deadline = time.monotonic() + timeout_s
    pause = FIRST_POLL_S
    while not (answer := condition()):
        if time.monotonic() > deadline:
            raise ServerFailed(f"{what}: not within {timeout_s:.0f} s")
        time.sleep(pause)
        pause = min(2 * pause, LONGEST_POLL_S)
    return answer


def environment(**settings: str) -> dict[str, str]:
    """This test run's environment with some settings."""
    return {**os.environ, "PYTHONPATH": str(ROOT), **settings}


def start_module(module: str, *arguments: str, **settings: str) -> subprocess.Popen[bytes]:
    """A Python module, running; what it prints can be read."""
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=environment(**settings),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        preexec_fn=die_with_parent(signal.SIGKILL),  # noqa: PLW1509 - one prctl, nothing else
    )


def end_group(process: subprocess.Popen[Any]) -> None:
    """End a process that was started with `start_new_session`, and all that it started; wait for it."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def kill_process(pid: int) -> None:
    """SIGKILL; it may be gone already."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def resident_bytes(pid: int) -> int:
    """Memory of one process; 0 where it is gone."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE_BYTES
    except (OSError, IndexError):
        return 0
