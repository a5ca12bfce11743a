"""W3C Web Annotation text quote selectors: words with what stands around them, to find a place again."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from service.text.span import Span


@dataclass(frozen=True, slots=True)
class TextQuote:
    """`exact` words, and up to some code points of the text right before and after them."""

    exact: str
    prefix: str
    suffix: str


def select(text: str, span: Span, context: int = 32) -> TextQuote:
    """The selector of `span`, `context` code points on each side at most, no accent cut from its letter."""
    before = max(0, span.start - context)
    while before < span.start and unicodedata.combining(text[before]):
        before += 1
    after = min(len(text), span.end + context)
    while span.end < after < len(text) and unicodedata.combining(text[after]):
        after -= 1
    return TextQuote(span.of(text), text[before : span.start], text[span.end : after])


def locate(text: str, quote: TextQuote) -> Span | None:
    """Where `quote` stands: its words with the most context agreeing. None where absent or ambiguous."""
    if not quote.exact:
        return None
    whole = _find_once(text, quote.prefix + quote.exact + quote.suffix)
    if whole is not None:
        start = whole + len(quote.prefix)
        return Span(start, start + len(quote.exact))
    return None


def _find_once(text: str, words: str) -> int | None:
    """The one place `words` stands at, or None."""
    first = text.find(words)
    return first if first >= 0 and text.find(words, first + 1) < 0 else None
