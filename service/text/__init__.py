"""Documents: plain text, HTML or Markdown to text, paragraphs, sentences and quotation marks. Pure."""

from __future__ import annotations

from service.text.document import Block, BlockKind, Document, Format
from service.text.html import read_html
from service.text.markdown import read_markdown
from service.text.marks import Passage, find_passages
from service.text.plain import read_plain
from service.text.segments import find_paragraphs, find_sentences, find_words
from service.text.selectors import TextQuote, locate, select
from service.text.span import Span, join_spans

__all__ = [
    "Block",
    "BlockKind",
    "Document",
    "Format",
    "Passage",
    "Span",
    "TextQuote",
    "find_paragraphs",
    "find_passages",
    "find_sentences",
    "find_words",
    "join_spans",
    "locate",
    "read_document",
    "select",
]

READERS = {"plain": read_plain, "html": read_html, "markdown": read_markdown}


def read_document(body: str, format: Format, language: str | None = None) -> Document:
    """Reduce `body` to text and blocks. Plain text stays exactly as sent. Never raises on any string."""
    return READERS[format](body, language)
