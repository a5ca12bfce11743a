"""Alignment: runs are true, scripts cover everything, marks are found."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from service.matching.align.common_runs import RunFinder
from service.matching.align.edit_script import Edit, build_edits, slide_drops

WORDS = st.lists(
    st.sampled_from(["the", "a", "of", "tax", "cut", "war", "peace", "will", "not", "we"]), max_size=30
)


@given(WORDS, WORDS)
def test_runs_are_equal_and_in_order_on_both_sides(ours: list[str], theirs: list[str]) -> None:
    ours_at = theirs_at = 0
    for block in RunFinder(ours, theirs).find_chain():
        assert block.ours_at >= ours_at
        assert block.theirs_at >= theirs_at
        ours_at, theirs_at = block.ours_at + block.size, block.theirs_at + block.size
        assert ours[block.ours_at : ours_at] == theirs[block.theirs_at : theirs_at]


@given(WORDS, WORDS)
def test_an_edit_script_covers_ours_and_a_stretch_of_theirs(ours: list[str], theirs: list[str]) -> None:
    chain = RunFinder(ours, theirs).find_chain()
    edits = build_edits(ours, theirs, chain, lambda a, b: theirs[a] == ours[b])
    edits = slide_drops(edits, theirs, frozenset({len(ours) // 2}))
    assert [w for e in edits for w in ours[e.ours_start : e.ours_end]] == ours
    for before, after in pairwise(edits):
        assert before.theirs_end == after.theirs_start
    for edit in edits:
        if edit.op == "keep":
            assert ours[edit.ours_start : edit.ours_end] == theirs[edit.theirs_start : edit.theirs_end]


@given(st.lists(st.sampled_from(["alpha", "beta", "gamma", "delta"]), min_size=1, max_size=12), WORDS, WORDS)
def test_what_stands_there_word_for_word_is_kept(
    part: list[str], before: list[str], after: list[str]
) -> None:
    chain = RunFinder(part, [*before, *part, *after]).find_chain()
    assert sum(block.size for block in chain) == len(part)


def test_a_drop_slides_to_the_mark() -> None:
    theirs = ["oil", "and", "gas", "and", "wind"]
    edits = [Edit("keep", 0, 1, 0, 1), Edit("drop", 1, 3, 1, 1), Edit("keep", 3, 5, 1, 3)]
    assert slide_drops(edits, theirs, frozenset({2})) == [
        Edit("keep", 0, 2, 0, 2),
        Edit("drop", 2, 4, 2, 2),
        Edit("keep", 4, 5, 2, 3),
    ]


def test_a_lone_common_word_far_away_is_not_part_of_the_quotation() -> None:
    run = ["we", "cut", "taxes", "for", "every", "family"]
    ours, theirs = [*run, "the"], [*run, *["more"] * 9, "the", "end"]
    assert [block.size for block in RunFinder(ours, theirs).find_chain()] == [6]


def test_repetitive_texts_take_bounded_work() -> None:
    """Without a bound these would take hours."""
    ours = [f"w{number % 700}" for number in range(8_000)]
    theirs = [f"w{number % 699}" for number in range(8_000)]
    kept = sum(block.size for block in RunFinder(ours, theirs).find_chain())
    assert 0 < kept <= 8_000
    assert sum(block.size for block in RunFinder(["war"] * 5_000, ["war"] * 20_000).find_chain()) <= 5_000
