"""Cues of SubRip and WebVTT files. webvtt-py (MIT) reads them; common faults of files are mended first."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import webvtt
from webvtt.errors import MalformedFileError

from service.sources.lines import clean_words
from service.sources.times import seconds_of

_CLOCK: Final = r"(?:\d{1,4}:)?\d{1,2}:\d{1,2}(?:[.,]\d{1,6})?"
_TIMING: Final = re.compile(rf"\A\s*+({_CLOCK})\s*+-{{1,2}}>\s*+({_CLOCK})(?!\d)")
_VOICE: Final = re.compile(r"<v(?:\.[^\s<>]*)?(?:[ \t]+([^<>]*))?>")
_TAG: Final = re.compile(r"<[^<>]*>")
_OVERRIDE: Final = re.compile(r"\{\\[^{}]*\}")  # SubStation's, left in SubRip files


@dataclass(frozen=True, slots=True)
class Caption:
    """What one voice says in a cue: its lines without markup. `voice` is the name that the markup gives."""

    start_s: float
    end_s: float
    lines: tuple[str, ...]
    voice: str | None = None


def read_cues(text: str) -> Iterator[Caption]:
    """The captions of a SubRip or WebVTT file in order; nothing if it is neither."""
    try:
        cues = webvtt.from_string(as_webvtt(text)).captions
    except MalformedFileError:
        return
    for cue in cues:
        start, end = seconds_of(cue.start), seconds_of(cue.end)
        voices = _VOICE.split(cue.raw_text)
        for voice, words in zip([None, *voices[1::2]], voices[::2], strict=True):
            lines = tuple(line for raw in words.split("\n") if (line := plain_caption(raw)))
            if lines:
                yield Caption(start, end, lines, plain_caption(voice or "") or None)


def plain_caption(raw: str) -> str:
    """A caption's line without tags, overrides and character references."""
    return clean_words(html.unescape(_OVERRIDE.sub("", _TAG.sub("", raw)))).strip()


def as_webvtt(text: str) -> str:
    """A SubRip or WebVTT file as well-formed WebVTT: each cue after an empty line, none within it.

    Cues of SubRip may hold blank lines; files made by hand leave out numbers, hours and empty lines.
    """
    lines = text.lstrip().split("\n")
    is_webvtt = lines[0].startswith("WEBVTT")
    out = ["WEBVTT"]
    in_cue = False
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        timing = _TIMING.match(line) if "->" in line else None
        if timing is not None:
            out += ["", f"{_clock(timing[1])} --> {_clock(timing[2])}"]
            in_cue = True
        elif not line and is_webvtt:
            in_cue = False
        elif in_cue and line.strip() and "-->" not in line and not _is_number_of(line, following):
            out.append(line)
    return "\n".join(out)


def _is_number_of(line: str, following: str) -> bool:
    """Whether a line is the number of the cue that the next line begins."""
    return line.strip().isdigit() and "->" in following and _TIMING.match(following) is not None


def _clock(written: str) -> str:
    whole, _, part = written.replace(",", ".").partition(".")
    return f"{whole}.{part[:3] or '0'}"
