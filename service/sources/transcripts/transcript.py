"""Transcripts as lines: labels, times and words become turns; what is no word of a speaker is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from service.english.word_lists import read_word_lists
from service.sources.joining import Piece, join_pieces
from service.sources.lines import Line
from service.sources.models import SourceTurn
from service.sources.questions import mark_questions
from service.sources.sounds import without_sounds
from service.sources.times import CLOCK, seconds_of
from service.sources.transcripts.furniture import Head, is_furniture, read_head
from service.sources.transcripts.label_choice import read_cast, settle_openings
from service.sources.transcripts.label_lines import Opening, read_opening
from service.sources.transcripts.labels import asks, bare_label, tidy_label

_LEAST_QUESTIONS: Final = 2  # in bold type, or as headings, that make a file without labels an interview
_INTERLUDES: Final = read_word_lists("service.sources", "labels.txt")["interludes"]
_GAP_TIME: Final = re.compile(rf"(\[[a-z ]{{1,20}}?)[ ]{CLOCK}\]", re.IGNORECASE)  # "[inaudible 00:12:59]"
_INLINE_TIME: Final = re.compile(
    rf"[ ]?[\[<]({CLOCK})[\]>]|[ ]?\(((?:\d{{1,2}}:)?\d{{1,2}}:\d{{2}}:\d{{2}})\)"
)


@dataclass(frozen=True, slots=True)
class Transcript:
    """What lines were read into; no turns where nothing in them names or marks a speaker."""

    turns: tuple[SourceTurn, ...]
    head: Head
    notes: tuple[str, ...] = ()


def read_transcript(lines: Sequence[Line]) -> Transcript:
    """The turns of a transcript; none where the lines hold no labels and no marked questions."""
    kept = [line for line in lines if not is_furniture(line.text)]
    openings = settle_openings([read_opening(line) for line in kept])
    names, first = read_cast(openings)
    if first is None:
        return _read_questions(kept)
    head = read_head(kept[:first])
    if first and openings[first - 1].label is None and not openings[first - 1].rest.text:
        first -= 1  # the time of the first turn, on a line of its own
    turns = mark_questions(join_pieces(_pieces(openings[first:], names)))
    return Transcript(turns, head, head.notes)


def _pieces(openings: Sequence[Opening], names: dict[str, str]) -> Iterator[Piece]:
    speaker: str | None = None
    is_question = False
    pending: tuple[float | None, float | None] = (None, None)
    for opening in openings:
        line = opening.rest
        if opening.label is not None:
            speaker = names.get(bare_label(opening.label)) or tidy_label(opening.label)
            is_question = asks(opening.label)
        elif opening.sign == "change" or (length := _interlude(line)):
            speaker, is_question = None, False
            line = line if opening.sign == "change" else line.without(length)
        elif line.is_heading:
            continue
        if opening.start_s is not None:
            pending = (opening.start_s, opening.end_s)
        if line.text:
            yield from _divide_at_times(speaker, line, pending, is_question)
            pending = (None, None)


def _interlude(line: Line) -> int:
    """The length of "Break:", "Music:" at a line's start, else 0: what follows is no one's answer."""
    head, colon, _ = line.text[:30].partition(":")
    return len(head) + 1 if colon and head.strip().lower() in _INTERLUDES else 0


def _divide_at_times(
    speaker: str | None, line: Line, span: tuple[float | None, float | None], is_question: bool
) -> Iterator[Piece]:
    """The words of a line, divided where a time stands among them."""
    parts = _INLINE_TIME.split(_GAP_TIME.sub(r"\1]", line.text))
    starts = [span[0], *(seconds_of(a or b) for a, b in zip(parts[1::3], parts[2::3], strict=True))]
    for position, (words, start) in enumerate(zip(parts[::3], starts, strict=True)):
        end = span[1] if position == 0 else None
        text = without_sounds(" ".join(words.split()))
        if text:
            yield Piece(speaker, text, start, end, is_question, position == 0 and line.gap)


def _read_questions(lines: Sequence[Line]) -> Transcript:
    """An interview that names nobody: its questions are in bold type or are headings, its answers are not."""
    marked = [line.is_bold or line.is_heading for line in lines]
    asked = [
        mark and line.text.rstrip(' "”’').endswith("?") for mark, line in zip(marked, lines, strict=True)
    ]
    if sum(asked) < _LEAST_QUESTIONS:
        return Transcript((), read_head([line for line in lines if line.is_heading][:1]))
    headed = [line.is_heading for line in lines]
    first = next(n for n, mark in enumerate(marked) if mark and (asked[n] or not headed[n]))
    pieces: list[Piece] = []
    for line, mark, is_question in zip(lines[first:], marked[first:], asked[first:], strict=True):
        if mark and not is_question and line.is_heading:
            continue
        pieces += _divide_at_times(None, line, (None, None), mark)
    head = read_head(lines[:first])
    note = "The questions are told by their type; the file names nobody. Say who answers."
    return Transcript(join_pieces(pieces), head, (*head.notes, note))
