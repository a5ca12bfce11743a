"""Which turns the interviewer puts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from service.sources.labels import answers, asks
from service.sources.models import SourceTurn

_LEAST_TURNS: Final = 4  # of a speaker whose way of speaking tells that he asks
_ASKING_SHARE: Final = 0.4  # of his turns end in a question mark
_OTHERS_SHARE: Final = 0.5  # of that share, at most, has every other one who speaks as much
_LEAST_ANSWERED: Final = 1.2  # words of the others for each of his


def mark_questions(turns: Sequence[SourceTurn]) -> tuple[SourceTurn, ...]:
    """The turns, those of the interviewer as questions. Who asks is told by his label or by how he speaks."""
    asking = {turn.speaker for turn in turns if asks(turn.speaker)}
    if not asking and not any(answers(turn.speaker) for turn in turns):
        interviewer = find_interviewer(turns)
        asking = {interviewer} if interviewer is not None else set()
    if not asking:
        return tuple(turns)
    return tuple(replace(turn, is_question=True) if turn.speaker in asking else turn for turn in turns)


def find_interviewer(turns: Sequence[SourceTurn]) -> str | None:
    """The one speaker who mostly asks while others mostly answer; None if it is not plain."""
    words: dict[str, int] = defaultdict(int)
    counts: dict[str, int] = defaultdict(int)
    asked: dict[str, int] = defaultdict(int)
    for turn in turns:
        if turn.speaker is not None:
            words[turn.speaker] += turn.text.count(" ") + 1
            counts[turn.speaker] += 1
            asked[turn.speaker] += turn.text.rstrip("\"”'’) ").endswith("?")
    frequent = [speaker for speaker, count in counts.items() if count >= _LEAST_TURNS]
    if len(frequent) < 2:
        return None
    share = {speaker: asked[speaker] / counts[speaker] for speaker in frequent}
    first, second = sorted(frequent, key=lambda speaker: -share[speaker])[:2]
    others = sum(words.values()) - words[first]
    plain = share[first] >= _ASKING_SHARE and share[second] <= _OTHERS_SHARE * share[first]
    return first if plain and others >= _LEAST_ANSWERED * words[first] else None
