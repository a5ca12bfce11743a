"""The attribution axis: whether the words are the named speaker's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from service.matching.align.placement import Placement
from service.matching.models import AttributionCode, Claim, Evidence
from service.matching.thresholds import DENIAL_REACH_BACK
from service.names.comparison import Agreement, compare_names, is_lone_surname


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
    """The worst attribution of words from several places."""
    order: tuple[AttributionCode, ...] = ("anonymous", "misattributed", "unresolved", "compatible", "same")
    found = {judge_speaker(claim, speaker) for speaker in speakers}
    return next((code for code in order if code in found), "unresolved")


def attribution_rank(code: AttributionCode) -> int:
    """For ordering sources: an agreeing speaker first."""
    return ("same", "compatible", "anonymous", "unresolved", "misattributed").index(code)


def with_namesakes(claim: Claim, evidence: Sequence[Evidence]) -> Claim:
    """The claim, with nobody taken for its speaker where several bear the surname that it gives alone.

    The bearers are those of the evidence and those that the claim names; who is known to be meant is told by
    the claim's own comparison, which calls the others different.
    """
    if not claim.speaker or not is_lone_surname(claim.speaker):
        return claim
    compare, surname = claim.compare or compare_names, claim.speaker
    spoken = {
        utterance.speaker for window in evidence for utterance in window.utterances if utterance.speaker
    }
    bearers = sorted(
        name
        for name in spoken.union(claim.namesakes)
        if not is_lone_surname(name) and compare(surname, name) == "same"
    )
    if all(compare_names(bearers[0], other) != "different" for other in bearers[1:]):
        return claim

    def compare_lone_surname(claimed: str, said: str) -> Agreement:
        agreement = compare(claimed, said)
        return "unknown" if agreement == "same" and claimed == surname else agreement

    return replace(claim, compare=compare_lone_surname)


# Before words that a speaker quotes: "In December you said this: …", "He wrote that …", "and I quote".
_QUOTES: Final = re.compile(
    r"\b(?:said|says|say|saying|wrote|writes|tweeted|told|called|calls|quoted?|quoting|according to|words)\b"
    r"[^.!?]{0,60}$",
    re.IGNORECASE,
)
_OPENING: Final = re.compile("[“‘«„]|(?:^|\\s)[\"']")
_CLOSING: Final = re.compile("[”»]|[’\"'](?:$|[\\s,.!?;])")


# Words that a speaker gives to somebody else at some time: "you said", "he wrote", "and I quote".
_SAID_BEFORE: Final = re.compile(
    r"\b(?:said|wrote|tweeted|told|asked|quoted?|quoting|according to)\b[^.!?]{0,60}$", re.IGNORECASE
)
_OWN: Final = re.compile(
    r"\b(?:I|we)(?:'ve|'d|’ve|’d)?(?: \w+){0,2} (?:said|wrote|tweeted|told|asked)\b[^.!?]*$"
)


def quotes_another(claim: Claim, placement: Placement) -> bool:
    """Whether the speaker of a source quotes somebody there: the words are not known to be their own.

    Speakers voice what they or anybody thought in quotation marks ("I'm like “…”"). In a source that was sent
    with the request, which is read for who said what in it, those are the speaker's own words, unless they
    name the claim's speaker or tell that somebody said them.
    """
    passage, start = placement.passage, placement.passage.span_of(placement.first)[0]
    before = passage.raw[max(0, start - DENIAL_REACH_BACK) : start]
    last_opening = max((match.start() for match in _OPENING.finditer(before)), default=-1)
    last_closing = max((match.start() for match in _CLOSING.finditer(before)), default=-1)
    in_marks = last_opening > last_closing
    if not passage.evidence.origin.given:
        return in_marks or _QUOTES.search(before.rstrip()) is not None
    lead = before[:last_opening].rstrip() if in_marks else before.rstrip()
    return _names_speaker(claim, lead) or bool(_SAID_BEFORE.search(lead) and not _OWN.search(lead))


def _names_speaker(claim: Claim, text: str) -> bool:
    names = [word for word in (claim.speaker or "").split() if len(word) > 2 and word[0].isupper()]
    return any(re.search(rf"\b{re.escape(name)}\b", text) for name in names)
