"""`pytest --cpu-times`: where the processor time of a run goes, by file and by test.

Unlike the clock of `--durations`, processor time hardly depends on what else the machine does. It is counted in this
process, all its threads, and in the processes that ended meanwhile. A server that lives as long as the run, such as
PostgreSQL, is counted in the file that ran last.
"""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

SLOWEST = 30
TIMES = pytest.StashKey[dict[str, list[float]]]()


def add_option(parser: pytest.Parser) -> None:
    parser.addoption("--cpu-times", action="store_true", help="show the processor time of each file of tests")


def _spent() -> tuple[float, float]:
    """Seconds of processor time: this process's, and those of its ended children."""
    times = os.times()
    return time.process_time(), times.children_user + times.children_system


@contextmanager
def measured(item: pytest.Item) -> Iterator[None]:
    """Around a test with its fixtures: note `[own seconds, seconds of ended children]`."""
    own, children = _spent()
    try:
        yield
    finally:
        own_after, children_after = _spent()
        item.config.stash.setdefault(TIMES, {})[item.nodeid] = [own_after - own, children_after - children]


def hand_over(config: pytest.Config) -> None:
    """In a process of pytest-xdist: send the times to the one that reports."""
    if (output := getattr(config, "workeroutput", None)) is not None:
        output["cpu_times"] = config.stash.get(TIMES, {})


def take_over(config: pytest.Config, output: dict[str, Any]) -> None:
    """In the process that reports: the times of another."""
    config.stash.setdefault(TIMES, {}).update(output.get("cpu_times", {}))


def lines(config: pytest.Config) -> list[str]:
    """A table of the files and one of the slowest tests, greatest first."""
    tests = config.stash.get(TIMES, {})
    if not config.getoption("cpu_times") or not tests:
        return []
    files: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0])
    for nodeid, times in tests.items():
        row = files[nodeid.partition("::")[0]]
        for column, seconds in enumerate([*times, 1]):
            row[column] += seconds
    own, children = (sum(times[column] for times in tests.values()) for column in (0, 1))
    return [
        f"processor time: {own:.1f} s in the tests' processes, {children:.1f} s in their children",
        "    own  children  tests  file",
        *(f"{row[0]:7.2f}  {row[1]:8.2f}  {row[2]:5.0f}  {name}" for name, row in _greatest(files)),
        "    own  children  test",
        *(f"{row[0]:7.2f}  {row[1]:8.2f}  {name}" for name, row in _greatest(tests)[:SLOWEST]),
    ]


def _greatest(rows: dict[str, list[float]]) -> list[tuple[str, list[float]]]:
    return sorted(rows.items(), key=lambda item: -sum(item[1][:2]))
