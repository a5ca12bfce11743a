"""When the quoted words were said, as the source's times tell."""

from __future__ import annotations

from service.matching.align.passage import Passage
from service.matching.align.placement import Placement
from service.matching.models import Utterance


def find_times(placement: Placement) -> tuple[float | None, float | None]:
    """Seconds from the start of the recording to the first and the last word of a placement.

    Where only sentences have times, theirs; None if the source has none.
    """
    passage = placement.passage
    first, last = placement.first, placement.last - 1
    start = _time_of(*_place(passage, first, at_end=False))
    end = _time_of(*_place(passage, last, at_end=True), at_end=True)
    return start, end


def _place(passage: Passage, word: int, *, at_end: bool) -> tuple[Utterance, int]:
    """A word's sentence, and where in it the word begins or ends."""
    part = passage.parts[passage.part_of(word)]
    return part.utterance, passage.span_of(word)[at_end] - part.offset


def _time_of(utterance: Utterance, offset: int, *, at_end: bool = False) -> float | None:
    for timed in utterance.times:
        if offset <= timed.span.end if at_end else offset < timed.span.end:
            if at_end:
                return None if timed.end_s is None else timed.at(offset)
            return timed.at(offset)
    return utterance.end_s if at_end else utterance.start_s
