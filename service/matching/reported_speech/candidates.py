"""What a claim's speaker said that may bear out a report: stretches of a few sentences, the nearest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.matching.align.passage import ClaimText, Passage
from service.matching.axes.attribution import judge_speaker
from service.matching.models import Claim, Utterance
from service.matching.reported_speech.words import WordSet, read_words
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
    wanted = read_words(claim_text.raw)
    found: dict[tuple[str, ...], Stretch] = {}
    for passage in passages:
        for utterances in _runs_of_speaker(claim, passage):
            key = tuple(utterance.text for utterance in utterances)
            if key not in found:
                stretch = _read_stretch(passage, utterances, wanted)
                if stretch.shared:
                    found[key] = stretch
    return sorted(found.values(), key=_worth)[:MOST_STRETCHES]


def _worth(stretch: Stretch) -> tuple[float, int]:
    """Sort key, best first: more shared words, in fewer sentences."""
    return (-stretch.shared, len(stretch.passage.utterances))


def _runs_of_speaker(claim: Claim, passage: Passage) -> Iterator[Sequence[Utterance]]:
    agreeing = [
        judge_speaker(claim, utterance.speaker) in ("same", "compatible") for utterance in passage.utterances
    ]
    for start, utterance in enumerate(passage.utterances):
        for end in range(start + 1, min(len(passage.utterances), start + LONGEST_STRETCH) + 1):
            run = passage.utterances[start:end]
            if not all(agreeing[start:end]) or run[-1].turn != utterance.turn:
                break
            yield run


def _read_stretch(passage: Passage, utterances: Sequence[Utterance], wanted: WordSet) -> Stretch:
    part = Passage(passage.evidence, utterances)
    return Stretch(part, part.raw, read_words(part.raw).bits_shared_with(wanted))
