"""Rules that attribute contents without a cue by their position. Each rule is a function.

The first that holds wins.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.extraction.attribution.linking import Linked
from service.extraction.attribution.snap_to_marks import MarkedWords, marked_words
from service.extraction.tagger.decoding import RoleSpan
from service.extraction.tagger.encoding import Layout
from service.extraction.tagger.tagger import Reading
from service.extraction.thresholds import INTRODUCTION_WORDS, INVERTED_WORDS


@dataclass(frozen=True, slots=True)
class Ground:
    """What the rules look at: the text's words, its marked passages, where its paragraphs begin."""

    text: str
    reading: Reading
    passages: Sequence[MarkedWords]
    paragraph_starts: NDArray[np.int64]

    def paragraph(self, word: int) -> int:
        """The number of the paragraph a word lies in."""
        return int(np.searchsorted(self.paragraph_starts, word, side="right"))

    def is_marked(self, span: RoleSpan) -> bool:
        """Whether a content begins inside marks."""
        at = bisect_right(self.passages, span.first, key=lambda passage: passage.outer_first) - 1
        return at >= 0 and span.first < self.passages[at].outer_last

    def holds_marks(self, span: RoleSpan) -> bool:
        """Whether any marked passage lies in a content, in part at least."""
        at = bisect_right(self.passages, span.first, key=lambda passage: passage.outer_last)
        return at < len(self.passages) and self.passages[at].outer_first < span.last


def survey(text: str, reading: Reading, layout: Layout) -> Ground:
    """What the rules on quotations without a cue look at: words, marked passages, paragraphs."""
    starts = np.array([word.start for word in reading.words], dtype=np.int64)
    paragraphs = np.array([paragraph.start for paragraph in layout.paragraphs], dtype=np.int64)
    at = np.searchsorted(starts, paragraphs)
    return Ground(text, reading, marked_words(reading, layout), at[at < len(starts)])


def adopt(linked: Sequence[Linked], spans: Sequence[RoleSpan], ground: Ground) -> list[Linked]:
    """Every content with an owner where a rule finds one; unmarked words that none owns are not speech."""
    result: list[Linked] = []
    latest: Linked | None = None  # whose content goes furthest
    owners = {found.cue: found for found in linked if found.cue is not None}
    for found in linked:
        taken: Linked | None = found
        if found.source is None and (source := inverted(found, ground)) is not None:
            found.contents.remove(source)
            found.source = RoleSpan("source", source.first, source.last)
        if found.cue is None:
            content = found.contents[0]
            marked = ground.is_marked(content)
            owner = continued(content, latest, ground) if marked else None
            if owner is not None:
                owner.contents.append(content)
                continue
            taken = introduction(content, spans, owners, ground) or (found if marked else None)
        if taken is not None:
            result.append(taken)
            if latest is None or taken.contents[-1].last > latest.contents[-1].last:
                latest = taken
    return result


def continued(content: RoleSpan, owner: Linked | None, ground: Ground) -> Linked | None:
    """A passage goes on with the marked quotation before it: in its paragraph, or opening the next one."""
    if owner is None:
        return None
    last = owner.contents[-1]
    if not ground.is_marked(last) or last.last > content.first:
        return None
    gap = ground.paragraph(content.first) - ground.paragraph(last.last - 1)
    opens = ground.paragraph(content.first) != ground.paragraph(content.first - 1)
    return owner if gap == 0 or (gap == 1 and opens) else None


def inverted(found: Linked, ground: Ground) -> RoleSpan | None:
    """The content that is none, but the source: “Stay calm,” urged the governor.

    What was said stands before the verb, with its comma, so that the few words between the verb and the end
    of the sentence can only be who said it.
    """
    words, cue = ground.reading.words, found.cue
    if cue is None:
        return None
    before = [content for content in found.contents if content.last <= cue.first]
    behind = [content for content in found.contents if content.first == cue.last]
    if not (before and behind) or not ground.is_marked(before[-1]) or ground.is_marked(behind[0]):
        return None
    said = [word.of(ground.text) for word in words[before[-1].first : cue.first]]
    last = behind[0].last
    ends = last < len(words) and words[last].of(ground.text) == "."
    is_short = last - behind[0].first <= INVERTED_WORDS
    return behind[0] if ends and is_short and "," in said[-2:] and cue.first - before[-1].last <= 1 else None


def introduction(
    content: RoleSpan, spans: Sequence[RoleSpan], owners: Mapping[RoleSpan, Linked], ground: Ground
) -> Linked | None:
    """A colon before a content introduces it: the last cue before the colon is its own."""
    before = content.first - 1
    if before < 0 or ground.reading.words[before].of(ground.text) != ":":
        return None
    low = bisect_left(spans, before - INTRODUCTION_WORDS, key=lambda span: span.first)
    high = bisect_right(spans, before, key=lambda span: span.first)
    for span in reversed(spans[low:high]):
        if span.role == "cue":
            owner = owners.get(span)
            return Linked([content], span, owner.source if owner else None)
    return None
