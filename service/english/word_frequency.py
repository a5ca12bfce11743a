"""How common English words are, and how much a run of them tells.

The table holds the 54,000 commonest words of `wordfreq` 3.1.1 (books, news, subtitles, web, speech; data
under CC BY-SA 4.0), made by `python -m service.english.word_frequency`.
"""

from __future__ import annotations

import json
import math
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Final

DATA_FILE: Final = Path(__file__).parent / "data" / "word_frequency.json"
LEAST_FREQUENCY: Final = 3e-7  # rarer words are in no table
UNKNOWN_BITS: Final = 22.0  # of a word that is in no table, and of a number
STEP: Final = 0.5  # bits


class WordBits(dict[str, float]):
    """The surprise of each word in bits: how often it comes, as a power of two. Unknown ones are rare."""

    def __missing__(self, word: str) -> float:
        return UNKNOWN_BITS


@cache
def load_word_bits() -> WordBits:
    """The table that comes with the program."""
    levels = json.loads(DATA_FILE.read_text(encoding="utf-8"))["levels"]
    return WordBits((word, float(bits)) for bits, words in levels.items() for word in words.split())


def is_known_word(word: str) -> bool:
    """Whether a lower-case word is among the common English ones."""
    return word in load_word_bits()


def build_table(frequencies: Mapping[str, float]) -> dict[str, str]:
    """Words by their surprise in bits, from their frequencies: what `DATA_FILE` holds."""
    levels: defaultdict[float, list[str]] = defaultdict(list)
    for word, frequency in frequencies.items():
        plain = word.replace("’", "'")
        if frequency >= LEAST_FREQUENCY and plain.isascii() and plain.replace("'", "").isalpha():
            levels[round(-math.log2(frequency) / STEP) * STEP].append(plain)
    return {str(bits): " ".join(sorted(levels[bits])) for bits in sorted(levels)}


def write_table(lines: Iterable[str]) -> None:
    """Write the table from lines of "word frequency"."""
    pairs = (line.split() for line in lines)
    stored = {
        "source": "wordfreq 3.1.1, English, combined list",
        "licence": "CC BY-SA 4.0",
        "levels": build_table({word: float(frequency) for word, frequency in pairs}),
    }
    DATA_FILE.write_text(json.dumps(stored, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_table(sys.stdin)
