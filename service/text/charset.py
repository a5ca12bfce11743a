"""The text of a file's bytes, in the encoding that the file declares."""

from __future__ import annotations

import codecs
import re
from typing import Final

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED: Final = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_XML: Final = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{2,40})", re.IGNORECASE)
HEAD: Final = 4096  # bytes in which a page declares its encoding; browsers read 1,024
# As browsers do: what calls itself Latin 1 or ASCII is Windows-1252.
_AS_WINDOWS: Final = frozenset({"iso8859-1", "ascii"})


def decode_page(body: bytes, sent_as: str | None = None) -> str:
    """The text of an HTML page. `sent_as` is the encoding that its sender names, before what it declares.

    Raises UnicodeDecodeError if it is neither UTF-8 nor as one of these says.
    """
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body.decode(encoding)
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        encoding_declared = _known(sent_as or "") or _declared(body[:HEAD])
        if encoding_declared is None:
            raise
        return body.decode(encoding_declared, "replace" if encoding_declared == "cp1252" else "strict")


def _declared(head: bytes) -> str | None:
    """The encoding that a page declares; None if there is none."""
    found = _DECLARED.search(head) or _XML.match(head.lstrip())
    return _known(found[1].decode("ascii")) if found is not None else None


def _known(name: str) -> str | None:
    """The name of an encoding as Python knows it; None for UTF, which was tried, and for what is none."""
    try:
        codec = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    if not codec._is_text_encoding or codec.name.startswith(("utf-8", "utf-16")):
        return None
    return "cp1252" if codec.name in _AS_WINDOWS else codec.name
