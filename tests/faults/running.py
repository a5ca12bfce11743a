"""The service's own processes, real ones: gunicorn with its workers, and `verbatim` commands."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.apps import ROOT
from tests.faults.load import ask
from tests.servers import RunningServer, ServerFailed, die_with_parent

PATIENCE_S = 120.0
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


class WebService(RunningServer):
    """gunicorn with the service, as deployed. `settings` are environment variables."""

    def __init__(self, directory: Path, settings: dict[str, str]) -> None:
        super().__init__("web", directory)
        self.settings = {"WEB_CONCURRENCY": "2", "LOG_LEVEL": "WARNING", "ACCESS": "open"} | settings

    def command(self) -> list[str]:
        self.environment = environment(PORT=str(self.port), **self.settings)
        configuration = str(ROOT / "deploy" / "gunicorn.conf.py")
        return [sys.executable, "-m", "gunicorn", "-c", configuration, "service.wsgi:app"]

    def is_ready(self) -> bool:
        return ask(self.port, "GET", "/livez").status == 200

    def workers(self) -> list[int]:
        """The processes that answer, without the one that minds them."""
        return self._process_tree()[1:]

    def terminate(self, timeout_s: float = PATIENCE_S) -> int:
        """SIGTERM, and its exit status."""
        process = self._process
        assert process is not None
        process.terminate()
        return process.wait(timeout_s)

    def kill(self) -> None:
        for pid in self._process_tree()[1:] if self._process is not None else []:
            kill_process(pid)
        super().kill()

    def resident_bytes(self) -> int:
        """Memory of all its processes."""
        return sum(map(resident_bytes, self._process_tree()))


def environment(**settings: str) -> dict[str, str]:
    """This test run's environment with some settings."""
    return {**os.environ, "PYTHONPATH": str(ROOT), **settings}


def resident_bytes(pid: int) -> int:
    """Memory of one process; 0 where it is gone."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE_BYTES
    except (OSError, IndexError):
        return 0


def kill_process(pid: int) -> None:
    """SIGKILL; it may be gone already."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


@contextlib.contextmanager
def serving(directory: Path, **settings: str) -> Iterator[WebService]:
    """The service for as long as the block lasts."""
    server = WebService(directory, settings)
    try:
        server.start()
        yield server
    finally:
        server.kill()


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


def wait_until(condition: Callable[[], bool], what: str, timeout_s: float = PATIENCE_S) -> float:
    """Wait for a condition; how many seconds it took. Fails where it never holds."""
    started = time.monotonic()
    while not condition():
        if time.monotonic() - started > timeout_s:
            raise ServerFailed(f"{what}: not within {timeout_s:.0f} s")
        time.sleep(0.05)
    return time.monotonic() - started
