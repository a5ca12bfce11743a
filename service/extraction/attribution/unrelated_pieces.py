"""Leaves out of a quotation with marked words what the network saw in another sentence.

Of “The library is well used. ‘We had many visits,’ she said.” the network may take "The library" for a part
of what she said: it is neither marked nor in a sentence that says who speaks.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from service.extraction.attribution.marked_words import Marks
from service.extraction.models import Attribution
from service.text.span import Span


def without_unrelated(attribution: Attribution, marks: Marks, sentences: Sequence[Span]) -> Attribution:
    """The attribution without unmarked pieces of sentences that have none of its marked words, its cue and
    its source, unless such a piece is all of its sentence."""
    marked = [span for span in attribution.content if marks.touching(span)]
    if not marked or len(marked) == len(attribution.content):
        return attribution
    starts = [sentence.start for sentence in sentences]

    def sentence_of(place: int) -> int:
        return bisect_right(starts, place) - 1

    related = {sentence_of(span.start) for span in (*marked, *attribution.cue, *attribution.source)}
    related |= {sentence_of(span.end - 1) for span in marked}
    kept = tuple(
        span
        for span in attribution.content
        if span in marked
        or sentence_of(span.start) in related
        or _is_whole(span, sentences[sentence_of(span.start)])
    )
    return replace(attribution, content=kept)


def _is_whole(span: Span, sentence: Span) -> bool:
    return span.start <= sentence.start and span.end >= sentence.end - 1
