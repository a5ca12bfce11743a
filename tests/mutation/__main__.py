"""`python -m tests.mutation`: change numbers or operators one at a time and list what no test notices."""

from __future__ import annotations

import ast
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import click

from tests.mutation.constants import Number, find_numbers, lines_with, make_mutants
from tests.mutation.operators import OperatorMutant, find_operators
from tests.mutation.runner import ROOT, Runner

EXCUSED = Path(__file__).with_name("excused.txt")
#: Packages and the tests of their own, which have to notice. None of them needs the corpora.
TESTED = {
    "service/matching": ("tests/matching",),
    "service/extraction/speakers": ("tests/extraction/speakers",),
    "service/extraction": (
        "tests/extraction/attribution",
        "tests/extraction/rules",
        "tests/extraction/tagger",
        "tests/extraction/test_structure.py",
        "tests/extraction/test_hard_cases.py",
    ),
}
DEFAULT = ("service/matching", "service/extraction/speakers")


def read_excused() -> dict[str, str]:
    """The numbers that need no test, each with its reason."""
    lines = EXCUSED.read_text(encoding="utf-8").splitlines()
    return dict(line.split(": ", 1) for line in lines if line and not line.startswith("#"))


def modules_of(folder: Path) -> list[Path]:
    """The modules of a folder, or the one module it is."""
    return sorted(folder.rglob("*.py")) if folder.is_dir() else [folder]


def find_uses(package: str, number: Number) -> set[tuple[str, int]]:
    """The lines of a package that read a constant."""
    return {
        (str(path.relative_to(ROOT)), line)
        for path in modules_of(ROOT / package)
        for line in lines_with(ast.parse(path.read_text(encoding="utf-8")), number.name)
    }


def find_survivors(runner: Runner, package: str, number: Number) -> list[float]:
    """The values of a number that no test notices."""
    tests = runner.covered.of(find_uses(package, number))
    return [mutant.value for mutant in make_mutants(number) if not runner.is_noticed(mutant, tests)]


def survives(runner: Runner, mutant: OperatorMutant) -> bool:
    """Whether no test that runs the lines of a changed operator fails."""
    file = mutant.module.replace(".", "/") + ".py"
    return not runner.is_noticed(mutant, runner.covered.of([(file, line) for line in mutant.lines]))


def run_numbers(folder: str, only: tuple[str, ...], show: bool) -> Iterator[bool]:
    """Report every number of a folder; whether each survives."""
    package = next(name for name in TESTED if folder.startswith(name))
    excused = read_excused()
    numbers = [
        number
        for number in find_numbers(ROOT, ROOT / folder)
        if number.label not in excused and (not only or any(each in number.label for each in only))
    ]
    runner = None if show else Runner(ROOT / package, TESTED[package])
    for at, number in enumerate(numbers, 1):
        begun = time.monotonic()
        left = find_survivors(runner, package, number) if runner else []
        said = "SURVIVES as " + " ".join(map(str, left)) if left else "noticed" if runner else "not tried"
        took = time.monotonic() - begun
        click.echo(f"[{at}/{len(numbers)}] {number.label} = {number.value}: {said} ({took:.0f} s)")
        yield bool(left)


def run_operators(folder: str, sample: int, seed: int, only: tuple[str, ...]) -> Iterator[bool]:
    """Report every changed operator of a folder, or a sample; whether each survives."""
    package = next(name for name in TESTED if folder.startswith(name))
    mutants = [each for path in modules_of(ROOT / folder) for each in find_operators(ROOT, path)]
    mutants = [each for each in mutants if not only or any(name in each.label for name in only)]
    if 0 < sample < len(mutants):
        drawn = sorted(random.Random(seed).sample(range(len(mutants)), sample))
        mutants = [mutants[number] for number in drawn]
    runner = Runner(ROOT / package, TESTED[package])
    for at, mutant in enumerate(mutants, 1):
        left = survives(runner, mutant)
        if left or at % 25 == 0:
            said = f"SURVIVES {mutant.label} (line {mutant.lines.start})" if left else "…"
            click.echo(f"[{at}/{len(mutants)}] {said}")
        yield left


@click.command()
@click.argument("folders", nargs=-1)
@click.option("--only", multiple=True, help="Only what has this in its name. Can be repeated.")
@click.option("--operators", is_flag=True, help="Change operators within functions instead of named numbers.")
@click.option("--sample", default=0, help="Try only so many operators, drawn at random by a fixed seed.")
@click.option("--seed", default=0, help="Another seed draws another sample.")
@click.option("--show", is_flag=True, help="List the numbers and run nothing.")
def main(
    folders: tuple[str, ...], only: tuple[str, ...], operators: bool, sample: int, seed: int, show: bool
) -> None:
    """Change FOLDERS (by default matching and speakers). Exit status 1 for numbers that survive."""
    results = [
        left
        for folder in folders or DEFAULT
        for left in (
            run_operators(folder, sample, seed, only) if operators else run_numbers(folder, only, show)
        )
    ]
    what = "operators" if operators else "numbers"
    click.echo(f"{sum(results)} of {len(results)} {what} can be changed unnoticed", err=True)
    if not operators:
        click.echo(f"{len(read_excused())} numbers are excused in {EXCUSED.name}", err=True)
        sys.exit(1 if any(results) else 0)


if __name__ == "__main__":
    main()
