"""The guides under deploy/ name messages, files and commands that there are."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from service.cli import commands
from tests.deploy.dockerfile import PROJECT

DEPLOY = PROJECT / "deploy"
GUIDES = ("README.md", "install.md", "operate.md", "troubleshoot.md")
SECTIONS = ("Required", "Security", "Limits", "Background")
#: What stands in a message for something that differs.
VALUES = {"3.8.18": "{found}", "8000": "{port}"}


def code() -> str:
    files = [*(PROJECT / "service").rglob("*.py"), DEPLOY / "first_run.py"]
    text = "".join(file.read_text(encoding="utf-8") for file in files)
    return re.sub(r'"\s*\n\s*f?"', "", text)  # a sentence may be cut into several strings


def messages() -> list[str]:
    text = (DEPLOY / "troubleshoot.md").read_text(encoding="utf-8").partition("## While it runs")[0]
    cells = re.findall(r"^\| (`.*?) \|", text, re.MULTILINE)
    return [message for cell in cells for message in re.findall(r"`([^`]+)`", cell)]


def test_every_message_is_one_that_is_said() -> None:
    said = code()
    assert len(messages()) > 20
    for message in messages():
        for shown, written in VALUES.items():
            template = message.replace(shown, written)
            forms = (message, template, template.replace("DATABASE_URL", "{name}"))
            if any(form in said for form in forms) or is_of_server(message):
                break
        else:
            raise AssertionError(message)


def is_of_server(message: str) -> bool:
    """Whether it is what is said of either server."""
    template = re.sub(r"^(PostgreSQL|Redis)", "{program}", message)
    return template != message and template in code()


@pytest.mark.parametrize("name", GUIDES)
def test_every_file_that_is_named_is_there(name: str) -> None:
    text = (DEPLOY / name).read_text(encoding="utf-8")
    named = [DEPLOY / link for link in re.findall(r"\]\(([^)#:]+)\)", text)]
    named += [PROJECT / path for path in re.findall(r"`((?:deploy|docs|tests|service)/[\w./-]+)`", text)]
    assert named
    assert [path for path in named if not path.exists()] == []


@pytest.mark.parametrize("name", GUIDES)
def test_every_command_that_is_named_is_there(name: str) -> None:
    text = (DEPLOY / name).read_text(encoding="utf-8")
    known = set(commands.list_commands(click.Context(commands)))
    assert set(re.findall(r"`(?:[^`\n]* )?verbatim ([a-z]+)", text)) <= known


def test_every_section_of_the_settings_is_there_in_order() -> None:
    text = (DEPLOY / "environment.example").read_text(encoding="utf-8")
    assert tuple(re.findall(r"^# ---- (\w+) -+$", text, re.MULTILINE)) == SECTIONS
    first = re.search(r"^\w+=", text, re.MULTILINE)
    assert first is not None
    assert first.start() > text.index(SECTIONS[0])


def test_the_guide_is_three_guides() -> None:
    index = (DEPLOY / "README.md").read_text(encoding="utf-8")
    assert GUIDES[1:]
    for name in GUIDES[1:]:
        assert f"]({name})" in index
        assert Path(DEPLOY / name).stat().st_size > 2_000
