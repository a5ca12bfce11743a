"""The systemd units: valid, hardened, and calling what exists."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest
from click.testing import CliRunner

from service.cli import commands
from tests.deploy.dockerfile import PROJECT

FOLDER = PROJECT / "deploy" / "systemd"
UNITS = sorted(FOLDER.iterdir())
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
INSTALLED = "/opt/verbatim/bin"
EXPOSURE = 2.0  # of 10, by `systemd-analyze security`


class Unit(ConfigParser):
    """A unit file. Names keep their case; of a name given twice the last value counts here."""

    def __init__(self, path: Path) -> None:
        super().__init__(interpolation=None, strict=False, delimiters=("=",), comment_prefixes=("#",))
        self.read_string(path.read_text())

    def optionxform(self, optionstr: str) -> str:
        return optionstr


def test_there_is_a_unit_for_each_process() -> None:
    assert {unit.name for unit in UNITS} == {
        "verbatim-backup.service",
        "verbatim-backup.timer",
        "verbatim-web.service",
        "verbatim-worker@.service",
    }


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_the_commands_exist(path: Path) -> None:
    service = Unit(path)["Service"]
    lines = [value for name, value in service.items() if name.startswith("Exec")]
    called = [line for line in lines if INSTALLED in line]
    assert called
    for line in called:
        words = shlex.split(line[line.index(INSTALLED) :].rstrip("'"))
        program = Path(words[0]).name
        assert Path(sys.executable).with_name(program).exists(), program
        if program == "verbatim":
            assert CliRunner().invoke(commands, [words[1], "--help"]).exit_code == 0


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_they_run_as_nobody_in_particular_and_see_little(path: Path) -> None:
    service = Unit(path)["Service"]
    assert service["User"] == service["Group"] == "verbatim"
    for name in (
        "NoNewPrivileges", "ProtectHome", "PrivateTmp", "PrivateDevices", "ProtectKernelModules",
        "ProtectKernelTunables", "ProtectControlGroups", "RestrictNamespaces", "RestrictSUIDSGID",
        "LockPersonality",
    ):  # fmt: skip
        assert service[name] == "yes", name
    assert service["ProtectSystem"] == "strict"
    assert service["CapabilityBoundingSet"] == ""
    assert "Environment" not in service, "settings, and so passwords, are in a file that others cannot read"


def test_there_is_time_to_finish() -> None:
    found = re.search(
        r"^graceful_timeout = (\d+)$", (PROJECT / "service" / "gunicorn_config.py").read_text(), re.MULTILINE
    )
    assert found is not None
    assert int(Unit(FOLDER / "verbatim-web.service")["Service"]["TimeoutStopSec"]) > int(found.group(1))


@pytest.fixture
def installation(tmp_path: Path) -> Path:
    """The units as on a machine that has the programs."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("verbatim", "gunicorn"):
        (programs / name).symlink_to("/bin/true")
    for unit in UNITS:
        (tmp_path / unit.name).write_text(unit.read_text().replace(INSTALLED, str(programs)))
    return tmp_path


def analyze(*arguments: str) -> subprocess.CompletedProcess[str] | None:
    """systemd's own word; None on a machine without it, where the tests above are all there is."""
    if shutil.which("systemd-analyze") is None:
        return None
    return subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True)


def test_systemd_takes_them(installation: Path) -> None:
    done = analyze("verify", "--man=no", *(str(installation / unit.name) for unit in UNITS))
    assert done is None or (done.returncode, done.stderr) == (0, "")


def test_systemd_would_notice_a_mistake(installation: Path) -> None:
    path = installation / "verbatim-web.service"
    path.write_text(path.read_text().replace("ProtectHome=yes", "ProtectHouse=yes"))
    done = analyze("verify", "--man=no", str(path))
    assert done is None or "ProtectHouse" in done.stderr


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_systemd_finds_them_little_exposed(path: Path, installation: Path) -> None:
    done = analyze("security", "--offline=true", "--no-pager", str(installation / path.name))
    if done is None:
        pytest.skip("no systemd-analyze on this machine")
    found = re.search(r"Overall exposure level for .*: (\d+\.\d)", done.stdout)
    assert found is not None, done.stdout + done.stderr
    assert float(found.group(1)) <= EXPOSURE
