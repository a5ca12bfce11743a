"""A checkout of Verbatim that is measured: its stores, and the processes that answer from them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

SERVING = Path(__file__).with_name("serving.py")
ROOT = Path(__file__).resolve().parents[3]


class Refused(Exception):
    """A request that was answered with an error."""


@dataclass(slots=True)
class Service:
    """One application on a store of its own, asked over a pipe."""

    process: subprocess.Popen[str]

    def ask(self, path: str, body: Any) -> Any:
        """The answer to a request. Raises Refused for a status of 400 or more."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"path": path, "json": body}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise Refused(f"the service ended with {self.process.wait()} on {path}")
        reply = json.loads(line)
        if reply["status"] >= 400:
            raise Refused(f"{reply['status']} on {path}: {str(reply['answer'])[:400]}")
        return reply["answer"]

    def check(self, quote: str, speaker: str | None = None, day: str | None = None) -> dict[str, Any]:
        """The answer to one selection."""
        members = {"quote": quote, "speaker": speaker, "date": day}
        answer = self.ask("/v1/check", {name: value for name, value in members.items() if value is not None})
        assert isinstance(answer, dict)
        return answer

    def analyse(self, article: dict[str, Any], *, store: bool) -> list[dict[str, Any]]:
        """The quotations of an article with their verdicts."""
        quotes = self.ask("/v1/articles", {**article, "store": store})["quotes"]
        assert isinstance(quotes, list)
        return quotes


@dataclass(frozen=True, slots=True)
class Checkout:
    """A working tree, and the interpreter that has what it needs."""

    path: Path
    name: str

    @property
    def python(self) -> str:
        """Its own environment's interpreter where it has one, else this one."""
        own = self.path / ".venv/bin/python"
        return str(own) if own.exists() else sys.executable

    def environment(self, database: Path) -> dict[str, str]:
        """What a process of the checkout is told."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "LANG") if name in os.environ}
        limits = {"RATE_LIMIT_ADDRESS": "1000000"}  # as many requests as the measurement makes
        told = {"DATABASE_URL": f"sqlite:///{database}", "ACCESS": "open", "LOG_LEVEL": "ERROR", **limits}
        return {**kept, **told, "PYTHONPATH": str(self.path)}

    def load(self, database: Path, kind: str, records: Iterable[dict[str, Any]]) -> None:
        """Import records (`kind`: transcripts, quotes) by the command line. Raises Refused."""
        file = database.with_suffix(f".{kind}.ndjson")
        with file.open("w", encoding="utf-8") as lines:
            lines.writelines(json.dumps(record) + "\n" for record in records)
        command = [self.python, "-m", "service.cli", "import", kind, str(file)]
        environment = self.environment(database)
        done = subprocess.run(command, text=True, capture_output=True, cwd=self.path, env=environment)
        file.unlink()
        if done.returncode:
            raise Refused(f"import {kind} ended with {done.returncode}: {done.stderr[-600:]}")

    @contextmanager
    def serving(self, transcripts: Iterable[dict[str, Any]] = ()) -> Iterator[Service]:
        """A service on a new store that holds these transcripts."""
        with TemporaryDirectory(prefix="trust-") as folder:
            database = Path(folder) / "store.sqlite3"
            kept = list(transcripts)
            if kept:
                self.load(database, "transcripts", kept)
            with self.serving_from(database) as service:
                yield service

    @contextmanager
    def serving_from(self, database: Path) -> Iterator[Service]:
        """A service on a store that is there."""
        with subprocess.Popen(
            [self.python, str(SERVING), str(self.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=self.path,
            env=self.environment(database),
        ) as process:
            assert process.stdin is not None
            try:
                yield Service(process)
            finally:
                process.stdin.close()
                process.wait(timeout=60)
