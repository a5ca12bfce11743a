"""The finding that decides on a claim's words, among passages of the same class."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from service.matching.align.passage import ClaimText, Passage, build_joined_passages
from service.matching.align.placement import (
    Placement,
    find_aligned,
    find_unified,
    find_verbatim,
    keep_near,
    rank_passages,
)
from service.matching.align.splices import Splice, find_splice
from service.matching.axes.attribution import judge_speaker
from service.matching.axes.fidelity import Finding, explains_all
from service.matching.common_words import bits_of_claim, shared_bits
from service.matching.findings import Alignments, assess_all, keep_faithful
from service.matching.models import Claim
from service.matching.outcome import Outcome, speaker_of
from service.matching.source_choice import (
    choose_finding,
    fits_day,
    has_agreeing_speaker,
    is_agreeing,
    is_settled,
    keep_distinct,
)
from service.matching.thresholds import (
    BITS_OF_ALTERED,
    BITS_OF_ALTERED_GIVEN,
    BITS_OF_ALTERED_UNNAMED,
    BITS_OF_ANYBODY,
    BITS_OF_GIVEN,
    BITS_OF_ONE_PERSON,
    BITS_OF_PIECE,
    BITS_OF_SAME_SPEAKER,
    CLOSE_COVERAGE,
    COVERAGE_OF_ANOTHER,
    LONG_RUN,
    LONG_RUN_COVERAGE,
    LONG_RUN_NEAR,
    SHORT_FRAGMENT,
    STRETCH,
)

_MEANING: Final = frozenset({"negation", "number", "entity", "modality"})
NOTHING: Final = Outcome("no_match", "nothing_qualified")


def decide_words(claim: Claim, claim_text: ClaimText, passages: Sequence[Passage]) -> Outcome:
    """The outcome for a claim's words from passages of words as spoken or published.

    `insufficient` if the words are found but so common that others may have said them.
    """
    if not passages:
        return NOTHING
    findings = assess_all(find_verbatim(claim_text, passages))
    read = rank_passages(claim_text, passages)
    if not any(is_settled(claim, finding.placement) for finding in findings):
        findings += assess_all(find_unified(claim_text, keep_near(claim_text, read)))
    if faithful := keep_faithful(findings):
        return _decide_faithful(claim, claim_text, faithful)
    read += [joined for passage in read for joined in build_joined_passages(passage.evidence)]
    alignments = Alignments(claim_text, keep_near(claim_text, read))
    if faithful := alignments.find_faithful():
        return _decide_faithful(claim, claim_text, faithful)
    return _decide_unfaithful(claim, claim_text, read, lambda: findings + alignments.find_all())


def _decide_faithful(claim: Claim, claim_text: ClaimText, faithful: Sequence[Finding]) -> Outcome:
    """The best finding; `insufficient` where nobody agreeing said the words and they are too common."""
    outcome = choose_finding(claim, claim_text, faithful)
    if is_agreeing(claim, outcome.placements[0]):
        return outcome
    if bits_of_claim(claim_text) < _bits_needed(claim, outcome.placements[0]):
        return Outcome("insufficient", "words_too_common", tuple(keep_distinct(outcome.placements)))
    return outcome


def _bits_needed(claim: Claim, placement: Placement) -> float:
    """What words must tell where their speaker does not agree with the claim's."""
    if placement.passage.evidence.origin.given:
        return BITS_OF_GIVEN
    return BITS_OF_ANYBODY if is_settled(claim, placement) else BITS_OF_ONE_PERSON


def _may_be_given(claim: Claim, placement: Placement) -> bool:
    """Whether words of a source sent with the request are of nobody else than the claim's speaker."""
    return placement.passage.evidence.origin.given and is_settled(claim, placement)


def _decide_unfaithful(
    claim: Claim, claim_text: ClaimText, passages: Sequence[Passage], find_all: Callable[[], list[Finding]]
) -> Outcome:
    """The outcome if no finding is faithful; `find_all` returns all findings.

    That is not asked where the writer's own marks show which parts were put together.
    """
    splice = _find_splice(claim, claim_text, passages) if claim_text.breaks else None
    if splice and splice.is_plain:
        return _splice_outcome(splice)
    credible = [finding for finding in find_all() if _is_credible(claim, finding)]
    if any(is_close(finding) for finding in credible):
        return _choose_altered(claim, claim_text, credible)
    splice = splice if claim_text.breaks else _find_splice(claim, claim_text, passages)
    if splice and (splice.is_plain or _is_likely(claim, splice, credible)):
        return _splice_outcome(splice)
    if credible:
        return _choose_altered(claim, claim_text, credible)
    return _find_long_run(claim, claim_text, passages) or NOTHING


def _find_long_run(claim: Claim, claim_text: ClaimText, passages: Sequence[Passage]) -> Outcome | None:
    """`altered` for a quotation of which a source has a part that is too long for chance."""
    half = LONG_RUN // 2  # a run holds one of the claim's blocks of half its length, wherever it begins
    blocks = [claim_text.forms[at : at + half] for at in range(0, len(claim_text.forms) - half + 1, half)]
    if len(claim_text.forms) < LONG_RUN or claim.said_on is None:
        return None
    near = [
        passage
        for passage in keep_near(claim_text, passages, LONG_RUN_NEAR)
        if any(passage.count_shared(block) == half and " ".join(block) in passage.folded for block in blocks)
    ]
    runs = [
        placement
        for placement in find_aligned(claim_text, near, LONG_RUN_COVERAGE)
        if placement.longest_run >= LONG_RUN
        and shared_bits(placement) >= BITS_OF_ALTERED
        and fits_day(claim, placement.passage.utterance_of(placement.first).said_at)
    ]
    if not runs:
        return None
    findings = [Finding(placement, "altered", "long_run_kept", ("wording",)) for placement in runs]
    return _choose_altered(claim, claim_text, findings)


def _choose_altered(claim: Claim, claim_text: ClaimText, credible: Sequence[Finding]) -> Outcome:
    """The best altered finding. Altered words of another person do not prove who said them."""
    outcome = choose_finding(claim, claim_text, credible)
    return replace(outcome, may_accuse=False) if outcome.fidelity == "altered" else outcome


def _find_splice(claim: Claim, claim_text: ClaimText, passages: Sequence[Passage]) -> Splice | None:
    """A splice, if each of its pieces is too specific for chance."""
    ordered = sorted(passages, key=lambda passage: not has_agreeing_speaker(claim, passage))
    splice = find_splice(claim_text, ordered)
    if splice is None:
        return None
    agreeing = [is_agreeing(claim, placement) for placement in splice.placements]
    of_others = BITS_OF_ANYBODY if any(agreeing) else BITS_OF_ONE_PERSON
    if all(placement.passage.evidence.origin.given for placement in splice.placements):
        of_others = BITS_OF_GIVEN
    is_telling = (
        shared_bits(placement) >= (BITS_OF_PIECE if agrees else of_others)
        for placement, agrees in zip(splice.placements, agreeing, strict=True)
    )
    return splice if all(is_telling) else None


def _splice_outcome(splice: Splice) -> Outcome:
    speakers = tuple(speaker_of(placement) for placement in splice.placements)
    return Outcome("spliced", splice.rule, splice.placements, splice.changes, speakers=speakers)


def is_close(finding: Finding) -> bool:
    """Whether one place explains so much that no splice is searched for; never at a marked omission."""
    placement = finding.placement
    if finding.fidelity != "altered" or placement.claim_text.breaks:
        return False
    return placement.coverage >= CLOSE_COVERAGE and explains_all(placement)


def _is_likely(claim: Claim, splice: Splice, credible: Sequence[Finding]) -> bool:
    """Whether words joined within a sentence are a splice: of one source, from different places."""
    sources = {placement.passage.evidence.origin.uri for placement in splice.placements}
    is_given = splice.placements[0].passage.evidence.origin.given
    speakers = (judge_speaker(claim, speaker_of(placement)) for placement in splice.placements)
    return (
        len(sources) == 1
        and (is_given or "misattributed" not in speakers)
        and not any(explains_all(finding.placement) for finding in credible)
    )


def is_whole_but_for_a_critical_word(finding: Finding) -> bool:
    """Whether a fragment differs only in a critical word; else it is another text with shared words."""
    return (
        bool(_MEANING.intersection(finding.changes)) and finding.placement.coverage >= COVERAGE_OF_ANOTHER[0]
    )


def _is_credible(claim: Claim, finding: Finding) -> bool:
    """Whether altered words are close enough; those of another speaker or day must be closer."""
    placement = finding.placement
    if finding.fidelity not in ("altered", "spliced"):
        return True
    agrees = is_agreeing(claim, placement) or _may_be_given(claim, placement)
    of_others = BITS_OF_ALTERED_UNNAMED if claim.speaker is None else BITS_OF_ALTERED
    of_same = BITS_OF_ALTERED_GIVEN if placement.passage.evidence.origin.given else BITS_OF_SAME_SPEAKER
    if shared_bits(placement) < (of_same if agrees else of_others):
        return False
    if len(placement.claim_text.forms) < SHORT_FRAGMENT and not is_whole_but_for_a_critical_word(finding):
        return False
    utterance = placement.passage.utterance_of(placement.first)
    is_anothers = claim.speaker is not None and not agrees
    misfits = is_anothers + (not fits_day(claim, utterance.said_at))
    if not misfits:
        return True
    is_compact = placement.last - placement.first <= STRETCH * len(placement.claim_text.forms)
    return is_compact and placement.coverage >= COVERAGE_OF_ANOTHER[misfits - 1]
