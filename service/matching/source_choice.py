"""The choice among sources: which prove a wording, and of several findings the best one.

Direct words prove a wording, reported ones only the meaning. Equal sources that differ make `ambiguous`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from service.matching.align.passage import ClaimText, Passage
from service.matching.align.placement import Placement
from service.matching.axes.attribution import attribution_rank, judge_speaker
from service.matching.axes.fidelity import Finding
from service.matching.axes.time import judge_time
from service.matching.models import Claim, Evidence, Fidelity, Utterance
from service.matching.outcome import Outcome, speaker_of
from service.matching.report.explanation import name_changes
from service.matching.thresholds import SHORT_FRAGMENT

_MARKED: Final = re.compile('[“„«"]([^“”„«»"]{1,2000})[”“»"]')
_GRADES: Final[dict[Fidelity, int]] = {"verbatim": 0, "near_verbatim": 1, "abridged": 1, "truncated": 2}


def choose_finding(claim: Claim, claim_text: ClaimText, findings: Sequence[Finding]) -> Outcome:
    """The finding of the best source; `ambiguous` where equal sources say different things."""
    ranked = _distinct_findings(sorted(findings, key=lambda finding: _rank(claim, finding)))
    best = ranked[0]
    placements = tuple(finding.placement for finding in ranked)
    rivals = [finding for finding in ranked if _rank(claim, finding)[:3] == _rank(claim, best)[:3]]
    if _are_ambiguous(claim, claim_text, rivals):
        detail = f"{len(rivals)} sources have them and would lead to different verdicts"
        return Outcome("ambiguous", "equal_sources_differ", placements, detail=detail, may_accuse=False)
    detail = ""
    if best.qualifier:
        detail = f" (“{best.qualifier.word} …”)"
    elif best.fidelity == "altered":
        detail = name_changes(best.changes)
    cut_in_sentence = best.qualifier is None or best.qualifier.in_sentence
    return Outcome(
        best.fidelity, best.rule, placements, best.changes, detail, cut_in_sentence=cut_in_sentence
    )


def _are_ambiguous(claim: Claim, claim_text: ClaimText, rivals: Sequence[Finding]) -> bool:
    """Several people said these few words, and it is not known which of them is quoted."""
    speakers = {speaker_of(finding.placement) for finding in rivals}
    if len(speakers) < 2:
        return False
    attribution = judge_speaker(claim, speaker_of(rivals[0].placement))
    return attribution in ("unresolved", "misattributed") and len(claim_text.forms) < SHORT_FRAGMENT


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


def is_settled(claim: Claim, placement: Placement) -> bool:
    """Whether words were found of a speaker who may be the claim's."""
    return judge_speaker(claim, speaker_of(placement)) != "misattributed"


def is_agreeing(claim: Claim, placement: Placement) -> bool:
    """Whether words were found of the claim's speaker, or of their spokesperson."""
    return judge_speaker(claim, speaker_of(placement)) in ("same", "compatible")


def name_by_reports(claim: Claim, printed: Sequence[Finding]) -> Claim:
    """A claim without a speaker, with the one that all reports of its words name."""
    speakers = {speaker_of(finding.placement) for finding in printed}
    return replace(claim, speaker=speakers.pop()) if claim.speaker is None and len(speakers) == 1 else claim


def fits_day(claim: Claim, day: date | None) -> bool:
    """Whether a claim can refer to words of this day."""
    return judge_time(claim.said_on, day) in ("contemporaneous", "undated")


def has_agreeing_speaker(claim: Claim, passage: Passage) -> bool:
    """Whether the claim's speaker said something in a passage, on a day that fits."""
    if not claim.speaker:
        return False
    said = {(utterance.speaker, utterance.said_at) for utterance in passage.utterances}
    return any(
        judge_speaker(claim, speaker) in ("same", "compatible") and fits_day(claim, day)
        for speaker, day in said
    )


def _place_of(placement: Placement) -> tuple[str, int, int]:
    part = placement.passage.parts[placement.passage.part_of(placement.first)]
    return (
        placement.passage.evidence.origin.uri,
        part.utterance.position,
        placement.first - part.first_word,
    )


def keep_distinct(placements: Sequence[Placement]) -> list[Placement]:
    """Each place once, as windows overlap; the first finding of it."""
    return list({_place_of(placement): placement for placement in reversed(placements)}.values())[::-1]


def _distinct_findings(findings: Sequence[Finding]) -> list[Finding]:
    return list({_place_of(finding.placement): finding for finding in reversed(findings)}.values())[::-1]


def split_by_form(evidence: Sequence[Evidence]) -> tuple[list[Passage], list[Passage]]:
    """(passages of words as spoken, passages of words as reported).

    A mixed quotation is in both: its marked words as spoken, all of it as reported.
    """
    spoken: list[Passage] = []
    reported: list[Passage] = []
    for window in evidence:
        if all(utterance.form == "direct" for utterance in window.utterances):
            spoken.append(Passage(window, window.utterances))
            continue
        spoken.extend(Passage(window, run) for run in _spoken_runs(window.utterances))
        reported.append(Passage(window, window.utterances))
    return spoken, reported


def _spoken_runs(utterances: Sequence[Utterance]) -> Iterator[list[Utterance]]:
    """Neighbouring direct utterances together, each marked stretch of a mixed one by itself."""
    run: list[Utterance] = []
    for utterance in utterances:
        if utterance.form == "direct":
            run.append(utterance)
            continue
        if run:
            yield run
        run = []
        for text in _marked_words(utterance):
            yield [replace(utterance, text=text, form="direct", passages=())]
    if run:
        yield run


def _marked_words(utterance: Utterance) -> list[str]:
    if utterance.form != "mixed":
        return []
    if utterance.passages:
        return [passage.of(utterance.text) for passage in utterance.passages]
    return [match[1] for match in _MARKED.finditer(utterance.text)]
