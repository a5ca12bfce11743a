"""The attribution axis: whether the words are the named speaker's."""

from __future__ import annotations

from collections.abc import Iterable

from service.matching.models import AttributionCode, Claim
from service.names.comparison import compare_names


def judge_speaker(claim: Claim, speaker: str | None) -> AttributionCode:
    """The claim's speaker against the one a source names."""
    if claim.anonymous:
        return "anonymous"
    if not claim.speaker or not speaker:
        return "unresolved"
    compare = claim.compare or compare_names
    agreement = compare(claim.speaker, speaker)
    if agreement == "different":
        passed_on = claim.via is not None and compare(claim.via, speaker) in ("same", "compatible")
        return "compatible" if passed_on else "misattributed"
    return "unresolved" if agreement == "unknown" else agreement


def judge_speakers(claim: Claim, speakers: Iterable[str | None]) -> AttributionCode:
    """Of words from several places: the worst of their attributions."""
    order: tuple[AttributionCode, ...] = ("anonymous", "misattributed", "unresolved", "compatible", "same")
    found = {judge_speaker(claim, speaker) for speaker in speakers}
    return next((code for code in order if code in found), "unresolved")


def attribution_rank(code: AttributionCode) -> int:
    """For ordering sources: an agreeing speaker first."""
    return ("same", "compatible", "anonymous", "unresolved", "misattributed").index(code)
