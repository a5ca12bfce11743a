"""`make run` on a fresh machine: installed from the locks by whichever pip the Python at hand brings.

It fetches packages, so `make test` leaves it out; `make test-install` runs it on every Python found here, and
`.ci/run` with the oldest pip and with the newest.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from service.settings import Settings
from tests.deploy.dockerfile import PROJECT
from tests.processes import end_group, wait_until
from tests.selection import note_missing
from tests.servers import find_free_port

pytestmark = pytest.mark.install

#: The Pythons a newcomer may have, and with each the pips: the one that comes with it, or a version of it.
#: 3.11.2 is Debian 12's own, and needs async-timeout; pip 22.3 came with Python 3.11.0 and runs on no later one.
WANTED = {
    "3.11.2": ("own", "newest"),
    "3.11": ("22.3", "newest"),
    "3.12": ("own", "newest"),
    "3.13": ("own", "newest"),
}
PROGRAMS = ("python3.11", "python3.12", "python3.13")
NOT_IN_A_CLONE = shutil.ignore_patterns(
    ".git", ".venv", "var", ".*_cache", ".hypothesis", "__pycache__", "*.egg-info"
)
OURS = {"VIRTUAL_ENV", "PYTHONPATH", "MAKEFLAGS", "MAKELEVEL", "MFLAGS"} | {
    name.upper() for name in Settings.__slots__
}
NEWCOMER = {name: value for name, value in os.environ.items() if name not in OURS}
INSTALL_TIMEOUT_S = 1200.0


def version_of(python: Path) -> str:
    """`3.12.1`, or nothing where it cannot make an environment (pyenv has stubs for versions it lacks)."""
    code = "import sys, venv, ensurepip; print(sys.version.split()[0])"
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


def found_pythons() -> dict[str, Path]:
    """The interpreters of this machine that were wanted, the first of each on the path."""
    folders = [Path(folder) for folder in os.environ["PATH"].split(os.pathsep)] + [Path("/usr/bin")]
    folders += sorted(Path.home().glob(".pyenv/versions/*/bin"))
    programs = [path for folder in folders for name in PROGRAMS if (path := folder / name).exists()]
    found: dict[str, Path] = {}
    for program in dict.fromkeys(programs):
        version = version_of(program)
        minor = version.rpartition(".")[0]
        wanted = version if version in WANTED else minor
        if wanted in WANTED:
            found.setdefault(wanted, program)
    return found


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A case for each Python and pip; `INSTALL="3.11-22.3 3.12-newest"` names those to take."""
    cases = [f"{python}-{pip}" for python, pips in WANTED.items() for pip in pips]
    asked = os.environ.get("INSTALL", "").split() or cases
    found: dict[str, Path] = {}
    if "install" in metafunc.config.getoption("markexpr"):
        found = found_pythons()
        if missing := {case.partition("-")[0] for case in asked} - set(found):
            note_missing(metafunc.config, f"Python {', '.join(sorted(missing))}")
    tried = [case for case in asked if case.partition("-")[0] in found]
    places = [(found[case.partition("-")[0]], case.partition("-")[2]) for case in tried]
    metafunc.parametrize(("python", "pip"), places, ids=tried)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The project as a newcomer has it: nothing installed, nothing beside it."""
    return Path(shutil.copytree(PROJECT, tmp_path / "verbatim", ignore=NOT_IN_A_CLONE))


def make_environment(checkout: Path, python: Path, pip: str) -> None:
    run(python, "-m", "venv", ".venv", cwd=checkout)
    if pip != "own":
        wanted = ["--upgrade", "pip"] if pip == "newest" else [f"pip=={pip}"]
        run(checkout / ".venv/bin/python", "-m", "pip", "install", "--quiet", *wanted, cwd=checkout)


def run(*command: str | Path, cwd: Path) -> None:
    done = subprocess.run(
        command, cwd=cwd, env=NEWCOMER, capture_output=True, text=True, check=False, timeout=INSTALL_TIMEOUT_S
    )
    assert done.returncode == 0, f"{command}:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"


def health(port: int) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/livez", timeout=10) as answer:
            return int(answer.status)
    except OSError:
        return 0


def post_the_sample(checkout: Path, port: int) -> dict[str, Any]:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/v1/articles",
        data=(checkout / "service" / "sample" / "article.json").read_bytes(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        analysis: dict[str, Any] = json.load(answer)
    return analysis


def test_make_run_installs_and_serves(checkout: Path, python: Path, pip: str) -> None:
    make_environment(checkout, python, pip)
    port = find_free_port()
    log = checkout / "run.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["make", "run", f"PORT={port}"],
            cwd=checkout,
            env=NEWCOMER,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_until(
            lambda: process.poll() is not None or health(port) == 200, "make run", timeout_s=INSTALL_TIMEOUT_S
        )
        assert process.poll() is None, log.read_text()[-3000:]
        run(checkout / ".venv/bin/python", "-m", "pip", "check", cwd=checkout)
        assert post_the_sample(checkout, port)["quotes"]
    finally:
        end_group(process)


def test_the_tests_can_be_installed(checkout: Path, python: Path, pip: str) -> None:
    make_environment(checkout, python, pip)
    run("make", ".venv/test.stamp", cwd=checkout)
    some = ("tests/test_servers.py", "tests/test_schemas.py")
    run(checkout / ".venv/bin/python", "-m", "pytest", *some, cwd=checkout)
