"""What a claim's speaker said that may bear out a report: stretches of a few sentences, the nearest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from service.matching.align.passage import ClaimText, Passage
from service.matching.axes.attribution import judge_speaker
from service.matching.models import Claim, Evidence, Utterance
from service.matching.reported_speech.words import bits_of, read_content
from service.matching.thresholds import LONGEST_STRETCH, MOST_STRETCHES
from service.names.transcript_labels import names_nobody


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring sentences of one turn."""

    passage: Passage  # of these sentences alone
    text: str
    shared: float  # bits of the content words that the claim has too


def find_stretches(claim: Claim, claim_text: ClaimText, passages: Sequence[Passage]) -> list[Stretch]:
    """Stretches of the claim's speaker, or of who speaks for them, that share most with the claim.

    None if the claim names nobody: then no words can support or contradict it.
    """
    if claim.anonymous or not claim.speaker or names_nobody(claim.speaker):
        return []
    overlap = _Overlap(read_content(claim_text.raw))
    found: dict[tuple[str, ...], _Run] = {}
    for passage in passages:
        for utterances in _runs_of_speaker(claim, passage):
            key = tuple([utterance.text for utterance in utterances])
            if key not in found and (shared := overlap.count_bits(key)):
                found[key] = _Run(passage.evidence, utterances, shared)
    nearest = sorted(found.values(), key=_worth)[:MOST_STRETCHES]
    return [_build_stretch(run) for run in nearest]


class _Run(NamedTuple):
    """Neighbouring sentences of one turn and the bits that they share with the claim."""

    evidence: Evidence
    utterances: Sequence[Utterance]
    shared: float


class _Overlap:
    """The content words that sentences share with a claim; each sentence stands in several stretches."""

    def __init__(self, wanted: Mapping[str, str]) -> None:
        self._wanted = wanted
        self._known: dict[str, dict[str, str]] = {}

    def count_bits(self, sentences: Iterable[str]) -> float:
        """Bits of the content words and numbers that the sentences share with the claim, each once."""
        shared: dict[str, str] = {}
        for sentence in sentences:
            for stem, word in self._find(sentence).items():
                shared.setdefault(stem, word)
        return sum(map(bits_of, shared.values()))

    def _find(self, sentence: str) -> dict[str, str]:
        if sentence not in self._known:
            content = read_content(sentence)
            self._known[sentence] = {stem: word for stem, word in content.items() if stem in self._wanted}
        return self._known[sentence]


def _worth(run: _Run) -> tuple[float, int]:
    """Sort key, best first: more shared words, in fewer sentences."""
    return (-run.shared, len(run.utterances))


def _build_stretch(run: _Run) -> Stretch:
    part = Passage(run.evidence, run.utterances)
    return Stretch(part, part.raw, run.shared)


def _runs_of_speaker(claim: Claim, passage: Passage) -> Iterator[Sequence[Utterance]]:
    speakers = {utterance.speaker for utterance in passage.utterances}
    agreeing = {name for name in speakers if judge_speaker(claim, name) in ("same", "compatible")}
    for start, utterance in enumerate(passage.utterances):
        for end in range(start + 1, min(len(passage.utterances), start + LONGEST_STRETCH) + 1):
            last = passage.utterances[end - 1]
            if last.speaker not in agreeing or last.turn != utterance.turn:
                break
            yield passage.utterances[start:end]
