"""The layout of a document for the network: paragraphs, sentences and marked passages."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from operator import attrgetter
from typing import TypeVar

from service.extraction.tagger.encoding import Layout
from service.extraction.thresholds import CHAPTER
from service.text.document import Document
from service.text.marks import Passage, recall_passages
from service.text.segments import find_paragraphs, find_sentences
from service.text.span import Span

T = TypeVar("T")


def read_layout(document: Document) -> Layout:
    """The layout of a document.

    A block quotation counts as a passage whose marks are the block's own shape.
    """
    text = document.text
    marked = [passage for passage in recall_passages(text) if passage.depth == 0]
    blocks = _block_quotations(document, marked)
    return Layout(
        paragraphs=find_paragraphs(text),
        sentences=find_sentences(text),
        passages=sorted([*marked, *blocks], key=lambda passage: passage.outer) if blocks else marked,
        blocks=document.blocks,
    )


def split_chapters(text: str, layout: Layout) -> Iterator[Layout]:
    """The text in chapters, each with its part of the layout; most texts are one.

    Reading takes a kilobyte of memory for each word, and some rules look at all that was read: so a text as
    long as a book is read as several. A chapter ends with a paragraph where one ends in its second half, else
    with a sentence, else where it is full.
    """
    if len(text) <= CHAPTER:
        yield layout
        return
    ends = [[span.end for span in spans] for spans in (layout.paragraphs, layout.sentences)]
    start = 0
    while start < len(text):
        end = start + CHAPTER
        fitting = (_last_upto(found, end) for found in ends)
        cut = next((last for last in fitting if last > start + CHAPTER // 2), end)
        extent = Span(start, min(cut if end < len(text) else end, len(text)))
        yield replace(
            layout,
            paragraphs=_touching(layout.paragraphs, extent, attrgetter("start"), attrgetter("end")),
            sentences=_touching(layout.sentences, extent, attrgetter("start"), attrgetter("end")),
            passages=_touching(layout.passages, extent, attrgetter("outer.start"), attrgetter("outer.end")),
            extent=extent,
        )
        start = extent.end


def _last_upto(ends: Sequence[int], limit: int) -> int:
    at = bisect_right(ends, limit)
    return ends[at - 1] if at else 0


def _touching(
    spans: Sequence[T], extent: Span, start: Callable[[T], int], end: Callable[[T], int]
) -> Sequence[T]:
    """The spans that share a character with the extent; they are in order and do not overlap."""
    return spans[bisect_right(spans, extent.start, key=end) : bisect_left(spans, extent.end, key=start)]


def _block_quotations(document: Document, marked: Sequence[Passage]) -> list[Passage]:
    """Block quotes that hold no marks of their own; with marks inside, those tell.

    One of several paragraphs goes on from each to the next.
    """
    quoted = [block for block in document.blocks if block.kind in {"blockquote", "post"}]
    joined = {other.start: one.end for one, other in pairwise(quoted) if one.group == other.group != 0}
    open_ends = set(joined.values())
    blocks = [Span(block.start, block.end) for block in quoted]
    found: list[Passage] = []
    at = 0
    for block in blocks:
        while at < len(marked) and marked[at].outer.end <= block.start:
            at += 1
        holds_marks = at < len(marked) and marked[at].outer.start < block.end
        if block.start < block.end and not holds_marks:
            is_last, continues = block.end not in open_ends, block.start in joined
            found.append(Passage(block, block, closed=is_last, continues=continues, depth=0))
    return found
