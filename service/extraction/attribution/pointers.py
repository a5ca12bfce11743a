"""The network's pointers: from a content to its cue, from a cue to its source."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.extraction.tagger.decoding import RoleSpan
from service.extraction.tagger.labels import Role, begin, inside
from service.extraction.tagger.tagger import Reading, WindowReading
from service.extraction.thresholds import LEAST_GROWN, LEAST_POINTED, LEAST_RATHER, POINTER_REACH

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where the network points from a span: words `first` on of its window, each with a probability.

    `sums[i]` is the probability of the first i words together; `nowhere` is that of pointing to none of them.
    """

    first: int
    sums: NDArray[np.float64]
    nowhere: float
    word: int  # the most probable one
    chance: float  # and how probable it is

    def masses(self, near: Neighbours) -> Mapping[int, float]:
        """The probability that falls on each of some spans, by their index."""
        low = np.maximum(near.first - self.first, 0)
        high = np.minimum(near.last - self.first, len(self.sums) - 1)
        within = low < high
        found = np.zeros(len(low))
        found[within] = self.sums[high[within]] - self.sums[low[within]]
        return dict(zip(near.indices, found.tolist(), strict=True))


class Neighbours(NamedTuple):
    """Spans of one role: their indices, ascending, and where each begins and ends."""

    indices: list[int]
    first: NDArray[np.int64]
    last: NDArray[np.int64]


class Surroundings:
    """The spans of a role that may share a window with another span."""

    def __init__(self, spans: Sequence[RoleSpan], role: Role) -> None:
        self._indices = [index for index, span in enumerate(spans) if span.role == role]
        edges = [(spans[index].first, spans[index].last) for index in self._indices]
        self._edges = np.array(edges, dtype=np.int64).reshape(-1, 2)

    def of(self, index: int) -> Neighbours:
        """Those around the span of this index."""
        begin, end = (
            bisect_left(self._indices, index - POINTER_REACH),
            bisect_right(self._indices, index + POINTER_REACH),
        )
        first, last = self._edges[begin:end].T
        return Neighbours(self._indices[begin:end], first, last)


def point(reading: Reading, spans: Sequence[RoleSpan], role: Role) -> dict[int, Pointer]:
    """Where each content points for its cue, or each cue for its source, by index into `spans`.

    A content is asked in the window where its middle lies, a cue where it begins.
    """
    ends = [window.last for window in reading.windows]
    asked: dict[int, list[int]] = {}
    for index, span in enumerate(spans):
        if span.role == role:
            number = bisect_right(ends, span.first if role == "cue" else (span.first + span.last) // 2)
            if number == len(ends) or reading.windows[number].first >= span.last:
                number = bisect_right(ends, span.first)  # its middle is all symbols, and was not read
            asked.setdefault(number, []).append(index)
    result: dict[int, Pointer] = {}
    for number, indices in asked.items():
        window = reading.windows[number]
        rows = _chances(window, [spans[index] for index in indices], role)
        sums = np.zeros(rows.shape)
        np.cumsum(rows[:, 1:], axis=1, dtype=np.float64, out=sums[:, 1:])
        best = rows[:, 1:].argmax(axis=1)
        for row, index in enumerate(indices):
            word = int(best[row])
            result[index] = Pointer(
                window.first,
                sums[row],
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
        (max(span.first, window.first) - window.first, min(span.last, window.last) - window.first)
        for span in spans
    ]
    rows = np.concatenate([np.arange(*edge) for edge in edges])
    offsets = np.cumsum([0, *(last - first for first, last in edges[:-1])])
    lengths = np.array([last - first for first, last in edges], dtype=np.float32)
    asking: Floats = (np.add.reduceat(window.content[rows], offsets, axis=0) / lengths[:, None]).astype(
        np.float32
    )
    return _softmax(asking @ window.cue.T)


def _softmax(logits: Floats) -> Floats:
    exponents = np.exp(logits - logits.max(axis=1, keepdims=True))
    result: Floats = exponents / exponents.sum(axis=1, keepdims=True)
    return result


def add_pointed(reading: Reading, spans: Sequence[RoleSpan]) -> list[RoleSpan]:
    """The decoded spans, and those that decoding missed but the network points to.

    A cue is added where a content points to a word outside every span more than to any decoded cue; then
    likewise a source for each cue.
    """
    spans = _with_pointed(reading, spans, "content", "cue")
    return _with_pointed(reading, spans, "cue", "source")


def _with_pointed(reading: Reading, spans: Sequence[RoleSpan], asking: Role, wanted: Role) -> list[RoleSpan]:
    """The spans, with those of role `wanted` that spans of role `asking` point to."""
    taken = np.zeros(len(reading.words), dtype=np.bool_)
    for span in spans:
        taken[span.first : span.last] = True
    result = {span.first: span for span in spans}
    surroundings = Surroundings(spans, wanted)
    for index, pointer in point(reading, spans, asking).items():
        rivals = pointer.masses(surroundings.of(index)).values()
        if pointer.chance <= max(pointer.nowhere, LEAST_POINTED, *rivals):
            continue
        word = pointer.word
        if not taken[word]:
            found = _grow(reading.tags, taken, word, wanted)
            taken[found.first : found.last] = True
            result[word] = found
        elif (
            word in result
            and reading.tags[word, begin(wanted)] > reading.tags[word, begin(result[word].role)]
        ):
            result[word] = _take_on(reading.tags, result[word], wanted, spans[index])
    return sorted(result.values(), key=lambda span: span.first)


def _take_on(tags: Floats, span: RoleSpan, role: Role, asking: RoleSpan) -> RoleSpan:
    """A span in whose first word tagging went astray: "…, President Putin's envoy for trade said".

    All of it takes on the role, if it leads right up to the span that points to it or its further words are
    likely enough to have the role, else as many of them as are.
    """
    further = tags[span.first + 1 : span.last, inside(role)]
    unlikely = np.flatnonzero(further <= LEAST_GROWN)
    if span.last == asking.first or not len(unlikely) or float(np.exp(further).mean()) >= LEAST_RATHER:
        return RoleSpan(role, span.first, span.last)
    return RoleSpan(role, span.first, span.first + 1 + int(unlikely[0]))


def around(spans: Sequence[RoleSpan], index: int) -> range:
    """The spans that may share a window with this one."""
    return range(max(0, index - POINTER_REACH), min(len(spans), index + POINTER_REACH + 1))


def _grow(tags: Floats, taken: NDArray[np.bool_], word: int, role: Role) -> RoleSpan:
    """From its first word on, a span goes as far as its role is likely enough to continue."""
    last = word + 1
    while last < len(taken) and not taken[last] and tags[last, inside(role)] > LEAST_GROWN:
        last += 1
    return RoleSpan(role, word, last)
