"""The Procfile run for real: release, then web and worker, on PostgreSQL and Redis, under honcho."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from tests.deploy.dockerfile import PROJECT
from tests.servers import die_with_parent, find_free_port

START_TIMEOUT_S = 120
BIN = Path(sys.executable).parent
ARTICLE = {
    "uri": "https://example.org/news/1",
    "headline": "Ministers meet",
    "body_text": (
        "“We will build the bridge by the end of next year,” Transport Minister Anna Kowalska said on Tuesday.\n\n"
        "She told reporters that the costs had been underestimated."
    ),
}


def environment(database_url: str, redis_url: str, port: int) -> dict[str, str]:
    return {
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "HOME": os.environ.get("HOME", "/"),
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "PORT": str(port),
        "WEB_CONCURRENCY": "2",
        "ACCESS": "open",
    }


# honcho kills what has not ended five seconds after SIGTERM; a busy machine is allowed more.
PATIENT_HONCHO = "import honcho.command, honcho.manager; honcho.manager.KILL_WAIT = 60; honcho.command.main()"


def honcho(*arguments: str) -> list[str]:
    # Without --env it would read a developer's .env.
    return [sys.executable, "-c", PATIENT_HONCHO, "--env", os.devnull, *arguments]


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


def call(port: int, path: str, body: object = None, **headers: str) -> Answer:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}",
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json"} | headers,
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return Answer(response.status, dict(response.headers), response.read())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, dict(error.headers), error.read())


def wait_until(condition: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while not condition():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)


def is_ready(port: int) -> bool:
    try:
        return call(port, "/readyz").status == 200
    except OSError:
        return False


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def running(
    arguments: list[str], environ: dict[str, str], log: IO[bytes]
) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        arguments,
        cwd=PROJECT,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 - one prctl, nothing else
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(90)


def test_release_web_and_worker(
    postgres_database: Callable[[], str], redis_empty_url: str, tmp_path: Path
) -> None:
    port = find_free_port()
    environ = environment(postgres_database(), redis_empty_url, port)
    release = subprocess.run(
        honcho("start", "release"), cwd=PROJECT, env=environ, capture_output=True, text=True, check=False
    )
    assert release.returncode == 0, release.stdout + release.stderr
    log_path = tmp_path / "honcho.log"
    with (
        log_path.open("wb") as log,
        running(honcho("start", "--port", str(port), "web", "worker"), environ, log) as process,
    ):
        wait_until(lambda: is_ready(port), process, log_path)
        assert call(port, "/readyz").json()["cache"] == "redis ok"
        check_analysis(port)
        check_background_work(port, process, log_path)
        process.send_signal(signal.SIGTERM)
        process.wait(90)
    said = log_path.read_text()
    assert not is_listening(port)
    assert "web.1 stopped (rc=" in said
    assert "worker.1 stopped (rc=" in said
    assert "SIGKILL" not in said, "both end when they are asked to"
    assert "Traceback" not in said
    assert "underestimated" not in said, "no log shows what an article says"


def check_analysis(port: int) -> None:
    """The article's quotations come back, and the same answer the second time, from the cache of any worker."""
    first = call(port, "/v1/articles", ARTICLE)
    assert first.status == 200, first.body
    contents = [quote["content"]["text"] for quote in first.json()["quotes"]]
    assert any("We will build the bridge by the end of next year" in content for content in contents)
    again = [call(port, "/v1/articles", ARTICLE) for _ in range(6)]
    assert {answer.body for answer in again} == {first.body}
    assert all(answer.headers["Cache-Status"].startswith("verbatim; hit") for answer in again)


def check_background_work(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Work left to the worker gets done."""
    other = ARTICLE | {"uri": "https://example.org/news/2", "headline": "Another day"}
    accepted = call(port, "/v1/articles", other, Prefer="respond-async")
    assert accepted.status == 202, accepted.body
    where = accepted.headers["Location"]
    wait_until(lambda: call(port, where).json()["status"] in {"done", "failed"}, process, log)
    job = call(port, where).json()
    assert job["status"] == "done"
    assert job["result"]["quotes"]
