"""Which format a file has: by its first bytes, by what its text looks like, and last by its name."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Final, get_args

from service.sources.models import SourceFormat, fault_in_file

FORMATS: Final[tuple[SourceFormat, ...]] = get_args(SourceFormat)
PACKED: Final = frozenset(("docx", "odt", "rtf", "pdf"))  # of bytes, read in a process of their own

_RECORDINGS: Final = (
    b"ID3",
    b"\xff\xfb",
    b"\xff\xf3",
    b"\xff\xf1",
    b"OggS",
    b"fLaC",
    b"\x1a\x45\xdf\xa3",
    b"caff",
    b"#!AMR",
)
_IMAGES: Final = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*", b"BM")
_SPREADSHEETS: Final = (b"xl/workbook.xml", b"ppt/presentation.xml")
_TIMING: Final = re.compile(
    r"^[^\S\n]*+(?:\d{1,3}:)?\d{1,2}:\d{1,2}[.,]\d{1,3}\s*+-->\s*+(?:\d{1,3}:)?\d", re.MULTILINE
)
_HTML: Final = re.compile(r"<!doctype html|<(?:html|body|head)[\s>]", re.IGNORECASE)
_TAGS: Final = re.compile(
    r"</(?:p|div|li|h[1-6]|td|tr|strong|em|blockquote|span)>|<(?:br|p|div)[\s/>]", re.IGNORECASE
)
_MAIL_FIELD: Final = re.compile(
    r"(?:From|To|Subject|Date|Received|Return-Path|MIME-Version|Message-ID|Delivered-To|Content-Type|Reply-To|Cc"
    r"|X-[\w-]+|DKIM-Signature|ARC-[\w-]+|Authentication-Results):",
    re.IGNORECASE,
)
_MARKDOWN: Final = re.compile(
    r"^#{1,6} \S|^\*\*[^*\n]{1,80}\*\*|^__[^_\n]{1,80}__|^> |\[[^\]\n]{1,80}\]\(https?://"
    r"|^\*[^*\n ][^*\n]{0,80}\*",
    re.MULTILINE,
)
_NAMES: Final[dict[str, SourceFormat]] = {
    ".md": "markdown", ".markdown": "markdown", ".htm": "html", ".html": "html", ".srt": "srt", ".vtt": "vtt",
    ".txt": "text", ".text": "text", ".json": "whisper", ".ndjson": "whisper", ".jsonl": "whisper",
    ".eml": "eml",
}  # fmt: skip


def check_format(form: str) -> SourceFormat | None:
    """The format of that name; None for "auto".

    Raises:
        SourceFileError: there is none of that name.
    """
    if form == "auto":
        return None
    for known in FORMATS:
        if form == known:
            return known
    raise fault_in_file(None, "", f"{form[:40]!r} is no format; there are: auto, {', '.join(FORMATS)}.")


def format_of_bytes(data: bytes, name: str | None) -> SourceFormat | None:
    """The format that a file's first bytes tell; None for what is a text, as far as they tell.

    Raises:
        SourceFileError: it is a recording, a picture or another kind of file without words to read.
    """
    head = data[:1_024]
    if b"%PDF-" in head:
        return "pdf"
    if head.lstrip().startswith(b"{\\rtf"):
        return "rtf"
    if head.startswith(b"PK\x03\x04"):
        return _format_of_zip(data, name)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise fault_in_file(name, "", "is in the old format of Word (.doc). Save it as .docx.")
    is_recording = head.startswith(_RECORDINGS) or head[4:8] == b"ftyp" or (head.startswith(b"RIFF"))
    if is_recording:
        raise fault_in_file(name, "", "is a recording. Transcribe it first, and give the transcript.")
    if head.startswith(_IMAGES) and b"\0" in head:
        raise fault_in_file(name, "", "is a picture. Run it through text recognition first.")
    if head.startswith((b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ")):
        raise fault_in_file(name, "", "is an archive. Unpack it, and give the file in it.")
    return None


def _format_of_zip(data: bytes, name: str | None) -> SourceFormat:
    if b"mimetypeapplication/vnd.oasis.opendocument.text" in data[:200]:
        return "odt"
    if b"word/document" in data or b"wordprocessingml" in data:
        return "docx"
    if any(part in data for part in _SPREADSHEETS):
        raise fault_in_file(name, "", "is a spreadsheet or slides. Save its words as text or .docx.")
    if b"content.xml" in data and b"META-INF/manifest.xml" in data:
        return "odt"
    raise fault_in_file(name, "", "is an archive. Unpack it, and give the file in it.")


def format_of_text(text: str, name: str | None) -> SourceFormat:
    """The format that a text looks like, else the one its name tells, else plain text.

    Raises:
        SourceFileError: it is in a format of subtitles that is not read.
    """
    head = text[:20_000].lstrip()
    if head.startswith("[Script Info]") or "http://www.w3.org/ns/ttml" in head[:2_000]:
        raise fault_in_file(
            name, "", "is in a format of subtitles that is not read. Save it as .srt or .vtt."
        )
    if head.startswith("WEBVTT"):
        return "vtt"
    named = _NAMES.get(PurePath(name).suffix.lower()) if name else None
    if head.startswith(("[", "{")) and (named in (None, "whisper") or _is_json(head)) and _is_json(head):
        return "whisper"
    if len(_TIMING.findall(head)) >= (1 if named in ("srt", "vtt") else 2):
        return "srt"
    return "eml" if named == "eml" or _is_mail(head) else _format_of_words(head, named)


def _format_of_words(head: str, named: SourceFormat | None) -> SourceFormat:
    if _HTML.search(head[:2_000]) or (named == "html" and "<" in head) or len(_TAGS.findall(head)) >= 4:
        return "html"
    if named == "markdown" or ((named in (None, "text")) and len(_MARKDOWN.findall(head)) >= 2):
        return "markdown"
    return "text"


def _is_json(head: str) -> bool:
    rest = head[1:200].lstrip()
    return rest[:1] in ('"', "{") if head[0] == "{" else rest[:1] in ("{", "[", "")


def _is_mail(head: str) -> bool:
    """Whether a text begins with the header of a mail: three fields or more, one of them saying from whom."""
    fields = []
    for line in head.split("\n")[:60]:
        if not line.strip():
            break
        if _MAIL_FIELD.match(line):
            fields.append(line.split(":", 1)[0].lower())
        elif not line.startswith((" ", "\t")):
            return False
    return len(fields) >= 3 and "from" in fields and ("subject" in fields or "date" in fields)
