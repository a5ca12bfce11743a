"""Markdown to text: CommonMark is converted to HTML and read as such."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from markdown_it import MarkdownIt

from service.text.document import Document
from service.text.html import SURROGATES, read_html
from service.text.metadata import NOTHING, split_front_matter

# No typographer: the writer's marks stay as sent. No indented code: articles indent paragraphs, not programs.
LINK_RULES = ["link", "image"]


def read_markdown(body: str, language: str | None = None) -> Document:
    """The article's text and blocks; HTML within it is read as HTML. Raises on no string."""
    metadata, body = split_front_matter(body)
    parser = _parser(has_tex_quotes(body), "](" in body or "]:" in body)
    document = read_html(parser.render(SURROGATES.sub("\ufffd", body)), language or metadata.language)
    return document if metadata is NOTHING else replace(document, metadata=metadata)


@cache
def _parser(has_tex: bool, has_links: bool) -> MarkdownIt:
    """Without the rules of links where no link can be: each bracket costs them much (`![[![[`…)."""
    parser = MarkdownIt("commonmark", {"html": True, "typographer": False}).disable("code")
    if has_tex:
        parser.disable("backticks")
    return parser if has_links else parser.disable(LINK_RULES)


def has_tex_quotes(body: str) -> bool:
    """Whether back-ticks are ``quotation marks'' here, and not marks of code."""
    return "``" in body and "''" in body
