"""Candidates in, verdict out: the policy applied to a claim and the evidence that retrieval found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from service.matching.align.passage import ClaimText
from service.matching.axes.attribution import (
    judge_speaker,
    judge_speakers,
    quotes_another,
    with_namesakes,
)
from service.matching.axes.time import first_sighting, judge_time
from service.matching.labels import FAITHFUL, Axes, choose_label
from service.matching.models import (
    AttributionCode,
    Claim,
    Evidence,
    Fidelity,
    Judgement,
    Match,
    Said,
    Searched,
    Verdict,
)
from service.matching.outcome import Outcome, is_of_given, speaker_of
from service.matching.policy import Grounds, decide, decide_report_of_given
from service.matching.report.explanation import (
    explain,
    explain_machine,
    explain_missing,
    explain_speaker,
    explain_time,
)
from service.matching.report.matches import build_match
from service.matching.report.said import build_correction, build_said
from service.matching.reported_speech.decision import UNCHECKABLE_RULES
from service.matching.reported_speech.features import Encode
from service.matching.source_choice import keep_distinct
from service.matching.thresholds import SHORT_FRAGMENT

POLICY: Final = "2"

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


@dataclass(frozen=True, slots=True)
class _Case:
    """The evidence for a claim, and the options of a judgement."""

    given: Grounds  # of sources that were sent with the request
    stored: Grounds
    searched: Searched
    limit: int
    encode: Encode | None


def judge(
    claim: Claim,
    evidence: Sequence[Evidence],
    searched: Searched,
    *,
    limit: int = 5,
    encode: Encode | None = None,
) -> Judgement:
    """The verdict on a claim, from the windows of stored words that retrieval thought nearest to it.

    `encode` turns sentences into unit vectors [n, dimensions] of their meaning; without it reported speech is
    `no_match`. Never raises on any text. At most `limit` matches are returned, the best first; a claim that
    nothing qualifies for has none. Of a mixed quotation the marked passages are judged, and the worst one
    decides; its unmarked words are not judged.

    Where sources were given (`searched.given`), they decide whether words are in them; what is stored is
    judged only for what they lack, and shown beside the label `not_in_sources`.
    """
    given = [one for one in evidence if one.origin.given]
    stored = [one for one in evidence if not one.origin.given]
    claim = with_namesakes(claim, given if searched.given else stored)
    case = _Case(Grounds.of(given), Grounds.of(stored), searched, limit, encode)
    if claim.form != "mixed" or claim.denied:
        return _judge_words(claim, case)
    judged = [
        _judge_words(replace(claim, text=text, form="direct", passages=()), case)
        for text in dict.fromkeys(span.of(claim.text) for span in claim.passages)
    ]
    telling = [judgement for judgement in judged if judgement.verdict.fidelity in _FROM_WORST]
    if telling:
        return _join_passages(claim, telling, limit)
    # No passage is long enough to judge: what is left is the report, or where the passages were seen.
    whole = _judge_words(replace(claim, form="indirect"), case)
    seen = next((judgement for judgement in judged if judgement.matches), None)
    best = seen if seen and whole.verdict.fidelity == "no_match" else whole
    return replace(best, verdict=replace(best.verdict, form=_form_of_mixed(claim)))


def _form_of_mixed(claim: Claim) -> str:
    return "second_hand" if claim.second_hand else "mixed"


def _join_passages(claim: Claim, judged: Sequence[Judgement], limit: int) -> Judgement:
    """The worst verdict, with the matches of all passages, its own first."""
    worst = min(judged, key=_rank_from_worst)
    ordered = [worst, *(judgement for judgement in judged if judgement is not worst)]
    matches = [match for judgement in ordered for match in judgement.matches]
    distinct = list({match.quote_id: match for match in reversed(matches)}.values())[::-1]
    flags = tuple(dict.fromkeys(flag for judgement in judged for flag in judgement.verdict.flags))
    verdict = replace(worst.verdict, form=_form_of_mixed(claim), flags=flags)
    return Judgement(verdict, tuple(distinct[:limit]))


def _rank_from_worst(judgement: Judgement) -> tuple[bool, int]:
    """Sort key: what the given sources lack comes first, whatever is stored of it."""
    verdict = judgement.verdict
    return verdict.label != "not_in_sources", _FROM_WORST.index(verdict.fidelity)


def _judge_words(claim: Claim, case: _Case) -> Judgement:
    """What the given sources show; where they lack the words, what is stored."""
    claim_text = ClaimText(claim.text)
    if not case.searched.given:
        return _answer(claim, claim_text, decide(claim, claim_text, case.stored, case.encode), case)
    outcome = decide(claim, claim_text, case.given, case.encode)
    if outcome.rule in UNCHECKABLE_RULES:
        outcome = replace(outcome, fidelity="insufficient")
    if outcome.fidelity == "no_match":
        reported = None
        if claim.form == "indirect":
            reported = decide_report_of_given(claim, claim_text, case.given, case.encode)
        outcome = reported or decide(claim, claim_text, case.stored, case.encode)
    return _answer(claim, claim_text, outcome, case)


def _answer(claim: Claim, claim_text: ClaimText, outcome: Outcome, case: _Case) -> Judgement:
    places = keep_distinct([*outcome.placements, *outcome.sightings])[: case.limit]
    matches = tuple(build_match(placement) for placement in places)
    attribution = _attribution(claim, outcome)
    first_seen = _first_seen(claim, outcome)
    time = judge_time(claim.said_on, first_seen)
    form = _form(claim, claim_text)
    is_missing = case.searched.given > 0 and not is_of_given(outcome)
    label, severity = choose_label(
        Axes(
            outcome.fidelity,
            attribution,
            outcome.changes,
            outcome.evidence,
            form,
            missing_in_given=is_missing,
            cut_in_sentence=outcome.cut_in_sentence,
        )
    )
    said, correction = _what_was_said(outcome)
    sentence = explain(
        outcome, matches, case.searched, has_brackets="[" in claim.text or claim_text.has_brackets
    )
    if outcome.is_found:
        sentence += explain_speaker(claim, attribution, _telling_speaker(claim, attribution, matches))
        sentence += explain_machine(outcome)
        sentence += explain_time(time, claim.said_on, first_seen)
        sentence = explain_missing(sentence, case.searched) if is_missing else sentence
    verdict = Verdict(
        fidelity=outcome.fidelity,
        changes=outcome.changes,
        attribution=attribution,
        time=time,
        form=form,
        flags=_flags(claim, claim_text),
        explanation=f"{sentence}.",
        rule=outcome.rule,
        policy=POLICY,
        searched=case.searched,
        label=label,
        severity=severity,
        evidence=outcome.evidence,
        given=outcome.is_found and not is_missing and case.searched.given > 0,
        said=said,
        correction=correction,
    )
    return Judgement(verdict, matches)


def _flags(claim: Claim, claim_text: ClaimText) -> tuple[str, ...]:
    flags = (("bracket_insertion", claim_text.has_brackets), ("denied", claim.denied))
    return tuple(flag for flag, is_raised in flags if is_raised)


def _what_was_said(outcome: Outcome) -> tuple[Said | None, str | None]:
    """The words of a record or statement that decided; the correction, where words are to be corrected."""
    if outcome.evidence not in ("record", "statement") or outcome.fidelity == "ambiguous":
        return None, None
    said = build_said(outcome.placements[0])
    # Reported speech promises no words; faithful words stand as they should.
    if outcome.fidelity in FAITHFUL or outcome.fidelity in ("supported", "partly_supported"):
        return said, None
    if outcome.fidelity == "paraphrase":
        return said, said.text
    places = outcome.placements if outcome.fidelity == "spliced" else outcome.placements[:1]
    return said, build_correction(places, whole_sentence=outcome.fidelity == "truncated")


def _attribution(claim: Claim, outcome: Outcome) -> AttributionCode:
    if claim.anonymous:
        return "anonymous"
    if not outcome.placements or not outcome.is_found:
        return "unresolved"
    speakers = outcome.speakers or (speaker_of(outcome.placements[0]),)
    found = judge_speakers(claim, speakers)
    if found != "misattributed":
        return found
    may_accuse = outcome.may_accuse and not quotes_another(claim, outcome.placements[0])
    return "misattributed" if may_accuse else "unresolved"


def _telling_speaker(claim: Claim, attribution: AttributionCode, matches: Sequence[Match]) -> str | None:
    """The speaker of the sources who decided the attribution."""
    speakers = [match.speaker for match in matches if match.speaker]
    telling = (speaker for speaker in speakers if judge_speaker(claim, speaker) == attribution)
    return next(telling, speakers[0] if speakers else None)


def _first_seen(claim: Claim, outcome: Outcome) -> date | None:
    """The first day the words were seen: of the named speaker, where he is known to have said them."""
    if not outcome.is_found:
        return None
    utterances = [p.passage.utterance_of(p.first) for p in outcome.placements]
    said = [u.said_at for u in utterances if judge_speaker(claim, u.speaker) in ("same", "compatible")]
    if outcome.fidelity == "spliced":  # put together no earlier than its latest part
        days = [u.said_at for u in utterances if u.said_at]
        return max(days, default=None)
    return first_sighting(said or [u.said_at for u in utterances])


def _form(claim: Claim, claim_text: ClaimText) -> str:
    if claim.second_hand:
        return "second_hand"
    if claim.form != "direct":
        return claim.form
    return "fragment" if len(claim_text.forms) < SHORT_FRAGMENT else "direct"
