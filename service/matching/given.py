"""Search of the sources sent with a request, in memory.

A source of a request is small, and it is read for that request alone. Nothing of it is kept here or anywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import LCSseq

from service.matching.axes.attribution import judge_speaker
from service.matching.models import Claim, Evidence, Origin, Utterance
from service.matching.retrieval.given_words import Floats, GivenWords, select_best
from service.matching.retrieval.text_parts import split_parts
from service.matching.thresholds import (
    HITS_OF_PART,
    HITS_OF_WHOLE,
    LEAST_SHARE,
    LONG_SENTENCE,
    MOST_OF_ANYBODY,
    MOST_REPORTED,
    MOST_WINDOWS,
    REPORTED_RADIUS,
    RERANKED,
    ROUNDS,
    WINDOW_RADIUS,
)


@dataclass(frozen=True, slots=True)
class GivenSource:
    """A source of a request: its sentences in order, with positions from 0."""

    origin: Origin
    utterances: tuple[Utterance, ...]


@dataclass(slots=True)
class _Window:
    """Neighbouring sentences of one source, by their running numbers: [first, last]."""

    first: int
    last: int
    hits: set[int]
    weight: float


class GivenIndex:
    """The words of all given sources. Built once a request; safe to be read by several threads."""

    def __init__(self, sources: Sequence[GivenSource]) -> None:
        self.sources = tuple(sources)
        self._utterances = [utterance for source in sources for utterance in source.utterances]
        sizes = [len(source.utterances) for source in sources]
        self._owners = np.repeat(np.arange(len(sources)), sizes)
        self._starts = np.cumsum([0, *sizes])
        self._words = GivenWords(utterance.text for utterance in self._utterances)

    @classmethod
    def of(cls, sources: Sequence[GivenSource]) -> GivenIndex:
        """The index of some sources; without any it finds nothing."""
        return cls(sources)

    def __len__(self) -> int:
        return len(self.sources)

    def find(self, claim: Claim) -> tuple[Evidence, ...]:
        """Windows of the sources that may contain the words of a claim or their meaning, the likeliest first.

        Each part of a claim has its best sentences among them, and so has what these lack.
        """
        parts = split_parts(claim.text)
        if not parts or not self._utterances:
            return ()
        hits: dict[int, float] = {}
        for number, words in enumerate(parts):
            for sentence, weight in self._find_part(words, HITS_OF_PART if number else HITS_OF_WHOLE):
                hits[sentence] = max(hits.get(sentence, 0.0), weight)
        windows = self._merge(hits, WINDOW_RADIUS + len(parts) - 1)[:MOST_WINDOWS]
        seen = {sentence for window in windows for sentence in range(window.first, window.last + 1)}
        alike = {at: weight for at, weight in self._find_alike(claim, parts[0]) if at not in seen}
        windows += self._merge(alike, REPORTED_RADIUS)
        return tuple(self._read(window) for window in windows)

    def _find_alike(self, claim: Claim, words: Sequence[str]) -> list[tuple[int, float]]:
        """Sentences that share rare words with the claim in any inflection: its speaker's, then anybody's."""
        scores = self._words.score_stems(words)
        theirs = np.where(self._list_admitted(claim), scores, 0.0)
        return [*select_best(theirs, MOST_REPORTED), *select_best(scores, MOST_OF_ANYBODY)]

    def _list_admitted(self, claim: Claim) -> NDArray[np.bool_]:
        """For each sentence whether the claim's speaker may have said it."""
        admits = {
            name: judge_speaker(claim, name) != "misattributed"
            for name in {utterance.speaker for utterance in self._utterances}
        }
        return np.array([admits[utterance.speaker] for utterance in self._utterances])

    def _find_part(self, words: Sequence[str], keep: int) -> list[tuple[int, float]]:
        """The sentences that hold most of the words, then those that hold what the former ones lack."""
        query = self._words.weigh(words)
        found: list[tuple[int, float]] = []
        for _ in range(ROUNDS):
            scores = self._words.score(query)
            best = self._rerank(words, scores, keep)
            if not best or scores[best[0]] < LEAST_SHARE * query.total:
                break
            found += [(sentence, float(scores[sentence])) for sentence in best]
            near = range(
                max(0, best[0] - WINDOW_RADIUS), min(len(self._utterances), best[0] + WINDOW_RADIUS + 1)
            )
            query = query.without(self._words.terms_of(near))
            keep = HITS_OF_PART
            if query.is_empty:
                break
        return found

    def _rerank(self, words: Sequence[str], scores: Floats, keep: int) -> list[int]:
        """The sentences with most words in order, among those with the highest scores."""
        count = min(RERANKED, len(scores))
        best = np.argpartition(-scores, count - 1)[:count]
        wanted = self._words.ranks_of(words)
        ranked = sorted(
            (-LCSseq.similarity(wanted, self._words.ranks[at]), -float(scores[at]), int(at))
            for at in best
            if scores[at] > 0
        )
        return [at for _, _, at in ranked[:keep]]

    def _merge(self, hits: dict[int, float], radius: int) -> list[_Window]:
        """Hits with their neighbours of the same source, as one window where they touch; best first."""
        windows: list[_Window] = []
        for sentence in sorted(hits):
            owner = int(self._owners[sentence])
            start, end = int(self._starts[owner]), int(self._starts[owner + 1]) - 1
            around = radius if self._words.length_of(sentence) <= LONG_SENTENCE else 1
            first, last = max(start, sentence - around), min(end, sentence + around)
            former = windows[-1] if windows else None
            if former and start <= former.last and first <= former.last + 1:
                former.last = max(former.last, last)
                former.hits.add(sentence)
                former.weight += hits[sentence]
            else:
                windows.append(_Window(first, last, {sentence}, hits[sentence]))
        return sorted(windows, key=lambda window: -window.weight)

    def _read(self, window: _Window) -> Evidence:
        owner = int(self._owners[window.first])
        return Evidence(
            self.sources[owner].origin,
            tuple(self._utterances[window.first : window.last + 1]),
            frozenset(self._utterances[hit].position for hit in window.hits),
        )
