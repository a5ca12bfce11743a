"""Runs tests in forked processes: once to learn which test runs which line, then once for each change.

A fork begins with the libraries imported and none of our modules, so a run costs little more than its tests.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import coverage
import hypothesis
import numpy as np  # noqa: F401 - these are imported here once, for all forks
import pytest
import trafilatura  # noqa: F401

import service.inference  # noqa: F401 - onnxruntime too
from tests.mutation import plugin
from tests.mutation.plugin import Change

ROOT = Path(__file__).parents[2]
LEAST_TIMEOUT_S, TIMEOUT_FACTOR = 20, 2  # a change may make a loop endless; then it is noticed
#: The only plugins that tests of the core need; to load all of them takes longer than most tests.
PLUGINS = ("_hypothesis_pytestplugin", "no:cacheprovider", "no:unraisableexception")
os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
sys.dont_write_bytecode = False  # unchanged modules are compiled once for all runs
hypothesis.settings.register_profile("mutation", deadline=None)
hypothesis.settings.load_profile("mutation")
#: What pytest's exit status tells: 1, a test failed; 2, its modules could not even be imported.
NOTICED, PASSED, NOTHING_RUN = {1, 2}, 0, {5, plugin.NOT_IMPORTED}


@dataclass(frozen=True)
class Covered:
    """Which tests run which lines, and for how long. Lines that are run while modules are imported are in `early`."""

    tests: Mapping[tuple[str, int], frozenset[str]]
    early: frozenset[tuple[str, int]]
    seconds: Mapping[str, float]

    def of(self, lines: Collection[tuple[str, int]]) -> list[str] | None:
        """The tests that run any of some lines, the fastest first; None where any may depend on them."""
        if any(line in self.early for line in lines):
            return None
        found = frozenset[str]().union(*(self.tests.get(line, frozenset()) for line in lines))
        return sorted(found, key=lambda test: self.seconds.get(test, 0.0))


@dataclass
class _Order:
    """Runs some tests only, in an order."""

    wanted: list[str]

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        place = {test: number for number, test in enumerate(self.wanted)}
        items[:] = sorted((i for i in items if i.nodeid in place), key=lambda item: place[item.nodeid])


@dataclass
class _Watch:
    """Tells coverage which test is running, and how long each took."""

    measured: coverage.Coverage
    seconds: dict[str, float] = field(default_factory=dict)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Any:
        self.measured.switch_context(item.nodeid)
        begun = time.monotonic()
        try:
            return (yield)
        finally:
            self.seconds[item.nodeid] = time.monotonic() - begun
            self.measured.switch_context("")


def arguments(tests: Collection[str]) -> list[str]:
    """What pytest is called with: quiet, the same examples every time, nothing written into the project."""
    plugins = [option for name in PLUGINS for option in ("-p", name)]
    quiet = ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # hypothesis is imported before pytest runs
    return [
        "-x",
        "-q",
        "--no-header",
        "--noconftest",
        "-m",
        "not corpora",
        *plugins,
        *quiet,
        "--hypothesis-seed=0",
        *tests,
    ]


def fork(work: Callable[[], int], timeout_s: float) -> tuple[int, str]:
    """The exit status of some work in a process of its own, and what it printed; 1 where it takes too long."""
    with tempfile.TemporaryFile() as printed:
        child = os.fork()
        if child == 0:
            os.setsid()
            for stream in (1, 2):
                os.dup2(printed.fileno(), stream)
            status = 3
            try:
                status = work()
            except BaseException:
                traceback.print_exc()
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(status)
        status = _wait(child, timeout_s)
        printed.seek(0)
        return status, printed.read().decode(errors="replace")


def _wait(child: int, timeout_s: float) -> int:
    ends = time.monotonic() + timeout_s
    while time.monotonic() < ends:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.01)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return 1


class Runner:
    """The tests of one package. Raises RuntimeError where they fail without any change."""

    def __init__(self, package: Path, tests: Collection[str]) -> None:
        self._package = package
        self._tests = tests
        with tempfile.TemporaryDirectory() as folder:
            status, printed = fork(lambda: self._measure(Path(folder)), 3_600)
            if status != PASSED:
                raise RuntimeError(f"tests fail as they are:\n{printed[-3_000:]}")
            self.covered = self._read(Path(folder))

    def _measure(self, folder: Path) -> int:
        measured = coverage.Coverage(data_file=folder / "coverage", branch=False, source=[str(self._package)])
        watch = _Watch(measured)
        measured.start()
        status = pytest.main(arguments(self._tests), plugins=[watch])
        measured.stop()
        measured.save()
        (folder / "seconds.json").write_text(json.dumps(watch.seconds))
        return int(status)

    def _read(self, folder: Path) -> Covered:
        data = coverage.CoverageData(str(folder / "coverage"))
        data.read()
        tests: dict[tuple[str, int], frozenset[str]] = {}
        early: set[tuple[str, int]] = set()
        for file in data.measured_files():
            name = str(Path(file).relative_to(ROOT))
            for line, contexts in data.contexts_by_lineno(file).items():
                tests[name, line] = frozenset(contexts) - {""}
                if "" in contexts:
                    early.add((name, line))
        return Covered(tests, frozenset(early), json.loads((folder / "seconds.json").read_text()))

    def is_noticed(self, change: Change, wanted: list[str] | None) -> bool:
        """Whether any of some tests fails with a change, of all tests with None. Raises RuntimeError for others."""
        if wanted == []:
            return False

        def work() -> int:
            plugin.install(change)
            plugins: list[object] = [plugin] if wanted is None else [plugin, _Order(wanted)]
            files = self._tests if wanted is None else sorted({test.partition("::")[0] for test in wanted})
            return int(pytest.main(arguments(files), plugins=plugins))

        seconds = self.covered.seconds
        needed = sum(seconds.values() if wanted is None else (seconds.get(test, 0.0) for test in wanted))
        status, printed = fork(work, LEAST_TIMEOUT_S + TIMEOUT_FACTOR * needed)
        if status not in NOTICED | NOTHING_RUN | {PASSED}:
            raise RuntimeError(f"{change}: status {status}\n{printed[-2_000:]}")
        return status in NOTICED
