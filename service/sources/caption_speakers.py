"""Speakers within captions: `<v Name>`, `Name: …`, `>> NAME: …`, `- Yes.`, `[Name]`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from service.sources.cues import Caption
from service.sources.joining import Piece
from service.sources.labels import bare_label, choose_labels, tidy_label
from service.sources.sounds import without_sounds

_START: Final = re.compile(r"(?:(>{1,3})|([-–—])(?=[ ]?[^\s\d-]))[ ]*")
_LABEL: Final = re.compile(r"([^:\n]{1,70}):(?![\d/])[ ]*")
_BRACKETED: Final = re.compile(r"[\[(]([^\[\]():\n]{1,60})[\])]:?[ ]*(?=\S|$)")
_WITHIN: Final = re.compile(
    r"(?:(?<=[.?!…\"”])|(?<=--)|(?<=—))[ ](?=[A-Z][A-Z.'’ -]{1,40}:[ ])|[ ]?(?=>{2,3})"
)


def divide_by_speaker(captions: Sequence[Caption]) -> list[Piece]:
    """The captions' words with who says them; a speaker goes on until another is named."""
    parts = [part for caption in captions for part in _parts_of(caption)]
    chosen = choose_labels(label for part in parts if (label := _candidate(part.lines[0])) is not None)
    speaker: str | None = None
    pieces = []
    for part in parts:
        own, words, changes = _read_label(part.lines[0], chosen)
        if part.voice is not None or own is not None or changes:
            speaker = own or part.voice
        pieces.append(Piece(speaker, without_sounds(words), part.start_s, part.end_s, is_paragraph=changes))
    return pieces


def _parts_of(caption: Caption) -> Iterator[Caption]:
    """A caption divided where another speaker begins: at dashes, chevrons and labels."""
    dashed = sum(1 for line in caption.lines if _START.match(line) and not line.startswith(">")) > 1
    text = ""
    for line in caption.lines:
        begins = dashed and _START.match(line) is not None
        if text and (begins or _candidate(line) is not None or line.startswith(">>")):
            yield from _divided(caption, text)
            text = ""
        text = f"{text} {line}" if text else line
    if text:
        yield from _divided(caption, text)


def _divided(caption: Caption, text: str) -> Iterable[Caption]:
    for part in _WITHIN.split(text):
        if part.strip():
            yield Caption(caption.start_s, caption.end_s, (part.strip(),), caption.voice)


def _candidate(text: str) -> str | None:
    start = _START.match(text)
    rest = text[start.end() :] if start else text
    found = _LABEL.match(rest) or _BRACKETED.match(rest)
    return found[1] if found else None


def _read_label(text: str, chosen: frozenset[str]) -> tuple[str | None, str, bool]:
    """The speaker that a caption's part begins with, its words, and whether it marks a change of speaker."""
    start = _START.match(text)
    rest = text[start.end() :] if start else text
    found = _LABEL.match(rest) or _BRACKETED.match(rest)
    if found and bare_label(found[1]) in chosen:
        return tidy_label(found[1]), rest[found.end() :], True
    return None, rest, start is not None
