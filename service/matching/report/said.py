"""What a record really has: its own words for a quotation, and the quotation as it should stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from service.matching.align.passage import Passage
from service.matching.align.placement import Placement
from service.matching.axes.changes import read_edits
from service.matching.models import Said
from service.matching.normalise.notes import INVISIBLE, blank_notes
from service.matching.report.times import find_times
from service.matching.thresholds import LONGEST_SAID, SAID_CONTEXT

_REMOVED: Final = dict.fromkeys(map(ord, INVISIBLE))


def build_said(placement: Placement) -> Said:
    """The record's words for a placement, what was cut or changed included, to the ends of sentences."""
    passage = placement.passage
    first, last = sentence_bounds(passage, placement.first, placement.last)
    start_s, end_s = find_times(placement)
    spoken = passage.utterance_of(placement.first)
    start, end = passage.span_of(first)[0], _end_of_sentence(passage, last)
    return Said(
        text=_clean(passage.raw[start:end]),
        before=_clean(passage.raw[_start_before(passage, first) : start]),
        after=_clean(passage.raw[end : _end_after(passage, last)]),
        speaker=spoken.speaker,
        said_at=spoken.said_at,
        start_s=start_s,
        end_s=end_s,
        origin=passage.evidence.origin,
    )


def sentence_bounds(passage: Passage, first: int, last: int) -> tuple[int, int]:
    """Words [first, last) widened to whole sentences."""
    least, most = max(0, first - LONGEST_SAID), min(len(passage.forms), last + LONGEST_SAID)
    while first > least and not passage.starts_sentence(first):
        first -= 1
    while last < most and not passage.ends_sentence(last - 1):
        last += 1
    return first, last


def _end_of_sentence(passage: Passage, last: int) -> int:
    """One past the punctuation that closes the sentence whose last word is `last - 1`."""
    end = passage.span_of(last - 1)[1]
    after = passage.text_after(last - 1)
    closing = len(after) - len(after.lstrip(".!?…,;:\"”’')"))
    return end + closing


def _start_before(passage: Passage, first: int) -> int:
    """The start of the context before: the utterance of the word before, or a part of it."""
    if first == 0:
        return 0
    start = passage.parts[passage.part_of(first - 1)].offset
    return max(start, passage.span_of(first)[0] - SAID_CONTEXT)


def _end_after(passage: Passage, last: int) -> int:
    """The end of the context after."""
    if last >= len(passage.forms):
        return len(passage.raw)
    part = passage.parts[passage.part_of(last)]
    return min(part.offset + len(part.utterance.text), _end_of_sentence(passage, last) + SAID_CONTEXT)


def _clean(raw: str) -> str:
    """Words as spoken: without stage directions and clock times, in one line."""
    return " ".join(blank_notes(raw).translate(_REMOVED).split())


def build_correction(placements: Sequence[Placement], *, whole_sentence: bool) -> str:
    """The quotation as it should stand: the record's words, with the omissions and brackets that were marked.

    `whole_sentence` asks for the sentence to its ends, where what was cut off qualifies the rest. Words from
    several places are several quotations, distinguished by a slash.
    """
    if len(placements) > 1:
        return " / ".join(_clean(_words_kept(placement)) for placement in placements)
    placement = placements[0]
    if whole_sentence:
        return build_said(placement).text
    return _clean(_rewrite(placement))


def _words_kept(placement: Placement) -> str:
    start = placement.passage.span_of(placement.first)[0]
    return placement.passage.raw[start : placement.passage.span_of(placement.last - 1)[1]]


def _rewrite(placement: Placement) -> str:
    """The record's words, except what the writer may leave out or put in by a mark."""
    passage, claim_text = placement.passage, placement.claim_text
    marked = {reading.edit for reading in read_edits(placement) if reading.marked and not reading.changes}
    parts: list[str] = []
    for edit in placement.edits:
        if edit in marked and edit.claim_end == edit.claim_start:
            parts.append("…")
        elif edit in marked:
            start, end = claim_text.span_of(edit.claim_start)[0], claim_text.span_of(edit.claim_end - 1)[1]
            parts.append(f"[{claim_text.raw[start:end].strip('[]')}]")
        elif edit.source_end > edit.source_start:
            start = passage.span_of(edit.source_start)[0]
            parts.append(passage.raw[start : _end_of_sentence(passage, edit.source_end)])
    return " ".join(parts)
