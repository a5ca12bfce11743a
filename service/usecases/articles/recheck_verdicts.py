"""Replay: which verdicts given in the past would be others today, by new sources or a new policy?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from service.extraction.models import Quotation, Speaker
from service.matching.models import Searched, Verdict
from service.store import Store, StoredArticle
from service.store.records import article_source_uri
from service.text.span import Span
from service.usecases.articles.quote_claims import build_claim, judge_claim

AXES = ("fidelity", "changes", "attribution", "time")


@dataclass(frozen=True, slots=True)
class ChangedVerdict:
    """A quotation whose verdict would be another. `before` and `after` hold the axes that differ."""

    article_id: str
    article_uri: str | None
    quote_id: str
    quote: str
    before: dict[str, Any]
    after: dict[str, Any]
    policy_before: str
    generation_before: str
    explanation: str


@dataclass(frozen=True, slots=True)
class RecheckedArticle:
    """An article whose quotations were judged anew."""

    id: str
    quotes: int
    changed: tuple[ChangedVerdict, ...]


def recheck_articles(store: Store, as_of: date | None = None) -> Iterator[RecheckedArticle]:
    """Judge every stored article's quotations anew, as they were extracted then. Nothing is written.

    With `as_of`, as if the store held only what was said until that day.
    """
    searched = store.searched()
    for article in store.iterate_articles():
        yield recheck_article(store, article, searched, as_of)


def recheck_article(
    store: Store, article: StoredArticle, searched: Searched, as_of: date | None
) -> RecheckedArticle:
    """Judge one article's quotations anew."""
    own_uri = article_source_uri(article.uri, article.text)
    analysis = json.loads(article.analysis)
    changed = []
    for quote in analysis["quotes"]:
        claim = build_claim(article.text, read_quotation(quote), day_of(analysis["published_at"]))
        verdict = judge_claim(store, claim, searched, own_uri, as_of).verdict
        if axes := differing_axes(quote["verdict"], axes_of(verdict)):
            changed.append(describe_change(article, quote, axes, verdict))
    return RecheckedArticle(article.id, len(analysis["quotes"]), tuple(changed))


def read_quotation(quote: dict[str, Any]) -> Quotation:
    """A quotation as an earlier answer told of it."""
    return Quotation(
        type=quote["type"],
        act=quote["act"],
        content=read_spans(quote["content"]["spans"]),
        cue=(),
        source=(),
        passages=read_spans(quote["passages"]),
        speaker=Speaker(**quote["speaker"]),
        via=Speaker(**quote["via"]) if quote["via"] else None,
    )


def read_spans(spans: list[dict[str, int]]) -> tuple[Span, ...]:
    """Spans from an answer."""
    return tuple(Span(span["start"], span["end"]) for span in spans)


def day_of(moment: str | None) -> date | None:
    """The day of an answer's date-time."""
    return datetime.fromisoformat(moment).date() if moment else None


def differing_axes(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """The axes on which two verdicts differ."""
    return [axis for axis in AXES if before[axis] != after[axis]]


def axes_of(verdict: Verdict) -> dict[str, Any]:
    """A verdict's axes as an answer shows them."""
    return {axis: getattr(verdict, axis) for axis in AXES} | {"changes": list(verdict.changes)}


def describe_change(
    article: StoredArticle, quote: dict[str, Any], axes: list[str], verdict: Verdict
) -> ChangedVerdict:
    """What was said then and what would be said now."""
    after = axes_of(verdict)
    return ChangedVerdict(
        article_id=article.id,
        article_uri=article.uri,
        quote_id=quote["id"],
        quote=quote["content"]["text"],
        before={axis: quote["verdict"][axis] for axis in axes},
        after={axis: after[axis] for axis in axes},
        policy_before=quote["verdict"]["policy"],
        generation_before=article.generation,
        explanation=verdict.explanation,
    )
