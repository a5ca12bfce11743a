"""The mutation run changes one operator at a time, and learns which tests run which lines."""

from __future__ import annotations

import ast
import os
import time
from pathlib import Path

import pytest

from tests.mutation.operators import find_changes, find_operators
from tests.mutation.runner import Covered, fork

SOURCE = '''
LIMIT = 3 < 4
def judge(words: "a < b", least=2):
    """Words."""
    return len(words) >= least and not words[0] == "x"
'''


@pytest.fixture
def mutants(tmp_path: Path) -> list[str]:
    path = tmp_path / "package" / "module.py"
    path.parent.mkdir()
    path.write_text(SOURCE)
    found = list(find_operators(tmp_path, path))
    assert {one.module for one in found} == {"package.module"}
    assert {line for one in found for line in one.lines} == {5}
    return [ast.unparse(one.apply(SOURCE)).splitlines()[-1].strip() for one in found]


def test_each_operator_is_changed_alone(mutants: list[str]) -> None:
    assert mutants == [
        "return len(words) >= least or not words[0] == 'x'",
        "return len(words) > least and (not words[0] == 'x')",
        "return len(words) >= least and (not not words[0] == 'x')",
        "return len(words) >= least and (not words[0] != 'x')",
        "return len(words) >= least and (not words[1] == 'x')",
    ]


def test_texts_constants_and_defaults_stay_as_they_are() -> None:
    assert list(find_changes(ast.parse("A = 1 < 2\ndef f(x: int = 3) -> str:\n    return 'a' + x\n"))) == []


def test_only_tests_that_run_a_line_are_asked_the_fastest_first() -> None:
    tests = {("a.py", 1): frozenset({"slow", "fast"}), ("a.py", 2): frozenset({"other"})}
    covered = Covered(tests, frozenset({("b.py", 1)}), {"slow": 2.0, "fast": 0.1, "other": 1.0})
    assert covered.of([("a.py", 1)]) == ["fast", "slow"]
    assert covered.of([("a.py", 1), ("a.py", 2)]) == ["fast", "other", "slow"]
    assert covered.of([("a.py", 3)]) == []
    assert covered.of([("a.py", 1), ("b.py", 1)]) is None  # run as modules are imported: any test may notice


def test_an_endless_run_is_ended_and_counts_as_noticed() -> None:
    assert fork(lambda: time.sleep(600) or 0, 0.2)[0] == 1
    status, printed = fork(lambda: os.write(1, b"words\n"), 60)
    assert (status, printed) == (6, "words\n")
