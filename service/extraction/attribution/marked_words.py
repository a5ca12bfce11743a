"""The parts of a content that are inside quotation marks.

Its passages, its type, and where its words begin and end.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from service.extraction.models import QuotationType
from service.extraction.tagger.encoding import MarkedPassage
from service.text.segments import find_words
from service.text.span import Span


class Marks:
    """The outermost passages of a text, in order, to be asked about spans."""

    def __init__(self, text: str, passages: Sequence[MarkedPassage]) -> None:
        self.text = text
        self.passages = passages
        self._starts = [passage.outer.start for passage in passages]

    def touching(self, span: Span) -> Sequence[MarkedPassage]:
        """The passages that share a character, marks counted, with the span."""
        first = max(0, bisect_right(self._starts, span.start) - 1)
        last = bisect_right(self._starts, span.end - 1)
        return [passage for passage in self.passages[first:last] if passage.outer.overlaps(span)]

    def within(self, spans: Sequence[Span]) -> tuple[Span, ...]:
        """The marked words inside the spans, marks left out.

        A passage without any word counts for nothing.
        """
        shared = (
            Span(max(span.start, passage.span.start), min(span.end, passage.span.end))
            for span in spans
            for passage in self.touching(span)
            if passage.span.overlaps(span)
        )
        return tuple(span for span in shared if find_words(span.of(self.text)))

    def type_of(self, spans: Sequence[Span]) -> QuotationType:
        """Direct where every word of the spans is inside marks, mixed where some are, else indirect."""
        inside = outside = 0
        for span in spans:
            for word in find_words(span.of(self.text)):
                if self._holds(span.start + word.start):
                    inside += 1
                else:
                    outside += 1
        if not inside:
            return "indirect"
        return "mixed" if outside else "direct"

    def _holds(self, at: int) -> bool:
        """Whether a character is inside a passage, marks not counted. Outermost passages do not overlap."""
        before = bisect_right(self._starts, at) - 1
        return before >= 0 and self.passages[before].span.start <= at < self.passages[before].span.end

    def trim(self, span: Span) -> Span:
        """Leave out the marks around a span that is one marked passage; keep both marks of a fragment inside
        it.

        White space at the ends is left out too.
        """
        for passage in self.touching(span):
            if passage.outer.contains(span) and span.contains(passage.span):
                return passage.span
            if span.contains(passage.span):
                span = Span(min(span.start, passage.outer.start), max(span.end, passage.outer.end))
            elif passage.span.start <= span.start and passage.span.end == span.end - 1:
                span = Span(span.start, passage.span.end)  # a closing mark without its opening one
        words = span.of(self.text)
        start = span.start + len(words) - len(words.lstrip())
        return Span(start, start + len(words.strip()))
