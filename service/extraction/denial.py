"""Quotations that a text says were not said: "did not say “…”", "never said that …", "denied saying …"."""

from __future__ import annotations

import re
from typing import Final

from service.extraction.models import Quotation
from service.extraction.thresholds import DENIAL_REACH_BACK

_SAY: Final = (
    r"(?:say|said|saying|says|state[ds]?|stating|tell|told|telling|call(?:ed|ing)?|use[ds]?|using|utter(?:ed|ing)?"
    r"|write|wrote|written|writing|tweet(?:ed|ing)?|claim(?:ed|ing)?|suggest(?:ed|ing)?|promise[ds]?|promising"
    r"|make|made|making|speak|spoke|spoken)"
)
_NOT: Final = r"(?:never|not|n[’']t|nor|neither)"
# From the denial to the words: at most a few words, none of which begins another statement.
_DENIAL: Final = re.compile(
    rf"(?:\b{_NOT}|n[’']t)\s+(?:(?:once|ever|actually|really|publicly|to|have|had|has|been|at\s+any\s+time)\s+){{0,3}}{_SAY}\b"
    r"(?!\s+(?:whether|if|why|how|when|where|what|who)\b)"
    rf"|\b(?:den(?:y|ies|ied|ying)|disput(?:e|es|ed|ing)|disavow(?:s|ed)?)\s+"
    rf"(?:(?:ever|having|that|he|she|they|it|had|has|have|the|claim|claims|report|reports)\s+){{0,5}}{_SAY}\b",
    re.IGNORECASE,
)
_BETWEEN: Final = re.compile(r"[^.!?;“”\"]{0,60}[“\"‘'«„]?\s*")
# "would not say", "could not say": nothing is denied there. Nor in "did not say whether …".
_REFUSAL: Final = re.compile(
    r"\b(?:would|could|can|will|should|must|may|might|shall|ca|wo)(?:\s|$)\s*$|\bcannot\s*$", re.I
)
_OPEN_QUESTION: Final = re.compile(
    r"[“\"\s]{0,8}(?:whether|if|why|how|when|where|what|who|which)\b", re.IGNORECASE
)


def is_denied(text: str, quotation: Quotation) -> bool:
    """Whether the text around a quotation says that these words were not said.

    The denial stands before the words, in the cue, or inside the content before its marked words. A denial
    within the marked words is what the speaker said.
    """
    if not quotation.content:
        return False
    first = quotation.content[0]
    words = quotation.passages[0] if quotation.passages else first
    places = [words.start, first.start] if words.start > first.start else [first.start]
    return any(_is_denied_at(text, place) for place in places) or _is_denied_after(text, quotation)


def _is_denied_at(text: str, place: int) -> bool:
    """Whether a denial of saying leads up to a place in the same sentence."""
    before = text[max(0, place - DENIAL_REACH_BACK) : place]
    if _OPEN_QUESTION.match(text, place):
        return False
    for match in _DENIAL.finditer(before):
        if _REFUSAL.search(before, 0, match.start()):
            continue
        if _BETWEEN.fullmatch(before, match.end()) and not _is_inside_marks(before, match.start()):
            return True
    return False


def _is_inside_marks(before: str, place: int) -> bool:
    """Whether a denial is itself quoted: “I never said that,” he said."""
    opened = before.rfind("“", 0, place)
    return opened >= 0 and before.find("”", opened, place) < 0


def _is_denied_after(text: str, quotation: Quotation) -> bool:
    """ "“…” is not what she said", "“…,” he never said"."""
    end = quotation.passages[-1].end if quotation.passages else quotation.content[-1].end
    after = text[end : end + DENIAL_REACH_BACK]
    return _AFTER.match(after) is not None


_AFTER: Final = re.compile(
    rf"[”\"’',]*,?\s+(?:(?:is|was|were|are)\s+(?:not|never)\s+(?:what|something|anything)\s+(?:that\s+)?[^.!?]{{1,60}}?\b{_SAY}"
    rf"|[^.!?,“\"]{{1,60}}?\s{_NOT}\s+(?:once\s+|ever\s+)?(?:said|wrote|tweeted|uttered|say|write|utter)\b\s*[.;])",
    re.IGNORECASE,
)
