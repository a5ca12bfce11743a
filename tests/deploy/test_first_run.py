"""What `make run` says on a machine that is not fit: one plain line, exit status 2, nothing made.

Each case is a real process in a copy of what `make run` needs, without an installation.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy.dockerfile import PROJECT
from tests.servers import find_free_port
from tests.small_disk import on_a_small_disk

SCRIPT = "deploy/first_run.py"
NEEDED = ("Makefile", "pyproject.toml", SCRIPT, "deploy/requirements.lock", "service/preflight.py")
CLOSED = "127.0.0.1:1"  # nothing listens on this port
PRETENDED = "import sys; sys.version_info = type('Version', (tuple,), {'major': 3, 'minor': 8})((3, 8, 18))"
INSTALLING = ("PIP_FIND_LINKS", "PIP_INDEX_URL", "PIP_NO_INDEX", "TMPDIR")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """As much of a fresh checkout as is used before an installation."""
    for name in NEEDED:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(PROJECT / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def bound_port() -> Iterator[int]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def start(folder: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if name not in INSTALLING}
    return subprocess.run(
        command, cwd=folder, env=env | environment, capture_output=True, text=True, check=False, timeout=60
    )


def first_run(folder: Path, port: int | None = None, **environment: str) -> str:
    """What the script says on standard error; its exit status is 2, and it made nothing."""
    return told(
        folder,
        start(folder, sys.executable, SCRIPT, "--port", str(port or find_free_port()), **environment),
    )


def told(folder: Path, done: subprocess.CompletedProcess[str]) -> str:
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert done.stderr.startswith("verbatim: ")
    assert done.stderr.count("\n") == 1, "one line"
    assert not (folder / ".venv").exists()
    assert not (folder / "var").exists()
    return done.stderr


def test_the_makefile_passes_the_line_on(checkout: Path, bound_port: int) -> None:
    done = start(checkout, "make", "run", f"PYTHON={sys.executable}", f"PORT={bound_port}")
    assert done.returncode == 2
    assert f"verbatim: port {bound_port} is in use by another program" in done.stderr
    assert not (checkout / ".venv").exists()


def test_a_busy_port(checkout: Path, bound_port: int) -> None:
    line = first_run(checkout, bound_port)
    assert f"port {bound_port} is in use by another program" in line
    assert "use another port, such as PORT=" in line


def test_an_old_python(checkout: Path, tmp_path: Path) -> None:
    """Pretended, so that it is tested on every machine."""
    (tmp_path / "pretend").mkdir()
    (tmp_path / "pretend" / "sitecustomize.py").write_text(PRETENDED)
    line = first_run(checkout, PYTHONPATH=str(tmp_path / "pretend"))
    assert line.startswith("verbatim: Python 3.8.18 is too old, Verbatim needs 3.11 or newer: ")


def old_pythons() -> list[str]:
    found = [shutil.which(f"python3.{minor}") for minor in range(6, 11)]
    found += [str(path) for path in (Path.home() / ".pyenv" / "versions").glob("3.*/bin/python3")]
    named = [path for path in found if path]
    code = "import sys; sys.exit(not (3, 6) <= sys.version_info < (3, 11))"
    return [path for path in named if subprocess.run([path, "-c", code], capture_output=True).returncode == 0]


def test_the_old_pythons_of_this_machine(checkout: Path) -> None:
    for python in {*old_pythons()[:1], *old_pythons()[-1:]}:
        line = told(checkout, start(checkout, python, SCRIPT))
        assert "is too old, Verbatim needs 3.11 or newer: " in line


def test_the_script_is_one_that_python_3_6_can_read() -> None:
    ast.parse((PROJECT / SCRIPT).read_text(), feature_version=(3, 6))


def test_the_index_is_asked_for_a_package_that_is_installed() -> None:
    (probe,) = re.findall(r'^PROBE = "(.+?)"', (PROJECT / SCRIPT).read_text(), re.MULTILINE)
    assert re.search(rf"^{probe}==", (PROJECT / "deploy" / "requirements.lock").read_text(), re.MULTILINE)


def test_a_second_index_with_few_packages_is_not_the_network(checkout: Path, tmp_path: Path) -> None:
    few = tmp_path / "few" / "click"
    few.mkdir(parents=True)
    (few / "index.html").write_text('<a href="click-8.4.0-py3-none-any.whl">click-8.4.0-py3-none-any.whl</a>')
    line = first_run(
        checkout,
        PIP_INDEX_URL=f"http://{CLOSED}/simple",
        PIP_EXTRA_INDEX_URL=few.parent.as_uri(),
        PIP_CONFIG_FILE=os.devnull,
    )
    assert "the Python packages cannot be fetched" in line


def test_no_network(checkout: Path) -> None:
    line = first_run(checkout, PIP_INDEX_URL=f"http://{CLOSED}/simple", PIP_CONFIG_FILE=os.devnull)
    assert "the Python packages cannot be fetched" in line
    assert "connect this machine to the network" in line


@pytest.mark.parametrize(
    ("environment", "what", "advice"),
    [
        ({"DATABASE_URL": "mysql://u:hunter2@h/d"}, "DATABASE_URL must start with sqlite:///", "for example"),
        ({"DATABASE_URL": "postgres://u:hunter2@h/d"}, "must start with", "replace postgres:// by postgresql+psycopg://"),
        ({"DATABASE_URL": "sqlite://var/v.sqlite3"}, "DATABASE_URL must name a file", "such as sqlite:///var/"),
        ({"DATABASE_URL": "sqlite:///service"}, "which is a folder", "name a file in it"),
        ({"DATABASE_URL": "sqlite:///Makefile"}, "is not an SQLite database", "set DATABASE_URL to another file"),
        ({"DATABASE_URL": "sqlite:///Makefile/v.sqlite3"}, "is a file", "set DATABASE_URL to another place"),
        (
            {"DATABASE_URL": f"postgresql+psycopg://u:hunter2@{CLOSED}/d"},
            f"PostgreSQL does not answer at {CLOSED} (connection refused)",
            "start it, or correct DATABASE_URL",
        ),
        (
            {"REDIS_URL": f"redis://:hunter2@{CLOSED}/0"},
            f"Redis does not answer at {CLOSED} (connection refused)",
            "or leave REDIS_URL empty to run without Redis",
        ),
        ({"REDIS_URL": "http://h:6379"}, "REDIS_URL must start with redis://", "for example"),
        ({"HOST": "192.0.2.1"}, "HOST=192.0.2.1 is not an address of this machine", "use 127.0.0.1"),
    ],
)  # fmt: skip
def test_a_wrong_setting(checkout: Path, environment: dict[str, str], what: str, advice: str) -> None:
    line = first_run(checkout, **environment)
    assert what in line
    assert advice in line
    assert "hunter2" not in line


@pytest.mark.parametrize("names", ["DATABASE_URL", "TMPDIR"])
def test_a_full_disk(checkout: Path, tmp_path: Path, names: str) -> None:
    full = tmp_path / "full"
    full.mkdir()
    value = f"sqlite:///{full}/v.sqlite3" if names == "DATABASE_URL" else str(full)
    command = [sys.executable, SCRIPT, "--port", str(find_free_port())]
    line = told(checkout, start(checkout, *on_a_small_disk(full, command), **{names: value}))
    assert f"the disk that holds {full} is full (1.0 MB free): " in line
    assert "delete something or use another disk" in line
