"""Ranking of candidates by how well they match a query's words. It decides no verdict."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import LCSseq, Levenshtein
from rapidfuzz.fuzz import partial_ratio

from service.matching.models import AlignmentStep, Op
from service.matching.retrieval.fingerprints import split_words
from service.matching.thresholds import (
    BUDGET,
    FINGERPRINTS_PER_QUERY,
    LEAST_WEIGHT,
    ROUNDING,
    SHORT_BUDGET,
    SHORT_QUERY,
    VARIANT_SHARE,
    VARIANT_WORDS,
)

Ids = NDArray[np.int64]


class Weighted(NamedTuple):
    """A fingerprint to look up and what sharing it counts (its inverse document frequency)."""

    hash: int
    weight: float
    frequency: int


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate and how well it holds the query: share of words in order, then of the best window."""

    id: int
    coverage: float  # words of the query found in order, as a share of the query, in [0, 1]
    closeness: float  # partial_ratio over words, in [0, 100]


def choose_fingerprints(
    hashes: Sequence[int], frequency_of: Callable[[int], int], words: int, quotes: int
) -> list[Weighted]:
    """The rarest fingerprints of a query, as many as the budget of postings allows.

    A fingerprint that alone exceeds the budget is passed over while another exists. When there is none, the
    rarest of them is taken: the caller bounds how much of it is read.
    """
    budget = SHORT_BUDGET if words <= SHORT_QUERY else BUDGET
    rarest = sorted((frequency_of(hash_), hash_) for hash_ in hashes)
    chosen: list[Weighted] = []
    spent = 0
    for frequency, hash_ in rarest:
        if len(chosen) == FINGERPRINTS_PER_QUERY or (chosen and spent + frequency > budget):
            break
        spent += frequency
        weight = math.log(1 + max(quotes, 1) / max(frequency, 1))
        chosen.append(Weighted(hash_, weight, frequency))
    return chosen


@dataclass(frozen=True, slots=True)
class Best:
    """The ids with the greatest sums of weights, best first, and whether more would deserve to be there."""

    ids: list[int]
    is_tied: bool  # the last one kept has the greatest sum of all, and so has one that was left out


def select_best(lists: Sequence[tuple[float, Ids]], keep: int) -> Best:
    """The `keep` ids with the greatest sum of weights over the lists they are in; ties go to the lower id.

    Ids far behind the best are left out.
    """
    filled = [(weight, ids) for weight, ids in lists if len(ids)]
    if not filled:
        return Best([], False)
    # An id and the number of its list in one integer: sorting such is far faster than sorting two arrays.
    bits = len(filled).bit_length()
    tagged = np.concatenate([ids << bits | number for number, (_, ids) in enumerate(filled)])
    tagged.sort()
    ids = tagged >> bits
    is_first = np.empty(len(ids), dtype=bool)
    is_first[0] = True
    np.not_equal(ids[1:], ids[:-1], out=is_first[1:])
    weights = np.array([weight for weight, _ in filled])[tagged & ((1 << bits) - 1)]
    sums = np.bincount(np.cumsum(is_first) - 1, weights=weights)
    ids = ids[is_first]
    least = LEAST_WEIGHT * sums.max()
    if len(ids) > keep:
        least = max(least, np.partition(sums, -keep)[-keep])
    chosen = np.flatnonzero(sums >= least)
    ids, kept = ids[chosen], sums[chosen]
    order = np.argsort(-kept, kind="stable")
    is_tied = len(ids) > keep and bool(kept.min() >= kept.max() * (1 - ROUNDING))
    return Best(ids[order[:keep]].tolist(), is_tied)


class Candidate(NamedTuple):
    """A stored text that may hold the query. `words` is a rank string, a code point per word."""

    id: int
    words: str
    preference: tuple[int, ...] = ()  # orders candidates that hold the query equally well, lower first


def rank_candidates(query: str, candidates: Iterable[Candidate], keep: int) -> list[Ranked]:
    """The best `keep` candidates, best first; `query` is a rank string.

    Closeness is only computed where coverage leaves a choice. The last tie goes to the lower id.
    """
    if not query:
        return []
    covered = [(LCSseq.similarity(query, candidate.words), candidate) for candidate in candidates]
    covered.sort(key=lambda pair: -pair[0])
    if len(covered) > keep:
        least = covered[keep - 1][0]
        covered = [pair for pair in covered if pair[0] >= least]
    scored = [(count, partial_ratio(query, candidate.words), candidate) for count, candidate in covered]
    scored.sort(key=lambda entry: (-entry[0], -entry[1], entry[2].preference, entry[2].id))
    return [
        Ranked(candidate.id, count / len(query), closeness) for count, closeness, candidate in scored[:keep]
    ]


_OPS: Final[dict[str, Op]] = {"equal": "keep", "delete": "drop", "insert": "add", "replace": "change"}


def is_variant(first: str, second: str) -> bool:
    """Whether one text, or a part of it, is nearly the other; both are rank strings."""
    shorter = min(len(first), len(second))
    return shorter >= VARIANT_WORDS and LCSseq.similarity(first, second) >= VARIANT_SHARE * shorter


def align_variants(earlier: str, later: str) -> tuple[AlignmentStep, ...]:
    """What was changed from one wording to another, by words between white space; case and marks aside."""
    earlier_words, later_words = earlier.split(), later.split()
    earlier_keys = [" ".join(split_words(word)) for word in earlier_words]
    later_keys = [" ".join(split_words(word)) for word in later_words]
    return tuple(
        AlignmentStep(
            _OPS[step.tag],
            " ".join(earlier_words[step.src_start : step.src_end]),
            " ".join(later_words[step.dest_start : step.dest_end]),
        )
        for step in Levenshtein.opcodes(earlier_keys, later_keys)
    )
