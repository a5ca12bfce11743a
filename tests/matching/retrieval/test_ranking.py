"""Ranking: what is taken to be looked up, what comes first, and what counts as a variant."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from service.matching.retrieval.fingerprints import rank_string
from service.matching.retrieval.ranking import (
    BUDGET,
    FINGERPRINTS_PER_QUERY,
    LEAST_WEIGHT,
    SHORT_BUDGET,
    Candidate,
    align_variants,
    choose_fingerprints,
    is_variant,
    rank_candidates,
    select_best,
)
from tests.matching.retrieval.codes import encode_text

FREQUENCIES = st.dictionaries(st.integers(0, 1 << 40), st.integers(1, 50_000), max_size=60)


def ranks(text: str) -> str:
    return rank_string(encode_text(text))


@given(FREQUENCIES, st.integers(2, 80))
def test_the_rarest_are_chosen_within_the_budget(frequencies: dict[int, int], words: int) -> None:
    chosen = choose_fingerprints(list(frequencies), frequencies.__getitem__, words, 1_000_000)
    budget = SHORT_BUDGET if words <= 7 else BUDGET
    assert bool(chosen) == bool(frequencies)
    assert len(chosen) <= FINGERPRINTS_PER_QUERY
    assert len(chosen) <= 1 or sum(one.frequency for one in chosen) <= budget
    taken = {one.hash for one in chosen}
    left = [frequency for hash_, frequency in frequencies.items() if hash_ not in taken]
    assert all(one.frequency <= frequency for one in chosen for frequency in left)
    assert all(rarer.weight >= commoner.weight for rarer, commoner in pairwise(chosen))


LISTS = st.lists(
    st.tuples(st.integers(1, 5).map(float), st.lists(st.integers(1, 40), unique=True, max_size=30)),
    max_size=6,
)


@given(LISTS, st.integers(1, 12))
def test_sums_of_weights_agree_with_plain_counting(lists: list[tuple[float, list[int]]], keep: int) -> None:
    sums: Counter[int] = Counter()
    for weight, ids in lists:
        for id_ in ids:
            sums[id_] += weight  # type: ignore[assignment]
    least = LEAST_WEIGHT * max(sums.values(), default=0)
    expected = sorted((id_ for id_ in sums if sums[id_] >= least), key=lambda id_: (-sums[id_], id_))
    best = select_best([(weight, np.array(ids, dtype=np.int64)) for weight, ids in lists], keep)
    assert best.ids == expected[:keep]
    assert best.is_tied == (len(expected) > keep and sums[expected[keep]] == sums[expected[0]])


def test_whole_before_part_before_scattered() -> None:
    texts = [
        "nobody had planned for the ice this year",
        "nobody here had ever really planned for such ice",
        "nobody had planned for ice",
        "something else",
    ]
    ranked = rank_candidates(
        ranks("nobody had planned for ice"), [Candidate(n, ranks(text)) for n, text in enumerate(texts)], 10
    )
    assert [one.id for one in ranked] == [2, 0, 1, 3]
    assert ranked[0].coverage == 1.0
    assert ranked[-1].coverage == 0.0


def test_equals_come_by_preference_and_then_by_id() -> None:
    same = ranks("nobody had planned for ice")
    candidates = [Candidate(3, same, (1,)), Candidate(1, same, (2,)), Candidate(2, same, (1,))]
    assert [one.id for one in rank_candidates(same, candidates, 10)] == [2, 3, 1]
    assert rank_candidates("", candidates, 10) == []


@given(st.lists(st.text("abcdef", max_size=12), max_size=30), st.text("abcdef", min_size=1, max_size=8))
def test_keeping_few_keeps_the_best(texts: list[str], query: str) -> None:
    candidates = [Candidate(number, text) for number, text in enumerate(texts)]
    everything = rank_candidates(query, candidates, len(texts) + 1)
    for keep in (1, 3):
        assert rank_candidates(query, candidates, keep) == everything[:keep]


def test_variants_share_most_words_of_the_shorter_text() -> None:
    text = "we shall rebuild this harbour before the winter comes"
    assert is_variant(ranks(text), ranks(text.replace("before", "after")))
    assert is_variant(ranks(text), ranks("Rebuild this harbour before the winter"))
    assert not is_variant(ranks(text), ranks("this harbour"))
    assert not is_variant(ranks(text), ranks("we shall never see this town before another summer comes"))


TEXTS = st.lists(st.sampled_from(["We", "shall", "not,", "shall", "rebuild", "it."]), max_size=10).map(
    " ".join
)


@given(TEXTS, TEXTS)
def test_an_alignment_gives_back_both_sides(theirs: str, ours: str) -> None:
    steps = align_variants(theirs, ours)
    assert " ".join(step.theirs for step in steps if step.theirs) == theirs
    assert " ".join(step.ours for step in steps if step.ours) == ours
    assert all(step.op != "keep" for step in steps) or theirs.split()
