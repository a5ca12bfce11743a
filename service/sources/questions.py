"""Which turns the interviewer puts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from service.sources.models import SourceTurn
from service.sources.transcripts.labels import answers, asks

_LEAST_TURNS: Final = 4  # of a speaker whose way of speaking tells that he asks
#: Shares of a speaker's turns that end in a question mark. In 30 podcasts hosts are at 0.12 to 0.7, guests at
#: 0 to 0.11, but for two hosts who are guests of others.
_ASKING: Final = 0.2
_ANSWERING: Final = 0.12
_LEAST_ANSWERED: Final = 0.5  # words of those who answer for each of those who ask


def mark_questions(turns: Sequence[SourceTurn]) -> tuple[SourceTurn, ...]:
    """The turns, those of the interviewer as questions. Who asks is told by his label or by how he speaks."""
    asking = {turn.speaker for turn in turns if asks(turn.speaker)}
    if not asking and not any(answers(turn.speaker) for turn in turns):
        asking = set(find_interviewers(turns))
    if not asking:
        return tuple(turns)
    return tuple(replace(turn, is_question=True) if turn.speaker in asking else turn for turn in turns)


def find_interviewers(turns: Sequence[SourceTurn]) -> frozenset[str | None]:
    """The speakers who often ask, if others, who hardly do, have answered them; else none."""
    words: dict[str, int] = defaultdict(int)
    counts: dict[str, int] = defaultdict(int)
    asked: dict[str, int] = defaultdict(int)
    for turn in turns:
        if turn.speaker is not None:
            words[turn.speaker] += turn.text.count(" ") + 1
            counts[turn.speaker] += 1
            asked[turn.speaker] += turn.text.rstrip('"”’) ').endswith("?")
    shares = {speaker: asked[speaker] / count for speaker, count in counts.items() if count >= _LEAST_TURNS}
    asking = {speaker for speaker, share in shares.items() if share >= _ASKING}
    answering = {speaker for speaker, share in shares.items() if share < _ANSWERING}
    answered = sum(words[speaker] for speaker in answering)
    if answered < _LEAST_ANSWERED * sum(words[speaker] for speaker in asking):
        return frozenset()
    return frozenset(asking)
