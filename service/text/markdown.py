"""Markdown to text: CommonMark is converted to HTML and read as such."""

from __future__ import annotations

from markdown_it import MarkdownIt

from service.text.document import Document
from service.text.html import SURROGATES, read_html

# No typographer: the writer's marks stay as sent. No indented code: articles indent paragraphs, not programs.
COMMONMARK = MarkdownIt("commonmark", {"html": True, "typographer": False}).disable("code")
WITHOUT_CODE = MarkdownIt("commonmark", {"html": True, "typographer": False}).disable(["code", "backticks"])


def read_markdown(body: str, language: str | None = None) -> Document:
    """The article's text and blocks; HTML within it is read as HTML. Raises on no string."""
    parser = WITHOUT_CODE if has_tex_quotes(body) else COMMONMARK
    return read_html(parser.render(SURROGATES.sub("\ufffd", body)), language)


def has_tex_quotes(body: str) -> bool:
    """Whether back-ticks are ``quotation marks'' here, and not marks of code."""
    return "``" in body and "''" in body
