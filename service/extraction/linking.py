"""Spans → attributions: which cue each content has, and which source each cue.

The network's pointers say so for what it read in one window; the rules below say it for the rest.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from service.extraction.decoding import RoleSpan
from service.extraction.tagger import Reading, WindowReading

Floats = NDArray[np.float32]


@dataclass(slots=True)
class Linked:
    """An attribution in the making: spans of words."""

    contents: list[RoleSpan]
    cue: RoleSpan | None = None
    source: RoleSpan | None = None
    via: RoleSpan | None = None


@dataclass(frozen=True, slots=True)
class Affinities:
    """How probable each link is, by the network; every row's probabilities and `none` sum to at most 1.

    `cue_of[content]`: {cue: probability}; `source_of[cue]`: {source: probability}. Keys index `spans`.
    """

    cue_of: dict[int, dict[int, float]] = field(default_factory=dict)
    source_of: dict[int, dict[int, float]] = field(default_factory=dict)
    no_source: dict[int, float] = field(default_factory=dict)


def measure(reading: Reading, spans: Sequence[RoleSpan]) -> Affinities:
    """Read the pointers for the spans that were decoded."""
    result = Affinities()
    starts = [span.first for span in spans]
    for window in reading.windows:
        # A span that begins in an earlier window may reach into this one.
        low = max(0, bisect_right(starts, window.first) - 1)
        high = bisect_right(starts, window.last - 1)
        here = [index for index in range(low, high) if spans[index].last > window.first]
        _measure_window(window, spans, here, result)
    return result


def _measure_window(
    window: WindowReading, spans: Sequence[RoleSpan], here: Sequence[int], result: Affinities
) -> None:
    contents, cues, sources = (
        [index for index in here if spans[index].role == role] for role in ("content", "cue", "source")
    )
    for index in contents:
        span = spans[index]
        rows = _rows(span, window)
        share = (rows.stop - rows.start) / (span.last - span.first)
        chances = _softmax(window.content[rows] @ window.cue.T).mean(axis=0) * share
        found = result.cue_of.setdefault(index, {})
        for cue in cues:
            found[cue] = found.get(cue, 0.0) + _mass(chances, spans[cue], window)
    for index in cues:
        if spans[index].first < window.first:
            continue
        rows = slice(spans[index].first - window.first, spans[index].first - window.first + 1)
        chances = _softmax(window.speech[rows] @ window.source.T)[0]
        result.no_source[index] = float(chances[0])
        result.source_of[index] = {source: _mass(chances, spans[source], window) for source in sources}


def _rows(span: RoleSpan, window: WindowReading) -> slice:
    return slice(max(span.first, window.first) - window.first, min(span.last, window.last) - window.first)


def _mass(chances: Floats, span: RoleSpan, window: WindowReading) -> float:
    rows = _rows(span, window)
    return float(chances[rows.start + 1 : rows.stop + 1].sum())


def _softmax(logits: Floats) -> Floats:
    exponents = np.exp(logits - logits.max(axis=1, keepdims=True))
    result: Floats = exponents / exponents.sum(axis=1, keepdims=True)
    return result


def link(spans: Sequence[RoleSpan], affinities: Affinities) -> list[Linked]:
    """Attributions in the order of their first content. Cues without content are left out."""
    by_cue: dict[int, Linked] = {}
    result: list[Linked] = []
    for index, span in enumerate(spans):
        if span.role != "content":
            continue
        cue = _best(affinities.cue_of.get(index, {}))
        if cue is None:
            result.append(Linked([span]))
        elif cue in by_cue:
            by_cue[cue].contents.append(span)
        else:
            source = _best(affinities.source_of.get(cue, {}))
            by_cue[cue] = Linked([span], spans[cue], None if source is None else spans[source])
            result.append(by_cue[cue])
    return result


def _best(chances: dict[int, float], least: float = 0.1) -> int | None:
    found = max(chances, key=chances.__getitem__, default=None)
    return found if found is not None and chances[found] >= least else None
