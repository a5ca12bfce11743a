"""`python -m tests.mutation`: move each named number by 30 % and list those that no test notices."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import click

from tests.mutation.constants import Mutant, Number, find_numbers, make_mutants

ROOT = Path(__file__).parents[2]
EXCUSED = Path(__file__).with_name("excused.txt")
#: Folders of named numbers and the tests that have to notice, the fastest first.
TESTED = {
    "service/matching": (
        "tests/matching",
        "tests/accuracy/test_own_floors.py",
        "tests/accuracy/test_verdicts_floor.py",
    ),
    "service/extraction/speakers": (
        "tests/extraction/speakers",
        "tests/extraction/test_hard_cases.py",
        "tests/accuracy/test_speakers_floor.py",
    ),
}
TIMEOUT_S = 1_800


def read_excused() -> dict[str, str]:
    """The numbers that need no test, each with its reason."""
    lines = EXCUSED.read_text(encoding="utf-8").splitlines()
    return dict(line.split(": ", 1) for line in lines if line and not line.startswith("#"))


def is_noticed(mutant: Mutant, tests: tuple[str, ...]) -> bool:
    """Whether any of the tests fails with a mutant. Raises RuntimeError where they could not be run."""
    for tested in tests:
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "tests.mutation.plugin"]
        try:
            done = subprocess.run(
                [*command, "-p", "no:cacheprovider", "--no-header", tested],
                cwd=ROOT,
                env={**os.environ, "MUTANT": str(mutant)},
                capture_output=True,
                timeout=TIMEOUT_S,
            )
        except subprocess.TimeoutExpired:
            return True
        if done.returncode in (1, 2):  # 2: not even its modules could be imported
            return True
        if done.returncode not in (0, 5, 6):  # 5: no tests without the corpora; 6: the module is not imported
            raise RuntimeError(f"{mutant}: {done.stdout.decode()[-2000:]}")
    return False


def find_survivors(number: Number, tests: tuple[str, ...]) -> list[Mutant]:
    """The values of a number that no test notices."""
    return [mutant for mutant in make_mutants(number) if not is_noticed(mutant, tests)]


@click.command()
@click.argument("folders", nargs=-1)
@click.option("--only", multiple=True, help="Only constants with this in their name. Can be repeated.")
@click.option("--part", default="1/1", help="The i-th of n parts, such as 2/4.")
@click.option("--show", is_flag=True, help="List the numbers and run nothing.")
def main(folders: tuple[str, ...], only: tuple[str, ...], part: str, show: bool) -> None:
    """Move the named numbers of FOLDERS (by default matching and speakers). Exit status 1 for survivors."""
    index, parts = (int(each) for each in part.split("/"))
    excused, survivors, tried = read_excused(), 0, 0
    for folder in folders or TESTED:
        tests = next(tests for name, tests in TESTED.items() if folder.startswith(name))
        numbers = [
            number
            for number in find_numbers(ROOT, ROOT / folder)
            if number.label not in excused and (not only or any(each in number.label for each in only))
        ]
        for number in numbers[index - 1 :: parts]:
            tried += 1
            if show:
                click.echo(f"{number.label} = {number.value}")
                continue
            begun = time.monotonic()
            left = find_survivors(number, tests)
            survivors += bool(left)
            told = " ".join(str(mutant.value) for mutant in left)
            what = f"SURVIVES as {told}" if left else "noticed"
            click.echo(f"{number.label} = {number.value}: {what} ({time.monotonic() - begun:.0f} s)")
    click.echo(f"{survivors} of {tried} numbers can be moved unnoticed; {len(excused)} are excused", err=True)
    sys.exit(1 if survivors else 0)


if __name__ == "__main__":
    main()
