"""Aligns contents with quotation marks, which decide where a quotation begins and ends.

The network reads words; a reader trusts the marks. So a content that takes most of a marked passage takes
all of it, one that is a passage and a stray word besides is the passage alone, and a passage that speaks is
a quotation even where the network was silent.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.extraction.tagger.decoding import RoleSpan
from service.extraction.tagger.encoding import Layout
from service.extraction.tagger.labels import begin, inside
from service.extraction.tagger.tagger import Reading
from service.extraction.thresholds import MOST_OF_PASSAGE, SPOKEN_CHANCE, STRAY_WORDS


@dataclass(frozen=True, slots=True)
class MarkedWords:
    """The words of a passage, half open.

    `first` to `last` without its marks, `outer_first` to `outer_last` with.
    """

    first: int
    last: int
    outer_first: int
    outer_last: int


def marked_words(reading: Reading, layout: Layout) -> list[MarkedWords]:
    """The passages of a text in words; marks are words too. Those without any other word are left out."""
    starts = [word.start for word in reading.words]
    found = [
        MarkedWords(
            bisect_left(starts, passage.span.start),
            bisect_left(starts, passage.span.end),
            bisect_left(starts, passage.outer.start),
            bisect_left(starts, passage.outer.end),
        )
        for passage in layout.passages
    ]
    return [passage for passage in found if passage.first < passage.last]


def anchor(spans: Sequence[RoleSpan], reading: Reading, passages: Sequence[MarkedWords]) -> list[RoleSpan]:
    """The spans in accord with the marks, in text order, none overlapping."""
    if not passages:
        return _settle(spans, [])
    chance = np.exp(reading.tags[:, begin("content")]) + np.exp(reading.tags[:, inside("content")])
    summed = np.concatenate(([0.0], np.cumsum(chance, dtype=np.float64)))
    spoken = [passage for passage in passages if _speaks(passage, spans, summed)]
    return _settle(spans, spoken)


def _speaks(passage: MarkedWords, spans: Sequence[RoleSpan], summed: NDArray[np.float64]) -> bool:
    """Whether a passage is quoted: most of it is content already, or its words are likely enough to be.

    `summed` are the probabilities of content of all words before each, summed.
    """
    taken = sum(
        max(0, min(span.last, passage.last) - max(span.first, passage.first))
        for span in _touching(spans, passage.first, passage.last)
        if span.role == "content"
    )
    if taken >= MOST_OF_PASSAGE * (passage.last - passage.first):
        return True
    if taken:
        return False
    chance = float(summed[passage.last] - summed[passage.first])
    return chance >= SPOKEN_CHANCE * (passage.last - passage.first)


def _touching(spans: Sequence[RoleSpan], first: int, last: int) -> Sequence[RoleSpan]:
    low = bisect_left(spans, first + 1, key=lambda span: span.last)
    high = bisect_left(spans, last, key=lambda span: span.first)
    return spans[low:high]


def _settle(spans: Sequence[RoleSpan], spoken: Sequence[MarkedWords]) -> list[RoleSpan]:
    """Each spoken passage becomes one content, with what reported speech the network saw run on around it."""
    result: list[RoleSpan] = []
    rest = list(reversed(spans))
    for passage in spoken:
        while rest and rest[-1].last <= passage.outer_first:
            result.append(rest.pop())
        first, last = passage.outer_first, passage.outer_last
        while rest and rest[-1].first < passage.outer_last:
            span = rest.pop()
            if span.role == "content":
                first, last = _run_on(first, last, span)
            elif span.first < passage.outer_first:
                result.append(RoleSpan(span.role, span.first, passage.outer_first))
            elif span.last > passage.outer_last:
                rest.append(RoleSpan(span.role, passage.outer_last, span.last))
                break
        rest.append(RoleSpan("content", first, last))
    return result + rest[::-1]


def _run_on(first: int, last: int, span: RoleSpan) -> tuple[int, int]:
    """How far a content reaches beyond a passage; a stray word is none of it."""
    if first - span.first > STRAY_WORDS:
        first = span.first
    if span.last - last > STRAY_WORDS:
        last = span.last
    return first, last
