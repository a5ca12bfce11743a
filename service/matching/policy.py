"""Which finding decides: the claim's words against all the passages that retrieval found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
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
from service.matching.axes.attribution import attribution_rank, judge_speaker
from service.matching.axes.fidelity import (
    ALTERED_COVERAGE,
    Finding,
    content_coverage,
    explains_all,
    is_too_short,
)
from service.matching.axes.support import find_support
from service.matching.axes.time import judge_time
from service.matching.findings import Alignments, assess_all, keep_faithful
from service.matching.models import Change, Claim, Fidelity
from service.matching.report.explanation import name_changes

REPORT: Final = "article"  # the kind of a source that tells what others said
SHORT_FRAGMENT: Final = 8  # words; fewer that several people said do not tell who is quoted
_CLOSE: Final = 0.85  # coverage
# Of altered words: to place them with another speaker or on another day; and with both.
_COVERAGE_OF_ANOTHER: Final = (0.8, 0.9)
_STRETCH: Final = 1.5  # their words per word of ours, for the same
_PARAPHRASE_SHARE: Final = 0.7


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was decided about the words, before it is put into an answer."""

    fidelity: Fidelity
    rule: str
    placements: tuple[Placement, ...] = ()
    changes: tuple[Change, ...] = ()
    detail: str = ""
    speakers: tuple[str | None, ...] = ()


def decide(
    claim: Claim, ours: ClaimText, passages: Sequence[Passage], reporting: Sequence[Passage]
) -> Outcome:
    """What is to be said of a claim's words.

    `passages` hold words as they were spoken; `reporting` what somebody reported, which proves no wording.
    """
    if claim.form == "indirect":
        return _decide_support(ours, rank_passages(ours, [*passages, *reporting]))
    found = find_verbatim(ours, passages)
    if is_too_short(ours):
        return Outcome("insufficient", "fewer_than_four_content_words", tuple(_distinct(found)))
    findings = assess_all(found)
    read = rank_passages(ours, passages)
    if not any(_is_settled(claim, finding) for finding in findings):
        findings += assess_all(find_unified(ours, keep_near(ours, read)))
    if faithful := keep_faithful(findings):
        return _decide_faithful(claim, ours, read, faithful)
    read += [joined for passage in read for joined in build_joined_passages(passage.evidence)]
    alignments = Alignments(ours, keep_near(ours, read))
    if faithful := alignments.find_faithful():
        return _decide_faithful(claim, ours, read, faithful)
    outcome = _decide_unfaithful(claim, ours, read, lambda: findings + alignments.find_all())
    if outcome.fidelity == "no_match" and reporting:
        return _decide_reported(claim, ours, reporting) or outcome
    return outcome


def _decide_faithful(
    claim: Claim, ours: ClaimText, read: Sequence[Passage], faithful: Sequence[Finding]
) -> Outcome:
    return _decide_by_record(claim, ours, read, faithful) or _choose(claim, ours, faithful)


def _decide_by_record(
    claim: Claim, ours: ClaimText, read: Sequence[Passage], faithful: Sequence[Finding]
) -> Outcome | None:
    """What is to be said where articles have the words, and a record of the same person has them otherwise.

    That an article quotes somebody so is no proof that he said so: it may itself have changed the words, and
    a second article with them would make them genuine. Where a record shows what was cut off, it decides.
    Where its words differ, it is no proof either, since he may have spoken twice: both are shown.
    """
    recorded = [
        finding
        for finding in faithful
        if not _is_report(finding.placement.passage) and _is_settled(claim, finding)
    ]
    if recorded:
        cut = all(finding.fidelity == "truncated" for finding in recorded)
        return _choose(claim, ours, recorded) if cut else None
    if not all(_is_report(finding.placement.passage) for finding in faithful):
        return None
    records = [passage for passage in read if not _is_report(passage)]
    aligned = assess_all(find_aligned(ours, keep_near(ours, records), ALTERED_COVERAGE))
    differing = [finding for finding in aligned if _is_close(finding) and _is_settled(claim, finding)]
    if not differing:
        return None
    report = min(faithful, key=lambda finding: _rank(claim, finding)).placement
    record = min(differing, key=lambda finding: _rank(claim, finding))
    detail = f"a record of what was said differs in {name_changes(record.changes)}"
    placements = (report, record.placement)
    return Outcome("ambiguous", "record_differs_from_report", placements, record.changes, detail)


def _is_report(passage: Passage) -> bool:
    return passage.evidence.origin.kind == REPORT


def _decide_unfaithful(
    claim: Claim, ours: ClaimText, passages: Sequence[Passage], find_all: Callable[[], list[Finding]]
) -> Outcome:
    """What is to be said where nothing is faithful; `find_all` tells what there is.

    That is not asked where the writer's own marks show which parts were put together.
    """
    splice = _find_splice(claim, ours, passages) if ours.breaks else None
    if splice and splice.is_plain:
        return _tell_splice(splice)
    credible = [finding for finding in find_all() if _is_credible(claim, finding)]
    if any(_is_close(finding) for finding in credible):
        return _choose(claim, ours, credible)
    splice = splice if ours.breaks else _find_splice(claim, ours, passages)
    if splice and (splice.is_plain or _is_likely(claim, splice, credible)):
        return _tell_splice(splice)
    if credible:
        return _choose(claim, ours, credible)
    return _decide_paraphrase(claim, ours, passages)


def _find_splice(claim: Claim, ours: ClaimText, passages: Sequence[Passage]) -> Splice | None:
    return find_splice(ours, sorted(passages, key=lambda passage: not _has_agreeing_speaker(claim, passage)))


def _tell_splice(splice: Splice) -> Outcome:
    speakers = tuple(speaker_of(placement) for placement in splice.placements)
    return Outcome("spliced", splice.rule, splice.placements, splice.changes, speakers=speakers)


def _is_close(finding: Finding) -> bool:
    """Whether one place explains so much that no other need be looked for; a mark asks to look anyway."""
    placement = finding.placement
    if finding.fidelity != "altered" or placement.ours.breaks:
        return False
    return placement.coverage >= _CLOSE and explains_all(placement)


def _is_likely(claim: Claim, splice: Splice, credible: Sequence[Finding]) -> bool:
    """Whether words joined in mid-sentence are a splice: of one source that fits, and not of one place."""
    sources = {placement.passage.evidence.origin.uri for placement in splice.placements}
    speakers = (judge_speaker(claim, speaker_of(placement)) for placement in splice.placements)
    return (
        len(sources) == 1
        and "misattributed" not in speakers
        and not any(explains_all(finding.placement) for finding in credible)
    )


def _is_settled(claim: Claim, finding: Finding) -> bool:
    """Whether the exact words were found of a speaker that does not contradict the claim's."""
    return judge_speaker(claim, speaker_of(finding.placement)) != "misattributed"


def _is_credible(claim: Claim, finding: Finding) -> bool:
    """Altered words of another speaker or day must be closer: people say similar things often."""
    placement = finding.placement
    if finding.fidelity != "altered":
        return True
    utterance = placement.passage.utterance_of(placement.first)
    misfits = (judge_speaker(claim, utterance.speaker) == "misattributed") + (
        not _fits_day(claim, utterance.said_at)
    )
    if not misfits:
        return True
    is_compact = placement.last - placement.first <= _STRETCH * len(placement.ours.forms)
    return is_compact and placement.coverage >= _COVERAGE_OF_ANOTHER[misfits - 1]


def _fits_day(claim: Claim, day: date | None) -> bool:
    return judge_time(claim.said_on, day) in ("contemporaneous", "undated")


def speaker_of(placement: Placement) -> str | None:
    return placement.passage.utterance_of(placement.first).speaker


def _choose(claim: Claim, ours: ClaimText, findings: Sequence[Finding]) -> Outcome:
    """The finding of the best source; `ambiguous` where equal sources say different things."""
    ranked = _distinct_findings(sorted(findings, key=lambda finding: _rank(claim, finding)))
    best = ranked[0]
    placements = tuple(finding.placement for finding in ranked)
    rivals = [finding for finding in ranked if _rank(claim, finding)[:3] == _rank(claim, best)[:3]]
    if _are_ambiguous(claim, ours, rivals):
        detail = f"{len(rivals)} sources have them and would lead to different verdicts"
        return Outcome("ambiguous", "equal_sources_differ", placements, detail=detail)
    detail = ""
    if best.qualifier:
        detail = f" (“{best.qualifier} …”)"
    elif best.fidelity == "altered":
        detail = name_changes(best.changes)
    return Outcome(best.fidelity, best.rule, placements, best.changes, detail)


def _are_ambiguous(claim: Claim, ours: ClaimText, rivals: Sequence[Finding]) -> bool:
    """Several people said these few words, and nothing tells which of them is quoted."""
    speakers = {speaker_of(finding.placement) for finding in rivals}
    if len(speakers) < 2:
        return False
    attribution = judge_speaker(claim, speaker_of(rivals[0].placement))
    return attribution in ("unresolved", "misattributed") and len(ours.forms) < SHORT_FRAGMENT


_GRADES: Final[dict[Fidelity, int]] = {"verbatim": 0, "near_verbatim": 1, "abridged": 1, "truncated": 2}


def _rank(claim: Claim, finding: Finding) -> tuple[int, int, float, int, int]:
    """Sort key, best first: an agreeing speaker, better fidelity, more words, the nearer day, the earlier."""
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


def _decide_support(ours: ClaimText, passages: Sequence[Passage]) -> Outcome:
    support = find_support(ours, passages)
    if support is None:
        return Outcome("no_match", "reported_content_not_found")
    return Outcome(support.fidelity, support.rule, (support.placement,))


def _decide_reported(claim: Claim, ours: ClaimText, reporting: Sequence[Passage]) -> Outcome | None:
    """Direct words that are known only as reported speech: supported, never verbatim."""
    support = find_support(ours, [p for p in reporting if _has_agreeing_speaker(claim, p)])
    if support is None or support.fidelity != "supported":
        return None
    return Outcome("supported", "known_only_as_reported_speech", (support.placement,))


def _decide_paraphrase(claim: Claim, ours: ClaimText, passages: Sequence[Passage]) -> Outcome:
    compatible = [p for p in passages if _has_agreeing_speaker(claim, p)]
    support = find_support(ours, compatible)
    if support is not None and support.share >= _PARAPHRASE_SHARE and content_coverage(support.placement) > 0:
        return Outcome("paraphrase", "most_content_words_shared", (support.placement,))
    return Outcome("no_match", "nothing_qualified")


def _has_agreeing_speaker(claim: Claim, passage: Passage) -> bool:
    if not claim.speaker:
        return False
    said = {(utterance.speaker, utterance.said_at) for utterance in passage.utterances}
    return any(
        judge_speaker(claim, speaker) in ("same", "compatible") and _fits_day(claim, day)
        for speaker, day in said
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
