"""Candidates in, verdict out: the policy applied to a claim and the evidence that retrieval found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from service.matching.align.passage import ClaimText, Passage
from service.matching.axes.attribution import judge_speaker, judge_speakers
from service.matching.axes.time import first_sighting, judge_time
from service.matching.axes.wording_proof import split_by_form
from service.matching.models import (
    AttributionCode,
    Claim,
    Evidence,
    Fidelity,
    Judgement,
    Match,
    Searched,
    Verdict,
)
from service.matching.policy import SHORT_FRAGMENT, Outcome, decide, speaker_of
from service.matching.report.explanation import explain, explain_speaker, explain_time
from service.matching.report.matches import build_match

POLICY: Final = "1"

# Of several marked passages the worst decides; the ones not listed are too short or promised no words.
_FROM_WORST: Final[tuple[Fidelity, ...]] = (
    "altered",
    "spliced",
    "no_match",
    "paraphrase",
    "truncated",
    "ambiguous",
    "supported",
    "abridged",
    "near_verbatim",
    "verbatim",
)


def judge(claim: Claim, evidence: Sequence[Evidence], searched: Searched, *, limit: int = 5) -> Judgement:
    """The verdict on a claim, from the windows of stored words that retrieval thought nearest to it.

    Never raises on any text. At most `limit` matches are returned, the best first; a claim that nothing
    qualifies for has none. Of a mixed quotation the marked passages are judged, and the worst one decides.
    """
    spoken, reported = split_by_form(evidence)
    if claim.form != "mixed":
        return _judge_words(claim, spoken, reported, searched, limit)
    judged = [
        _judge_words(_passage_claim(claim, text), spoken, reported, searched, limit)
        for text in dict.fromkeys(span.of(claim.text) for span in claim.passages)
    ]
    judged = [judgement for judgement in judged if judgement.verdict.fidelity in _FROM_WORST]
    if not judged:  # no passage is long enough to judge: what is left is the report
        whole = _judge_words(replace(claim, form="indirect"), spoken, reported, searched, limit)
        return replace(whole, verdict=replace(whole.verdict, form=_form_of_mixed(claim)))
    return _join_passages(claim, judged, limit)


def _passage_claim(claim: Claim, text: str) -> Claim:
    return replace(claim, text=text, form="direct", passages=())


def _form_of_mixed(claim: Claim) -> str:
    return "second_hand" if claim.second_hand else "mixed"


def _join_passages(claim: Claim, judged: Sequence[Judgement], limit: int) -> Judgement:
    """The worst verdict, with the matches of all passages, its own first."""
    worst = min(judged, key=lambda judgement: _FROM_WORST.index(judgement.verdict.fidelity))
    ordered = [worst, *(judgement for judgement in judged if judgement is not worst)]
    matches = [match for judgement in ordered for match in judgement.matches]
    distinct = list({match.quote_id: match for match in reversed(matches)}.values())[::-1]
    flags = tuple(dict.fromkeys(flag for judgement in judged for flag in judgement.verdict.flags))
    verdict = replace(worst.verdict, form=_form_of_mixed(claim), flags=flags)
    return Judgement(verdict, tuple(distinct[:limit]))


def _judge_words(
    claim: Claim, spoken: Sequence[Passage], reported: Sequence[Passage], searched: Searched, limit: int
) -> Judgement:
    ours = ClaimText(claim.text)
    return _answer(claim, ours, decide(claim, ours, spoken, reported), searched, limit)


def _answer(claim: Claim, ours: ClaimText, outcome: Outcome, searched: Searched, limit: int) -> Judgement:
    placements = outcome.placements[:limit]
    matches = tuple(build_match(placement) for placement in placements)
    attribution = _attribution(claim, outcome)
    first_seen = _first_seen(claim, outcome)
    time = judge_time(claim.said_on, first_seen)
    sentence = explain(outcome.fidelity, matches, searched, outcome.detail)
    if outcome.placements and outcome.fidelity != "insufficient":
        sentence += explain_speaker(claim, attribution, _telling_speaker(claim, attribution, matches))
        sentence += explain_time(time, claim.said_on, first_seen)
    verdict = Verdict(
        fidelity=outcome.fidelity,
        changes=outcome.changes,
        attribution=attribution,
        time=time,
        form=_form(claim, ours),
        flags=("bracket_insertion",) if ours.bracketed else (),
        explanation=f"{sentence}.",
        rule=outcome.rule,
        policy=POLICY,
        searched=searched,
    )
    return Judgement(verdict, matches)


def _attribution(claim: Claim, outcome: Outcome) -> AttributionCode:
    if claim.anonymous:
        return "anonymous"
    if outcome.speakers:
        return judge_speakers(claim, outcome.speakers)
    if not outcome.placements or outcome.fidelity == "insufficient":
        return "unresolved"
    return judge_speaker(claim, speaker_of(outcome.placements[0]))


def _telling_speaker(claim: Claim, attribution: AttributionCode, matches: Sequence[Match]) -> str | None:
    """Of the speakers found, the one who decided the attribution."""
    speakers = [match.speaker for match in matches if match.speaker]
    telling = (speaker for speaker in speakers if judge_speaker(claim, speaker) == attribution)
    return next(telling, speakers[0] if speakers else None)


def _first_seen(claim: Claim, outcome: Outcome) -> date | None:
    """The first day the words were seen: of the named speaker, where he is known to have said them."""
    if outcome.fidelity == "insufficient":
        return None
    utterances = [p.passage.utterance_of(p.first) for p in outcome.placements]
    said = [u.said_at for u in utterances if judge_speaker(claim, u.speaker) in ("same", "compatible")]
    if outcome.fidelity == "spliced":  # put together no earlier than its latest part
        days = [u.said_at for u in utterances if u.said_at]
        return max(days, default=None)
    return first_sighting(said or [u.said_at for u in utterances])


def _form(claim: Claim, ours: ClaimText) -> str:
    if claim.second_hand:
        return "second_hand"
    if claim.form != "direct":
        return claim.form
    return "fragment" if len(ours.forms) < SHORT_FRAGMENT else "direct"
