"""Plain text, kept exactly as it was sent."""

from __future__ import annotations

from service.text.document import Block, Document
from service.text.segments import find_paragraphs


def read_plain(body: str, language: str | None = None) -> Document:
    """`body` itself, a block for each line with content."""
    blocks = tuple(Block(span.start, span.end, "paragraph") for span in find_paragraphs(body))
    return Document(body, blocks, language)
