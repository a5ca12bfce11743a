"""The rarity of words in published claims, the same in every store.

A store's own counts would make a score, and with it a threshold, mean something else in a small store.
"""

from __future__ import annotations

import json
import math
from functools import cache
from pathlib import Path
from typing import Final

RARITY_FILE: Final = Path(__file__).parent / "data" / "rarity.json"


class Rarity(dict[str, float]):
    """Weights of stems, 0 < weight <= most: BM25's IDF among `documents` claims with their titles.

    A dict that knows the weight of what it does not hold: thousands are looked up for each search.
    """

    def __init__(self, documents: int, having: dict[str, int]) -> None:
        super().__init__((stem, weigh(documents, count)) for stem, count in having.items())
        self.most = weigh(documents, 1)  # of a stem that is in no list

    def __missing__(self, stem: str) -> float:
        return self.most


def weigh(documents: int, having: int) -> float:
    """BM25's IDF of a stem that so many documents have."""
    return math.log1p((documents - having + 0.5) / (having + 0.5))


@cache
def load_rarity() -> Rarity:
    """The weights that come with the program."""
    stored = json.loads(RARITY_FILE.read_text(encoding="utf-8"))
    return Rarity(stored["documents"], stored["stems"])
