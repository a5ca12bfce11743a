"""W3C Web Annotation text quote selectors: words with what stands around them, to find a place again."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile

from service.text.span import Span

# Comparisons spent on places where the words stand; words that are found so often say nothing of where.
MOST_WORK = 20_000_000


@dataclass(frozen=True, slots=True)
class TextQuote:
    """`exact` words, with the text right before them (`prefix`) and right after them (`suffix`)."""

    exact: str
    prefix: str
    suffix: str


def select(text: str, span: Span, context: int = 32) -> TextQuote:
    """The selector of `span`, with `context` code points a side at most and no accent without its letter."""
    before = max(0, span.start - context)
    while before < span.start and unicodedata.combining(text[before]):
        before += 1
    after = min(len(text), span.end + context)
    while span.end < after < len(text) and unicodedata.combining(text[after]):
        after -= 1
    return TextQuote(span.of(text), text[before : span.start], text[span.end : after])


def locate(text: str, quote: TextQuote) -> Span | None:
    """Where `quote` stands in a text that may have changed around it.

    Of several places the one whose surroundings agree most. None if the words are absent, or where two
    places agree equally well.
    """
    best: int | None = None
    most = -1
    for start in _places(text, quote):
        agreement = _agreement(text, start, quote)
        if agreement > most:
            best, most = start, agreement
        elif agreement == most:
            best = None
    return None if best is None else Span(best, best + len(quote.exact))


def _places(text: str, quote: TextQuote) -> Iterator[int]:
    """Each start of the exact words in `text`, overlapping ones too."""
    if not quote.exact:
        return
    work = MOST_WORK
    cost = len(quote.exact) + len(quote.prefix) + len(quote.suffix)
    start = text.find(quote.exact)
    while start >= 0 and work > 0:
        yield start
        work -= cost
        start = text.find(quote.exact, start + 1)


def _agreement(text: str, start: int, quote: TextQuote) -> int:
    """How many code points around `start` are as the quote has them, counted outwards."""
    end = start + len(quote.exact)
    before = text[max(0, start - len(quote.prefix)) : start]
    after = text[end : end + len(quote.suffix)]
    return _shared(reversed(before), reversed(quote.prefix)) + _shared(after, quote.suffix)


def _shared(one: Iterable[str], other: Iterable[str]) -> int:
    """The length of the beginning that two runs of characters share."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
