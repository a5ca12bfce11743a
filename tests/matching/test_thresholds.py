"""Each threshold of the verdicts at its boundary: a claim that is just within, and one just beyond."""

from __future__ import annotations

import pytest

from service.matching.align.claim_pieces import find_pieces
from service.matching.align.common_runs import RunFinder, index_positions
from service.matching.align.passage import ClaimText, Passage, build_joined_passages
from service.matching.align.placement import align, find_verbatim, keep_near, rank_passages
from service.matching.axes.fidelity import assess, is_too_short
from service.matching.common_words import bits_of_words, shared_bits
from service.matching.models import Evidence
from service.matching.reported_speech.candidates import find_stretches
from service.matching.reported_speech.features import NAMES, read_scopes
from service.matching.reported_speech.scoring import score_pairs
from service.matching import Claim
from tests.matching.cases import check, quotation, window

LETTERS = "bcdfghjklmnpqrstvwxz"
#: Words that mean nothing and are rare, no two alike.
WORDS = [f"{a}o{b}u{c}" for c in "bdg" for b in LETTERS for a in LETTERS]
OTHERS = [f"{a}a{b}i{c}" for c in "kmp" for b in LETTERS for a in LETTERS]


def rare(count: int, start: int = 0) -> str:
    """So many rare words, separated by spaces."""
    return " ".join(WORDS[start : start + count])


def other(count: int, start: int = 0) -> str:
    """So many rare words that `rare` has none of."""
    return " ".join(OTHERS[start : start + count])


def passage_of(evidence: Evidence) -> Passage:
    return Passage(evidence, evidence.utterances)


def source(text: str) -> Passage:
    return passage_of(quotation(text))


class TestRuns:
    """Common runs of a claim and a source, as lists of words."""

    @pytest.mark.parametrize(("between", "kept"), [(10, 6), (11, 5)])
    def test_a_single_word_belongs_to_a_run_nearby(self, between, kept):
        assert self.kept(WORDS[:6], [*WORDS[:5], *OTHERS[:between], WORDS[5]]) == kept

    @pytest.mark.parametrize(("between", "kept"), [(30, 7), (31, 5)])
    def test_two_words_belong_to_one_farther_away(self, between, kept):
        assert self.kept(WORDS[:7], [*WORDS[:5], *OTHERS[:between], *WORDS[5:7]]) == kept

    @pytest.mark.parametrize(("between", "kept"), [(60, 8), (61, 5)])
    def test_longer_runs_belong_together_up_to_a_gap(self, between, kept):
        assert self.kept(WORDS[:8], [*WORDS[:5], *OTHERS[:between], *WORDS[5:8]]) == kept

    @pytest.mark.parametrize(("between", "kept"), [(3, 6), (4, 5)])
    def test_grammar_belongs_to_what_stands_right_beside_it(self, between, kept):
        assert self.kept([*WORDS[:5], "the"], [*WORDS[:5], *OTHERS[:between], "the"]) == kept

    @pytest.mark.parametrize(("between", "kept"), [(5, 8), (6, 6)])
    def test_a_short_leap_is_no_reason_to_look_for_a_compact_place(self, between, kept):
        claim, found = WORDS[:8], [*WORDS[:6], *OTHERS[:between], *WORDS[6:8]]
        chain = RunFinder(claim, found).find_compact_chain(frozenset())
        assert sum(block.size for block in chain) == kept

    @pytest.mark.parametrize(("behind", "kept"), [(2, 6), (3, 9)])
    def test_a_long_leap_is_worth_three_words(self, behind, kept):
        claim, found = WORDS[: 6 + behind], [*WORDS[:6], *OTHERS[:20], *WORDS[6 : 6 + behind]]
        chain = RunFinder(claim, found).find_compact_chain(frozenset())
        assert sum(block.size for block in chain) == kept

    @pytest.mark.parametrize(("times", "starts"), [(64, True), (65, False)])
    def test_a_word_that_a_long_text_repeats_too_often_starts_no_run(self, times, starts):
        text = [*(["zz"] * times), *WORDS[:300]]
        assert ("zz" in index_positions(text, ["zz"])) is starts

    @pytest.mark.parametrize(("times", "starts"), [(256, True), (257, False)])
    def test_of_a_short_text_all_words_do(self, times, starts):
        assert ("zz" in index_positions(["zz"] * times, ["zz"])) is starts

    def test_the_work_is_bounded(self):
        """A claim and a source of a hundred thousand words are not compared to their end."""
        finder = RunFinder(WORDS * 2, [word for word in OTHERS for _ in range(2)] * 6 + WORDS)
        finder.find_chain()
        assert finder._work <= 2_100_000

    @staticmethod
    def kept(claim: list[str], found: list[str]) -> int:
        return sum(block.size for block in RunFinder(claim, found).find_chain())


class TestPieces:
    """Quotations put together from several places."""

    @pytest.mark.parametrize(("words", "pieces"), [(3, 0), (4, 2)])
    def test_a_piece_has_four_words_at_least(self, words, pieces):
        claim = ClaimText(f"{rare(words)} {other(6)}")
        found = find_pieces(claim, [source(f"{rare(words)}. It was late. {other(6)}.")])
        assert len(found) == pieces

    @pytest.mark.parametrize(("pieces", "found"), [(6, 6), (7, 0)])
    def test_a_stretch_without_a_mark_has_six_at_most(self, pieces, found):
        parts = [rare(4, 4 * n) for n in range(pieces)]
        claim = ClaimText(" ".join(parts))
        assert len(find_pieces(claim, [source(". ".join(parts[::-1]))])) == found

    @pytest.mark.parametrize(("words", "joined"), [(12, 1), (13, 0)])
    def test_a_short_interjection_does_not_end_what_is_said(self, words, joined):
        evidence = window(
            [("Ada Byron", 0, "We will mend it"), ("Carl Gauss", 1, rare(words)), ("Ada Byron", 2, "in May.")]
        )
        assert len(build_joined_passages(evidence)) == joined

    @pytest.mark.parametrize(("shared", "near"), [(6, 0), (7, 1)])
    def test_a_passage_that_is_near_shares_a_third_of_the_telling_words(self, shared, near):
        assert len(keep_near(ClaimText(rare(20)), [source(f"{rare(shared)} {other(14)}")])) == near

    @pytest.mark.parametrize(("shared", "aligned"), [(5, False), (6, True)])
    def test_what_may_be_other_readings_counts_as_kept_at_first(self, shared, aligned):
        claim = ClaimText(rare(10))
        assert (align(claim, source(f"{rare(shared)} {other(9)}"), coverage=0.8) is not None) is aligned

    @pytest.mark.parametrize(("characters", "explained"), [(80, False), (81, True)])
    def test_brackets_of_the_source_nearby_may_be_those_of_the_claim(self, characters, explained):
        before = "[" + "z" * (characters - 2) + " "
        placement = align(ClaimText(f"{rare(4)} [{other(2)}] {rare(4, 4)}"), source(f"{before}{rare(8)}"))
        assert placement is not None
        assert bool(placement.claim_text.bracketed) is explained

    @pytest.mark.parametrize(("times", "found"), [(3, 3), (4, 4), (5, 4)])
    def test_of_one_passage_a_few_places_are_read(self, times, found):
        assert len(find_verbatim(ClaimText(rare(5)), [source(f"{rare(5)}. " * times)])) == found

    @pytest.mark.parametrize(("passages", "read"), [(5, 5), (6, 6), (7, 6)])
    def test_of_many_passages_those_are_read_that_share_most(self, passages, read):
        sources = [source(f"{rare(4 + n)}. {other(9)}") for n in range(passages)]
        assert rank_passages(ClaimText(rare(20)), sources) == sources[::-1][:read]

    @pytest.mark.parametrize(("words", "compared"), [(47, 47), (48, 48), (49, 48)])
    def test_of_a_long_claim_the_longest_words_are_compared(self, words, compared):
        assert len(ClaimText(rare(words)).telling_words) == compared


class TestFidelity:
    @pytest.mark.parametrize(("words", "rule"), [(11, "content_edited"), (12, "joined_without_a_mark")])
    def test_many_words_left_out_without_a_mark_join_two_statements(self, words, rule):
        placement = align(ClaimText(f"{rare(6)} {rare(6, 6)}"), source(f"{rare(6)} {other(words)} {rare(6, 6)}"))
        assert placement is not None
        finding = assess(placement)
        assert finding is not None
        assert finding.rule == rule

    @pytest.mark.parametrize(("words", "fidelity"), [(60, "abridged"), (61, "spliced")])
    def test_a_marked_gap_may_be_long(self, words, fidelity):
        text = f"{rare(6)} {other(words)} {rare(6, 6)}"
        assert check(f"{rare(6)} … {rare(6, 6)}", quotation(text)).verdict.fidelity == fidelity

    @pytest.mark.parametrize(("text", "is_short"), [("the harbour wall of storms", True), ("the harbour wall of winter storms", False)])
    def test_four_words_of_content_are_enough(self, text, is_short):
        assert is_too_short(ClaimText(text)) is is_short

    @pytest.mark.parametrize(("text", "is_short"), [("it is what they have of the", True), ("it is what they have of the harbour", False)])
    def test_or_eight_words(self, text, is_short):
        assert is_too_short(ClaimText(text)) is is_short

    @pytest.mark.parametrize(
        ("text", "is_short"),
        [
            ("They can do it for us. They can do it for me.", True),  # 7 of 12 words are distinct, 58 %
            ("They can do it for us. They can do it to you.", False),  # 8 of 12, 67 %: below still
        ],
    )
    def test_sentences_said_again_count_once(self, text, is_short):
        assert is_too_short(ClaimText(text)) is is_short

    @pytest.mark.parametrize(("kept", "fidelity"), [(5, None), (6, "altered")])
    def test_altered_words_keep_most_of_a_claim(self, kept, fidelity):
        placement = align(ClaimText(f"{rare(kept)} {rare(10 - kept, 50)}"), source(f"{rare(kept)} {other(8)}"))
        assert placement is not None
        finding = assess(placement)
        assert (finding.fidelity if finding else None) == fidelity

    @pytest.mark.parametrize(("run", "fidelity"), [(2, None), (3, "altered")])
    def test_altered_words_keep_three_in_a_row(self, run, fidelity):
        """All runs but the last have two words."""
        parts = [rare(2, 0), rare(2, 2), rare(run, 4)]
        found = [f"{parts[0]} {other(1)} {parts[1]} {other(1, 1)} {parts[2]}"]
        placement = align(ClaimText(f"{parts[0]} {other(1, 5)} {parts[1]} {other(1, 6)} {parts[2]}"), source(found[0]))
        assert placement is not None
        finding = assess(placement)
        assert (finding.fidelity if finding else None) == fidelity

    @pytest.mark.parametrize(("words", "fidelity"), [(39, "altered"), (40, "near_verbatim")])
    def test_of_a_long_quotation_more_small_words_may_differ(self, words, fidelity):
        half = (words - 2) // 2
        text = f"{rare(half)} the {rare(half, half)} of {rare(words - 2 - 2 * half, 2 * half)} {rare(2, 300)}"
        claim = f"{rare(half)} a {rare(half, half)} on {rare(words - 2 - 2 * half, 2 * half)} {rare(2, 300)}"
        placement = align(ClaimText(claim), source(text))
        assert placement is not None
        finding = assess(placement)
        assert finding is not None
        assert (len(claim.split()), finding.fidelity) == (words + 2, fidelity)
