"""Each threshold of the verdicts at its boundary: a claim that is just within, and one just beyond."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from service.claims.encoder import ENCODER
from service.matching import judge
from service.matching.align.claim_pieces import find_pieces
from service.matching.align.common_runs import RunFinder, index_positions
from service.matching.align.passage import ClaimText, Passage, build_joined_passages
from service.matching.align.placement import align, find_verbatim, keep_near, rank_passages
from service.matching.axes.attribution import quotes_another
from service.matching.axes.fidelity import assess, is_too_short
from service.matching.common_words import bits_of_words, shared_bits
from service.matching.models import Claim, Evidence
from service.matching.report.matches import build_match
from service.matching.report.said import build_said
from service.matching.reported_speech import decision
from service.matching.reported_speech.candidates import find_stretches
from service.matching.reported_speech.decision import decide_paraphrase
from service.matching.reported_speech.features import denies_alike, read_scopes
from service.matching.reported_speech.scoring import score_pairs
from service.matching.retrieval.near_copies import hash_runs, is_near_copy, sketch_text
from service.matching.retrieval.ranking import choose_fingerprints, is_variant, select_best
from tests.matching.cases import DAY, SEARCHED, check, quotation, window

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

    @pytest.mark.parametrize(("between", "kept"), [(5, 8), (6, 7)])
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

    @pytest.mark.parametrize(("words", "is_complete"), [(25_000, True), (27_000, False)])
    def test_a_text_longer_than_any_article_is_not_compared_to_the_end(self, words, is_complete):
        """A claim of forty runs of twelve words, in a text that would take 77 steps for each of its words."""
        runs = [WORDS[12 * n : 12 * n + 12] for n in range(40)]
        claim = [word for run in runs for word in run]
        found = [word for run in runs for word in (*run, "zz")]
        assert (self.kept(claim, [*found, *(["zz"] * (words - len(found)))]) == len(claim)) is is_complete

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

    def test_a_short_last_piece_takes_words_from_the_one_before(self):
        found = source(f"{other(3)} {rare(4, 4)}. It was late. {rare(6)}.")
        first, last = find_pieces(ClaimText(rare(8)), [found])
        assert (first.claim_start, first.claim_end, last.claim_start, last.claim_end) == (0, 4, 4, 8)
        assert (found.key_forms[first.source_start], found.key_forms[last.source_start]) == (
            WORDS[0],
            WORDS[4],
        )

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
        placement = align(
            ClaimText(f"{rare(6)} {rare(6, 6)}"), source(f"{rare(6)} {other(words)} {rare(6, 6)}")
        )
        assert placement is not None
        finding = assess(placement)
        assert finding is not None
        assert finding.rule == rule

    @pytest.mark.parametrize(("words", "fidelity"), [(60, "abridged"), (61, "spliced")])
    def test_a_marked_gap_may_be_long(self, words, fidelity):
        text = f"{rare(6)} {other(words)} {rare(6, 6)}"
        assert check(f"{rare(6)} … {rare(6, 6)}", quotation(text)).verdict.fidelity == fidelity

    @pytest.mark.parametrize(
        ("text", "is_short"),
        [("the harbour wall of storms", True), ("the harbour wall of winter storms", False)],
    )
    def test_four_words_of_content_are_enough(self, text, is_short):
        assert is_too_short(ClaimText(text)) is is_short

    @pytest.mark.parametrize(
        ("text", "is_short"),
        [("it is what they have of the", True), ("it is what they have of the harbour", False)],
    )
    def test_or_eight_words(self, text, is_short):
        assert is_too_short(ClaimText(text)) is is_short

    @pytest.mark.parametrize(
        ("text", "is_short"),
        [
            ("It is what they have. It is what they have. Of the.", True),  # 7 of 12 words are distinct
            ("They can. They can. It is of the.", False),  # 6 of 8: hardly any sentence is said again
        ],
    )
    def test_sentences_said_again_count_once(self, text, is_short):
        assert is_too_short(ClaimText(text)) is is_short

    @pytest.mark.parametrize(("kept", "fidelity"), [(5, None), (6, "altered")])
    def test_altered_words_keep_most_of_a_claim(self, kept, fidelity):
        placement = align(
            ClaimText(f"{rare(kept)} {rare(10 - kept, 50)}"), source(f"{rare(kept)} {other(8)}")
        )
        assert placement is not None
        finding = assess(placement)
        assert (finding.fidelity if finding else None) == fidelity

    @pytest.mark.parametrize(("run", "fidelity"), [(2, None), (3, "altered")])
    def test_altered_words_keep_three_in_a_row(self, run, fidelity):
        """All runs but the last have two words."""
        parts = [rare(2, 0), rare(2, 2), rare(run, 4)]
        found = [f"{parts[0]} {other(1)} {parts[1]} {other(1, 1)} {parts[2]}"]
        placement = align(
            ClaimText(f"{parts[0]} {other(1, 5)} {parts[1]} {other(1, 6)} {parts[2]}"), source(found[0])
        )
        assert placement is not None
        finding = assess(placement)
        assert (finding.fidelity if finding else None) == fidelity

    @pytest.mark.parametrize(("words", "fidelity"), [(39, "altered"), (40, "near_verbatim")])
    def test_of_a_long_quotation_more_small_words_may_differ(self, words, fidelity):
        half = (words - 4) // 2
        first, second, last = rare(half), rare(half, half), rare(words - 2 - 2 * half, 300)
        claim, text = f"{first} a {second} on {last}", f"{first} the {second} of {last}"
        placement = align(ClaimText(claim), source(text))
        assert placement is not None
        finding = assess(placement)
        assert finding is not None
        assert (len(claim.split()), finding.fidelity) == (words, fidelity)

    @pytest.mark.parametrize(("kept", "fidelity"), [(3, None), (4, "altered")])
    def test_and_half_of_its_content(self, kept, fidelity):
        """Eight words of content, of which some are other ones, and as many of grammar."""
        content = [*WORDS[:kept], *OTHERS[: 8 - kept]]
        claim = "it is what they have of the " + " ".join(content)
        placement = align(ClaimText(claim), source(f"it is what they have of the {rare(8)}"))
        assert placement is not None
        finding = assess(placement)
        assert (finding.fidelity if finding else None) == fidelity

    @pytest.mark.parametrize(("words", "fidelity"), [(4, "verbatim"), (5, "altered")])
    def test_brackets_stand_for_a_few_words(self, words, fidelity):
        said = " ".join(["they"] * words)
        placement = align(
            ClaimText(f"{rare(6)} [Grey] {rare(6, 6)}"), source(f"{rare(6)} {said} {rare(6, 6)}")
        )
        assert placement is not None
        finding = assess(placement)
        assert finding is not None
        assert finding.fidelity == fidelity

    @pytest.mark.parametrize(("words", "changes"), [(2, ("number", "omission")), (3, ("omission",))])
    def test_a_number_among_many_words_left_out_is_an_omission(self, words, changes):
        placement = align(
            ClaimText(f"{rare(6)} {rare(6, 6)}"), source(f"{rare(6)} {other(words)} 12 {rare(6, 6)}")
        )
        assert placement is not None
        finding = assess(placement)
        assert finding is not None
        assert finding.changes == changes

    @pytest.mark.parametrize(("words", "fidelity"), [(14, "truncated"), (15, "verbatim")])
    def test_a_condition_soon_after_a_quotation_qualifies_it(self, words, fidelity):
        assert self.of(rare(8), f"{rare(8)} {other(words)} unless it rains.") == fidelity

    @pytest.mark.parametrize(("words", "fidelity"), [(19, "truncated"), (20, "verbatim")])
    def test_and_one_before_it(self, words, fidelity):
        assert self.of(rare(8), f"If {other(words)} {rare(8)}.") == fidelity

    @pytest.mark.parametrize(("words", "fidelity"), [(5, "truncated"), (6, "verbatim")])
    def test_a_negation_close_before_it_does(self, words, fidelity):
        assert self.of(rare(8), f"They never {other(words)} {rare(8)}.") == fidelity

    @pytest.mark.parametrize(("words", "fidelity"), [(5, "truncated"), (6, "verbatim")])
    def test_and_one_close_behind_it(self, words, fidelity):
        assert self.of(rare(8), f"{rare(8)} {other(words)} never.") == fidelity

    @pytest.mark.parametrize(("words", "fidelity"), [(4, "truncated"), (5, "verbatim")])
    def test_a_next_sentence_takes_back_with_its_first_words(self, words, fidelity):
        assert self.of(rare(8), f"{rare(8)}. But {other(words)} not.") == fidelity

    @staticmethod
    def of(claim: str, text: str) -> str | None:
        placement = align(ClaimText(claim), source(text))
        assert placement is not None
        finding = assess(placement)
        return finding.fidelity if finding else None

    @pytest.mark.parametrize(("characters", "is_anothers"), [(160, True), (161, False)])
    def test_an_open_quotation_mark_shortly_before_makes_them_anothers(self, characters, is_anothers):
        before = f"“{'y' * (characters - 2)} "
        placement = align(ClaimText(rare(6)), source(f"{before}{rare(6)}."))
        assert placement is not None
        assert quotes_another(Claim(rare(6)), placement) is is_anothers


class TestCommonWords:
    def test_a_number_tells_more_than_a_house_and_less_than_a_river(self):
        house, river, number = (bits_of_words([word]) for word in ("house", "river", "12,000"))
        assert house < number < river

    @pytest.mark.parametrize(("run", "tells"), [(1, False), (2, True)])
    def test_a_word_alone_is_shared_by_chance(self, run, tells):
        placement = align(ClaimText(f"{rare(run)} {other(5)}"), source(f"{rare(run)} {other(5, 20)}"))
        assert placement is not None
        assert (shared_bits(placement) > 0) is tells


class TestTellingWords:
    """How much words must tell, by who is said to have said them. A word of `WORDS` has 22 bits."""

    @pytest.mark.parametrize(
        ("text", "fidelity"),
        [("water town house people", "insufficient"), ("water town river wall winter", "verbatim")],
    )  # 44 and 64 bits
    def test_the_very_words_of_nobody_named(self, text, fidelity):
        assert check(text, quotation(f"{text}."), speaker=None).verdict.fidelity == fidelity

    @pytest.mark.parametrize(
        ("text", "fidelity"),
        [
            ("water town river wall winter house", "insufficient"),  # 75 bits
            ("water town river wall winter house council storm", "verbatim"),  # 102
        ],
    )
    def test_the_very_words_of_somebody_else(self, text, fidelity):
        assert check(text, quotation(f"{text}."), speaker="Carl Gauss").verdict.fidelity == fidelity

    @pytest.mark.parametrize(
        ("speaker", "kept", "fidelity"),
        [
            ("Ada Byron", "we will see the people and the", "no_match"),  # 44 bits
            ("Ada Byron", "it is to be in the people of the", "altered"),  # 50
            (None, "we will see the people in the town and they like the", "no_match"),  # 79
            (None, "we will see the house in the town and they will want the good", "altered"),  # 92
        ],
    )
    def test_altered_words(self, speaker, kept, fidelity):
        evidence = quotation(f"{kept} storm.")
        assert check(f"{kept} dolphin", evidence, speaker=speaker).verdict.fidelity == fidelity

    @pytest.mark.parametrize(
        ("first", "second", "fidelity"),
        [
            ("it is the house", "of the people and the", "no_match"),  # 52.5 bits together
            ("in the town", "to the house of it", "altered"),  # 54.5
        ],
    )
    def test_a_second_run_of_altered_words_costs_some_bits(self, first, second, fidelity):
        evidence = quotation(f"{first} storm {second}.")
        assert check(f"{first} dolphin {second}", evidence).verdict.fidelity == fidelity

    @pytest.mark.parametrize(
        ("piece", "fidelity"), [("the house of it", "altered"), ("this house in town", "spliced")]
    )  # 27 and 36 bits
    def test_each_part_of_a_splice_tells_something(self, piece, fidelity):
        evidence = window([("Ada Byron", 0, each) for each in (f"{piece}.", "It rained.", f"{rare(6)}.")])
        assert check(f"{rare(6)} … {piece}", evidence).verdict.fidelity == fidelity

    @pytest.mark.parametrize(("kept", "fidelity"), [(17, "no_match"), (18, "altered")])
    def test_altered_words_of_another_speaker_and_day_are_closer(self, kept, fidelity):
        claim = f"{rare(kept)} {other(20 - kept, 100)}"
        evidence = quotation(f"{rare(kept)} {other(20 - kept)}.")
        verdict = check(claim, evidence, speaker="Carl Gauss", said_on=DAY + timedelta(90)).verdict
        assert verdict.fidelity == fidelity

    @pytest.mark.parametrize(("words", "found"), [(11, True), (12, False)])
    def test_altered_words_of_another_stand_close_together(self, words, found):
        """Twenty words of a claim, thirty or more of the source."""
        evidence = quotation(f"{rare(10)} {other(words)} {rare(9, 10)}.")
        verdict = check(f"{rare(10)} {other(1, 50)} {rare(9, 10)}", evidence, speaker="Carl Gauss").verdict
        assert (verdict.fidelity != "no_match") is found

    @pytest.mark.parametrize(("words", "fidelity"), [(15, "spliced"), (16, "altered")])
    def test_what_one_place_explains_is_not_looked_for_elsewhere(self, words, fidelity):
        """The claim has 16 of 19 words of one sentence, or 17 of 20; its second half stands in another."""
        ending = other(4).capitalize()
        sentences = (f"{ending}.", "It rained.", f"{rare(words)} {other(3, 50)} {other(1, 3)}.")
        evidence = window([("Ada Byron", 0, sentence) for sentence in sentences])
        assert check(f"{rare(words).capitalize()}. {ending}.", evidence).verdict.fidelity == fidelity

    @pytest.mark.parametrize(("run", "fidelity"), [(11, "no_match"), (12, "altered")])
    def test_a_long_run_is_no_chance(self, run, fidelity):
        claim, evidence = f"{rare(run)} {other(40 - run, 100)}", quotation(f"{rare(run)} {other(10)}.")
        assert check(claim, evidence).verdict.fidelity == fidelity

    @pytest.mark.parametrize(("words", "fidelity"), [(56, "altered"), (57, "no_match")])
    def test_unless_it_is_a_small_part_of_the_claim(self, words, fidelity):
        claim, evidence = f"{rare(12)} {other(words - 12, 100)}", quotation(f"{rare(12)} {other(10)}.")
        assert check(claim, evidence).verdict.fidelity == fidelity

    @pytest.mark.parametrize(("words", "fidelity"), [(20, "altered"), (24, "altered"), (25, "no_match")])
    def test_or_has_few_of_its_telling_words(self, words, fidelity):
        """Six words that tell something, and six of grammar between them."""
        run = " ".join(f"the {word}" for word in WORDS[:6])
        evidence = quotation(f"{run} {other(10)}.")
        assert check(f"{run} {other(words, 100)}", evidence).verdict.fidelity == fidelity


class TestReportedSpeech:
    @pytest.mark.parametrize(
        ("wholly", "partly", "fidelity"),
        [(0.88, 0.88, "supported"), (0.86, 0.91, "partly_supported"), (0.86, 0.89, "no_match")],
    )
    def test_a_report_is_borne_out_where_the_head_is_sure(self, wholly, partly, fidelity, monkeypatch):
        monkeypatch.setattr(
            decision, "score_pairs", lambda clause, texts, encode: [(wholly, partly)] * len(texts)
        )
        claim = Claim(rare(6), "Ada Byron", DAY, form="indirect")
        found = judge(claim, [quotation(f"{rare(6)}.")], SEARCHED, encode=flat)
        assert found.verdict.fidelity == fidelity

    @pytest.mark.parametrize(
        ("text", "rule"),
        [("the harbour fell", "report_too_short"), ("the old harbour fell", "reported_content_not_found")],
    )
    def test_a_report_of_two_words_says_nothing(self, text, rule):
        claim = Claim(text, "Ada Byron", DAY, form="indirect")
        evidence = quotation("It rained in Shelbyville.")
        assert judge(claim, [evidence], SEARCHED, encode=ENCODER.encode).verdict.rule == rule

    @pytest.mark.parametrize(("shared", "found"), [(5, False), (6, True)])
    def test_a_paraphrase_has_most_of_the_words(self, shared, found, monkeypatch):
        monkeypatch.setattr(decision, "score_pairs", lambda clause, texts, encode: [(1.0, 1.0)] * len(texts))
        claim, text = rare(10), f"{rare(shared)} {other(4)}."
        outcome = decide_paraphrase(Claim(claim, "Ada Byron", DAY), ClaimText(claim), [source(text)], flat)
        assert (outcome is not None) is found

    @pytest.mark.parametrize(("sentences", "longest"), [(2, 2), (3, 3), (4, 3)])
    def test_a_stretch_has_three_sentences_at_most(self, sentences, longest):
        evidence = window([("Ada Byron", 0, f"{rare(3, 3 * n)}.") for n in range(sentences)])
        found = find_stretches(Claim(rare(12), "Ada Byron"), ClaimText(rare(12)), [passage_of(evidence)])
        assert max(len(stretch.passage.utterances) for stretch in found) == longest

    @pytest.mark.parametrize(("sentences", "kept"), [(23, 23), (24, 24), (25, 24)])
    def test_the_stretches_that_share_most_are_scored(self, sentences, kept):
        passages = [source(f"{rare(4)} {other(1, n)}.") for n in range(sentences)]
        found = find_stretches(Claim(rare(12), "Ada Byron"), ClaimText(rare(12)), passages)
        assert len(found) == kept

    def test_the_first_stretches_are_measured(self):
        text = "We will not raise the tax on fuel this year."
        scores = score_pairs(text, [text] * 8, ENCODER.encode)
        assert [wholly > 0 for wholly, _ in scores] == [True] * 6 + [False] * 2

    @pytest.mark.parametrize(("words", "denied"), [(7, True), (8, False)])
    def test_a_denial_reaches_some_words_on(self, words, denied):
        assert read_scopes(f"not {other(words)} bobuc")[0]["bobuc"] == {denied}

    @pytest.mark.parametrize(("words", "is_open"), [(5, True), (6, False)])
    def test_a_modal_reaches_some_words_on(self, words, is_open):
        assert read_scopes(f"might {other(words)} bobuc")[1]["bobuc"] == {is_open}

    @pytest.mark.parametrize(("words", "alike"), [(5, False), (6, True)])
    def test_a_negation_bears_on_the_next_words(self, words, alike):
        assert denies_alike(rare(3), f"not {other(words)} {rare(3)}") is alike


def flat(texts):
    """An encoder for which all texts mean the same."""
    return np.tile(np.array([1.0], dtype=np.float32), (len(texts), 1))


class TestRetrieval:
    @pytest.mark.parametrize(("hashes", "chosen"), [(15, 15), (16, 16), (17, 16)])
    def test_a_few_fingerprints_are_looked_up(self, hashes, chosen):
        assert len(choose_fingerprints(range(hashes), lambda _: 1, 20, 1_000)) == chosen

    @pytest.mark.parametrize(("words", "chosen"), [(7, 8), (8, 4)])
    def test_postings_are_read_within_a_budget(self, words, chosen):
        assert len(choose_fingerprints(range(12), lambda _: 1_000, words, 1_000_000)) == chosen

    @pytest.mark.parametrize(("weight", "ids"), [(0.151, [1, 2]), (0.149, [1])])
    def test_what_shares_little_is_not_read(self, weight, ids):
        lists = [(1.0, np.array([1])), (weight, np.array([2]))]
        assert select_best(lists, 10).ids == ids

    @pytest.mark.parametrize(("words", "is_one"), [(4, False), (5, True)])
    def test_a_short_text_has_no_variants(self, words, is_one):
        assert is_variant("abcdefghij"[:words], "abcdefghijklm") is is_one

    @pytest.mark.parametrize(("shared", "is_one"), [(7, False), (8, True)])
    def test_a_variant_shares_most_words(self, shared, is_one):
        assert is_variant("abcdefghij", "abcdefghij"[:shared] + "zyxwvu") is is_one

    @pytest.mark.parametrize(("words", "shared"), [(4, 0), (5, 1)])
    def test_copies_share_runs_of_words(self, words, shared):
        first, second = [*range(words), *range(100, 120)], [*range(200, 220), *range(words)]
        assert len(np.intersect1d(hash_runs(first), hash_runs(second))) == shared

    @pytest.mark.parametrize(("words", "hashes"), [(35, 31), (36, 32), (37, 32)])
    def test_a_sketch_is_small(self, words, hashes):
        assert len(sketch_text(rare(words)).smallest) == hashes

    @pytest.mark.parametrize(("words", "is_short"), [(24, True), (25, False)])
    def test_a_text_of_quotations_is_compared_whole(self, words, is_short):
        assert sketch_text(f"“{other(30)}” {rare(words)}").is_short is is_short

    @pytest.mark.parametrize(("shared", "is_copy"), [(23, False), (24, True)])
    def test_a_copy_has_half_of_the_runs(self, shared, is_copy):
        """Of 40 words, which are 36 runs, 24 or 23, which are 20 or 19, are shared, with 18 to reach."""
        first = sketch_text(rare(40))
        second = sketch_text(f"{rare(shared - 2)} {other(42 - shared)}")
        assert is_near_copy(first, second) is is_copy

    @pytest.mark.parametrize(("shared", "is_copy"), [(16, False), (17, True)])
    def test_short_texts_are_copies_if_nearly_all_words_are_the_same(self, shared, is_copy):
        first, second = rare(20), f"{rare(shared)} {other(20 - shared)}"
        assert is_near_copy(sketch_text(first), sketch_text(second)) is is_copy

    @pytest.mark.parametrize(("words", "read"), [(19_999, 19_999), (20_000, 20_000), (20_001, 20_000)])
    def test_a_very_long_text_is_read_in_part(self, words, read):
        assert len(sketch_text(" ".join(WORDS[n % 1_000] for n in range(words))).words) == read


class TestWhatIsShown:
    @pytest.mark.parametrize(("characters", "shown"), [(298, 298), (299, 299), (300, 299)])
    def test_a_match_shows_some_text_around(self, characters, shown):
        text = "y" * characters
        evidence = window([("Ada Byron", 0, each) for each in (text, rare(6), text)])
        placement = align(ClaimText(rare(6)), passage_of(evidence))
        assert placement is not None
        match = build_match(placement)
        assert (len(match.before), len(match.after)) == (shown, shown)

    @pytest.mark.parametrize(("characters", "shown"), [(298, 298), (299, 299), (300, 299)])
    def test_the_record_shows_the_sentences_beside(self, characters, shown):
        text = f"{'y' * (characters - 1)}."
        evidence = window([("Ada Byron", 0, each) for each in (text, f"{rare(6)}.", text)])
        placement = align(ClaimText(rare(6)), passage_of(evidence))
        assert placement is not None
        said = build_said(placement)
        assert (len(said.before), len(said.after)) == (shown, shown)

    @pytest.mark.parametrize(("words", "shown"), [(399, 405), (400, 406), (401, 406)])
    def test_the_ends_of_an_endless_sentence_are_looked_for_nearby(self, words, shown):
        around = " ".join(OTHERS[:words])
        for text in (f"{around} {rare(6)}", f"{rare(6)} {around}"):
            placement = align(ClaimText(rare(6)), source(text))
            assert placement is not None
            assert len(build_said(placement).text.split()) == shown
