"""On a terminal, logs are lines for people, and no more is told in them than in JSON."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys

import pytest

from tests.test_logs import SCRIPT


def told_on_a_terminal(**environment: str) -> str:
    """What a process says to a terminal that is its standard error."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT], stderr=theirs, env=os.environ | environment
    ) as process:
        os.close(theirs)
        said = b""
        try:
            while piece := os.read(ours, 4096):
                said += piece
        except OSError:  # Linux says so at the end
            pass
    os.close(ours)
    assert process.returncode == 0
    return said.decode().replace("\r\n", "\n")


def test_lines_are_readable() -> None:
    said = told_on_a_terminal(NO_COLOR="1")
    assert re.search(r"^\d\d:\d\d:\d\d \[info *\] request .*route=/livez", said, re.MULTILINE), said
    assert re.search(r"^\d\d:\d\d:\d\d \[warning *\] queue unavailable: TimeoutError", said, re.MULTILINE), (
        said
    )
    assert "{" not in said
    assert "\x1b" not in said
    assert "too fine to be told" not in said


def test_a_traceback_tells_the_place_and_not_the_content() -> None:
    said = told_on_a_terminal(NO_COLOR="1")
    assert said.count("in fail\nValueError") == 2, "of structlog and of the standard library"
    assert "mayor" not in said.lower()


def test_there_are_colours_unless_they_are_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[" in told_on_a_terminal()
