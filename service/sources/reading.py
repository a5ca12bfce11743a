"""Any file of a reporter in: a source as turns, or a draft as a body to check."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from service.sources.captions.caption_file import read_captions
from service.sources.documents import MOST_LINES, read_lines, read_unpacked
from service.sources.encoding import decode, normalise_line_ends
from service.sources.formats import check_format, format_of_bytes, format_of_text
from service.sources.lines import Line, lines_of_table, lines_of_text
from service.sources.markup import lines_of_html, lines_of_markdown
from service.sources.models import MAX_SOURCE_BYTES, ParsedSource, SourceFormat, fault_in_file
from service.sources.recognised import read_recognised
from service.sources.unpacking import Unpacked, unpack
from service.text.document import Format

MAX_FILE_BYTES: Final = 16_000_000
MAX_TEXT_BYTES: Final = 4_000_000  # of a file that is nothing but words and times
_LINES: Final = {"text": lines_of_text, "markdown": lines_of_markdown, "html": lines_of_html}
_BODIES: Final[dict[str, Format]] = {"text": "plain", "markdown": "markdown", "html": "html"}
_WORDS: Final = frozenset(("text", "markdown", "srt", "vtt"))
_PACKED: Final = frozenset(("docx", "odt", "rtf", "pdf", "eml"))


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
    data, form = _with_format(data, name, check_format(format))
    if form in _PACKED:
        source = read_unpacked(_unpack(data, form, name), form)
    else:
        text = _as_text(data, name)
        if form in _WORDS and len(text) > MAX_TEXT_BYTES:
            raise fault_in_file(name, "", f"has more than {MAX_TEXT_BYTES // 1_000_000} MB of text.")
        if form in ("srt", "vtt"):
            source = read_captions(text, name, form)
        elif form in ("whisper", "turns"):
            source = read_recognised(text, name)
        else:
            is_table = form == "text" and name is not None and name.lower().endswith(".csv")
            lines = lines_of_table(text) if is_table else _LINES[form](text)
            source = read_lines(_bounded(lines, name), form, text)
    return _checked(source, name)


def read_draft(data: bytes, *, name: str | None = None) -> Draft:
    """A draft as a body to check, with its markup where it has one.

    Raises:
        SourceFileError: as `read_source`.
    """
    given, form = _with_format(data, name, None)
    if form in _PACKED:
        unpacked = _unpack(given, form, name)
        draft = Draft(unpacked.html, "html", unpacked.title)
    else:
        text = _as_text(given, name)
        if form in _BODIES:
            draft = Draft(text, _BODIES[form])
        else:
            source = read_source(text, name=name, format=form)
            draft = Draft("\n\n".join(turn.text for turn in source.turns), "plain", source.title)
    if not any(character.isalnum() for character in draft.body):
        raise fault_in_file(name, "", "has no words.")
    return draft


def _with_format(
    data: bytes | str, name: str | None, form: SourceFormat | None
) -> tuple[bytes | str, SourceFormat]:
    if len(data) > MAX_FILE_BYTES:
        raise fault_in_file(name, "", f"is larger than {MAX_FILE_BYTES // 1_000_000} MB.")
    if form is None and isinstance(data, bytes):
        form = format_of_bytes(data, name)
    return (data, form) if form is not None else _by_text(_as_text(data, name), data, name)


def _by_text(text: str, data: bytes | str, name: str | None) -> tuple[bytes | str, SourceFormat]:
    """The format that a text looks like; a mail stays as bytes: its parts have encodings of their own."""
    form = format_of_text(text, name)
    return (data if form in _PACKED else text), form


def _as_text(data: bytes | str, name: str | None) -> str:
    if isinstance(data, bytes):
        return decode(data, name)
    return normalise_line_ends(data.removeprefix("\ufeff"))


def _unpack(data: bytes | str, form: SourceFormat, name: str | None) -> Unpacked:
    return unpack(data.encode("utf-8", "replace") if isinstance(data, str) else data, form, name)


def _bounded(lines: list[Line], name: str | None) -> list[Line]:
    if len(lines) > MOST_LINES:
        raise fault_in_file(name, "", f"has more than {MOST_LINES:,} lines. Divide it into parts.")
    return lines


def _checked(source: ParsedSource, name: str | None) -> ParsedSource:
    """The source, if it has words and no more of them than are taken."""
    if not source.turns:
        raise fault_in_file(name, "", "has no words.")
    if sum(len(turn.text.encode("utf-8", "replace")) for turn in source.turns) > MAX_SOURCE_BYTES:
        raise fault_in_file(
            name, "", f"has more than {MAX_SOURCE_BYTES // 1_000_000} MB of words. Divide it."
        )
    return replace(source, title=source.title[:300]) if source.title else source
