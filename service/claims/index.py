"""What a process keeps in memory to find claims: for each its length, its dates, and bits of its meaning.

About 130 bytes a claim. Words are not kept: their postings come from the store with each question.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.claims.encoder import CODE_WORDS, Codes

FIELDS: Final = 2  # claim and title
ID_BITS: Final = 28
UNKNOWN: Final = 0  # language
ID_MASK: Final = (1 << ID_BITS) - 1
SATURATION: Final = 1.2  # BM25's k1
LENGTH_WEIGHT: Final = 0.75  # BM25's b

Entries = NDArray[np.uint32]
Scores = NDArray[np.float32]


class IndexedClaim(NamedTuple):
    """A row of the index. `length` 0 says that the claim is gone."""

    id: int  # 1, 2, 3 …
    length: int  # words of claim and title
    day: int  # proleptic ordinal of claim or review, whichever is newer; 0 where unknown
    reviewed_on: int
    site: int
    language: int
    codes: bytes  # FIELDS * CODE_WORDS little-endian numbers


@dataclass(frozen=True, slots=True)
class Filter:
    """Which claims may be found at all."""

    site: str | None = None
    language: str | None = None  # what is in no known language passes
    newest_from: date | None = None  # claim or review is of this day or later
    reviewed_until: date | None = None  # as of this day: undated reviews are left out


def hash_name(name: str) -> int:
    """A host's or a language's number; of a language tag only the first part counts."""
    return zlib.crc32(name.strip().lower().encode("utf-8", "replace"))


def hash_language(tag: str) -> int:
    """The number of a tag's language, whatever its region or script."""
    return hash_name(tag.replace("_", "-").split("-")[0])


@dataclass(frozen=True, slots=True)
class ClaimIndex:
    """A snapshot of all claims; row `id - 1` is the claim's. Never changed: `updated` makes the next one."""

    numbers: NDArray[np.int64]  # [5, claims]: length, day, reviewed_on, site, language
    codes: Codes  # [FIELDS * CODE_WORDS, claims]

    @classmethod
    def empty(cls) -> ClaimIndex:
        """Of no claims."""
        return cls(np.zeros((5, 0), np.int64), np.zeros((FIELDS * CODE_WORDS, 0), np.uint64))

    def __len__(self) -> int:
        return int(self.numbers.shape[1])

    def updated(self, rows: Sequence[IndexedClaim]) -> ClaimIndex:
        """With these rows put in place of, or behind, those that are there."""
        if not rows:
            return self
        places = np.array([row.id for row in rows]) - 1
        size = max(len(self), int(places.max()) + 1)
        numbers = np.zeros((5, size), np.int64)
        codes = np.zeros((FIELDS * CODE_WORDS, size), np.uint64)
        numbers[:, : len(self)], codes[:, : len(self)] = self.numbers, self.codes
        numbers[:, places] = np.array([row[1:6] for row in rows], dtype=np.int64).T
        joined = np.frombuffer(b"".join(row.codes for row in rows), dtype="<u8")
        codes[:, places] = joined.reshape(len(rows), -1).T
        return ClaimIndex(numbers, codes)

    def allowed(self, wanted: Filter) -> NDArray[np.bool_]:
        """Which claims are there and pass the filter."""
        lengths, days, reviewed, sites, languages = self.numbers
        mask: NDArray[np.bool_] = lengths > 0
        if wanted.site is not None:
            mask &= sites == hash_name(wanted.site)
        if wanted.language is not None:
            mask &= (languages == hash_language(wanted.language)) | (languages == UNKNOWN)
        if wanted.newest_from is not None:
            mask &= days >= wanted.newest_from.toordinal()
        if wanted.reviewed_until is not None:
            mask &= (reviewed > 0) & (reviewed <= wanted.reviewed_until.toordinal())
        return mask

    def weigh_words(self, postings: Iterable[tuple[float, Entries]]) -> Scores:
        """BM25 of every claim. `postings`: for each word its IDF and the claims that have it."""
        lengths = self.numbers[0].astype(np.float32)
        there = lengths > 0
        mean = float(lengths[there].mean()) if there.any() else 1.0
        damping = SATURATION * (1 - LENGTH_WEIGHT + LENGTH_WEIGHT * lengths / mean)
        scores: Scores = np.zeros(len(self), dtype=np.float32)
        for idf, entries in postings:
            known = entries[(entries & ID_MASK) <= len(self)]  # others came in after this snapshot
            places = (known & ID_MASK).astype(np.intp) - 1
            times = (known >> ID_BITS).astype(np.float32)
            scores[places] += np.float32(idf) * times * (SATURATION + 1) / (times + damping[places])
        return scores

    def count_unlike(self, code: Codes) -> NDArray[np.uint16]:
        """How many bits of claim and title together differ from a text's, for every claim."""
        unlike = np.zeros(len(self), dtype=np.uint16)
        for row, word in enumerate(np.tile(code, FIELDS)):
            unlike += np.bitwise_count(self.codes[row] ^ word)
        return unlike


def find_best(scores: NDArray[np.generic], mask: NDArray[np.bool_], count: int) -> NDArray[np.intp]:
    """The places of the `count` highest scores where the mask is true, best first; equals by place."""
    places = np.flatnonzero(mask)
    if len(places) > count:
        kept = np.argpartition(-scores[places].astype(np.float32), count - 1)[:count]
        places = np.sort(places[kept])
    order = np.argsort(-scores[places].astype(np.float32), kind="stable")
    return places[order]


def shortlist(lexical: Scores, meaning: Scores, count: int) -> NDArray[np.intp]:
    """The places of the best sums of words and meaning, best first: what is worth measuring in full."""
    best = max(float(lexical.max(initial=0.0)), 1e-6)
    return np.argsort(-(2 * meaning + lexical / best), kind="stable")[:count]


def weigh_term(claims: int, having: int) -> float:
    """BM25's IDF of a word that so many of all claims have; never negative."""
    return float(np.log1p((max(claims - having, 0) + 0.5) / (having + 0.5)))
