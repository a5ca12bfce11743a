"""Quotations recognised by the page's form, without a verb: signed quotations and posts."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from service.extraction.attribution.marked_words import Marks
from service.extraction.models import Attribution
from service.extraction.thresholds import SIGNATURE_REACH
from service.text.span import Span

_POST = re.compile(
    r"(?P<cue>[—–―]{1,2}|--) ?(?P<name>[^\n(@]{2,60}?) \(@(?P<handle>[\w.@-]{1,60})\)[^\n“”\"]{0,40}$"
)
_NAMED_POST = re.compile(  # Twitter: Tony Fernando - Our crews …
    r"(?:Twitter|X|Facebook|Instagram|Bluesky|Mastodon|Threads|Truth Social|Telegram): "
    r"(?P<name>[A-Z][^\n:–—“”\"]{2,40}?)(?: \(@[\w.@-]{1,60}\))?(?P<cue> [-–—]|:) (?=\S)"
)
_POST_END = re.compile(r"(?:\s{0,3}(?<!\S)(?:pic\.twitter\.com/\w{1,40}|https?://\S{1,200})){1,4}\s{0,3}$")
_NAME = r"(?:[A-Z][\w’'.-]{0,30} (?:(?:de|la|del|der|van|von|bin|al|el) ){0,2}){0,4}[A-Z][\w’'-]{1,30}"
_LED_SIGNATURE = re.compile(  # "…" – Norton boss Lee Carter (beaten 5-2 at Hull)
    rf" ?(?P<cue>[—–―]{{1,2}}|--|-)\s(?P<name>(?:[\w’'-]{{2,20}} ){{0,6}}?{_NAME})"
    r"(?=[,.;(]| \(|\s*(?:\n|$)| (?:after|on|in|at|before|as|following|speaking)\b)"
)
_SHORT_SIGNATURE = re.compile(  # "…" (Ken Moss, coach); "…": Ken Moss, 81; 'No comment' from Barnes
    rf" ?(?:(?P<cue>\(|:|from) ?)(?P<name>{_NAME}(?:, [^()\n“”\"]{{2,60}})?)\)?\.?\s*(?:\n|$)"
)
_SIGNATURE = re.compile(
    r"\s{0,3}(?P<cue>[—–―]{1,2}|--)\s?"
    r"(?P<name>(?:[A-Z][\w’'.-]{0,30} (?:(?:de|la|del|der|van|von|bin|al|el) ){0,2}){0,4}[A-Z][\w’'-]{1,30})"
    r"(?=[,.]|\s*(?:\n|$))"
)


def sign(attributions: Sequence[Attribution], text: str, marks: Marks) -> list[Attribution]:
    """A passage signed with a name is attributed to that name, over any other attribution.

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
        found = _LED_SIGNATURE.match(text, passage.end, end) or _SHORT_SIGNATURE.match(text, passage.end, end)
    return found


def _begins_line(text: str, start: int) -> bool:
    """Whether only spaces and bullets are before a place in its line. Nothing is copied: it may be long."""
    while start and text[start - 1] in " •*·":
        start -= 1
    return not start or text[start - 1] == "\n"


def posts(text: str, paragraphs: Sequence[Span]) -> list[Attribution]:
    """Embedded posts of social networks: the words, then "— Name (@handle) May 4, 2020"."""
    found = []
    for number, span in enumerate(paragraphs):
        named = _NAMED_POST.match(text, *span)
        if named is not None:
            name, cue = Span(*named.span("name")), Span(named.end("cue") - 1, named.end("cue"))
            words = Span(named.end(), span.end)
            found.append(Attribution((words,), (cue,), (name,), verbatim=True, act="writing"))
            continue
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
