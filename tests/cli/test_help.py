"""Each command's help ends with examples, and the examples are of commands and options that there are."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from service.cli import commands


def walk(command: click.Command, *path: str) -> Iterator[tuple[str, ...]]:
    yield path
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from walk(inner, *path, name)


EVERY = list(walk(commands))


def help_of(path: tuple[str, ...]) -> str:
    done = CliRunner().invoke(commands, [*path, "--help"], prog_name="verbatim")
    assert done.exit_code == 0, done.output
    return done.output


def examples_of(path: tuple[str, ...]) -> list[str]:
    _, _, end = help_of(path).partition("\n  Examples:\n")
    return re.findall(r"^    (.*)$", end.partition("\n\n")[0], re.MULTILINE)


@pytest.mark.parametrize("path", EVERY, ids=" ".join)
def test_every_help_has_examples_of_its_own_command(path: tuple[str, ...]) -> None:
    lines = examples_of(path)
    assert lines
    assert any(line.partition("verbatim ")[2].startswith(" ".join(path)) for line in lines)


@pytest.mark.parametrize("path", EVERY, ids=" ".join)
def test_every_example_can_be_run(
    path: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "monday.backup").touch()
    called = [
        shlex.split(part)[1:]
        for line in examples_of(path)
        for part in re.split(r" (?:[|<>]|&&) ", re.sub(r"\b[A-Z_]+=\S+ ", "", line))
        if part.startswith("verbatim ")
    ]
    assert called
    for words in called:
        parse(commands, words)


def parse(command: click.Command, words: list[str]) -> None:
    """Raises UsageError where the words are no call of the command."""
    if words in (["--help"], ["-h"]):
        return
    if isinstance(command, click.Group):
        inner = command.get_command(click.Context(command), words[0])
        assert inner is not None, words
        parse(inner, words[1:])
    else:
        command.make_context(command.name, words)


@pytest.mark.parametrize("words", ["check --spekaer X y", "import nonsense x", "keys create --name x"])
def test_a_wrong_example_would_be_noticed(words: str) -> None:
    with pytest.raises(click.UsageError):
        parse(commands, words.split())


def test_the_list_of_commands_shows_whole_sentences() -> None:
    listed = help_of(()).partition("Commands:")[2].partition("Examples:")[0]
    assert len(listed.splitlines()) > 10
    assert "..." not in listed
