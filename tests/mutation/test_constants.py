"""The mutation run finds named numbers, moves them, and notices whether a test does."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mutation.__main__ import TESTED, read_excused
from tests.mutation.constants import Mutant, Number, find_numbers, make_mutants, mutate
from tests.mutation.runner import ROOT

SOURCE = '''
"""A module."""
from typing import Final
LIMIT: Final = 10
_SHARES: Final = (0.5, -0.25)
NONE: Final = 0
WORDS = range(3, 9)
NAMES = ["a"]
small = 5
def function():
    INNER = 7
'''


@pytest.fixture
def module(tmp_path: Path) -> Path:
    (tmp_path / "package").mkdir()
    path = tmp_path / "package" / "numbers_of.py"
    path.write_text(SOURCE)
    return path


def test_numbers_of_constants_are_found(module: Path) -> None:
    found = [(one.name, one.place, one.value) for one in find_numbers(module.parents[1], module.parent)]
    assert found == [
        ("LIMIT", 0, 10),
        ("_SHARES", 0, 0.5),
        ("_SHARES", 1, 0.25),
        ("WORDS", 0, 3),
        ("WORDS", 1, 9),
    ]


@pytest.mark.parametrize(
    ("value", "moved"), [(10, [13, 7]), (1, [2, 0]), (3, [4, 2]), (0.5, [0.65, 0.35]), (2.0, [2.6, 1.4])]
)
def test_a_number_is_moved_up_and_down(value: float, moved: list[float]) -> None:
    assert [one.value for one in make_mutants(Number("m", "N", 0, value))] == pytest.approx(moved)


def test_only_the_one_number_is_changed() -> None:
    tree = mutate(SOURCE, Mutant.parse("package.numbers_of:_SHARES:1:0.9"))
    assert ast.unparse(tree) == ast.unparse(ast.parse(SOURCE.replace("0.25", "0.9")))
    with pytest.raises(LookupError):
        mutate(SOURCE, Mutant.parse("package.numbers_of:OTHER:0:1"))


@pytest.mark.parametrize(("value", "status"), [("10", 0), ("13", 1)])
def test_a_moved_number_is_noticed_by_the_test_that_holds_it(value: str, status: int, module: Path) -> None:
    tested = module.parents[1] / "test_it.py"
    tested.write_text("from package.numbers_of import LIMIT\n\ndef test_it():\n    assert LIMIT == 10\n")
    environment = {**os.environ, "MUTANT": f"package.numbers_of:LIMIT:0:{value}"}
    environment["PYTHONPATH"] = f"{module.parents[1]}{os.pathsep}{ROOT}"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.mutation.plugin", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, "-c", os.devnull, "--rootdir", tested.parent, tested], env=environment, capture_output=True
    )
    assert done.returncode == status, done.stdout.decode()


def test_what_is_excused_exists_and_has_a_reason() -> None:
    labels = {one.label for folder in TESTED for one in find_numbers(ROOT, ROOT / folder)}
    assert len(labels) > 50
    assert set(read_excused()) <= labels
    assert all(reason.strip() for reason in read_excused().values())
