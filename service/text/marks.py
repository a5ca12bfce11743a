"""Quotation marks in any style, paired into passages.

A paragraph's marks are read as a whole: of all ways to open, close and pass over them the one that goes least
against typography is taken (`service.text.marking` prices each step, `service.text.pairing` searches). So one
stray mark costs itself, and does not turn every later pair inside out.
"""

from __future__ import annotations

from dataclasses import dataclass

from service.text.marking import Family, Mark, find_marks
from service.text.pairing import Pair, pair_marks
from service.text.segments import find_paragraphs
from service.text.span import Span


@dataclass(frozen=True, slots=True)
class Passage:
    """Words in quotation marks.

    `span` is the words, `outer` the same with the marks. A passage that is not `closed` runs to the end of its
    paragraph. One that `continues` goes on with the quotation that the paragraph before left open. `depth` is 0
    for the outermost.
    """

    span: Span
    outer: Span
    closed: bool
    continues: bool
    depth: int


def find_passages(text: str) -> list[Passage]:
    """Every marked passage in text order, an outer one before those within it. Never raises; linear in the text."""
    passages: list[Passage] = []
    paragraphs = find_paragraphs(text)
    groups = _by_paragraph(find_marks(text), paragraphs)
    left_open: Family | None = None
    for index, (paragraph, marks) in enumerate(zip(paragraphs, groups, strict=True)):
        begins_next = _begins(paragraphs[index + 1], groups[index + 1]) if index + 1 < len(groups) else None
        continues = left_open is not None and _begins(paragraph, marks) == left_open
        pairs = pair_marks(marks, begins_next)
        left_open = None
        for pair in pairs:
            opens_paragraph = pair.opening.start == paragraph.start
            passage = _passage(text, paragraph, pair, continues and opens_paragraph)
            if passage is not None:
                passages.append(passage)
                if pair.closing is None and pair.cut_at is None and pair.depth == 0:
                    left_open = pair.opening.family
    return passages


def _by_paragraph(marks: list[Mark], paragraphs: list[Span]) -> list[list[Mark]]:
    groups: list[list[Mark]] = []
    place = 0
    for paragraph in paragraphs:
        first = place
        while place < len(marks) and marks[place].start < paragraph.end:
            place += 1
        groups.append(marks[first:place])
    return groups


def _begins(paragraph: Span, marks: list[Mark]) -> Family | None:
    """The family of the mark that opens at the very start of a paragraph, if one does."""
    if marks and marks[0].start == paragraph.start and marks[0].opens < 1:
        return marks[0].family
    return None


def _passage(text: str, paragraph: Span, pair: Pair, continues: bool) -> Passage | None:
    """The words of a pair, white space at their ends left out; None where there are no words."""
    start, end = pair.opening.end, paragraph.end
    if pair.closing is not None:
        end = pair.closing.start
    elif pair.cut_at is not None:
        end = pair.cut_at
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    end = start + len(words.strip())
    if start >= end:
        return None
    outer_end = pair.closing.end if pair.closing is not None else end
    return Passage(
        Span(start, end), Span(pair.opening.start, outer_end), pair.closing is not None, continues, pair.depth
    )
