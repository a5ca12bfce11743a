"""The verdict on a quotation from the stored words that retrieval found. Pure."""

from service.matching.judge import POLICY, judge
from service.matching.models import (
    AlignmentStep,
    Claim,
    Evidence,
    Judgement,
    Match,
    Origin,
    Searched,
    Utterance,
    Verdict,
)

__all__ = [
    "POLICY",
    "AlignmentStep",
    "Claim",
    "Evidence",
    "Judgement",
    "Match",
    "Origin",
    "Searched",
    "Utterance",
    "Verdict",
    "judge",
]
