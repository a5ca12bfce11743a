"""The outcome for reported speech, and for direct words that a speaker said in other words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from service.matching.align.passage import ClaimText, Passage
from service.matching.align.placement import Placement, align
from service.matching.models import Claim, Fidelity
from service.matching.outcome import NEAR_IN_SOURCES, Outcome
from service.matching.reported_speech.candidates import Stretch, find_stretches
from service.matching.reported_speech.features import Encode
from service.matching.reported_speech.scoring import compare_with_words, score_pairs
from service.matching.reported_speech.statements import states_nothing
from service.matching.reported_speech.words import bits_of, read_words
from service.matching.source_choice import has_agreeing_speaker
from service.matching.sources import is_proof
from service.matching.thresholds import (
    MOST_PARAPHRASES,
    NEAR_IN_GIVEN,
    PARAPHRASE_COVERED,
    PARAPHRASED,
    PARTLY_SUPPORTED,
    PROPOSITION,
    SUPPORTED,
    SUPPORTED_BY_GIVEN,
)

#: Why a report is not compared with anything: no source could bear it out, nor lack it.
UNCHECKABLE_RULES: Final = (
    "meaning_not_compared",
    "reported_speaker_unresolved",
    "report_too_short",
    "report_states_nothing",
)


def decide_reported(
    claim: Claim, claim_text: ClaimText, passages: Sequence[Passage], encode: Encode | None
) -> Outcome:
    """`supported` or `partly_supported` by what the same or a compatible person said; else `no_match`.

    Records and statements are asked first; what was only printed bears a report out where they say nothing.
    """
    if encode is None:
        return Outcome("no_match", "meaning_not_compared")
    if not claim.speaker or claim.anonymous:
        return Outcome("no_match", "reported_speaker_unresolved")
    if len(read_words(claim_text.raw).content) < PROPOSITION:  # "NATO", "his plan": no statement
        return Outcome("no_match", "report_too_short")
    if states_nothing(claim_text.raw):
        return Outcome("no_match", "report_states_nothing")
    proofs = [passage for passage in passages if is_proof(passage.evidence.origin)]
    others = [passage for passage in passages if not is_proof(passage.evidence.origin)]
    partly: Outcome | None = None
    for group in (proofs, others):
        outcome = _decide_by(claim, claim_text, group, encode)
        if outcome and outcome.fidelity == "supported":
            return outcome
        partly = partly or outcome
    return partly or Outcome("no_match", "reported_content_not_found")


def _decide_by(
    claim: Claim, claim_text: ClaimText, passages: Sequence[Passage], encode: Encode
) -> Outcome | None:
    stretches = find_stretches(claim, claim_text, passages)
    if not stretches:
        return None
    scores = score_pairs(claim_text.raw, [stretch.text for stretch in stretches], encode)
    for number, threshold, fidelity, rule in (
        (0, SUPPORTED, "supported", "meaning_said"),
        (1, PARTLY_SUPPORTED, "partly_supported", "part_of_the_meaning_said"),
    ):
        best = max(range(len(stretches)), key=lambda at: scores[at][number])
        if scores[best][number] >= threshold:
            return _stretch_outcome(claim_text, stretches[best], fidelity, rule)  # type: ignore[arg-type]
    return None


def _stretch_outcome(
    claim_text: ClaimText, stretch: Stretch, fidelity: Fidelity, rule: str
) -> Outcome | None:
    placement = place_stretch(claim_text, stretch)
    return Outcome(fidelity, rule, (placement,), may_accuse=False) if placement else None


def place_stretch(claim_text: ClaimText, stretch: Stretch) -> Placement | None:
    """The alignment of the claim with a stretch, to show what both have."""
    return align(claim_text, stretch.passage)


def decide_paraphrase(
    claim: Claim, claim_text: ClaimText, passages: Sequence[Passage], encode: Encode | None
) -> Outcome | None:
    """Words presented as direct that the speaker said otherwise, in the same sense; None if they did not.

    Only where a stretch shares most of the content is its meaning compared at all.
    """
    if encode is None or not claim.speaker:
        return None
    given = [passage for passage in passages if passage.evidence.origin.given]
    if given:
        return _find_given_paraphrase(claim, claim_text, given, encode)
    wanted = read_words(claim_text.raw)
    total = sum(map(bits_of, wanted.content.values()))
    near = [passage for passage in passages if has_agreeing_speaker(claim, passage)]
    stretches = [
        one for one in find_stretches(claim, claim_text, near) if one.shared >= PARAPHRASE_COVERED * total
    ]
    if not stretches:
        return None
    scores = score_pairs(claim_text.raw, [stretch.text for stretch in stretches[:4]], encode)
    best = max(range(len(scores)), key=lambda at: scores[at][0])
    if scores[best][0] < SUPPORTED:
        return None
    return _stretch_outcome(claim_text, stretches[best], "paraphrase", "same_meaning_in_other_words")


def _find_given_paraphrase(
    claim: Claim, claim_text: ClaimText, passages: Sequence[Passage], encode: Encode
) -> Outcome | None:
    """The same in sources that were given: few enough to compare each likely stretch by meaning."""
    stretches = find_stretches(claim, claim_text, passages)[:MOST_PARAPHRASES]
    best = _find_surest(claim_text, stretches, encode, PARAPHRASED)
    return _stretch_outcome(claim_text, best, "paraphrase", "same_meaning_in_other_words") if best else None


def _find_surest(
    claim_text: ClaimText, stretches: Sequence[Stretch], encode: Encode, least: float
) -> Stretch | None:
    if not stretches:
        return None
    found = compare_with_words(claim_text.raw, [stretch.text for stretch in stretches], encode)
    scored = [(one.score, one.at) for one in found if one.score is not None and one.score >= least]
    return stretches[max(scored)[1]] if scored else None


def decide_nearly_given(
    claim: Claim, claim_text: ClaimText, passages: Sequence[Passage], encode: Encode | None
) -> Outcome | None:
    """Reported speech that is not plainly in the given sources: `supported`, or `insufficient` where they
    have something near that a person should compare; None where they have nothing near of that speaker."""
    given = [passage for passage in passages if passage.evidence.origin.given]
    if encode is None or not given:
        return None
    stretches = find_stretches(claim, claim_text, given)[:MOST_PARAPHRASES]
    if surest := _find_surest(claim_text, stretches, encode, SUPPORTED_BY_GIVEN):
        return _stretch_outcome(claim_text, surest, "supported", "meaning_said")
    if not stretches:
        return None
    found = compare_with_words(claim_text.raw, [stretch.text for stretch in stretches], encode)
    near = [(one.meaning, one.at) for one in found if not one.clashes and one.meaning >= NEAR_IN_GIVEN]
    if not near:
        return None
    nearest = stretches[max(near)[1]]
    outcome = _stretch_outcome(claim_text, nearest, "insufficient", NEAR_IN_SOURCES)
    return replace(outcome, detail=nearest.text) if outcome else None
