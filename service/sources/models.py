"""A source read from a file: who speaks, turn by turn, with times where the file has them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from service.errors import Fault, InvalidInput

SourceFormat = Literal[
    "text", "markdown", "html", "srt", "vtt", "whisper", "turns", "docx", "odt", "rtf", "pdf", "eml",
]  # fmt: skip
MAX_SOURCE_BYTES: Final = 2_000_000  # of all sources sent with a request, and of a stored one's text
MAX_SOURCES: Final = 20  # sent with a request
MAX_TURNS: Final = 50_000  # of one source that is sent as turns


class SourceFileError(InvalidInput):
    """A file that cannot be read as a source; the detail names the file, the place in it and what to do."""


@dataclass(frozen=True, slots=True)
class Cue:
    """Words of a turn with a time of their own: from `offset` in the turn's text to the next cue."""

    offset: int
    start_s: float
    end_s: float | None


@dataclass(frozen=True, slots=True)
class SourceTurn:
    """What one speaker says without a break; captions and wrapped lines are joined to continuous text.

    `speaker` is the name as the file has it, None if it names nobody. Seconds are from the start of the
    recording, None if the file has no times. `cues` are in order of their offsets.
    """

    speaker: str | None
    text: str
    start_s: float | None = None
    end_s: float | None = None
    cues: tuple[Cue, ...] = ()
    is_question: bool = False  # put by the interviewer


@dataclass(frozen=True, slots=True)
class ParsedSource:
    """A source as read: its turns in order, and what the file says of itself."""

    format: SourceFormat
    turns: tuple[SourceTurn, ...]
    title: str | None = None
    published_at: date | None = None
    machine: bool = False  # transcribed by a machine, by what the file shows
    kind: str | None = None  # a kind of `service.matching.sources` where the file shows one, else None
    notes: tuple[str, ...] = ()  # for the reader: what was left out or guessed


def fault_in_file(name: str | None, place: str, problem: str) -> SourceFileError:
    """An error that names file, place and problem: `interview.pdf, page 3: has no text layer`."""
    where = ", ".join(part for part in (name or "the source", place) if part)
    detail = f"{where}: {problem}"
    return SourceFileError(detail, (Fault("", detail),))
