"""From a document's quotations to the words and places that an answer shows."""

from __future__ import annotations

from collections.abc import Sequence

from service.extraction.quotation import Quotation
from service.text.selectors import select
from service.text.span import Span
from service.usecases.analysis import Excerpt, LocatedQuote, PositionSelector, QuoteSelector
from service.usecases.claims import joined_content


def locate_quote(text: str, quotation: Quotation) -> LocatedQuote:
    """A quotation with the words at its spans; every string is derived from the offsets."""
    hull = Span(quotation.content[0].start, quotation.content[-1].end)
    words = select(text, hull)
    return LocatedQuote(
        type=quotation.type,
        act=quotation.act,
        content=Excerpt(joined_content(text, quotation.content), quotation.content),
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
    """The words at the spans, None where there are no spans."""
    return Excerpt(joined_content(text, spans), tuple(spans)) if spans else None
