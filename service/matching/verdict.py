"""Candidates in, verdict out: the policy applied to a claim and the evidence that retrieval found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from service.matching.attribution import attribution_rank, judge_speaker, judge_speakers
from service.matching.chronology import first_sighting, judge_time
from service.matching.evidence import (
    AttributionCode,
    Change,
    Claim,
    Evidence,
    Fidelity,
    Judgement,
    Match,
    Searched,
    Utterance,
    Verdict,
)
from service.matching.explanation import explain, explain_speaker, explain_time, name_changes
from service.matching.fidelity import ALTERED_COVERAGE, Finding, assess, content_coverage, explains_all, is_too_short
from service.matching.matches import build_match
from service.matching.passage import ClaimText, Passage, build_joined_passages
from service.matching.placement import Placement, align_folded, find_aligned, find_unified, find_verbatim, rank_passages
from service.matching.splice import find_splice
from service.matching.support import find_support

POLICY: Final = "1"

_FAITHFUL: Final[tuple[Fidelity, ...]] = ("verbatim", "truncated", "near_verbatim", "abridged")
_SHORT_FRAGMENT: Final = 8  # words; fewer that several people said do not tell who is quoted
_COVERAGE_OF_ANOTHER: Final = 0.8  # of altered words, to say that another speaker or another day had them
_PARAPHRASE_SHARE: Final = 0.7


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What was decided about the words, before it is put into an answer."""

    fidelity: Fidelity
    rule: str
    placements: tuple[Placement, ...] = ()
    changes: tuple[Change, ...] = ()
    detail: str = ""
    speakers: tuple[str | None, ...] = ()


def judge(claim: Claim, evidence: Sequence[Evidence], searched: Searched, *, limit: int = 5) -> Judgement:
    """The verdict on a claim, from the windows of stored words that retrieval thought nearest to it.

    Never raises on any text. At most `limit` matches are returned, the best first; a claim that nothing
    qualifies for has none.
    """
    ours = ClaimText(claim.text)
    passages = [Passage(window, window.utterances) for window in evidence]
    outcome = _decide(claim, ours, passages)
    return _answer(claim, ours, outcome, searched, limit)


def _decide(claim: Claim, ours: ClaimText, passages: list[Passage]) -> _Outcome:
    if claim.form == "indirect":
        return _decide_support(ours, rank_passages(ours, passages))
    found = find_verbatim(ours, passages)
    if is_too_short(ours):
        return _Outcome("insufficient", "fewer_than_four_content_words", tuple(_distinct(found)))
    findings = _assess_all(found)
    read = rank_passages(ours, passages)
    if not any(_is_settled(claim, finding) for finding in findings):
        findings += _assess_all(find_unified(ours, read))
    if not _faithful(findings):
        read += [joined for passage in read for joined in build_joined_passages(passage.evidence)]
        aligned = find_aligned(ours, read, ALTERED_COVERAGE)
        findings += _assess_all(aligned)
        if ours.breaks and not _faithful(findings):
            folded = (align_folded(ours, placement.passage) for placement in aligned)
            findings += _assess_all([placement for placement in folded if placement is not None])
    if _faithful(findings):
        return _choose(claim, ours, _faithful(findings))
    return _decide_unfaithful(claim, ours, read, findings)


def _decide_unfaithful(
    claim: Claim, ours: ClaimText, passages: Sequence[Passage], findings: Sequence[Finding]
) -> _Outcome:
    credible = [finding for finding in findings if _is_credible(claim, finding)]
    splice = find_splice(ours, passages)
    if splice and (splice.is_plain or not any(explains_all(finding.placement) for finding in credible)):
        speakers = tuple(p.passage.utterance_of(p.first).speaker for p in splice.placements)
        return _Outcome("spliced", splice.rule, splice.placements, splice.changes, speakers=speakers)
    if credible:
        return _choose(claim, ours, credible)
    return _decide_paraphrase(claim, ours, passages)


def _assess_all(placements: Sequence[Placement]) -> list[Finding]:
    return [finding for placement in placements if (finding := assess(placement)) is not None]


def _faithful(findings: Sequence[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.fidelity in _FAITHFUL]


def _is_settled(claim: Claim, finding: Finding) -> bool:
    """Whether the exact words were found of a speaker that does not contradict the claim's."""
    return judge_speaker(claim, _speaker(finding.placement)) != "misattributed"


def _is_credible(claim: Claim, finding: Finding) -> bool:
    """Altered words of another speaker or of another day must be closer: people say similar things often."""
    if finding.fidelity != "altered" or finding.placement.coverage >= _COVERAGE_OF_ANOTHER:
        return True
    return _fits(claim, finding.placement.passage.utterance_of(finding.placement.first))


def _fits(claim: Claim, utterance: Utterance) -> bool:
    """Whether speaker and day of an utterance are the claim's, as far as both are known."""
    if judge_speaker(claim, utterance.speaker) == "misattributed":
        return False
    return judge_time(claim.said_on, utterance.said_at) in ("contemporaneous", "undated")


def _speaker(placement: Placement) -> str | None:
    return placement.passage.utterance_of(placement.first).speaker


def _choose(claim: Claim, ours: ClaimText, findings: Sequence[Finding]) -> _Outcome:
    """The finding of the best source; `ambiguous` where equal sources say different things."""
    ranked = _distinct_findings(sorted(findings, key=lambda finding: _rank(claim, finding)))
    best = ranked[0]
    placements = tuple(finding.placement for finding in ranked)
    rivals = [finding for finding in ranked if _rank(claim, finding)[:3] == _rank(claim, best)[:3]]
    if _are_ambiguous(claim, ours, rivals):
        return _Outcome("ambiguous", "equal_sources_differ", placements, detail=str(len(rivals)))
    detail = ""
    if best.qualifier:
        detail = f" (“{best.qualifier} …”)"
    elif best.fidelity == "altered":
        detail = name_changes(best.changes)
    return _Outcome(best.fidelity, best.rule, placements, best.changes, detail)


def _are_ambiguous(claim: Claim, ours: ClaimText, rivals: Sequence[Finding]) -> bool:
    """Several people said these few words, and nothing tells which of them is quoted."""
    speakers = {_speaker(finding.placement) for finding in rivals}
    if len(speakers) < 2:
        return False
    attribution = judge_speaker(claim, _speaker(rivals[0].placement))
    return attribution in ("unresolved", "misattributed") and len(ours.forms) < _SHORT_FRAGMENT


_GRADES: Final[dict[Fidelity, int]] = {"verbatim": 0, "near_verbatim": 1, "abridged": 1, "truncated": 2}


def _rank(claim: Claim, finding: Finding) -> tuple[int, int, float, int, int]:
    """Sort key, the best first: an agreeing speaker, the better fidelity, more words, the nearer day, the first."""
    placement = finding.placement
    utterance = placement.passage.utterance_of(placement.first)
    distance = 0
    if claim.said_on and utterance.said_at:
        distance = abs((claim.said_on - utterance.said_at).days)
    attribution = judge_speaker(claim, utterance.speaker)
    day = utterance.said_at.toordinal() if utterance.said_at else 0
    return (
        attribution_rank(attribution),
        _GRADES.get(finding.fidelity, 3),
        -placement.coverage,
        distance,
        day,
    )


def _decide_support(ours: ClaimText, passages: Sequence[Passage]) -> _Outcome:
    support = find_support(ours, passages)
    if support is None:
        return _Outcome("no_match", "reported_content_not_found")
    return _Outcome(support.fidelity, support.rule, (support.placement,))


def _decide_paraphrase(claim: Claim, ours: ClaimText, passages: Sequence[Passage]) -> _Outcome:
    compatible = [p for p in passages if _has_agreeing_speaker(claim, p)]
    support = find_support(ours, compatible)
    if support is not None and support.share >= _PARAPHRASE_SHARE and content_coverage(support.placement) > 0:
        return _Outcome("paraphrase", "most_content_words_shared", (support.placement,))
    return _Outcome("no_match", "nothing_qualified")


def _has_agreeing_speaker(claim: Claim, passage: Passage) -> bool:
    return any(
        _fits(claim, part.utterance) and judge_speaker(claim, part.utterance.speaker) in ("same", "compatible")
        for part in passage.parts
    )


def _place_of(placement: Placement) -> tuple[str, int, int]:
    part = placement.passage.parts[placement.passage.part_of(placement.first)]
    return (
        placement.passage.evidence.origin.uri,
        part.utterance.position,
        placement.first - part.first_word,
    )


def _distinct(placements: Sequence[Placement]) -> list[Placement]:
    """Windows overlap: each place once, the first seen of it."""
    return list({_place_of(placement): placement for placement in reversed(placements)}.values())[::-1]


def _distinct_findings(findings: Sequence[Finding]) -> list[Finding]:
    return list({_place_of(finding.placement): finding for finding in reversed(findings)}.values())[::-1]


def _answer(
    claim: Claim, ours: ClaimText, outcome: _Outcome, searched: Searched, limit: int
) -> Judgement:
    placements = outcome.placements[:limit]
    matches = tuple(build_match(placement) for placement in placements)
    attribution = _attribution(claim, outcome, matches)
    first_seen = _first_seen(claim, outcome)
    time = judge_time(claim.said_on, first_seen)
    sentence = explain(claim, outcome.fidelity, matches, searched, outcome.detail)
    if outcome.placements and outcome.fidelity != "insufficient":
        sentence += explain_speaker(claim, attribution, matches[0]) if matches else ""
        sentence += explain_time(time, claim.said_on, first_seen)
    verdict = Verdict(
        fidelity=outcome.fidelity,
        changes=outcome.changes,
        attribution=attribution,
        time=time,
        form=_form(claim, ours, outcome),
        flags=("bracket_insertion",) if ours.bracketed else (),
        explanation=f"{sentence}.",
        rule=outcome.rule,
        policy=POLICY,
        searched=searched,
    )
    return Judgement(verdict, matches)


def _attribution(claim: Claim, outcome: _Outcome, matches: Sequence[Match]) -> AttributionCode:
    if claim.anonymous:
        return "anonymous"
    if outcome.speakers:
        return judge_speakers(claim, outcome.speakers)
    if not outcome.placements or outcome.fidelity == "insufficient":
        return "unresolved"
    return judge_speaker(claim, _speaker(outcome.placements[0]))


def _first_seen(claim: Claim, outcome: _Outcome) -> date | None:
    """The first day the words were seen: of the named speaker, where he is known to have said them."""
    if outcome.fidelity == "insufficient":
        return None
    utterances = [p.passage.utterance_of(p.first) for p in outcome.placements]
    said = [u.said_at for u in utterances if judge_speaker(claim, u.speaker) in ("same", "compatible")]
    if outcome.fidelity == "spliced":  # put together no earlier than its latest part
        days = [u.said_at for u in utterances if u.said_at]
        return max(days, default=None)
    return first_sighting(said or [u.said_at for u in utterances])


def _form(claim: Claim, ours: ClaimText, outcome: _Outcome) -> str:
    if claim.second_hand:
        return "second_hand"
    if claim.form != "direct":
        return claim.form
    return "fragment" if len(ours.forms) < _SHORT_FRAGMENT else "direct"
