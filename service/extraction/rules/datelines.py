"""What stands before the first sentence of a paragraph and is none of it: datelines, clocks, reply marks."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from service.extraction.attribution.marked_words import Marks
from service.extraction.models import Attribution
from service.text.span import Span

_MONTH: Final = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]{0,6}\.?"
_DAY: Final = rf"(?:{_MONTH} \d{{1,2}}|\d{{1,2}} {_MONTH})(?:,? \d{{4}})?"
_AGENCY: Final = r"\([A-Z][\w/&. -]{1,30}\)|\((?:dpa|afp|ap|ips)\)"
_CAPITALS: Final = r"[A-ZÀ-Þ][A-ZÀ-Þ.'’-]{1,30}(?:[ /][A-ZÀ-Þ.'’-]{2,30}){0,3}"
_PLACE: Final = r"[A-ZÀ-Þ][\w.'’-]{1,30}(?:[ /][A-ZÀ-Þ][\w.'’-]{0,30}){0,3}"
_REGION: Final = rf"(?:, {_PLACE}){{0,2}}"
_DASH: Final = r" ?(?:—|–|--?|:) ?"
_DATELINE: Final = re.compile(
    rf"(?:{_CAPITALS}{_REGION}(?:,? {_DAY})?(?:,? (?:{_AGENCY}))?{_DASH}"
    rf"|{_PLACE}{_REGION},? (?:{_DAY}(?:,? (?:{_AGENCY}))?|(?:{_AGENCY})){_DASH}"
    rf"|\((?:[A-Z]{{2,20}}|Reuters|dpa)\){_DASH})"
)
_CLOCK: Final = re.compile(
    r"\d{1,2}[:.]\d{2}(?: ?[ap]\.?m\.?)?(?: (?:GMT|BST|CET|ET|EST|EDT|PT|UTC))?"
    r"(?: ?[:–—-])? (?=[“\"‘']?[A-ZÀ-Þ])"
)
_REPLY: Final = re.compile(r"(?:> ?)+")


def outside_openings(
    text: str, attributions: Sequence[Attribution], paragraphs: Sequence[Span], marks: Marks
) -> list[Attribution]:
    """The attributions without what opens their paragraphs so; those of which nothing is left are dropped."""
    starts = [span.start for span in paragraphs]
    ends: dict[int, int] = {}

    def cut(spans: tuple[Span, ...]) -> tuple[Span, ...]:
        kept = []
        for span in spans:
            number = max(bisect_right(starts, span.start) - 1, 0)
            if number not in ends:
                ends[number] = _opening(text, paragraphs[number]) if paragraphs else 0
            start = max(span.start, ends[number])
            start += len(text[start : span.end]) - len(text[start : span.end].lstrip())
            if start < span.end:
                kept.append(span if start == span.start else marks.trim(Span(start, span.end)))
        return tuple(kept)

    cleaned = (replace(each, content=cut(each.content), source=cut(each.source)) for each in attributions)
    return [each for each in cleaned if any(re.search(r"\w", span.of(text)) for span in each.content)]


def _opening(text: str, paragraph: Span) -> int:
    """Where the first sentence of a paragraph begins."""
    at = paragraph.start
    for pattern in (_REPLY, _CLOCK, _DATELINE):
        found = pattern.match(text, at, paragraph.end)
        at = found.end() if found and found.end() < paragraph.end else at
    return at
