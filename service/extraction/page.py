"""Quotations the page tells by its form alone, without a cue: transcripts and signed quotations."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from service.extraction.marked import Marks
from service.extraction.quotation import Attribution
from service.text.span import Span

SIGNATURE_REACH: Final = 150  # characters after a passage in which its signature must be over
LEAST_LABELS: Final = 2  # one line "NOTE: …" is no transcript

_LABEL = re.compile(r"(?P<name>(?:[A-Z][A-Z.'’-]{0,20} ){0,4}[A-Z][A-Z.'’-]{1,20})(?: \([^()\n]{1,40}\))?: +(?=\S)")
_SIGNATURE = re.compile(r"\s{0,3}[—–―]{1,2}\s?(?P<name>(?:[A-Z][\w’'.-]{0,30} ){0,4}[A-Z][\w’'-]{1,30})(?=[,.\s]|$)")


def transcript(text: str, paragraphs: Sequence[Span]) -> list[Attribution]:
    """The turns of a transcript: "SANDERS: …" and the paragraphs after it until the next label.

    A turn's content leaves out marks that enclose all of it. No turns where fewer than LEAST_LABELS paragraphs
    are labelled, or fewer than half from the first label on.
    """
    labels = [(number, found) for number, span in enumerate(paragraphs) if (found := _LABEL.match(text, *span))]
    if len(labels) < LEAST_LABELS or 2 * len(labels) < len(paragraphs) - labels[0][0]:
        return []
    return [
        Attribution(content=(Span(label.end(), paragraphs[number].end),), cue=(), source=(Span(*label.span("name")),))
        for number, label in labels
    ]


def sign(attributions: Sequence[Attribution], text: str, marks: Marks) -> list[Attribution]:
    """A passage signed with a name is that name's, whoever else it was thought to be: "…" — Francisco Herrero."""
    signed = {
        passage.span: Span(*signature.span("name"))
        for passage in marks.passages
        if (signature := _SIGNATURE.match(text, passage.outer.end, passage.outer.end + SIGNATURE_REACH))
    }
    if not signed:
        return list(attributions)
    result: list[Attribution] = []
    for found in attributions:
        own = [span for span in found.content if span in signed]
        rest = tuple(span for span in found.content if span not in signed)
        if rest:
            result.append(replace(found, content=rest))
        result += [Attribution((span,), (), (signed[span],)) for span in own]
    return sorted(result, key=lambda found: found.content[0])


def with_turns(attributions: Sequence[Attribution], turns: Sequence[Attribution]) -> list[Attribution]:
    """Turns in place of what else was found in their words; everything in text order."""
    if not turns:
        return list(attributions)
    starts = [turn.content[0].start for turn in turns]

    def within_turn(span: Span) -> bool:
        at = bisect_left(starts, span.end) - 1
        return at >= 0 and turns[at].content[0].overlaps(span)

    kept = [found for found in attributions if not any(map(within_turn, found.content))]
    return sorted([*kept, *turns], key=lambda found: found.content[0])
