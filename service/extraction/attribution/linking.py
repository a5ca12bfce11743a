"""Linking of spans into attributions: the cue of each content, and the source of each cue.

The network's pointers decide, with what holds of any text: a cue says something, a content seldom passes
over a cue to reach its own, and a source likes to stand beside its cue. The constants were chosen on dev.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.extraction.attribution.pointers import Pointer, Surroundings, around, point
from service.extraction.tagger.decoding import RoleSpan
from service.extraction.tagger.tagger import Reading
from service.extraction.thresholds import BESIDE, COVER, LEAST_LINKED, LEAST_SOURCE, PASSING, SMOOTHING


@dataclass(slots=True)
class Linked:
    """An attribution being built: spans of words."""

    contents: list[RoleSpan]
    cue: RoleSpan | None = None
    source: RoleSpan | None = None


def link(reading: Reading, spans: Sequence[RoleSpan]) -> list[Linked]:
    """Attributions in the order of their first content. Cues without content are left out.

    A content that points to no cue is an attribution by itself, for others to adopt.
    """
    contents, cues = point(reading, spans, "content"), point(reading, spans, "cue")
    chosen = _choose(spans, contents)
    sources = Surroundings(spans, "source")
    by_cue: dict[int, Linked] = {}
    result: list[Linked] = []
    for index in contents:
        cue = chosen.get(index)
        if cue is None:
            result.append(Linked([spans[index]]))
        elif cue in by_cue:
            by_cue[cue].contents.append(spans[index])
        else:
            source = _source(spans, cue, cues[cue].masses(sources.of(cue)))
            by_cue[cue] = Linked([spans[index]], spans[cue], None if source is None else spans[source])
            result.append(by_cue[cue])
    return sorted(result, key=lambda linked: linked.contents[0].first)


def _choose(spans: Sequence[RoleSpan], contents: dict[int, Pointer]) -> dict[int, int]:
    """The cue of each content that has one.

    First the best by score. Then a cue left without content gets, from a cue with several, the content that
    loses least by it, if that is no more than COVER.
    """
    cues = Surroundings(spans, "cue")
    scores = {index: _scores(index, pointer.masses(cues.of(index))) for index, pointer in contents.items()}
    chosen = {index: max(found, key=found.__getitem__) for index, found in scores.items() if found}
    count = Counter(chosen.values())
    free = sorted({cue for found in scores.values() for cue in found if cue not in count})
    for cue in free:
        losses = [
            (scores[index][chosen[index]] - scores[index][cue], index)
            for index in around(spans, cue)
            if index in chosen and cue in scores[index] and count[chosen[index]] > 1
        ]
        loss, index = min(losses, default=(COVER, 0))
        if loss < COVER:
            count[chosen[index]] -= 1
            count[cue] = 1
            chosen[index] = cue
    return chosen


def _scores(index: int, masses: Mapping[int, float]) -> dict[int, float]:
    """Log probability of each cue that a content may have, less PASSING for each other cue between."""
    cues = list(masses)
    at = bisect_left(cues, index)
    return {
        cue: math.log(mass) - PASSING * (at - 1 - place if place < at else place - at)
        for place, (cue, mass) in enumerate(masses.items())
        if mass >= LEAST_LINKED
    }


def _source(spans: Sequence[RoleSpan], cue: int, masses: Mapping[int, float]) -> int | None:
    """The source of a cue: the one it points to most, with a leaning to one that stands right beside it."""
    scores = {
        source: math.log(mass + SMOOTHING) + (BESIDE if _beside(spans[source], spans[cue]) else 0.0)
        for source, mass in masses.items()
    }
    found = max(scores, key=scores.__getitem__, default=None)
    return found if found is not None and scores[found] >= math.log(LEAST_SOURCE + SMOOTHING) else None


def _beside(left: RoleSpan, right: RoleSpan) -> bool:
    """Whether at most one word stands between two spans."""
    return -1 <= max(left.first, right.first) - min(left.last, right.last) <= 1
