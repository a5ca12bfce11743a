"""Alignment: runs are true, scripts cover everything, marks are found."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from service.matching.align.common_runs import RunFinder
from service.matching.align.edit_script import Edit, build_edits, restore_insertions, slide_drops

WORDS = st.lists(
    st.sampled_from(["the", "a", "of", "tax", "cut", "war", "peace", "will", "not", "we"]), max_size=30
)


@given(WORDS, WORDS)
def test_runs_are_equal_and_in_order_on_both_sides(claim: list[str], source: list[str]) -> None:
    claim_at = source_at = 0
    for block in RunFinder(claim, source).find_chain():
        assert block.claim_at >= claim_at
        assert block.source_at >= source_at
        claim_at, source_at = block.claim_at + block.size, block.source_at + block.size
        assert claim[block.claim_at : claim_at] == source[block.source_at : source_at]


@given(WORDS, WORDS)
def test_an_edit_script_covers_the_claim_and_a_range_of_the_source(
    claim: list[str], source: list[str]
) -> None:
    chain = RunFinder(claim, source).find_chain()
    edits = build_edits(claim, source, chain, lambda a, b: source[a] == claim[b])
    edits = slide_drops(edits, source, frozenset({len(claim) // 2}))
    assert [w for e in edits for w in claim[e.claim_start : e.claim_end]] == claim
    for before, after in pairwise(edits):
        assert before.source_end == after.source_start
    for edit in edits:
        if edit.op == "keep":
            assert claim[edit.claim_start : edit.claim_end] == source[edit.source_start : edit.source_end]


@given(st.lists(st.sampled_from(["alpha", "beta", "gamma", "delta"]), min_size=1, max_size=12), WORDS, WORDS)
def test_what_stands_there_word_for_word_is_kept(
    part: list[str], before: list[str], after: list[str]
) -> None:
    chain = RunFinder(part, [*before, *part, *after]).find_chain()
    assert sum(block.size for block in chain) == len(part)


def test_a_drop_slides_to_the_mark() -> None:
    source = ["oil", "and", "gas", "and", "wind"]
    edits = [Edit("keep", 0, 1, 0, 1), Edit("drop", 1, 3, 1, 1), Edit("keep", 3, 5, 1, 3)]
    assert slide_drops(edits, source, frozenset({2})) == [
        Edit("keep", 0, 2, 0, 2),
        Edit("drop", 2, 4, 2, 2),
        Edit("keep", 4, 5, 2, 3),
    ]


def test_a_lone_common_word_far_away_is_not_part_of_the_quotation() -> None:
    run = ["we", "cut", "taxes", "for", "every", "family"]
    claim, source = [*run, "the"], [*run, *["more"] * 9, "the", "end"]
    assert [block.size for block in RunFinder(claim, source).find_chain()] == [6]


def test_repetitive_texts_take_bounded_work() -> None:
    """Without a bound these would take hours."""
    claim = [f"w{number % 700}" for number in range(8_000)]
    source = [f"w{number % 699}" for number in range(8_000)]
    kept = sum(block.size for block in RunFinder(claim, source).find_chain())
    assert 0 < kept <= 8_000
    assert sum(block.size for block in RunFinder(["war"] * 5_000, ["war"] * 20_000).find_chain()) <= 5_000


def test_a_drop_stays_where_no_mark_is_reached() -> None:
    source = ["oil", "and", "gas", "and"]
    edits = [Edit("keep", 0, 1, 0, 1), Edit("drop", 1, 3, 1, 1), Edit("keep", 3, 4, 1, 2)]
    assert slide_drops(edits, source, frozenset({3})) == edits


def test_a_drop_slides_only_over_words_that_are_the_same() -> None:
    source = ["oil", "and", "gas", "or", "wind"]
    edits = [Edit("keep", 0, 1, 0, 1), Edit("drop", 1, 3, 1, 1), Edit("keep", 3, 5, 1, 3)]
    assert slide_drops(edits, source, frozenset({2})) == edits


def test_words_in_brackets_are_put_back_beside_what_was_left_out() -> None:
    """The claim is "a b [x] c d", the source "a gone b c e"."""
    edits = [
        Edit("keep", 0, 1, 0, 1),
        Edit("drop", 1, 2, 1, 1),
        Edit("keep", 2, 4, 1, 3),
        Edit("change", 4, 5, 3, 4),
    ]
    assert restore_insertions(edits, spoken=[0, 1, 3, 4], total=5) == [
        Edit("keep", 0, 1, 0, 1),
        Edit("drop", 1, 2, 1, 1),
        Edit("keep", 2, 3, 1, 2),
        Edit("add", 3, 3, 2, 3),
        Edit("keep", 3, 4, 3, 4),
        Edit("change", 4, 5, 4, 5),
    ]


def test_a_mark_right_behind_a_run_explains_a_leap() -> None:
    claim, source = list("abcdefgh"), [*"abcdef", *"ijklmnopqrst", *"gh"]
    chain = RunFinder(claim, source).find_compact_chain(frozenset({6}))
    assert sum(block.size for block in chain) == len(claim)


FAR = ["we", "oil", "and", "gas", "oil", "and", "wind"]
LEFT = [Edit("keep", 0, 1, 0, 1), Edit("drop", 1, 4, 1, 1), Edit("keep", 4, 7, 1, 4)]
RIGHT = [Edit("keep", 0, 3, 0, 3), Edit("drop", 3, 6, 3, 3), Edit("keep", 6, 7, 3, 4)]


def test_a_drop_slides_over_several_words_either_way_and_no_further() -> None:
    """ "oil and gas" or "gas oil and" was left out, which gives the same words."""
    assert slide_drops(LEFT, FAR, frozenset({3})) == RIGHT
    assert slide_drops(RIGHT, FAR, frozenset({1})) == LEFT
    assert slide_drops(LEFT, FAR, frozenset({4})) == LEFT  # "wind" stands behind no "oil and"
    assert slide_drops(RIGHT, FAR, frozenset({0})) == RIGHT
