"""Which pieces make one quotation.

The network links each content to a cue, wherever it stands. A reader sees more: words in marks that a new
sentence or a new paragraph opens are a quotation of their own beside the reported clause before them, and a
quotation that a paragraph leaves open goes on in the next, even where somebody else is named there.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from service.extraction.attribution.marked_words import Marks
from service.extraction.models import Attribution
from service.extraction.tagger.encoding import Layout, MarkedPassage
from service.extraction.thresholds import SHORT_REPLY
from service.text.span import Span, join_spans

_JOINING: Final = re.compile(r"[\s,;]*(?:(?:and|or|&|then|,)[\s,;]*)*")
_COLON: Final = re.compile(r":\s*[\"“”„«‘'`]*$")
_UNENDED: Final = re.compile(r"\A[,;] *\n")
_NUMBER: Final = 5  # characters of a number or bullet before the words of a line


class Grouping:
    """The places of one text's pieces: their passages, sentences and paragraphs."""

    def __init__(self, text: str, layout: Layout, marks: Marks) -> None:
        self._text = text
        self._marks = marks
        self._paragraphs = layout.paragraphs
        self._paragraph_starts = [span.start for span in layout.paragraphs]
        self._sentences = [span.start for span in layout.sentences]

    def split(self, attribution: Attribution) -> list[Attribution]:
        """The attribution as the quotations that its pieces are, each with its cue and its source."""
        pieces = [part for span in attribution.content for part in self._joined_passages(span)]
        groups: list[list[Span]] = [pieces[:1]]
        for left, right in pairwise(pieces):
            if self._is_apart(left, right, attribution) and not self._is_resumed(
                groups[-1], right, attribution
            ):
                groups.append([])
            groups[-1].append(right)
        return [self._part(attribution, group, len(groups) > 1) for group in groups]

    def merge(self, attributions: Sequence[Attribution]) -> list[Attribution]:
        """Attributions in text order, with each quotation that goes on under another cue as one."""
        result: list[Attribution] = []
        for found in sorted(attributions, key=lambda each: each.content[0]):
            if result and self._goes_on(result[-1], found):
                result[-1] = replace(result[-1], content=(*result[-1].content, *found.content))
            else:
                result.append(found)
        return result

    def adopt(self, attributions: Sequence[Attribution]) -> list[Attribution]:
        """Attributions in text order; a quotation that was cut off takes the source of its own paragraph."""
        result: list[Attribution] = []
        for found in attributions:
            before = result[-1] if result else None
            if (
                not (found.cue or found.source)
                and before is not None
                and self._paragraph(before.content[-1].start) == self._paragraph(found.content[0].start)
            ):
                result.append(replace(found, cue=before.cue, source=before.source))
            else:
                result.append(found)
        return result

    def part_dialogue(self, attributions: Sequence[Attribution]) -> list[Attribution]:
        """Attributions in text order. Of short replies, a paragraph each, those without a cue are left open:
        two people speak in turn.
        """
        replies: dict[int, Attribution] = {}
        for each in attributions:
            for span in each.content:
                if self._is_reply(span):
                    replies.setdefault(self._paragraph(span.start), each)
        result: list[Attribution] = []
        for each in attributions:
            kept = [span for span in each.content if not self._is_answered(span, each, replies)]
            loose = [span for span in each.content if span not in kept]
            if kept:
                result.append(replace(each, content=tuple(kept)))
            result += [replace(each, content=(span,), cue=(), source=()) for span in loose]
        return sorted(result, key=lambda each: each.content[0])

    def _is_answered(self, span: Span, each: Attribution, replies: dict[int, Attribution]) -> bool:
        """Whether a reply without a cue follows replies of two others."""
        number = self._paragraph(span.start)
        if replies.get(number) is None or any(self._paragraph(cue.start) == number for cue in each.cue):
            return False
        first = number
        while first - 1 in replies:
            first -= 1
        sources = {
            join_spans(self._text, replies[n].source, " ")
            for n in range(first, number)
            if any(self._paragraph(cue.start) == n for cue in replies[n].cue)
        }
        return len(sources) > 1

    def _is_reply(self, span: Span) -> bool:
        """Whether a piece is a short passage that opens its paragraph and is closed."""
        passage = self._passage(span)
        return (
            passage is not None
            and passage.closed
            and passage.outer.start == self._paragraphs[self._paragraph(span.start)].start
            and len(span.of(self._text).split()) <= SHORT_REPLY
        )

    def _part(self, attribution: Attribution, group: list[Span], is_cut: bool) -> Attribution:
        """One group of the pieces. Behind other words of a paragraph that has no cue of the attribution,
        it is not known whose it is.
        """
        part = replace(attribution, content=tuple(group))
        if not is_cut or not attribution.cue:
            return part
        paragraph = self._paragraph(group[0].start)
        opens = group[0].start - self._paragraphs[paragraph].start <= _NUMBER
        if paragraph == self._paragraph(attribution.cue[0].start) or opens:
            return part
        return replace(part, cue=(), source=())

    def _is_apart(self, left: Span, right: Span, attribution: Attribution) -> bool:
        first, second = self._passage(left), self._passage(right)
        if self._paragraph(left.start) != self._paragraph(right.start):
            if first is None:  # a line that ends in a comma or semicolon is not at its end
                return _UNENDED.search(self._text[left.end : right.start]) is None
            return first.closed and not self._is_interrupted(left, right)
        if _COLON.search(self._text[left.end : right.start]):
            return first is None and second is not None
        if self._sentence(left.start) == self._sentence(right.start):
            return False
        if first is not None and second is not None:
            return self._is_told_between(left, right, attribution)
        return (first is None and second is not None and self._is_sentence(second)) or (
            second is None and first is not None and self._is_sentence(first)
        )

    def _is_resumed(self, group: Sequence[Span], right: Span, attribution: Attribution) -> bool:
        """Whether words partly in marks, with their cue behind them, go on in the next sentence: "They “saw
        it as a threat,” said Ann Lee. “It was like pushing on an open door.”"
        """
        left = group[-1]
        marked = [found for span in group for found in self._marks.touching(span)]
        has_cue = (
            any(marked[0].outer.end <= cue.start < right.start for cue in attribution.cue)
            if marked
            else False
        )
        is_near = self._paragraph(left.start) == self._paragraph(right.start)
        return has_cue and is_near and not self._is_told_between(left, right, attribution)

    def _is_interrupted(self, left: Span, right: Span) -> bool:
        """Whether a quotation stopped with a comma for its cue, and opens the next paragraph again."""
        return left.of(self._text)[-1:] == "," and self._sentence(right.start) - self._sentence(left.end) <= 1

    def _is_told_between(self, left: Span, right: Span, attribution: Attribution) -> bool:
        """Whether a whole sentence stands between two pieces that says nothing of who speaks."""
        between = range(self._sentence(left.end) + 1, self._sentence(right.start))
        telling = {self._sentence(span.start) for span in (*attribution.cue, *attribution.source)}
        return any(number not in telling for number in between)

    def _goes_on(self, one: Attribution, other: Attribution) -> bool:
        """Whether a quotation is the one before it: its paragraph left open, or "…," one cue, "… " in a
        sentence of one source."""
        left, right = one.content[-1], other.content[0]
        first, second = self._passage(left), self._passage(right)
        if first is None or second is None:
            return False
        if self._paragraph(right.start) == self._paragraph(left.start) + 1:
            return not first.closed and second.continues and not other.cue
        return (
            self._sentence(left.start) == self._sentence(right.start)
            and one.source == other.source != ()
            and one.cue != ()
            and one.cue[0].start > left.end
            and left.of(self._text)[-1:] == ","
            and right.of(self._text)[:1].islower()
            and self._text[left.end : second.outer.start].rstrip()[-1:] == ","
        )

    def _joined_passages(self, span: Span) -> Iterator[Span]:
        """The passages of a piece of which nothing else is said than "and"; else the piece."""
        passages = [found for found in self._marks.touching(span) if span.contains(found.outer)]
        if len(passages) > 1:
            edges = [span.start, *(edge for found in passages for edge in found.outer), span.end]
            between = (self._text[edges[n] : edges[n + 1]] for n in range(0, len(edges), 2))
            if all(_JOINING.fullmatch(words) for words in between):
                yield from (found.span for found in passages)
                return
        yield span

    def _passage(self, span: Span) -> MarkedPassage | None:
        """The passage that a piece is, if it is one from end to end."""
        touching = self._marks.touching(span)
        return touching[0] if len(touching) == 1 and touching[0].span == span else None

    def _is_sentence(self, passage: MarkedPassage) -> bool:
        """Whether a passage is a sentence or more: it begins one, with a capital, or is a heading."""
        begins = self._sentences[self._sentence(passage.span.start)]
        return (
            passage.outer.start <= begins <= passage.span.start
            and not self._text[passage.span.start].islower()
        )

    def _sentence(self, place: int) -> int:
        return max(bisect_right(self._sentences, place) - 1, 0)

    def _paragraph(self, place: int) -> int:
        return max(bisect_right(self._paragraph_starts, place) - 1, 0)
