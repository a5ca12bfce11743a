"""An article's text in paragraphs and pieces, each with the quotations that contain it. Pure.

Quotations may be nested and overlap, and one may span several paragraphs; HTML elements can do
none of that, so every piece is marked separately.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

PARAGRAPH: Final = re.compile(r"[^\r\n\u2028\u2029]+")
MOST_AROUND: Final = 6  # quotes that one piece tells of: a reader follows no more, and the page stays small


@dataclass(frozen=True, slots=True)
class Marked:
    """A quotation to mark: its number and its half-open ranges of code points."""

    number: int
    spans: tuple[tuple[int, int], ...]

    @property
    def length(self) -> int:
        """Code points that it covers."""
        return sum(end - start for start, end in self.spans)


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text, the quotations that contain it, innermost first, and those that begin with it."""

    text: str
    around: tuple[int, ...] = ()
    begins: tuple[int, ...] = ()


def cut_paragraphs(text: str, quotes: Iterable[Marked]) -> list[list[Piece]]:
    """The paragraphs of a text, each as its pieces in order. Together the pieces are the paragraph's text."""
    known = {quote.number: quote for quote in quotes}
    edges = sorted({edge for quote in known.values() for span in quote.spans for edge in span})
    coverage = list(_cover(edges, known))
    paragraphs, place = [], 0
    for found in PARAGRAPH.finditer(text):
        if not found[0].strip():
            continue
        while place < len(coverage) and coverage[place].end <= found.start():
            place += 1
        pieces = list(_cut(text, found.start(), found.end(), coverage, place))
        paragraphs.append(pieces)
    return _begin(paragraphs)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Between two neighbouring edges the same quotes are around everywhere."""

    start: int
    end: int
    around: tuple[int, ...]


def _cover(edges: Sequence[int], quotes: Mapping[int, Marked]) -> Iterator[_Stretch]:
    opening: dict[int, list[int]] = {}
    closing: dict[int, list[int]] = {}
    for quote in quotes.values():
        for start, end in quote.spans:
            if start < end:
                opening.setdefault(start, []).append(quote.number)
                closing.setdefault(end, []).append(quote.number)
    around: list[int] = []
    for start, end in pairwise(edges):
        for number in closing.get(start, ()):
            around.remove(number)
        around.extend(opening.get(start, ()))
        if around:
            innermost = sorted(set(around), key=lambda number: (quotes[number].length, number))
            yield _Stretch(start, end, tuple(innermost[:MOST_AROUND]))


def _cut(text: str, start: int, end: int, coverage: Sequence[_Stretch], place: int) -> Iterator[Piece]:
    at = start
    while place < len(coverage) and coverage[place].start < end:
        stretch = coverage[place]
        first, last = max(stretch.start, start), min(stretch.end, end)
        if at < first:
            yield Piece(text[at:first])
        if first < last:
            yield Piece(text[first:last], stretch.around)
        at = max(at, last)
        place += 1
    if at < end:
        yield Piece(text[at:end])


def _begin(paragraphs: list[list[Piece]]) -> list[list[Piece]]:
    """Mark the piece with which each quotation begins: the first that is shown as part of it."""
    begun: set[int] = set()
    for pieces in paragraphs:
        for place, piece in enumerate(pieces):
            begins = tuple(sorted(number for number in piece.around if number not in begun))
            if begins:
                begun.update(begins)
                pieces[place] = Piece(piece.text, piece.around, begins)
    return paragraphs
