"""Any file of a reporter in: a source as turns, or a draft as a body to check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from service.sources.captions import read_captions
from service.sources.encoding import decode, normalise_line_ends
from service.sources.formats import check_format, format_of_bytes, format_of_text
from service.sources.lines import Line, lines_of_text
from service.sources.machine import is_machine_made
from service.sources.markup import lines_of_html, lines_of_markdown
from service.sources.models import MAX_SOURCE_BYTES, ParsedSource, SourceFormat, fault_in_file
from service.sources.prose import is_press_release, read_prose
from service.sources.recognised import read_recognised
from service.sources.transcript import read_transcript
from service.text.document import Format

MAX_FILE_BYTES: Final = 16_000_000
_LINES: Final = {"text": lines_of_text, "markdown": lines_of_markdown, "html": lines_of_html}
_UNLABELLED: Final = "No speakers are named: the words are taken as one text."


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as read from a file: what `POST /v1/articles` takes."""

    body: str
    format: Format
    title: str | None = None


def read_source(data: bytes | str, *, name: str | None = None, format: str = "auto") -> ParsedSource:
    """The turns of a file. `name` is the file's, for errors and where nothing else tells its format.

    Raises:
        SourceFileError: it cannot be read: no such format, no words, too large, damaged. The error names file
            and place and says what to do.
    """
    text, form = _as_text(data, name, check_format(format))
    if form in ("srt", "vtt"):
        source = read_captions(text, name, form)
    elif form in ("whisper", "turns"):
        source = read_recognised(text, name)
    elif form in _LINES:
        source = _read_lines(_LINES[form](text), form, text)
    else:
        raise fault_in_file(name, "", f"is a file of the format {form}, which cannot be read yet.")
    return _checked(source, name)


def read_draft(data: bytes, *, name: str | None = None) -> Draft:
    """A draft as a body to check, with its markup where it has one.

    Raises:
        SourceFileError: as `read_source`.
    """
    text, form = _as_text(data, name, None)
    if not text.strip():
        raise fault_in_file(name, "", "has no words.")
    if form == "html":
        return Draft(text, "html")
    if form == "markdown":
        return Draft(text, "markdown")
    if form == "text":
        return Draft(text, "plain")
    source = read_source(text, name=name, format=form)
    return Draft("\n\n".join(turn.text for turn in source.turns), "plain", source.title)


def _as_text(data: bytes | str, name: str | None, form: SourceFormat | None) -> tuple[str, SourceFormat]:
    if len(data) > MAX_FILE_BYTES:
        raise fault_in_file(name, "", f"is larger than {MAX_FILE_BYTES // 1_000_000} MB.")
    if isinstance(data, bytes):
        form = form or format_of_bytes(data, name)
        text = decode(data, name)
    else:
        text = normalise_line_ends(data.removeprefix("\ufeff"))
    return text, form or format_of_text(text, name)


def _read_lines(lines: Sequence[Line], form: SourceFormat, text: str) -> ParsedSource:
    transcript = read_transcript(lines)
    head = transcript.head
    if transcript.turns:
        machine = is_machine_made(text, transcript.turns)
        return ParsedSource(form, transcript.turns, head.title, head.day, machine, None, transcript.notes)
    kind = "press_release" if is_press_release(text) else None
    return ParsedSource(form, read_prose(lines), head.title, head.day, False, kind, (_UNLABELLED,))


def _checked(source: ParsedSource, name: str | None) -> ParsedSource:
    """The source, if it has words and no more of them than are taken."""
    if not source.turns:
        raise fault_in_file(name, "", "has no words.")
    if sum(len(turn.text.encode("utf-8", "replace")) for turn in source.turns) > MAX_SOURCE_BYTES:
        raise fault_in_file(
            name, "", f"has more than {MAX_SOURCE_BYTES // 1_000_000} MB of words. Divide it."
        )
    return replace(source, title=source.title[:300]) if source.title else source
