"""No container engine runs here, so the Dockerfile is linted, and held to what it refers to."""

from __future__ import annotations

import http.server
import re
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatch
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

from tests.deploy.dockerfile import DOCKERFILE, PROJECT, Instruction, instructions
from tests.servers import find_free_port, postgres_programs

HADOLINT = Path(sys.executable).with_name("hadolint")
IGNORE_FILE = PROJECT / "deploy" / "Dockerfile.dockerignore"


def lint(text: str) -> subprocess.CompletedProcess[str]:
    command = [str(HADOLINT), "--no-color", "--failure-threshold", "info", "-"]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=False)


def test_the_linter_has_nothing_to_say() -> None:
    done = lint(DOCKERFILE.read_text())
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("good", "bad", "rule"),
    [
        (":3.11.14-slim-bookworm AS build", " AS build", "DL3006"),
        ("USER 10001:10001", "USER root", "DL3002"),
        ('CMD ["gunicorn", "-c", "deploy/gunicorn.conf.py", "service.wsgi:app"]', "CMD gunicorn", "DL3025"),
    ],
)
def test_the_linter_would_say_so(good: str, bad: str, rule: str) -> None:
    text = DOCKERFILE.read_text()
    assert good in text
    done = lint(text.replace(good, bad))
    assert done.returncode != 0
    assert rule in done.stdout


def test_images_are_pinned_to_a_patch_release() -> None:
    images = [instruction.words()[0] for instruction in instructions("FROM")]
    assert len(images) == 2
    assert all(re.fullmatch(r"python:\d+\.\d+\.\d+-slim-\w+", image) for image in images)
    assert len(set(images)) == 1, "the interpreter that installs must be the one that runs"


def test_the_images_python_is_one_that_the_project_is_for() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    image = instructions("FROM")[0].words()[0]
    python = image.removeprefix("python:").partition("-")[0]
    assert SpecifierSet(project["requires-python"]).contains(python)


def test_everything_installed_is_checked_by_hash() -> None:
    installs = [
        command.strip()
        for run in instructions("RUN")
        for command in run.rest.split("&&")
        if "pip install" in command
    ]
    assert len(installs) == 4
    for install in installs:
        assert "--require-hashes --requirement deploy/" in install or "--no-deps /build/dist/" in install


def test_the_tools_for_backups_lie_where_the_path_looks() -> None:
    (path,) = (one.rest for one in instructions("ENV", stage=-1))
    (install,) = (run.rest for run in instructions("RUN", stage=0) if "requirements-backup.lock" in run.rest)
    target = install.split("requirements-backup.lock --target ")[1].split()[0]
    wheel = postgres_programs()
    assert f":{target}/{wheel.relative_to(wheel.parents[2])}" in path
    assert (wheel / "pg_dump").exists()


def test_it_runs_as_nobody_in_particular() -> None:
    (user,) = instructions("USER", stage=-1)
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", user.rest), "by number: the engine can then prove it"


def test_no_secret_is_built_in() -> None:
    assert instructions("ARG") == []
    assert instructions("ADD") == []
    names = " ".join(instruction.rest for instruction in instructions("ENV"))
    assert not re.search(r"PASSWORD|SECRET|TOKEN|KEY", names, re.IGNORECASE)
    assert not re.search(r"://[^/\s]*@", names)


def test_what_is_copied_exists_and_is_let_through() -> None:
    patterns = IGNORE_FILE.read_text().splitlines()
    assert "*" in patterns, "everything is shut out unless it is named"
    let_through = [pattern[1:] for pattern in patterns if pattern.startswith("!")]
    copied = [
        source for copy in instructions("COPY") if "--from=" not in copy.rest for source in copy.words()[:-1]
    ]
    for source in copied:
        assert (PROJECT / source).exists(), source
        assert any(fnmatch(source, pattern) for pattern in let_through), source
    assert set(let_through) == set(copied), "let through, but not used"


class Livez(http.server.BaseHTTPRequestHandler):
    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status if self.path == "/livez" else 404)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def running_service(status: int) -> Iterator[int]:
    handler = type("Handler", (Livez,), {"status": status})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def check_health(port: int) -> int:
    """The exit status of the image's own health check, run here."""
    (check,) = instructions("HEALTHCHECK", stage=-1)
    words = Instruction(0, "CMD", check.rest.split("CMD ", 1)[1]).words()
    assert words[0] == "python", "the image has no curl"
    done = subprocess.run(
        [sys.executable, *words[1:]], env={"PORT": str(port)}, capture_output=True, check=False
    )
    return done.returncode


def test_the_health_check_tells_a_live_service_from_a_dead_one() -> None:
    with running_service(200) as port:
        assert check_health(port) == 0
    with running_service(500) as port:
        assert check_health(port) != 0
    assert check_health(find_free_port()) != 0
