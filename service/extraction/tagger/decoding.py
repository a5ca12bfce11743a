"""Decoding of label probabilities into spans of words: the most probable valid BIO path."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.extraction.tagger.labels import LABELS, OUTSIDE, ROLES, Role, begin, inside

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class RoleSpan:
    """Words `first` to `last` (half open) of a text play one role together."""

    role: Role
    first: int
    last: int


def decode(tags: Floats, breaks: Sequence[int] | NDArray[np.int64] = ()) -> list[RoleSpan]:
    """The spans of the best path through log probabilities [words, labels], in text order.

    No span goes on over a word in `breaks`, such as the first of a paragraph: it may begin again there.
    """
    if len(breaks):
        tags = tags.copy()
        for role in ROLES:
            first, further = begin(role), inside(role)
            tags[breaks, first] = np.logaddexp(tags[breaks, first], tags[breaks, further])
            tags[breaks, further] = -np.inf
    return _spans(_best_path(tags))


def _best_path(tags: Floats) -> list[int]:
    """Viterbi. O and B follow anything, an I only the B or I of its role; so a step needs few comparisons."""
    if not len(tags):
        return []
    rows: list[list[float]] = tags.tolist()
    score = [value if label in (0, 1, 3, 5) else -np.inf for label, value in enumerate(rows[0])]
    back: list[tuple[int, int, int, int]] = []
    for o, b_source, i_source, b_cue, i_cue, b_content, i_content in rows[1:]:
        best = max(score)
        _, source, in_source, cue, in_cue, content, in_content = score
        back.append(
            (
                score.index(best),
                1 if source >= in_source else 2,
                3 if cue >= in_cue else 4,
                5 if content >= in_content else 6,
            )
        )
        score = [
            best + o,
            best + b_source,
            (source if source >= in_source else in_source) + i_source,
            best + b_cue,
            (cue if cue >= in_cue else in_cue) + i_cue,
            best + b_content,
            (content if content >= in_content else in_content) + i_content,
        ]
    label = score.index(max(score))
    path = [label]
    for at, *inner in reversed(back):
        label = inner[label // 2 - 1] if label and label % 2 == 0 else at
        path.append(label)
    path.reverse()
    return path


def _spans(path: list[int]) -> list[RoleSpan]:
    spans: list[RoleSpan] = []
    first = 0
    for index, label in enumerate([*path, OUTSIDE]):
        before = path[index - 1] if index else OUTSIDE
        goes_on = label != OUTSIDE and label % 2 == 0
        if before != OUTSIDE and not goes_on:
            spans.append(RoleSpan(ROLES[(before - 1) // 2], first, index))
        if label != OUTSIDE and not goes_on:
            first = index
    return spans


def join_sources(spans: Sequence[RoleSpan]) -> list[RoleSpan]:
    """The spans, a source and another right behind it as one: "data from" and "the Ministry"."""
    joined: list[RoleSpan] = []
    for span in spans:
        former = joined[-1] if joined else None
        if former and former.role == span.role == "source" and former.last == span.first:
            joined[-1] = RoleSpan("source", former.first, span.last)
        else:
            joined.append(span)
    return joined


assert len(LABELS) == 1 + 2 * len(ROLES)
