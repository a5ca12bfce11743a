"""Candidates in, verdict out: what a claimed quotation is worth against stored words. Pure."""

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
