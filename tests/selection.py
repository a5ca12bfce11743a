"""Which tests are left out of a run, and the line that says so.

`corpora`: the test reads files that may not be shipped with the project. `CORPORA` names the folder that has them;
where it is not set, they are left out. `install`: the test fetches packages; `-m install` asks for it.
`nginx`: the test starts nginx, which only a package of the system brings; `make test-nginx` runs them.
`container`: the test builds the container image, as root of a Debian; `make test-container` runs them.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

LEFT_OUT = pytest.StashKey[list[str]]()


def check_corpora() -> None:
    """A run that names corpora has them: a misspelt folder must not pass for all its tests."""
    given = os.environ.get("CORPORA")
    if given and not (Path(given) / "data").is_dir():
        raise pytest.UsageError(f"CORPORA={given} names no folder with the corpora's `data` in it")


def corpora_path(relative: str) -> Path:
    """A file of the corpora, `data/polnear/dev.jsonl.gz`. Only for tests marked `corpora`."""
    return Path(os.environ["CORPORA"]).resolve() / relative


def select(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Take out what this run was not asked for, and note how many."""
    if not os.environ.get("CORPORA"):
        count = _deselect(config, items, "corpora")
        if count:
            _note(config, f"{count} tests on corpora left out: set CORPORA=the folder that has them")
    for marker in ("install", "nginx", "container"):
        if marker not in str(config.getoption("markexpr")):
            _deselect(config, items, marker)


def _deselect(config: pytest.Config, items: list[pytest.Item], marker: str) -> int:
    left_out = [item for item in items if item.get_closest_marker(marker)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker(marker)]
    return len(left_out)


def note_missing(config: pytest.Config, what: str) -> None:
    """Have one line at the end of the run say what it could not try."""
    _note(config, f"not tried, not on this machine: {what}")


def _note(config: pytest.Config, line: str) -> None:
    config.stash.setdefault(LEFT_OUT, []).append(line)


def lines(config: pytest.Config) -> list[str]:
    """What was left out, each line once."""
    return list(dict.fromkeys(config.stash.get(LEFT_OUT, [])))


def hand_over(config: pytest.Config) -> None:
    """In a process of pytest-xdist: send the lines to the one that reports."""
    if (output := getattr(config, "workeroutput", None)) is not None:
        output["left_out"] = lines(config)


def take_over(config: pytest.Config, output: dict[str, Any]) -> None:
    """In the process that reports: the lines of another."""
    for line in output.get("left_out", []):
        _note(config, line)
