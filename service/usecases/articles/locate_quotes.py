"""The words and positions of a document's quotations, as answers show them."""

from __future__ import annotations

from collections.abc import Sequence

from service.extraction.models import Quotation
from service.text.selectors import select
from service.text.span import Span, join_spans
from service.usecases.articles.analysis import Excerpt, LocatedQuote, PositionSelector, QuoteSelector


def locate_quote(text: str, quotation: Quotation) -> LocatedQuote:
    """A quotation with the words at its spans; every string is derived from the offsets."""
    hull = Span(quotation.content[0].start, quotation.content[-1].end)
    words = select(text, hull)
    return LocatedQuote(
        type=quotation.type,
        act=quotation.act,
        content=Excerpt(join_spans(text, quotation.content), quotation.content),
        passages=quotation.passages,
        cue=excerpt(text, quotation.cue),
        source=excerpt(text, quotation.source),
        speaker=quotation.speaker,
        via=quotation.via,
        selector=(
            QuoteSelector(words.exact, words.prefix, words.suffix),
            PositionSelector(hull.start, hull.end),
        ),
    )


def excerpt(text: str, spans: Sequence[Span]) -> Excerpt | None:
    """The words at the spans, None if there are no spans."""
    return Excerpt(join_spans(text, spans), tuple(spans)) if spans else None
