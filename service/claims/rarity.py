"""How much a word tells: its rarity in published claims, the same in every store.

A store's own counts would make a score, and with it a threshold, mean something else in a small store.
"""

from __future__ import annotations

import json
import math
from functools import cache
from pathlib import Path
from typing import Final

RARITY_FILE: Final = Path(__file__).parent / "data" / "rarity.json"


class Rarity:
    """Weights of stems: BM25's IDF among `documents` claims with their titles."""

    def __init__(self, documents: int, having: dict[str, int]) -> None:
        self._documents = documents
        self._weights = {stem: self._weigh(count) for stem, count in having.items()}
        self.most = self._weigh(1)  # of a stem that is in no list

    def weight(self, stem: str) -> float:
        """The weight of a stem, 0 < weight <= most."""
        return self._weights.get(stem, self.most)

    def _weigh(self, having: int) -> float:
        return math.log1p((self._documents - having + 0.5) / (having + 0.5))


@cache
def load_rarity() -> Rarity:
    """The weights that come with the program."""
    stored = json.loads(RARITY_FILE.read_text(encoding="utf-8"))
    return Rarity(stored["documents"], stored["stems"])
