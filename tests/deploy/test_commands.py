"""Every command that the Procfile, the image and the compose file name is one that exists."""

from __future__ import annotations

import importlib.util
import shlex
from importlib.metadata import entry_points
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from service.cli import commands
from tests.deploy.dockerfile import PROJECT, instructions


def read_procfile() -> dict[str, str]:
    lines = (PROJECT / "Procfile").read_text().splitlines()
    return {name: command.strip() for name, _, command in (line.partition(":") for line in lines)}


def named_commands() -> list[list[str]]:
    procfile = [shlex.split(command) for command in read_procfile().values()]
    image = [instruction.words() for instruction in instructions("CMD")]
    compose: dict[str, Any] = yaml.safe_load((PROJECT / "deploy" / "compose.yaml").read_text())
    ours = [
        service["command"]
        for service in compose["services"].values()
        if "build" in service and "command" in service
    ]
    assert procfile
    assert image
    assert ours
    return procfile + image + ours


def test_the_procfile_has_the_three_processes() -> None:
    assert set(read_procfile()) == {"release", "web", "worker"}


@pytest.mark.parametrize("words", named_commands(), ids=" ".join)
def test_the_command_exists(words: list[str]) -> None:
    installed = {script.name for script in entry_points(group="console_scripts")}
    if words[0] == "sh":  # the image's, to make a name of the date
        words = shlex.split(words[-1])[1:]
    assert words[0] in installed
    if words[0] == "verbatim":
        done = CliRunner().invoke(commands, [*words[1:], "--help"])
        assert done.exit_code == 0, done.output
    else:
        assert words[0] == "gunicorn"
        assert (PROJECT / words[words.index("-c") + 1]).is_file()
        module, _, attribute = words[-1].partition(":")
        spec = importlib.util.find_spec(module)
        assert spec is not None
        assert attribute == "app"


def test_a_command_that_does_not_exist_would_be_noticed() -> None:
    assert CliRunner().invoke(commands, ["migrat", "--help"]).exit_code != 0


def test_the_image_and_the_procfile_serve_alike() -> None:
    (served,) = instructions("CMD", stage=-1)
    assert served.words() == shlex.split(read_procfile()["web"])
