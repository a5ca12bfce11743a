"""What passages prove, and that looking for the faithful ones first loses none."""

from __future__ import annotations

from hypothesis import event, given, settings
from hypothesis import strategies as st

from service.english.word_classes import word_set
from service.matching.align.passage import ClaimText, Passage
from service.matching.findings import Alignments, keep_faithful
from tests.examples import examples
from tests.matching.cases import quotation

# Names, numbers and spellings, and above all what some rule forgives: fillers, small words, contractions.
WORDS = sorted(
    word_set(
        """
        harbour harbor centre center organise realize colour bridge river Brown Mill U.N. O'Brien
        twelve thousand two hundred five 12,000 205 one first half percent cent per
        uh um well so okay you know I mean sort of kind the a and that of in to just very
        is has would had did will shall not isn't it's he'd they'll let's us won't gonna
        """
    )
)
SAID = st.lists(st.sampled_from(WORDS), min_size=8, max_size=24)
CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["drop", "put in", "replace", "leave out"]),
        st.integers(0, 40),
        st.sampled_from([*WORDS, "[the]", "[sic]", "[Brown]", "…"]),
    ),
    max_size=4,
)


def alter(said: list[str], changes: list[tuple[str, int, str]]) -> str:
    """The words with some dropped, put in, replaced, or left out at a mark."""
    words = list(said)
    for kind, place, word in changes:
        at = place % len(words)
        words[at : at + (kind != "put in")] = {"drop": [], "leave out": ["…"]}.get(kind, [word])
        words = words or [word]
    return " ".join(words)


@settings(max_examples=examples(300, 1_500))
@given(st.lists(SAID, min_size=1, max_size=3), CHANGES)
def test_what_is_faithful_is_found_without_aligning_all(
    said: list[list[str]], changes: list[tuple[str, int, str]]
) -> None:
    ours = ClaimText(alter(said[0], changes))
    evidence = [quotation(" ".join(words)) for words in said]
    passages = [Passage(one, one.utterances) for one in evidence]
    of_all = keep_faithful(Alignments(ours, passages).find_all())
    event(of_all[0].rule if of_all else "nothing faithful")
    assert [(one.fidelity, one.rule) for one in Alignments(ours, passages).find_faithful()] == [
        (one.fidelity, one.rule) for one in of_all
    ]


def test_a_passage_without_a_word_that_no_rule_forgives_is_not_read() -> None:
    ours = ClaimText("The harbour will open on Friday and the ferry … will sail")
    near = quotation("The harbour will open on Monday and the ferry, uh, if the weather holds, will sail")
    held = quotation("The harbour will open on Friday and the ferry, uh, as I said, will sail")
    passages = [Passage(one, one.utterances) for one in (near, held)]
    alignments = Alignments(ours, passages)
    assert [(one.fidelity, one.placement.passage) for one in alignments.find_faithful()] == [
        ("abridged", passages[1])
    ]
    assert "key_forms" not in vars(passages[0])
    assert [one.fidelity for one in alignments.find_all()] == ["altered", "abridged"]
