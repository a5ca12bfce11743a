"""A small in-memory stand-in for the store: transcripts in, evidence windows out."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from pathlib import Path

from service.matching import Evidence, Origin, Utterance
from service.matching.normalise.levels import normalise

_SENTENCE = re.compile(r"(?<=[.!?])[\"”’']*\s+")


class MemoryIndex:
    """Sentences of transcripts by word bigrams."""

    def __init__(self) -> None:
        self._origins: list[Origin] = []
        self._sentences: list[list[Utterance]] = []
        self._postings: dict[str, list[tuple[int, int]]] = defaultdict(list)

    def __len__(self) -> int:
        return sum(map(len, self._sentences))

    def add(self, record: dict) -> None:
        """Add one transcript in the import form."""
        day = date.fromisoformat(record["published_at"])
        origin = Origin(record["uri"], record["title"], record["publisher"], day, record["kind"])
        source, sentences = len(self._origins), []
        for number, turn in enumerate(record["turns"]):
            for text in split_sentences(turn["text"]):
                position = len(sentences)
                sentences.append(
                    Utterance(f"{record['uri']}#{position}", text, turn["speaker"], day, number, position)
                )
                for gram in grams(text):
                    self._postings[gram].append((source, position))
        self._origins.append(origin)
        self._sentences.append(sentences)

    def find(self, text: str, windows: int = 10, radius: int = 3) -> list[Evidence]:
        """The windows around the sentences that share the rarest bigrams with a text."""
        scores: Counter[tuple[int, int]] = Counter()
        for gram in grams(text):
            places = self._postings.get(gram, ())
            if len(places) <= 2_000:
                for place in places:
                    scores[place] += 1 / len(places)
        best = sorted(scores.items(), key=lambda item: (-item[1], item[0]))[: 2 * windows]
        return self._windows([place for place, _ in best], windows, radius)

    def _windows(self, places: Iterable[tuple[int, int]], windows: int, radius: int) -> list[Evidence]:
        found: list[tuple[int, int, int, set[int]]] = []
        for source, position in places:
            for window in found:
                if window[0] == source and window[1] <= position < window[2]:
                    window[3].add(position)
                    break
            else:
                if len(found) < windows:
                    end = min(len(self._sentences[source]), position + radius + 1)
                    found.append((source, max(0, position - radius), end, {position}))
        return [
            Evidence(self._origins[source], tuple(self._sentences[source][start:end]), frozenset(hits))
            for source, start, end, hits in found
        ]


def split_sentences(text: str) -> list[str]:
    """Sentences by their closing punctuation."""
    cuts = [0, *(match.end() for match in _SENTENCE.finditer(text)), len(text)]
    return [part for a, b in pairwise(cuts) if (part := text[a:b].strip())]


def grams(text: str) -> set[str]:
    """Word bigrams at level N3."""
    words = normalise(text).forms
    return {f"{a} {b}" for a, b in pairwise(words)} or set(words)


def load_transcripts(path: Path) -> MemoryIndex:
    """An index of a file of transcripts, one a line."""
    index = MemoryIndex()
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            index.add(json.loads(line))
    return index
