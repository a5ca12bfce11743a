"""The service's own processes, real ones: gunicorn with its workers, and `verbatim` commands."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.apps import ROOT
from tests.faults.load import ask
from tests.processes import PATIENCE_S, environment, kill_process, resident_bytes
from tests.servers import RunningServer


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


@contextlib.contextmanager
def serving(directory: Path, **settings: str) -> Iterator[WebService]:
    """The service for as long as the block lasts."""
    server = WebService(directory, settings)
    try:
        server.start()
        yield server
    finally:
        server.kill()
