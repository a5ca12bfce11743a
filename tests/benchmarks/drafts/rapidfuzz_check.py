"""A plain alternative: the best place of a quotation in an interview by rapidfuzz, and thresholds on its score."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz

from tests.benchmarks.drafts.checking import read_half
from tests.benchmarks.drafts.planted import Planted, is_right
from tests.benchmarks.drafts.planting import plant
from tests.benchmarks.trust.corpora import Record, split_words


@dataclass(frozen=True, slots=True)
class Scored:
    """A planted quotation with the turn that is most like it: `partial_ratio`, 0 to 100, and who spoke."""

    planted: Planted
    score: float
    speaker: str


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Scores from which words are the same, and from which they are changed ones."""

    same: float
    changed: float


def score_half(half: str) -> tuple[Scored, ...]:
    """The planted quotations of a half, scored."""
    return tuple(scored for interview in read_half(half) for scored in _score(interview))


def _score(interview: Record) -> Iterator[Scored]:
    turns = [(turn["speaker"], " ".join(split_words(turn["text"]))) for turn in interview["turns"]]
    for one in plant(interview):
        words = " ".join(split_words(one.words))
        fitting = [(speaker, text) for speaker, text in turns if 2 * len(text) >= len(words)]
        score, speaker = max((fuzz.partial_ratio(words, text), speaker) for speaker, text in fitting)
        yield Scored(one, score, speaker)


def label(scored: Scored, thresholds: Thresholds) -> tuple[str, int]:
    """Label and severity by thresholds; whose words they are is told by the surname."""
    if scored.score < thresholds.changed:
        return "not_in_sources", 3
    if scored.planted.speaker.split()[-1] != scored.speaker.split()[-1]:
        return "wrong_person", 3
    return ("confirmed", 0) if scored.score >= thresholds.same else ("changed", 2)


def share_right(scored: Sequence[Scored], thresholds: Thresholds) -> float:
    """The share of quotations whose label is right, the mean over the kinds, in [0, 1]."""
    kinds: dict[str, list[bool]] = {}
    for one in scored:
        kinds.setdefault(one.planted.kind, []).append(is_right(one.planted.kind, *label(one, thresholds)))
    return sum(sum(right) / len(right) for right in kinds.values()) / len(kinds)


@cache
def choose_thresholds(half: str) -> Thresholds:
    """The thresholds that are right most often on a half."""
    scored = score_half(half)
    pairs = (Thresholds(same, changed) for same in range(80, 101) for changed in range(50, same))
    return max(pairs, key=lambda thresholds: share_right(scored, thresholds))
