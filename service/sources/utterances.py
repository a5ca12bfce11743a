"""From a source as it was read to the sentences that quotations are held against."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from service.matching.models import TimedWords, Utterance
from service.sources.models import ParsedSource, SourceTurn
from service.text.segments import find_sentences
from service.text.span import Span

MAX_SENTENCE: Final = 4_000  # code points; a turn without full stops is cut there, between words


def utterances_of(
    source: ParsedSource, *, key: str = "given", said_at: date | None = None
) -> tuple[Utterance, ...]:
    """The sentences of a source in order, with their speakers, turns and times.

    `key` begins the ids of the sentences; `said_at` is the day of the source where its file names none.
    """
    day = said_at or source.published_at
    utterances: list[Utterance] = []
    for number, turn in enumerate(source.turns):
        times = list_times(turn)
        for span in split_sentences(turn.text):
            position = len(utterances)
            timed = times_between(times, span)
            utterances.append(
                Utterance(
                    quote_id=f"{key}-{position}",
                    text=span.of(turn.text),
                    speaker=" ".join(turn.speaker.split()) or None if turn.speaker else None,
                    said_at=day,
                    turn=number,
                    position=position,
                    start_s=timed[0].start_s if timed else None,
                    end_s=timed[-1].end_s if timed else None,
                    times=timed,
                )
            )
    return tuple(utterances)


def split_sentences(text: str) -> Iterator[Span]:
    """The sentences of a turn without white space around them, none longer than `MAX_SENTENCE`."""
    for span in find_sentences(text):
        start = span.start
        while span.end - start > MAX_SENTENCE:
            space = text.rfind(" ", start + MAX_SENTENCE // 2, start + MAX_SENTENCE)
            end = space + 1 if space > 0 else start + MAX_SENTENCE
            yield from _strip(text, start, end)
            start = end
        yield from _strip(text, start, span.end)


def _strip(text: str, start: int, end: int) -> Iterator[Span]:
    piece = text[start:end]
    if piece.strip():
        yield Span(start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip()))


def list_times(turn: SourceTurn) -> list[TimedWords]:
    """The stretches of a turn with their times, one after the other; of a turn without cues all of it.

    A stretch whose end the file does not tell ends where the next one begins.
    """
    if not turn.cues:
        if turn.start_s is None:
            return []
        return [TimedWords(Span(0, len(turn.text)), turn.start_s, turn.end_s)]
    cues = sorted(turn.cues, key=lambda cue: cue.offset)
    borders = [*(cue.offset for cue in cues[1:]), len(turn.text)]
    starts: list[float | None] = [*(cue.start_s for cue in cues[1:]), turn.end_s]
    return [
        TimedWords(
            Span(cue.offset, max(cue.offset, end)), cue.start_s, following if cue.end_s is None else cue.end_s
        )
        for cue, end, following in zip(cues, borders, starts, strict=True)
    ]


def times_between(times: list[TimedWords], span: Span) -> tuple[TimedWords, ...]:
    """The times of a part of a text, counted from its beginning; a stretch it cuts is shared by length."""
    return tuple(
        timed.cut(Span(max(span.start, timed.span.start), min(span.end, timed.span.end))).shift(-span.start)
        for timed in times
        if timed.span.overlaps(span)
    )
