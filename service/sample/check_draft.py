"""The bundled draft and the interview it quotes: a quotation for each kind of error, and some without."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import Final

DRAFT_FILE: Final = "sample_draft.md"
INTERVIEW_FILE: Final = "sample_interview.srt"


@dataclass(frozen=True, slots=True)
class Sample:
    """A bundled file: its name, as errors and titles show it, and its text."""

    name: str
    text: str


def load_draft() -> Sample:
    """An article in Markdown that quotes the interview, rightly and wrongly."""
    return _load(DRAFT_FILE)


def load_interview() -> Sample:
    """An interview of two people as SubRip captions, with the speaker where a turn begins."""
    return _load(INTERVIEW_FILE)


def _load(name: str) -> Sample:
    return Sample(name, (files("service.sample") / name).read_text(encoding="utf-8"))
