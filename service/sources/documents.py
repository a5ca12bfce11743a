"""Documents as sources: a transcript with labels, or a text of nobody named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from service.sources.lines import Line
from service.sources.machine import is_machine_made
from service.sources.markup import lines_of_html
from service.sources.models import ParsedSource, SourceFormat
from service.sources.prose import read_prose
from service.sources.transcripts.transcript import read_transcript
from service.sources.unpacking import Unpacked

MOST_LINES: Final = 100_000  # of a document: two million words
_MAIL_KIND: Final = "letter"


def read_unpacked(unpacked: Unpacked, form: SourceFormat) -> ParsedSource:
    """The source that a document's HTML is; what the file says of itself fills what its words leave open."""
    lines = lines_of_html(unpacked.html)[:MOST_LINES]
    source = read_lines(lines, form, "\n".join(line.text for line in lines), unpacked.sender)
    day = date.fromisoformat(unpacked.day) if unpacked.day else None
    is_mail = form == "eml"
    if is_mail and unpacked.sender is not None and len({turn.speaker for turn in source.turns}) > 1:
        asked = tuple(replace(turn, is_question=turn.speaker != unpacked.sender) for turn in source.turns)
        source = replace(source, turns=asked)
    return replace(
        source,
        title=unpacked.title or source.title if is_mail else source.title or unpacked.title,
        published_at=day or source.published_at if is_mail else source.published_at or day,
        kind=source.kind or (_MAIL_KIND if is_mail else None),
        notes=(*source.notes, *unpacked.notes),
    )


def read_lines(
    lines: Sequence[Line], form: SourceFormat, text: str, author: str | None = None
) -> ParsedSource:
    """The source that lines are. `author`: whose words they are where they name nobody."""
    transcript = read_transcript(lines)
    head = transcript.head
    if transcript.turns:
        machine = is_machine_made(text, transcript.turns)
        return ParsedSource(form, transcript.turns, head.title, head.day, machine, None, transcript.notes)
    prose = read_prose(lines, text, author)
    return ParsedSource(form, prose.turns, head.title, head.day, False, prose.kind, prose.notes)
