"""Near copies: whether two articles are nearly the same text, so one report and not two.

Compared is what stands outside quotation marks. Two reporters at one speech share its quotations; only copies
share the sentences around them, and a copy stays a copy where a quotation was changed.

A text is looked up by its sketch: the smallest hashes of its runs of words. Texts that share most of their
runs share some of the smallest ones, whatever else they hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Indel

from service.matching.retrieval.fingerprints import WordCodes, rank_string, split_words
from service.matching.thresholds import (
    LEAST_NARRATIVE,
    MOST_WORDS_OF_COPY,
    NARRATIVE_SHARE,
    RUN_WORDS,
    SKETCH_SIZE,
    WHOLE_SIMILARITY,
)
from service.text.marks import recall_passages

_MULTIPLIERS: Final = (
    0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93, 0xA0761D6478BD642F,
)  # fmt: skip

Hashes = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class TextSketch:
    """What comparing a text needs.

    `smallest` are up to `SKETCH_SIZE` hashes as signed 64-bit numbers, `runs` the hashes of all runs of the
    text that is compared, `words` a code point per word of the whole text, `is_short` that it has too little
    outside of quotation marks.
    """

    smallest: tuple[int, ...]
    runs: Hashes
    words: str
    is_short: bool


@lru_cache(maxsize=64)
def sketch_text(text: str) -> TextSketch:
    """The sketch of a text; of a very long one its first `MOST_WORDS_OF_COPY` words."""
    codes = WordCodes()  # most words of the narrative are those of the whole, and many come again
    whole, narrative = (
        [codes[word] for word in split_words(part)[:MOST_WORDS_OF_COPY]]
        for part in (text, drop_quotations(text))
    )
    is_short = len(narrative) < LEAST_NARRATIVE
    runs = hash_runs(whole if is_short else narrative)
    smallest = runs[:SKETCH_SIZE].view(np.int64).tolist()
    return TextSketch(tuple(smallest), runs, rank_string(whole), is_short)


def is_near_copy(first: TextSketch, second: TextSketch) -> bool:
    """Whether two texts are nearly the same, or one holds most of the other's own sentences."""
    if first.is_short or second.is_short:
        if not first.words or not second.words:
            return False
        return bool(Indel.normalized_similarity(first.words, second.words) >= WHOLE_SIMILARITY)
    shorter = min(len(first.runs), len(second.runs))
    shared = len(np.intersect1d(first.runs, second.runs, assume_unique=True))
    return shared >= NARRATIVE_SHARE * shorter


def drop_quotations(text: str) -> str:
    """The text without the words in quotation marks."""
    kept, place = [], 0
    for passage in recall_passages(text):
        if passage.outer.end <= place:
            continue
        kept.append(text[place : max(place, passage.outer.start)])
        place = passage.outer.end
    kept.append(text[place:])
    return " ".join(kept)


def hash_runs(codes: list[int]) -> Hashes:
    """The distinct hashes of a text's runs of words, the smallest first; a shorter text is one run."""
    if not codes:
        return np.empty(0, dtype=np.uint64)
    numbers = np.array(codes, dtype=np.uint64)
    size = min(RUN_WORDS, len(codes))
    mixed = np.zeros(len(codes) - size + 1, dtype=np.uint64)
    for offset in range(size):
        part = numbers[offset : len(codes) - size + 1 + offset]
        mixed = (mixed ^ part) * np.uint64(_MULTIPLIERS[offset])  # wraps, as meant
        mixed ^= mixed >> np.uint64(29)
    distinct: Hashes = np.unique(mixed)
    return distinct
