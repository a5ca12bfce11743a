"""The words of texts in memory: in which of them do a query's rare words and pairs of neighbours stand?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from service.english.stems import stem_word
from service.english.word_classes import FUNCTION_WORDS
from service.matching.retrieval.fingerprints import split_words
from service.matching.thresholds import FUNCTION_WEIGHT, PAIR_WEIGHT

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]

_FIRST_RANK: Final = 0x100
_SURROGATES: Final = range(0xD800, 0xE000)
_UNKNOWN_RANK: Final = "\x01"
_MOST_WORDS: Final = 1_000_000  # different ones: more have no code point left


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched: terms with the weight of each, and the weight of all terms together."""

    weights: dict[int, float]
    total: float

    def without(self, terms: frozenset[int]) -> Query:
        """A copy without the terms that were found already; its `total` stays."""
        return Query({term: w for term, w in self.weights.items() if term not in terms}, self.total)

    @property
    def is_empty(self) -> bool:
        return not self.weights


class Postings:
    """For each term the texts that have it: two arrays in the order of terms."""

    def __init__(self, terms: Numbers, owners: Numbers) -> None:
        order = np.lexsort((owners, terms))
        terms, owners = terms[order], owners[order]
        is_first = np.ones(len(terms), dtype=bool)
        is_first[1:] = (terms[1:] != terms[:-1]) | (owners[1:] != owners[:-1])
        self._terms, self._owners = terms[is_first], owners[is_first]

    def of(self, term: int) -> Numbers:
        """The numbers of the texts that have a term, in order."""
        start, end = np.searchsorted(self._terms, [term, term + 1])
        return self._owners[start:end]


class GivenWords:
    """An index of texts: which of them, by their numbers, have a word or a pair of neighbouring words.

    Words are numbered from 0 in the order in which they come; a pair has a number above those of all words.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._numbers: dict[str, int] = {}
        sentences = [[self._number(word) for word in split_words(text)] for text in texts]
        self._flat = np.array([number for sentence in sentences for number in sentence], dtype=np.int64)
        lengths = np.array([len(sentence) for sentence in sentences], dtype=np.int64)
        self._ends = np.cumsum(lengths)
        self.count = len(sentences)
        self.owners: Numbers = np.repeat(np.arange(self.count), lengths)
        self.ranks = ["".join(map(_rank, sentence)) for sentence in sentences]
        self._base = max(1, len(self._numbers))
        self._postings = Postings(*self._list_terms())

    def _number(self, word: str) -> int:
        return self._numbers.setdefault(word, len(self._numbers))

    def _list_terms(self) -> tuple[Numbers, Numbers]:
        touching = self.owners[1:] == self.owners[:-1]
        pairs = (self._flat[:-1] + 1) * self._base + self._flat[1:]
        return (
            np.concatenate([self._flat, pairs[touching]]),
            np.concatenate([self.owners, self.owners[1:][touching]]),
        )

    def ranks_of(self, words: Sequence[str]) -> str:
        """Words as a string with a code point per word, as `ranks` holds those of the texts."""
        return "".join(
            _rank(self._numbers[word]) if word in self._numbers else _UNKNOWN_RANK for word in words
        )

    def weigh(self, words: Sequence[str]) -> Query:
        """The words and pairs of a query by their rarity in the texts; what no text has counts in full."""
        weights: dict[int, float] = {}
        total = 0.0
        for word in dict.fromkeys(words):
            number = self._numbers.get(word)
            weight = self._rarity(0 if number is None else len(self._postings.of(number)))
            weight *= FUNCTION_WEIGHT if word in FUNCTION_WORDS else 1.0
            total += weight
            if number is not None:
                weights[number] = weight
        for first, second in pairwise(words):
            a, b = self._numbers.get(first), self._numbers.get(second)
            if a is None or b is None or (first in FUNCTION_WORDS and second in FUNCTION_WORDS):
                continue
            pair = (a + 1) * self._base + b
            if found := len(self._postings.of(pair)):
                weights[pair] = PAIR_WEIGHT * self._rarity(found)
        return Query(weights, total)

    def _rarity(self, texts: int) -> float:
        return float(np.log(1 + self.count / max(1, texts)))

    def score(self, query: Query) -> Floats:
        """For each text the weight of the query's terms that it has."""
        scores = np.zeros(self.count)
        for term, weight in query.weights.items():
            scores[self._postings.of(term)] += weight
        return scores

    def terms_of(self, texts: range) -> frozenset[int]:
        """The terms of neighbouring texts."""
        start = int(self._ends[texts.start - 1]) if texts.start else 0
        numbers = self._flat[start : int(self._ends[texts.stop - 1])].tolist()
        pairs = ((a + 1) * self._base + b for a, b in pairwise(numbers))
        return frozenset([*numbers, *pairs])

    def length_of(self, text: int) -> int:
        """How many words a text has."""
        return len(self.ranks[text])

    @cached_property
    def _stems(self) -> tuple[dict[str, int], Postings]:
        numbers: dict[str, int] = {}
        of_word = np.array(
            [
                -1 if word in FUNCTION_WORDS else numbers.setdefault(stem_word(word), len(numbers))
                for word in self._numbers
            ],
            dtype=np.int64,
        )
        stems = of_word[self._flat] if len(self._flat) else self._flat
        kept = stems >= 0
        return numbers, Postings(stems[kept], self.owners[kept])

    def score_stems(self, words: Sequence[str]) -> Floats:
        """For each text the weight of a query's content words that it has, in any inflection."""
        numbers, postings = self._stems
        scores = np.zeros(self.count)
        for stem in {stem_word(word) for word in words if word not in FUNCTION_WORDS}:
            if stem in numbers:
                found = postings.of(numbers[stem])
                scores[found] += self._rarity(len(found))
        return scores


def select_best(scores: Floats, keep: int) -> list[tuple[int, float]]:
    """(number, score) of the greatest scores above nothing, best first; of equals the first."""
    count = min(keep, len(scores))
    if not count:
        return []
    best = np.argpartition(-scores, count - 1)[:count].tolist()
    chosen = [(at, float(scores[at])) for at in best if scores[at] > 0]
    return sorted(chosen, key=lambda entry: (-entry[1], entry[0]))


def _rank(number: int) -> str:
    code = _FIRST_RANK + number % _MOST_WORDS
    return chr(code if code < _SURROGATES.start else code + len(_SURROGATES))
