"""Markdown in: CommonMark made into HTML, and then read as HTML is."""

from __future__ import annotations

from markdown_it import MarkdownIt

from service.text.document import Document
from service.text.html import SURROGATES, read_html

# No typographer: the writer's marks stay as sent. No indented code: articles indent paragraphs, not programs.
COMMONMARK = MarkdownIt("commonmark", {"html": True, "typographer": False}).disable("code")


def read_markdown(body: str, language: str | None = None) -> Document:
    """The article's text and blocks; inline HTML is read as HTML. Never raises on any string."""
    return read_html(COMMONMARK.render(SURROGATES.sub("\ufffd", body)), language)
