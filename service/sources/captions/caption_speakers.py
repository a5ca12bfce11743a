"""Speakers within captions: `<v Name>`, `Name: …`, `>> NAME: …`, `- Yes.`, `[Name]`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from service.sources.captions.cues import Caption
from service.sources.joining import Piece
from service.sources.sounds import without_sounds
from service.sources.transcripts.labels import bare_label, choose_labels, could_be_label, tidy_label

_LEAST_NAMED: Final = 0.6  # of the captions have a name above their words
_CHEVRONS: Final = re.compile(r">{1,3}[ ]*")
_DASH: Final = re.compile(r"[-–—][ ]*(?=[\w\"“‘'\[(¿¡])")
_LABEL: Final = re.compile(r"([^:\n]{1,70}):(?![\d/])[ ]*")
_BRACKETED: Final = re.compile(r"(?:\[([^\[\]():\n]{1,60})\]:?|\(([^\[\]():\n]{1,60})\):)[ ]*(?=\S|$)")
_WITHIN: Final = re.compile(r"(?:(?<=[.?!…\"”—])|(?<=--))[ ]([A-Z][A-Z.'’ -]{1,40}):[ ]")
_BEFORE_CHEVRONS: Final = re.compile(r"(?<!>)[ ]?(?=>{2,3})(?<!>)")


def divide_by_speaker(captions: Sequence[Caption]) -> list[Piece]:
    """The captions' words with who says them; a speaker goes on until another is named."""
    parts: list[tuple[Caption, bool]] = []
    before = "."
    for caption in _with_names_above(captions):
        is_dialogue = _is_dialogue(caption, before)
        parts += ((part, is_dialogue) for part in _parts_of(caption, is_dialogue))
        before = caption.lines[-1]
    chosen = choose_labels(label for part, _ in parts if (label := _candidate(part.lines[0])) is not None)
    speaker: str | None = None
    pieces = []
    divided = ((piece, dialogue) for part, dialogue in parts for piece in _at_known_labels(part, chosen))
    for part, is_dialogue in divided:
        own, words, changes = _read_label(part.lines[0], chosen, is_dialogue)
        if part.voice is not None or own is not None or changes:
            speaker = own or part.voice
        text = without_sounds(words)
        pieces.append(Piece(speaker, text, part.start_s, part.end_s, is_paragraph=changes))
    return pieces


def _with_names_above(captions: Sequence[Caption]) -> Sequence[Caption]:
    """The captions, a name on a line of its own above the words taken for the voice, where most have one."""
    tall = [
        caption.lines[0]
        for caption in captions
        if len(caption.lines) > 1 and could_be_label(caption.lines[0])
    ]
    names = choose_labels(tall)
    named = [line for line in tall if bare_label(line) in names]
    if len(named) < _LEAST_NAMED * len(captions) or len(names) * 2 > len(named):
        return captions
    return [
        Caption(caption.start_s, caption.end_s, caption.lines[1:], caption.lines[0])
        if len(caption.lines) > 1 and bare_label(caption.lines[0]) in names
        else caption
        for caption in captions
    ]


def _parts_of(caption: Caption, is_dialogue: bool) -> Iterator[Caption]:
    """A caption divided where another speaker begins: at dashes, chevrons and labels."""
    text = ""
    for line in caption.lines:
        begins = (is_dialogue and _DASH.match(line)) or line.startswith(">>") or _candidate(line) is not None
        if text and begins:
            yield from _divided(caption, text)
            text = ""
        text = f"{text} {line}" if text else line
    if text:
        yield from _divided(caption, text)


def _divided(caption: Caption, text: str) -> Iterator[Caption]:
    for part in _BEFORE_CHEVRONS.split(text):
        if part.strip():
            yield replace(caption, lines=(part.strip(),))


def _at_known_labels(caption: Caption, chosen: frozenset[str]) -> Iterator[Caption]:
    """A caption divided where a label that begins others stands behind the end of a sentence."""
    text = caption.lines[0]
    position = 0
    for found in _WITHIN.finditer(text):
        if bare_label(found[1]) in chosen:
            yield replace(caption, lines=(text[position : found.start()],))
            position = found.start() + 1
    yield replace(caption, lines=(text[position:],))


def _is_dialogue(caption: Caption, before: str) -> bool:
    """Whether dashes at the start of lines mark speakers: two of them do, or one after a sentence's end."""
    dashes = sum(1 for line in caption.lines if _DASH.match(line))
    return dashes > 1 or (dashes == 1 and before.rstrip('"”’)]').endswith((".", "!", "?", "…")))


def _opening(text: str) -> re.Match[str] | None:
    return _CHEVRONS.match(text) or _DASH.match(text)


def _candidate(text: str) -> str | None:
    """What stands before a colon or in brackets where a caption, or its words behind a mark, begin."""
    start = _opening(text)
    rest = text[start.end() :] if start else text
    found = _BRACKETED.match(rest) or _LABEL.match(rest)
    return _name_in(found) if found else None


def _name_in(found: re.Match[str]) -> str:
    return next(name for name in found.groups() if name).strip("[]() ")


def _read_label(text: str, chosen: frozenset[str], is_dialogue: bool) -> tuple[str | None, str, bool]:
    """The speaker that a caption's part begins with, its words, and whether it marks a change of speaker."""
    start = _CHEVRONS.match(text) or (_DASH.match(text) if is_dialogue else None)
    rest = text[start.end() :] if start else text
    found = _BRACKETED.match(rest) or _LABEL.match(rest)
    if found and bare_label(_name_in(found)) in chosen:
        return tidy_label(_name_in(found)), rest[found.end() :], True
    return None, rest, start is not None
