"""Candidates in, verdict out: what a claimed quotation is worth against stored words. Pure."""

from service.matching.evidence import (
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
from service.matching.verdict import POLICY, judge

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
