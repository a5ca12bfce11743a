"""Which source decides: records and statements before reports, given sources before stored ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from service.english.word_classes import FUNCTION_WORDS
from service.matching.align.passage import ClaimText, Passage
from service.matching.align.placement import (
    Placement,
    find_aligned,
    find_unified,
    find_verbatim,
    keep_near,
)
from service.matching.axes.fidelity import Finding, is_too_short
from service.matching.axes.time import judge_time
from service.matching.findings import assess_all, keep_faithful
from service.matching.models import Claim, Evidence
from service.matching.outcome import Outcome
from service.matching.reported_speech.decision import decide_nearly_given, decide_paraphrase, decide_reported
from service.matching.reported_speech.features import Encode
from service.matching.source_choice import (
    choose_finding,
    is_agreeing,
    keep_distinct,
    name_by_reports,
    split_by_form,
)
from service.matching.sources import class_of, is_proof
from service.matching.thresholds import (
    CONTENT_WORDS_OF_GIVEN,
    COVERAGE_OF_ANOTHER,
    SHORTEST_ALTERED_OF_GIVEN,
)
from service.matching.word_decision import decide_words, is_close, is_whole_but_for_a_critical_word
from service.names.comparison import Agreement


@dataclass(frozen=True, slots=True)
class Grounds:
    """The passages that a claim is compared with, by what they prove."""

    proofs: tuple[Passage, ...] = ()  # records and statements
    reports: tuple[Passage, ...] = ()  # what was printed between quotation marks
    reporting: tuple[Passage, ...] = ()  # what was reported without, in whatever source

    @classmethod
    def of(cls, evidence: Sequence[Evidence]) -> Grounds:
        """Sort evidence. Drafts prove nothing and are left out.

        So is what an article only reported: one report of a speech does not bear out another.
        """
        spoken, reporting = split_by_form([one for one in evidence if class_of(one.origin) != "draft"])
        proofs = tuple(passage for passage in spoken if is_proof(passage.evidence.origin))
        reports = tuple(passage for passage in spoken if not is_proof(passage.evidence.origin))
        return cls(proofs, reports, tuple(one for one in reporting if is_proof(one.evidence.origin)))


def decide(claim: Claim, claim_text: ClaimText, grounds: Grounds, encode: Encode | None) -> Outcome:
    """The outcome for a claim's words."""
    spoken = [*grounds.proofs, *grounds.reports]
    if claim.denied or (claim.form != "indirect" and is_too_short(claim_text)):
        return _decide_unjudged(claim, claim_text, grounds)
    if claim.form == "indirect":
        return decide_reported(claim, claim_text, [*spoken, *grounds.reporting], encode)
    proved = decide_words(claim, claim_text, grounds.proofs)
    printed = find_printed(claim_text, grounds.reports) if grounds.reports else []
    named = name_by_reports(claim, printed)
    if proved.is_found and _decides(named, proved, printed):
        return replace(proved, sightings=tuple(finding.placement for finding in printed))
    if printed:
        return _decide_printed(named, claim_text, printed, proved)
    if proved.is_found or proved.fidelity == "insufficient":
        return proved
    return (
        _decide_differing(claim, claim_text, grounds.reports)
        or decide_paraphrase(claim, claim_text, grounds.proofs, encode)
        or proved
    )


def _decide_unjudged(claim: Claim, claim_text: ClaimText, grounds: Grounds) -> Outcome:
    """Words that are denied, or too few to judge by: where they were seen."""
    rule = "denied_quotation"
    if not claim.denied:
        if given := _find_short_in_given(claim, claim_text, grounds.proofs):
            return given
        rule = "fewer_than_four_content_words"
    seen = find_verbatim(claim_text, [*grounds.proofs, *grounds.reports])
    return Outcome("insufficient", rule, tuple(keep_distinct(seen)))


def _find_short_in_given(claim: Claim, claim_text: ClaimText, proofs: Sequence[Passage]) -> Outcome | None:
    """A few words that the claim's speaker says in a source sent with the request; None where that is not so.

    Among all that is stored a few words tell nothing of who said them; the one source of an article does.
    """
    given = [passage for passage in proofs if passage.evidence.origin.given]
    content = [form for form in claim_text.forms if form not in FUNCTION_WORDS]
    if len(content) < CONTENT_WORDS_OF_GIVEN or not given:
        return None
    places = find_verbatim(claim_text, given) or find_unified(claim_text, given)
    found = keep_faithful(assess_all(place for place in places if is_agreeing(claim, place)))
    if not found and len(claim_text.forms) >= SHORTEST_ALTERED_OF_GIVEN:
        near = find_aligned(claim_text, keep_near(claim_text, given), COVERAGE_OF_ANOTHER[0])
        found = [
            finding
            for finding in assess_all(place for place in near if is_agreeing(claim, place))
            if is_whole_but_for_a_critical_word(finding)
        ]
    return choose_finding(claim, claim_text, found) if found else None


#: A report may come weeks after what it reports; words of another season may be another statement.
_SAME_OCCASION: Final = ("contemporaneous", "recent", "undated")


def find_printed(claim_text: ClaimText, reports: Sequence[Passage]) -> list[Finding]:
    """The findings in reports with exactly these words."""
    return keep_faithful(assess_all(find_verbatim(claim_text, reports)))


def _decides(claim: Claim, proved: Outcome, printed: Sequence[Finding]) -> bool:
    """Whether a record covers the passage: one of another day or person does not where reports differ."""
    if not printed or proved.fidelity not in ("altered", "spliced"):
        return True
    first = proved.placements[0]
    day = first.passage.utterance_of(first.first).said_at
    return is_agreeing(claim, first) and judge_time(claim.said_on, day) in _SAME_OCCASION


def _decide_printed(
    claim: Claim, claim_text: ClaimText, printed: Sequence[Finding], proved: Outcome
) -> Outcome:
    """The words as reports have them; `ambiguous` where a record of another day has them otherwise."""
    outcome = replace(choose_finding(claim, claim_text, printed), may_accuse=False)
    if not proved.is_found or not is_agreeing(claim, proved.placements[0]):
        return outcome
    detail = f"a record of what was said differs in {proved.detail}" if proved.detail else "a record differs"
    placements: tuple[Placement, ...] = (outcome.placements[0], *proved.placements)
    return Outcome(
        "ambiguous", "record_differs_from_report", placements, proved.changes, detail, may_accuse=False
    )


def _decide_differing(claim: Claim, claim_text: ClaimText, reports: Sequence[Passage]) -> Outcome | None:
    """Words that were printed otherwise, of the same speaker: nobody can tell which report is right."""
    if not reports:
        return None
    outcome = decide_words(claim, claim_text, reports)
    if not outcome.is_found or not is_agreeing(claim, outcome.placements[0]):
        return None
    if outcome.fidelity != "altered":
        return (
            replace(outcome, may_accuse=False) if outcome.fidelity in ("near_verbatim", "abridged") else None
        )
    if not is_close(Finding(outcome.placements[0], outcome.fidelity, outcome.rule)):
        return None
    detail = f"another report has them with a difference in {outcome.detail}"
    return Outcome(
        "ambiguous", "reports_differ", outcome.placements, outcome.changes, detail, may_accuse=False
    )


def decide_report_of_given(
    claim: Claim, claim_text: ClaimText, given: Grounds, encode: Encode | None
) -> Outcome | None:
    """Reported speech that is not plainly in the given sources: what they have near it, of that person or of
    another; None where they have nothing of it."""
    spoken = [*given.proofs, *given.reports, *given.reporting]
    return decide_nearly_given(claim, claim_text, spoken, encode) or find_said_by_another(
        claim, claim_text, given, encode
    )


def find_said_by_another(
    claim: Claim, claim_text: ClaimText, given: Grounds, encode: Encode | None
) -> Outcome | None:
    """Reported speech that a given source has, of another person than the claim names: shown, not judged."""
    spoken = [*given.proofs, *given.reports, *given.reporting]
    found = decide_reported(replace(claim, compare=_anybody), claim_text, spoken, encode)
    if found.fidelity != "supported":
        return None
    return replace(found, fidelity="no_match", rule="said_by_another")


def _anybody(_: str, __: str) -> Agreement:
    return "same"
