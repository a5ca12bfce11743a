"""The index of claims in memory: for each its length, dates, and the signs of its vectors.

About 130 bytes a claim. Words are not kept: their postings come from the store with each question.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.claims.encoder import CODE_WORDS, DIMENSIONS, Codes, Floats, sign_codes

FIELDS: Final = 2  # claim and title
ID_BITS: Final = 28
UNKNOWN: Final = 0  # language
ID_MASK: Final = (1 << ID_BITS) - 1
SATURATION: Final = 1.2  # BM25's k1
LENGTH_WEIGHT: Final = 0.75  # BM25's b
BY_MEANING: Final = 120  # candidates, and half as many by words
COARSE: Final = 4_096  # claims compared in all bits; where there are many, the nearest in half of them
COARSE_SHARE: Final = 50  # and at least one in so many: of 200,000, that has 99 % of the nearest 120
BLOCK: Final = 8_192  # claims compared at a time: their bits stay in the processor's cache
SIGN_COSINE: Final = math.sqrt(math.pi / 2 / DIMENSIONS)  # from a unit vector times signs to the cosine

Entries = NDArray[np.uint32]
Scores = NDArray[np.float32]
Posting = tuple[float, Entries]  # of a word: its IDF, and for each claim that has it how often and which


class IndexedClaim(NamedTuple):
    """A row of the index. `length` 0 says that the claim is gone."""

    id: int  # 1, 2, 3 …
    length: int  # words of claim and title
    day: int  # proleptic ordinal of claim or review, whichever is newer; 0 if unknown
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
    codes: Codes  # [FIELDS, CODE_WORDS, claims]
    there: NDArray[np.bool_]  # [claims]: not gone
    damping: Scores  # [claims]: what BM25 makes of their lengths
    claims: int  # that are there

    @classmethod
    def of(cls, numbers: NDArray[np.int64], codes: Codes) -> ClaimIndex:
        """With what follows from the lengths."""
        lengths = numbers[0].astype(np.float32)
        there = numbers[0] > 0
        mean = float(lengths[there].mean()) if there.any() else 1.0
        damping = SATURATION * (1 - LENGTH_WEIGHT + LENGTH_WEIGHT * lengths / mean)
        return cls(numbers, codes, there, damping, int(np.count_nonzero(there)))

    @classmethod
    def empty(cls) -> ClaimIndex:
        """An index without claims."""
        return cls.of(np.zeros((5, 0), np.int64), np.zeros((FIELDS, CODE_WORDS, 0), np.uint64))

    def __len__(self) -> int:
        return int(self.numbers.shape[1])

    def updated(self, rows: Sequence[IndexedClaim]) -> ClaimIndex:
        """With these rows put in place of, or behind, those that are there."""
        if not rows:
            return self
        places = np.array([row.id for row in rows]) - 1
        size = max(len(self), int(places.max()) + 1)
        numbers = np.zeros((5, size), np.int64)
        codes = np.zeros((FIELDS, CODE_WORDS, size), np.uint64)
        numbers[:, : len(self)], codes[:, :, : len(self)] = self.numbers, self.codes
        numbers[:, places] = np.array([row[1:6] for row in rows], dtype=np.int64).T
        joined = np.frombuffer(b"".join(row.codes for row in rows), dtype="<u8")
        codes[:, :, places] = joined.reshape(len(rows), FIELDS, CODE_WORDS).transpose(1, 2, 0)
        return ClaimIndex.of(numbers, codes)

    def allowed(self, wanted: Filter) -> NDArray[np.bool_]:
        """Which claims are there and pass the filter."""
        _, days, reviewed, sites, languages = self.numbers
        mask = self.there.copy()
        if wanted.site is not None:
            mask &= sites == hash_name(wanted.site)
        if wanted.language is not None:
            mask &= (languages == hash_language(wanted.language)) | (languages == UNKNOWN)
        if wanted.newest_from is not None:
            mask &= days >= wanted.newest_from.toordinal()
        if wanted.reviewed_until is not None:
            mask &= (reviewed > 0) & (reviewed <= wanted.reviewed_until.toordinal())
        return mask

    def retrieve(
        self, postings: Iterable[Posting], vector: Floats | None, mask: NDArray[np.bool_], count: int
    ) -> NDArray[np.intp]:
        """The places of the `count` claims that share most words and meaning with a text, best first.

        Looked for among the nearest by meaning, and half as many by words; without a vector by words alone.
        """
        limit = max(BY_MEANING, count)
        words = self.weigh_words(postings)
        places = find_best(words, mask & (words > 0), limit // 2)
        meaning: Floats = np.zeros(len(places), dtype=np.float32)
        if vector is not None:
            places = np.union1d(places, self.find_nearest(sign_codes(vector), mask, limit))
            meaning = self.estimate_meaning(vector, places)
        return places[shortlist(words[places], meaning, count)]

    def weigh_words(self, postings: Iterable[Posting]) -> Scores:
        """BM25 of every claim."""
        listed = list(postings)
        if not listed:
            return np.zeros(len(self), dtype=np.float32)
        entries = np.concatenate([entries for _, entries in listed])
        gains = np.array([idf * (SATURATION + 1) for idf, _ in listed], dtype=np.float32)
        gains = np.repeat(gains, [len(entries) for _, entries in listed])
        places = (entries & ID_MASK).astype(np.intp) - 1
        times = (entries >> ID_BITS).astype(np.float32)
        if (known := places < len(self)).all():
            gains *= times / (times + self.damping[places])
        else:  # some came in after this snapshot
            places, times = places[known], times[known]
            gains = gains[known] * times / (times + self.damping[places])
        return np.bincount(places, gains, len(self)).astype(np.float32)

    def find_nearest(self, code: Codes, mask: NDArray[np.bool_], count: int) -> NDArray[np.intp]:
        """The places of the `count` claims with most bits of a text's where the mask is true, best first.

        Of many claims, half of the bits choose those that are compared in all.
        """
        keep, half = max(COARSE, 8 * count, len(self) // COARSE_SHARE), CODE_WORDS // 2
        if len(self) <= 4 * keep:
            return find_best(-count_unlike(self.codes, code), mask, count)
        places = select_high(-count_unlike(self.codes[:, :half], code[:half]), mask, keep)
        unlike = count_unlike(self.codes[:, :, places], code)
        return places[np.argsort(unlike, kind="stable")[:count]]

    def estimate_meaning(self, vector: Floats, places: NDArray[np.intp]) -> Floats:
        """The cosines of a text's vector with claim or title, whichever is nearer, as their signs tell."""
        kept = np.ascontiguousarray(self.codes[:, :, places].transpose(2, 0, 1)).astype("<u8")
        bits = np.unpackbits(kept.view(np.uint8), axis=-1).astype(np.float32)
        cosines: Floats = (2 * (bits @ vector) - vector.sum()) * np.float32(SIGN_COSINE)
        nearer: Floats = cosines.max(axis=1, initial=-1.0)
        return nearer


def count_unlike(codes: Codes, code: Codes) -> NDArray[np.int16]:
    """How many bits of [fields, words, claims] differ from a text's [words], for every claim."""
    unlike = np.empty(codes.shape[-1], dtype=np.int16)
    words = code[:, None]
    for start in range(0, len(unlike), BLOCK):
        differing = np.bitwise_count(codes[:, :, start : start + BLOCK] ^ words)
        np.add.reduce(differing, axis=(0, 1), dtype=np.int16, out=unlike[start : start + BLOCK])
    return unlike


def find_best(scores: NDArray[Any], mask: NDArray[np.bool_], count: int) -> NDArray[np.intp]:
    """The places of the `count` highest scores where the mask is true, best first; equals by place."""
    places = select_high(scores, mask, count)
    return places[np.argsort(-scores[places], kind="stable")[:count]]


def select_high(scores: NDArray[Any], mask: NDArray[np.bool_], count: int) -> NDArray[np.intp]:
    """The places, ascending, of the `count` highest scores where the mask is true, ties included."""
    places = np.flatnonzero(mask)  # a mask is slow to select by where it is neither empty nor full
    if not 0 < count < len(places):
        return places
    found = scores[places]
    return places[np.flatnonzero(found >= np.partition(found, -count)[-count])]


def shortlist(lexical: Scores, meaning: Floats, count: int) -> NDArray[np.intp]:
    """The places of the best sums of words and meaning, best first: what is worth measuring in full."""
    best = max(float(lexical.max(initial=0.0)), 1e-6)
    return np.argsort(-(2 * meaning + lexical / best), kind="stable")[:count]


def weigh_term(claims: int, having: int) -> float:
    """BM25's IDF of a word that so many of all claims have; never negative."""
    return float(np.log1p((max(claims - having, 0) + 0.5) / (having + 0.5)))
