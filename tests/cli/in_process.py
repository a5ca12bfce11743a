"""`verbatim COMMAND` in this process: what it reads, prints and ends with, without starting a Python."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from service.cli import main


@dataclass(frozen=True, slots=True)
class Done:
    """A command that has ended."""

    returncode: int
    stdout: bytes
    stderr: bytes


def run_command(folder: Path, *arguments: str, stdin: str | bytes = "", **environment: str) -> Done:
    """Run it in a folder, with those settings in its environment."""
    given = stdin.encode() if isinstance(stdin, str) else stdin
    runner = CliRunner(env=environment)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(sys, "argv", ["verbatim", *arguments])
        with runner.isolation(input=given) as (out, err, *_):
            status = _exit_status()
            sys.stdout.flush()
            sys.stderr.flush()
            return Done(status, out.getvalue(), err.getvalue())


def _exit_status() -> int:
    """What the shell would see as `$?`."""
    try:
        main()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return 0
