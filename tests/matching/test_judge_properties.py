"""What holds of every verdict, whatever the words."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from service.english.word_classes import word_set
from service.matching import Claim, judge
from service.matching.align.passage import ClaimText
from service.matching.axes.fidelity import is_too_short
from tests.matching.cases import DAY, SEARCHED, SPEECH, check, quotation, window

FAITHFUL = {"verbatim", "near_verbatim", "abridged"}
WORDS = sorted(
    word_set(
        """
        harbour bridge river ferry mill wage council winter worker loan child engineer
        builds paints sells mends visits admires the a of in old new
        """
    )
)
AUXILIARIES = sorted(word_set("is are was were will can could should must has"))
SENTENCES = st.lists(st.sampled_from(WORDS), min_size=8, max_size=30).map(" ".join)
PLAIN_SENTENCES = st.lists(st.sampled_from(WORDS), min_size=8, max_size=20, unique=True).map(" ".join)


@given(SENTENCES)
def test_the_same_words_are_verbatim(sentence: str) -> None:
    assert (
        is_too_short(ClaimText(sentence))
        or check(sentence, quotation(sentence)).verdict.fidelity == "verbatim"
    )


@given(SENTENCES, st.data())
def test_a_part_of_a_sentence_without_qualifiers_is_verbatim(sentence: str, data: st.DataObject) -> None:
    words = sentence.split()
    start = data.draw(st.integers(0, len(words) - 8))
    part = " ".join(words[start : start + data.draw(st.integers(8, 20))])
    assert check(part, quotation(sentence)).verdict.fidelity == "verbatim"


@given(PLAIN_SENTENCES, st.sampled_from(["not", "never", "hardly"]), st.data())
def test_a_negation_put_in_or_taken_out_never_passes(
    sentence: str, negation: str, data: st.DataObject
) -> None:
    words = sentence.split()
    at = data.draw(st.integers(1, len(words) - 1))
    denied = " ".join([*words[:at], negation, *words[at:]])
    for claim, source in ((denied, sentence), (sentence, denied)):
        verdict = check(claim, quotation(source)).verdict
        assert verdict.fidelity not in FAITHFUL
        assert verdict.fidelity != "altered" or "negation" in verdict.changes


@given(SENTENCES, st.sampled_from(AUXILIARIES), st.booleans())
def test_a_contracted_negation_counts_like_the_whole_word(
    sentence: str, auxiliary: str, claimed: bool
) -> None:
    contracted = "won't" if auxiliary == "will" else "can't" if auxiliary == "can" else f"{auxiliary}n't"
    plain, denied = f"it {auxiliary} {sentence}", f"it {contracted} {sentence}"
    assert (
        check(denied if claimed else plain, quotation(plain if claimed else denied)).verdict.fidelity
        not in FAITHFUL
    )


@given(SENTENCES, st.integers(2, 9_999), st.integers(2, 9_999), st.data())
def test_another_number_never_passes(sentence: str, said: int, quoted: int, data: st.DataObject) -> None:
    words = sentence.split()
    at = data.draw(st.integers(0, len(words)))
    source, claim = (" ".join([*words[:at], f"{n:,}", *words[at:]]) for n in (said, quoted))
    verdict = check(claim, quotation(source)).verdict
    assert (verdict.fidelity == "verbatim") == (said == quoted)
    if said != quoted:
        assert verdict.fidelity not in FAITHFUL


@given(SENTENCES, st.permutations(["can", "should", "must", "may"]), st.data())
def test_another_modal_never_passes(sentence: str, modals: list[str], data: st.DataObject) -> None:
    words = sentence.split()
    at = data.draw(st.integers(0, len(words)))
    source, claim = (" ".join([*words[:at], modal, *words[at:]]) for modal in modals[:2])
    assert check(claim, quotation(source)).verdict.fidelity not in FAITHFUL


@given(st.text(max_size=300), st.text(max_size=300), st.sampled_from(["direct", "indirect", "mixed"]))
@settings(max_examples=300)
def test_any_text_gets_a_verdict(text: str, stored: str, form: str) -> None:
    judgement = judge(Claim(text, "Ada Byron", DAY, form=form), [quotation(stored), window()], SEARCHED)  # type: ignore[arg-type]
    assert judgement.verdict.explanation.endswith(".")
    assert judgement.verdict.rule
    assert judgement.matches or judgement.verdict.fidelity in ("no_match", "insufficient")
    assert not judgement.matches or judgement.verdict.fidelity != "no_match"


SPOKEN = " ".join(sentence for _, _, sentence in SPEECH)
PIECES = st.lists(
    st.one_of(
        st.integers(0, len(SPOKEN.split()) - 8).map(lambda at: " ".join(SPOKEN.split()[at : at + 8])),
        st.sampled_from(
            ["…", "[the governor]", "not", "12 000", "isn't", "uh,", "“", "Springfield.", "\x00", "’"]
        ),
    ),
    min_size=1,
    max_size=6,
).map(" ".join)


@given(PIECES)
@settings(max_examples=300)
def test_an_alignment_recomposes_both_sides(text: str) -> None:
    for match in check(text).matches:
        assert "".join(step.ours for step in match.alignment) == text
        theirs = "".join(step.theirs for step in match.alignment)
        assert theirs in match.text
        for step in match.alignment:
            assert {"drop": (True, False), "add": (False, True)}.get(step.op, (True, True)) == (
                bool(step.theirs),
                bool(step.ours),
            )
            if step.op == "keep":
                assert bool(re.search(r"\w", step.theirs)) == bool(re.search(r"\w", step.ours))


@given(PIECES)
@example("We could hire about forty workers from the I do not believe that the old ferry")
def test_a_verdict_does_not_depend_on_how_windows_are_ordered_or_doubled(text: str) -> None:
    a, b = window(SPEECH[:5]), window(SPEECH[3:], uri="urn:other")
    assert check(text, a, b).verdict.fidelity == check(text, b, a, b).verdict.fidelity


@pytest.mark.parametrize(
    "text",
    [
        "the " * 5_000,
        "harbour bridge " * 2_500,
        '"' * 200_000,
        "[" * 100_000,
        "1," * 50_000,
        "9 " + "million " * 20_000,
        "$1 " * 20_000,
        "… " * 50_000 + "harbour",
        "a'" * 50_000,
        "n" * 200_000,
        "\ud800 harbour",
    ],
    ids=lambda text: text[:12].encode("ascii", "replace").decode(),
)
def test_hostile_texts_get_an_answer(text: str) -> None:
    evidence = [quotation(text[:20_000]), window()]
    assert judge(Claim(text, "Ada Byron", DAY), evidence, SEARCHED).verdict.policy
