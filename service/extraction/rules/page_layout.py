"""Quotations recognised by the page's form, without a verb: turns of transcripts, signed quotations."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from service.extraction.attribution.marked_words import Marks
from service.extraction.models import Attribution
from service.extraction.thresholds import LEAST_LABELS, MOST_BETWEEN, SIGNATURE_REACH
from service.text.span import Span

_LABEL = re.compile(
    r"[\"“”‘«]?(?P<name>(?:[A-Z][A-Z.'’-]{0,20} ){0,4}[A-Z][A-Z.'’-]{1,20})"
    r"(?: \([^()\n]{1,40}\))?(?:, [A-Z][A-Z .,'’&()/-]{1,80})?(?P<cue>:) +(?=\S)"
)
_REMARK = re.compile(r"[\"“”]?[(\[]")  # (CROSSTALK), [Applause]
_QUESTION = re.compile(r"[\"“]?(?:Q|Question)\s?[.:]\s")
_ANSWER = re.compile(r"(?P<name>A|Answer)(?P<cue>[.:]) +(?=\S)")
_POST = re.compile(
    r"(?P<cue>[—–―]{1,2}|--) ?(?P<name>[^\n(@]{2,60}?) \(@(?P<handle>\w{1,30})\)"
    r"(?: [A-Z][a-z]{2,9} \d{1,2},? \d{4})?\s*$"
)
_POST_END = re.compile(r"(?:\s{0,3}(?<!\S)(?:pic\.twitter\.com/\w{1,40}|https?://\S{1,200})){1,4}\s{0,3}$")
_NAME = r"(?:[A-Z][\w’'.-]{0,30} (?:(?:de|la|del|der|van|von|bin|al|el) ){0,2}){0,4}[A-Z][\w’'-]{1,30}"
_LED_SIGNATURE = re.compile(  # "…" – Norton boss Lee Carter (beaten 5-2 at Hull)
    rf" ?(?P<cue>[—–―]{{1,2}}|--|-)\s(?P<name>(?:[\w’'-]{{2,20}} ){{0,6}}?{_NAME})"
    r"(?=[,.;(]| \(|\s*(?:\n|$)| (?:after|on|in|at|before|as|following|speaking)\b)"
)
_SIGNATURE = re.compile(
    r"\s{0,3}(?P<cue>[—–―]{1,2}|--)\s?"
    r"(?P<name>(?:[A-Z][\w’'.-]{0,30} (?:(?:de|la|del|der|van|von|bin|al|el) ){0,2}){0,4}[A-Z][\w’'-]{1,30})"
    r"(?=[,.]|\s*(?:\n|$))"
)
_CLOSING = '"”’»“'


def transcript(text: str, paragraphs: Sequence[Span]) -> list[Attribution]:
    """The turns of transcripts: "SANDERS: …" and what follows until the next label, remarks in brackets left
    out.

    A label belongs to a transcript if another stands at most MOST_BETWEEN paragraphs from it.
    """
    asked = any(_QUESTION.match(text, *span) for span in paragraphs)
    labels = [
        (number, found)
        for number, span in enumerate(paragraphs)
        if (found := _LABEL.match(text, *span) or (_ANSWER.match(text, *span) if asked else None))
    ]
    turns: list[Attribution] = []
    for run in _runs(labels):
        for at, (number, label) in enumerate(run):
            until = run[at + 1][0] if at + 1 < len(run) else number + 1
            spans = [Span(label.end(), paragraphs[number].end)]
            for paragraph in paragraphs[number + 1 : until]:
                if _QUESTION.match(text, *paragraph):
                    break
                spans.append(paragraph)
            content = tuple(
                _without_marks(text, span) for span in spans if not _REMARK.match(text, span.start)
            )
            turns.append(
                Attribution(
                    tuple(span for span in content if span.start < span.end),
                    (Span(*label.span("cue")),),
                    (Span(*label.span("name")),),
                    verbatim=True,
                    act="speech",
                )
            )
    return [turn for turn in turns if turn.content]


def _runs(labels: Sequence[tuple[int, re.Match[str]]]) -> list[list[tuple[int, re.Match[str]]]]:
    runs: list[list[tuple[int, re.Match[str]]]] = []
    for number, label in labels:
        if runs and number - runs[-1][-1][0] <= MOST_BETWEEN + 1:
            runs[-1].append((number, label))
        else:
            runs.append([(number, label)])
    return [run for run in runs if len(run) >= LEAST_LABELS]


def _without_marks(text: str, span: Span) -> Span:
    """A turn's paragraph without the mark that opens or closes the transcript around it."""
    start, end = span
    if text[start] in '"“' and text[start + 1 : end].count('"') % 2 == 0:
        start += 1
    elif end - start > 1 and text[end - 1] in _CLOSING and not re.search(r"[\"“]", text[start : end - 1]):
        end -= 1
    return Span(start, end)


def sign(attributions: Sequence[Attribution], text: str, marks: Marks) -> list[Attribution]:
    """A passage signed with a name is that name's, whoever else it was thought to be.

    "…" — Francisco Herrero.
    """
    signed = {
        passage.span: signature
        for passage in marks.passages
        if passage.closed and (signature := _signature(text, passage.outer))
    }
    if not signed:
        return list(attributions)
    taken = sorted(Span(span.start, found.end()) for span, found in signed.items())
    result: list[Attribution] = [
        Attribution((span,), (Span(*found.span("cue")),), (Span(*found.span("name")),))
        for span, found in signed.items()
    ]
    for found in attributions:
        rest = tuple(span for span in found.content if not _overlaps_any(span, taken))
        if rest:
            result.append(replace(found, content=rest))
    return sorted(result, key=lambda found: found.content[0])


def _signature(text: str, passage: Span) -> re.Match[str] | None:
    """The name that signs a passage; with a role before it only where the passage begins its line."""
    end = passage.end + SIGNATURE_REACH
    found = _SIGNATURE.match(text, passage.end, end)
    if found is None and _begins_line(text, passage.start):
        found = _LED_SIGNATURE.match(text, passage.end, end)
    return found


def _begins_line(text: str, start: int) -> bool:
    """Whether only spaces are before a place in its line. Nothing is copied: a line may be the whole text."""
    while start and text[start - 1] == " ":
        start -= 1
    return not start or text[start - 1] == "\n"


def posts(text: str, paragraphs: Sequence[Span]) -> list[Attribution]:
    """Embedded posts of social networks: the words, then "— Name (@handle) May 4, 2020"."""
    found = []
    for number, span in enumerate(paragraphs):
        signature = _POST.match(text, *span)
        if signature is None or number == 0:
            continue
        words = paragraphs[number - 1]
        link = _POST_END.search(text, words.start, words.end)
        content = Span(words.start, link.start() if link and link.start() > words.start else words.end)
        name = Span(*signature.span("name"))
        found.append(
            Attribution((content,), (Span(*signature.span("cue")),), (name,), verbatim=True, act="writing")
        )
    return found


def is_shouted_line(text: str, span: Span) -> bool:
    """Whether a paragraph is a line in capitals between others, a teaser or a heading, that quotes nobody."""
    words = re.findall(r"[^\W\d_]{2,}", span.of(text)[:300])
    shouted = sum(word.isupper() for word in words)
    return len(words) >= 4 and shouted >= 0.8 * len(words) and ":" not in span.of(text)[:40]


def _overlaps_any(span: Span, others: Sequence[Span]) -> bool:
    """Whether a span overlaps one of some others, which are in order and do not overlap each other."""
    at = bisect_left(others, span.end, key=lambda other: other.start) - 1
    return at >= 0 and others[at].overlaps(span)


def with_turns(attributions: Sequence[Attribution], turns: Sequence[Attribution]) -> list[Attribution]:
    """Turns in place of what else was found in their words; everything in text order."""
    spans = sorted(span for turn in turns for span in turn.content)
    kept = [found for found in attributions if not any(_overlaps_any(span, spans) for span in found.content)]
    return sorted([*kept, *turns], key=lambda found: found.content[0])
