"""Half-open ranges of code points."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Span(NamedTuple):
    """`text[start:end]`; `0 <= start <= end`, in Unicode code points."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The words this span covers."""
        return text[self.start : self.end]

    def contains(self, other: Span) -> bool:
        """Whether all of `other` lies within this span."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """Whether the two share at least one code point."""
        return self.start < other.end and other.start < self.end


GAP = " … "  # where text was passed over: nobody promised that the parts touch


def join_spans(text: str, spans: Iterable[Span], gap: str = GAP) -> str:
    """The words of several spans in order, with `gap` where text was passed over."""
    return gap.join(span.of(text) for span in spans)
