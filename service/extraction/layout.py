"""Where things stand on the page: the paragraphs, sentences and marked passages the network is shown."""

from __future__ import annotations

from collections.abc import Sequence

from service.extraction.encoding import Layout
from service.text.document import Document
from service.text.marks import Passage, find_passages
from service.text.segments import find_paragraphs, find_sentences
from service.text.span import Span


def read_layout(document: Document) -> Layout:
    """The layout of a document.

    A block quotation counts as a passage whose marks are the block's own shape.
    """
    text = document.text
    marked = [passage for passage in find_passages(text) if passage.depth == 0]
    blocks = _block_quotations(document, marked)
    return Layout(
        paragraphs=find_paragraphs(text),
        sentences=find_sentences(text),
        passages=sorted([*marked, *blocks], key=lambda passage: passage.outer) if blocks else marked,
    )


def _block_quotations(document: Document, marked: Sequence[Passage]) -> list[Passage]:
    """Block quotes that hold no marks of their own; with marks inside, those tell."""
    blocks = [Span(block.start, block.end) for block in document.blocks if block.kind == "blockquote"]
    found: list[Passage] = []
    at = 0
    for block in blocks:
        while at < len(marked) and marked[at].outer.end <= block.start:
            at += 1
        holds_marks = at < len(marked) and marked[at].outer.start < block.end
        if block.start < block.end and not holds_marks:
            found.append(Passage(block, block, closed=True, continues=False, depth=0))
    return found
