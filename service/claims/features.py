"""Features of the similarity of a text and a fact-check: shared words, names, figures and meaning.

Each feature is a named column; `NAMES` is their order, in the weights' file too.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final, Protocol

import numpy as np

from service.claims.encoder import Bytes, Floats, restore_vectors
from service.claims.factcheck import Factcheck
from service.claims.query import Query
from service.claims.rarity import load_rarity
from service.claims.terms import clean_text, read_stems, stem_word, stem_words
from service.matching.retrieval.fingerprints import split_words

NAMES: Final = (
    "meaning_claim",  # cosine of the text and the claim
    "meaning_title",
    "meaning_best",
    "meaning_lead",  # to the best of the other candidates; negative unless it is the best itself
    "words",  # BM25 of claim and title together, by the weights that every store shares; in tens
    "words_lead",
    "text_covered",  # share of the text's words, by weight, that claim or title has
    "claim_covered",  # share of the claim's words, by weight, that the text has
    "title_covered",
    "names_covered",  # share of the capitalised words of claim and title that the text has
    "names_missing",  # how many it has not, in tens
    "figures_shared",
    "figures_missing",  # the claim has figures, the text has none of them
    "pairs_covered",  # share of the text's pairs of neighbours that the claim has, by weight
    "longest_run",  # words of the longest run that text and claim share, in tens, at most 2
    "run_covered",  # share of the text that this run is
    "quotation_covered",  # share of the quotation in the claim that the text has; 0 if there is none
    "text_length",  # logarithm of its words
    "plain_words",  # weight of the shared words that are no names, in tens
    "both_covered",  # the shares of text and claim that the other has, multiplied
)  # fmt: skip
SATURATION: Final = 1.2
LENGTH_WEIGHT: Final = 0.75
MEAN_LENGTH: Final = 30.0  # words of claim and title

_CAPITALISED: Final = re.compile(r"[^\W\d_a-z][\w'’]+")
_FIGURE: Final = re.compile(r"\d")
_QUOTATION: Final = re.compile(r"[\"“](.{12,}?)[\"”]")


class Found(Protocol):
    """A candidate as the store returns it."""

    @property
    def factcheck(self) -> Factcheck: ...
    @property
    def vectors(self) -> Bytes: ...


@dataclass(frozen=True, slots=True)
class Words:
    """Different words, with the sum of their weights."""

    stems: frozenset[str]
    weight: float

    @classmethod
    def of(cls, stems: Iterable[str]) -> Words:
        """The different ones of some stems, with the sum of their weights."""
        different = frozenset(stems)
        return cls(different, sum(map(load_rarity().__getitem__, different)))

    def covered(self, text: TextWords) -> float:
        """The share of these words, by weight, that the text has."""
        if not self.weight:
            return 0.0
        return sum(map(text.weights.__getitem__, self.stems & text.different)) / self.weight


NO_WORDS: Final = Words(frozenset(), 0.0)


@dataclass(frozen=True, slots=True)
class Sides:
    """The words of a fact-check as they are compared."""

    order: tuple[str, ...]  # of the claim
    claim: Words
    title: Words
    quotation: Words
    counts: dict[str, int]
    different: frozenset[str]
    damping: float
    names: frozenset[str]
    figures: frozenset[str]
    pairs: frozenset[tuple[str, str]]


@lru_cache(maxsize=4_096)
def read_sides(claim: str, title: str) -> Sides:
    """Read claim and title; the same come back with many questions."""
    cleaned = clean_text(claim)
    claim_stems = tuple(stem_words(cleaned))
    title_stems = claim_stems if title == claim else tuple(read_stems(title))
    counts = Counter((*claim_stems, *title_stems))
    names = split_words(" ".join(_CAPITALISED.findall(cleaned, 1)))  # where a sentence begins tells nothing
    quotations = _QUOTATION.findall(claim)
    has_figures = _FIGURE.search(" ".join(claim_stems)) is not None
    length = LENGTH_WEIGHT * counts.total() / MEAN_LENGTH
    return Sides(
        order=claim_stems,
        claim=Words.of(claim_stems),
        title=Words.of(title_stems),
        quotation=Words.of(read_stems(" ".join(quotations))) if quotations else NO_WORDS,
        counts=dict(counts),
        different=frozenset(counts),
        damping=SATURATION * (1 - LENGTH_WEIGHT + length),
        names=frozenset(map(stem_word, names)),
        figures=frozenset(filter(_FIGURE.search, claim_stems)) if has_figures else frozenset(),
        pairs=frozenset(pairwise(claim_stems)),
    )


def measure(query: Query, candidates: Sequence[Found]) -> Floats:
    """The features of all candidates of one text, [candidates, features]."""
    if not candidates:
        return np.zeros((0, len(NAMES)), dtype=np.float32)
    vectors = restore_vectors(np.stack([candidate.vectors for candidate in candidates]))
    meaning = vectors @ query.vector
    text = TextWords.read(query)
    rows = []
    for candidate in candidates:
        factcheck = candidate.factcheck
        rows.append(text.compare(read_sides(factcheck.claim, factcheck.title or factcheck.claim)))
    table = np.zeros((len(candidates), len(NAMES)), dtype=np.float32)
    table[:, 0:2] = meaning
    table[:, 2] = meaning.max(axis=1)
    table[:, 3] = lead(table[:, 2])
    words = np.array(rows, dtype=np.float32)
    table[:, 4] = words[:, 0]
    table[:, 5] = lead(table[:, 4])
    table[:, 6:] = words[:, 1:]
    return table


def lead(values: Floats) -> Floats:
    """How far each value is above the best of the others."""
    if len(values) < 2:
        return np.zeros_like(values)
    second, best = np.sort(values)[-2:]
    result: Floats = values - np.where(values == best, second, best)
    return result


@dataclass(frozen=True, slots=True)
class TextWords:
    """The words of a text under question, with their weights."""

    stems: tuple[str, ...]
    different: frozenset[str]
    weights: dict[str, float]
    total: float
    pairs: dict[tuple[str, str], float]
    different_pairs: frozenset[tuple[str, str]]
    pairs_total: float
    length: float  # logarithm

    @classmethod
    def read(cls, query: Query) -> TextWords:
        """Weigh a query's words."""
        rarity = load_rarity()
        weights = {stem: rarity[stem] for stem in query.stems}
        pairs = {(first, second): weights[first] + weights[second] for first, second in pairwise(query.stems)}
        return cls(
            stems=query.stems,
            different=frozenset(weights),
            weights=weights,
            total=max(sum(weights.values()), 1e-6),
            pairs=pairs,
            different_pairs=frozenset(pairs),
            pairs_total=max(sum(pairs.values()), 1e-6),
            length=math.log1p(len(query.stems)),
        )

    def compare(self, sides: Sides) -> tuple[float, ...]:
        """The features of words, in the order of `NAMES`, the leads left out."""
        bm25 = covered = plain = 0.0
        for stem in self.different & sides.different:
            weight, times = self.weights[stem], sides.counts[stem]
            covered += weight
            plain += 0.0 if stem in sides.names else weight
            bm25 += weight * times * (SATURATION + 1) / (times + sides.damping)
        names, figures = len(sides.names & self.different), len(sides.figures & self.different)
        pairs = self.different_pairs & sides.pairs
        claim_covered = sides.claim.covered(self)
        # without a common pair no run is longer than a word
        run = longest_run(self.stems, sides.order) if pairs else int(bool(covered))
        return (
            bm25 / 10,
            covered / self.total,
            claim_covered,
            sides.title.covered(self),
            names / len(sides.names) if sides.names else 0.5,
            (len(sides.names) - names) / 10,
            float(figures > 0),
            float(bool(sides.figures) and not figures),
            sum(map(self.pairs.__getitem__, pairs)) / self.pairs_total,
            min(run, 20) / 10,
            run / max(len(self.stems), 1),
            sides.quotation.covered(self),
            self.length,
            plain / 10,
            claim_covered * covered / self.total,
        )


def longest_run(first: Sequence[str], second: Sequence[str]) -> int:
    """The length of the longest run of words that both have."""
    places: dict[str, list[int]] = {}
    for place, word in enumerate(second):
        places.setdefault(word, []).append(place)
    best = 0
    ending: dict[int, int] = {}
    for word in first:
        here = {place: ending.get(place - 1, 0) + 1 for place in places.get(word, ())}
        best = max(best, max(here.values(), default=0))
        ending = here
    return best
