"""Markdown to text: CommonMark is converted to HTML and read as such."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from markdown_it import MarkdownIt

from service.text.document import Document
from service.text.html import SURROGATES, read_html
from service.text.metadata import NOTHING, split_front_matter

# No typographer: the writer's marks stay as sent. No indented code: articles indent paragraphs, not programs.
_OPTIONS = {"html": True, "typographer": False}
#: What a text must hold for a rule of the parser to apply; it would be tried on every line, or at every mark.
_NEEDED: dict[str, re.Pattern[str]] = {
    "fence": re.compile("```|~~~"),
    "blockquote": re.compile(">"),
    "hr": re.compile(r"(?:[*_-][ \t]*){3}(?![^\r\n])"),
    "lheading": re.compile(r"[=-][ \t]*(?![^\r\n])"),
    "heading": re.compile("#"),
    "html_block": re.compile("<"),
    "reference": re.compile(r"\]:"),
    "list": re.compile(r"[*+-]|\d[.)]"),
    "link": re.compile(r"\]\(|\]:"),
    "image": re.compile(r"\]\(|\]:"),
}


def read_markdown(body: str, language: str | None = None) -> Document:
    """The article's text and blocks; HTML within it is read as HTML. Raises on no string."""
    metadata, body = split_front_matter(body)
    unused = frozenset(rule for rule, needed in _NEEDED.items() if needed.search(body) is None)
    parser = _parser(has_tex_quotes(body), unused)
    document = read_html(parser.render(SURROGATES.sub("\ufffd", body)), language or metadata.language)
    return document if metadata is NOTHING else replace(document, metadata=metadata)


@lru_cache(maxsize=256)
def _parser(has_tex: bool, unused: frozenset[str]) -> MarkdownIt:
    """A parser without the rules that cannot apply."""
    parser = MarkdownIt("commonmark", _OPTIONS).disable(["code", *unused])
    return parser.disable("backticks") if has_tex else parser


def has_tex_quotes(body: str) -> bool:
    """Whether back-ticks are ``quotation marks'' here, and not marks of code."""
    return "``" in body and "''" in body
