"""Viterbi: its path is the best of those BIO allows."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from service.extraction.tagger.decoding import RoleSpan, decode, join_sources
from service.extraction.tagger.labels import LABELS, begin, inside, may_follow

ROWS = st.lists(
    st.lists(st.floats(-20, 0, width=32), min_size=len(LABELS), max_size=len(LABELS)), min_size=1, max_size=4
)


def sure(labels: list[int]) -> np.ndarray:
    tags = np.full((len(labels), len(LABELS)), -9.0, dtype=np.float32)
    tags[np.arange(len(labels)), labels] = -0.1
    return tags


def best_by_search(tags: np.ndarray) -> float:
    return max(
        sum(float(tags[at, label]) for at, label in enumerate(path))
        for path in product(range(len(LABELS)), repeat=len(tags))
        if may_follow(0, path[0]) and all(map(may_follow, path, path[1:]))
    )


def labels_of(spans: list[RoleSpan], size: int) -> list[int]:
    labels = [0] * size
    for span in spans:
        labels[span.first] = begin(span.role)
        for word in range(span.first + 1, span.last):
            labels[word] = inside(span.role)
    return labels


@given(ROWS)
def test_no_allowed_path_is_better(rows: list[list[float]]) -> None:
    tags = np.array(rows, dtype=np.float32)
    path = labels_of(decode(tags), len(tags))
    assert np.isclose(
        sum(float(tags[at, label]) for at, label in enumerate(path)), best_by_search(tags), atol=1e-3
    )


def test_spans_are_read_off_the_labels() -> None:
    tags = sure([begin("content"), inside("content"), begin("content"), 0, begin("source"), begin("cue")])
    assert decode(tags) == [
        RoleSpan("content", 0, 2),
        RoleSpan("content", 2, 3),
        RoleSpan("source", 4, 5),
        RoleSpan("cue", 5, 6),
    ]


def test_an_inside_begins_no_span_but_its_beginning_does() -> None:
    tags = sure([0, inside("cue"), 0])
    tags[1, begin("cue")] = -0.2
    assert decode(tags) == [RoleSpan("cue", 1, 2)]


def test_no_span_crosses_a_break() -> None:
    tags = sure([begin("content"), inside("content"), inside("content"), inside("content")])
    assert decode(tags, [2]) == [RoleSpan("content", 0, 2), RoleSpan("content", 2, 4)]


def test_nothing_is_decoded_from_nothing() -> None:
    assert decode(np.zeros((0, len(LABELS)), dtype=np.float32)) == []


def test_a_source_right_behind_another_is_part_of_it() -> None:
    cue = RoleSpan("cue", 5, 6)
    apart = [RoleSpan("source", 7, 8), RoleSpan("content", 8, 9), RoleSpan("content", 9, 12)]
    split = [RoleSpan("source", 0, 2), RoleSpan("source", 2, 4), RoleSpan("source", 4, 5), cue]
    assert join_sources([*split, *apart]) == [RoleSpan("source", 0, 5), cue, *apart]
