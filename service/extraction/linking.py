"""Spans → attributions: which cue each content has, and which source each cue.

The network's pointers say so for what it read in one window; the rules below say it for the rest.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import math
from collections import Counter
import numpy as np
from numpy.typing import NDArray

from service.extraction.decoding import RoleSpan
from service.extraction.labels import Role, inside
from service.extraction.tagger import Reading, WindowReading

Floats = NDArray[np.float32]

REACH: Final = 60  # spans either way: more than a window holds
LEAST_LINKED: Final = 0.1  # probability below which a link is no link
BONUS: Final = 1.5
PASSING: Final = 0.75

LEAST_POINTED: Final = 0.15  # probability above which a word that decoding left out begins a span
LEAST_GROWN: Final = -1.6  # log probability above which a pointed span goes on


@dataclass(slots=True)
class Linked:
    """An attribution in the making: spans of words."""

    contents: list[RoleSpan]
    cue: RoleSpan | None = None
    source: RoleSpan | None = None
    via: RoleSpan | None = None


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where the network points from a span: words `first` on of its window, each with a probability.

    `sums[i]` is the probability of the first i words together; `nowhere` is that of pointing to none of them.
    """

    first: int
    sums: list[float]
    nowhere: float
    word: int  # the most probable one
    chance: float  # and how probable it is

    def mass(self, span: RoleSpan) -> float:
        """The probability that falls on a span."""
        most = len(self.sums) - 1
        low, high = max(span.first - self.first, 0), min(span.last - self.first, most)
        return self.sums[high] - self.sums[low] if low < high else 0.0


def point(reading: Reading, spans: Sequence[RoleSpan], role: Role) -> dict[int, Pointer]:
    """Where each content points for its cue, or each cue for its source, by index into `spans`.

    A content is asked in the window where its middle lies, a cue where it begins.
    """
    ends = [window.last for window in reading.windows]
    asked: dict[int, list[int]] = {}
    for index, span in enumerate(spans):
        if span.role == role:
            word = span.first if role == "cue" else (span.first + span.last) // 2
            asked.setdefault(bisect_right(ends, word), []).append(index)
    result: dict[int, Pointer] = {}
    for number, indices in asked.items():
        window = reading.windows[number]
        rows = _chances(window, [spans[index] for index in indices], role)
        sums = np.cumsum(rows[:, 1:], axis=1, dtype=np.float64)
        best = rows[:, 1:].argmax(axis=1)
        for row, index in enumerate(indices):
            word = int(best[row])
            result[index] = Pointer(
                window.first,
                [0.0, *sums[row].tolist()],
                float(rows[row, 0]),
                window.first + word,
                float(rows[row, 1 + word]),
            )
    return result


def _chances(window: WindowReading, spans: Sequence[RoleSpan], role: Role) -> Floats:
    """[spans, 1 + words]: what the words of each span say on average; of a cue only the first is asked."""
    if role == "cue":
        return _softmax(window.speech[[span.first - window.first for span in spans]] @ window.source.T)
    edges = [
        (max(span.first, window.first) - window.first, min(span.last, window.last) - window.first) for span in spans
    ]
    rows = np.concatenate([np.arange(*edge) for edge in edges])
    offsets = np.cumsum([0, *(last - first for first, last in edges[:-1])])
    lengths = np.array([last - first for first, last in edges], dtype=np.float32)
    asking = np.add.reduceat(window.content[rows], offsets, axis=0) / lengths[:, None]
    return _softmax(asking @ window.cue.T)


def _softmax(logits: Floats) -> Floats:
    exponents = np.exp(logits - logits.max(axis=1, keepdims=True))
    result: Floats = exponents / exponents.sum(axis=1, keepdims=True)
    return result


def add_pointed(reading: Reading, spans: Sequence[RoleSpan]) -> list[RoleSpan]:
    """The decoded spans, and those that decoding missed but the network points to.

    A cue is added where a content points to a word outside every span more than to any decoded cue; then likewise
    a source for each cue.
    """
    taken = np.zeros(len(reading.words), dtype=np.bool_)
    for span in spans:
        taken[span.first : span.last] = True
    asking: Role
    wanted: Role
    for asking, wanted in (("content", "cue"), ("cue", "source")):
        added = []
        for index, pointer in point(reading, spans, asking).items():
            if pointer.chance <= max(pointer.nowhere, LEAST_POINTED) or taken[pointer.word]:
                continue
            best = max(
                (pointer.mass(spans[near]) for near in _around(spans, index) if spans[near].role == wanted), default=0.0
            )
            if pointer.chance > best:
                found = _grow(reading.tags, taken, pointer.word, wanted)
                taken[found.first : found.last] = True
                added.append(found)
        spans = sorted([*spans, *added], key=lambda span: span.first)
    return list(spans)


def _around(spans: Sequence[RoleSpan], index: int) -> range:
    """The spans that may share a window with this one."""
    return range(max(0, index - REACH), min(len(spans), index + REACH + 1))


def _grow(tags: Floats, taken: NDArray[np.bool_], word: int, role: Role) -> RoleSpan:
    """From its first word on, a span goes as far as its role is likely enough to continue."""
    last = word + 1
    while last < len(taken) and not taken[last] and tags[last, inside(role)] > LEAST_GROWN:
        last += 1
    return RoleSpan(role, word, last)


def link(reading: Reading, spans: Sequence[RoleSpan]) -> list[Linked]:
    """Attributions in the order of their first content. Cues without content are left out.

    Each content goes to the cue it points to most. One that shares its cue with a content surer of it, and is
    itself unsure, goes to a cue that would else have none, where it points to one at all.
    """
    contents, cues = point(reading, spans, "content"), point(reading, spans, "cue")
    chosen = _choose(spans, contents)
    by_cue: dict[int, Linked] = {}
    result: list[Linked] = []
    for index in contents:
        cue = chosen.get(index)
        if cue is None:
            result.append(Linked([spans[index]]))
        elif cue in by_cue:
            by_cue[cue].contents.append(spans[index])
        else:
            source = _best(_masses(spans, cue, "source", cues[cue]))
            by_cue[cue] = Linked([spans[index]], spans[cue], None if source is None else spans[source])
            result.append(by_cue[cue])
    return sorted(result, key=lambda linked: linked.contents[0].first)


def _choose(spans: Sequence[RoleSpan], contents: dict[int, Pointer]) -> dict[int, int]:
    """The cue of each content that has one: where it points to most, less for each other cue it would pass over.

    A cue says something: one that is left without content gets, from a cue with several, the content that is least
    surer there, unless it is very much surer.
    """
    scores = {index: _scores(spans, index, _masses(spans, index, "cue", pointer)) for index, pointer in contents.items()}
    chosen = {index: max(found, key=found.__getitem__) for index, found in scores.items() if found}
    count = Counter(chosen.values())
    free = sorted({cue for found in scores.values() for cue in found if cue not in count})
    for cue in free:
        losses = [
            (scores[index][chosen[index]] - scores[index][cue], index)
            for index in _around(spans, cue)
            if index in chosen and cue in scores[index] and count[chosen[index]] > 1
        ]
        loss, index = min(losses, default=(BONUS, 0))
        if loss < BONUS:
            count[chosen[index]] -= 1
            count[cue] = 1
            chosen[index] = cue
    return chosen


def _scores(spans: Sequence[RoleSpan], index: int, masses: dict[int, float]) -> dict[int, float]:
    """Log probability of each cue of a content that is not too unlikely, less PASSING for each cue between."""
    cues = list(masses)
    at = bisect_left(cues, index)
    return {
        cue: math.log(mass) - PASSING * (at - 1 - place if place < at else place - at)
        for place, (cue, mass) in enumerate(masses.items())
        if mass >= LEAST_LINKED
    }


def _masses(spans: Sequence[RoleSpan], index: int, role: Role, pointer: Pointer) -> dict[int, float]:
    """How much a span points to each span of `role` around it."""
    return {near: pointer.mass(spans[near]) for near in _around(spans, index) if spans[near].role == role}


def _best(masses: dict[int, float], least: float | None = None) -> int | None:
    """The span that is pointed to most, if it is at all likely."""
    found = max(masses, key=masses.__getitem__, default=None)
    return found if found is not None and masses[found] >= (LEAST_LINKED if least is None else least) else None
