"""SubRip and WebVTT files as sources: captions joined to turns."""

from __future__ import annotations

from typing import Final

from service.sources.captions.caption_speakers import divide_by_speaker
from service.sources.captions.cues import read_cues
from service.sources.captions.rolling import drop_repeated
from service.sources.joining import join_pieces
from service.sources.machine import is_machine_made
from service.sources.models import ParsedSource, SourceFormat, fault_in_file
from service.sources.questions import mark_questions

MOST_CUES: Final = 50_000  # of a file: a day of television has half of them


def read_captions(text: str, name: str | None, form: SourceFormat) -> ParsedSource:
    """Turns of a SubRip or WebVTT file.

    Raises:
        SourceFileError: it holds no captions, or more than `MOST_CUES`.
    """
    if text.count("-->") > MOST_CUES or text.count("\n") > MOST_CUES * 5:
        raise fault_in_file(name, "", f"has more than {MOST_CUES:,} captions. Divide it into parts.")
    captions = list(read_cues(text))
    if not captions:
        raise fault_in_file(name, "", "has no captions with a start and an end time.")
    turns = mark_questions(join_pieces(divide_by_speaker(drop_repeated(captions))))
    return ParsedSource(form, turns, machine=is_machine_made(text, turns))
