"""Recheck: which stored verdicts would differ today, with new sources or a new policy."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from service.extraction.models import Quotation, Speaker
from service.matching.labels import Axes, choose_label
from service.matching.models import Searched, Verdict
from service.store import Store, StoredArticle
from service.store.records import article_source_uri
from service.store.sign_offs.subjects import apply_corrections
from service.text.span import Span
from service.usecases.articles.quote_claims import Scope, build_claim, judge_claim, names_of

AXES = ("fidelity", "changes", "attribution", "time")
SHOWN = (*AXES, "label", "severity")


@dataclass(frozen=True, slots=True)
class ChangedVerdict:
    """A quotation whose verdict would change. `before` and `after` have the axes and labels that differ.

    A verdict of policy 1 had no label: its axes are read as that policy meant them, for which whatever was
    found was a record.
    """

    article_id: str
    article_uri: str | None
    quote_id: str
    quote: str
    before: dict[str, Any]
    after: dict[str, Any]
    policy_before: str
    policy_after: str
    generation_before: str
    explanation: str


@dataclass(frozen=True, slots=True)
class RecheckedArticle:
    """An article whose quotations were judged again."""

    id: str
    quotes: int
    changed: tuple[ChangedVerdict, ...]


def recheck_articles(store: Store, as_of: date | None = None) -> Iterator[RecheckedArticle]:
    """Judge every stored article's quotations again, as they were extracted then. Nothing is written.

    With `as_of`, as if the store held only what was said until that day.
    """
    searched = store.searched()
    for article in store.iterate_articles():
        yield recheck_article(store, article, searched, as_of)


def recheck_article(
    store: Store, article: StoredArticle, searched: Searched, as_of: date | None
) -> RecheckedArticle:
    """Judge one article's quotations again, as people corrected them."""
    own = store.find_own_sources(article_source_uri(article.uri, article.text), article.text)
    analysis = json.loads(article.analysis)
    scope = Scope(searched, own, as_of)
    signed = store.sign_offs.find_of(article.id)
    quotes = [quote for quote, _ in apply_corrections(analysis["quotes"], signed, article.version)]
    quotations = [read_quotation(quote) for quote in quotes]
    day, speakers = day_of(analysis["published_at"]), names_of(quotations)
    changed = []
    for quote, quotation in zip(quotes, quotations, strict=True):
        if quote["verdict"]["searched"].get("given"):  # by sources that are not kept
            continue
        claim = build_claim(article.text, quotation, day, speakers)
        verdict = judge_claim(store, claim, scope).verdict
        before, after = read_verdict(quote), describe_verdict(verdict)
        if differing := [name for name in SHOWN if before[name] != after[name]]:
            change = {name: before[name] for name in differing}, {name: after[name] for name in differing}
            changed.append(describe_change(article, quote, change, verdict))
    return RecheckedArticle(article.id, len(analysis["quotes"]), tuple(changed))


def read_quotation(quote: Mapping[str, Any]) -> Quotation:
    """A quotation in an earlier answer."""
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


def read_verdict(quote: Mapping[str, Any]) -> dict[str, Any]:
    """Axes and label of a verdict in an earlier answer."""
    verdict = quote["verdict"]
    described = {axis: verdict[axis] for axis in AXES}
    if "label" in verdict:
        return described | {"label": verdict["label"], "severity": verdict["severity"]}
    changes = tuple(verdict["changes"])
    axes = Axes(verdict["fidelity"], verdict["attribution"], changes, "record", form=verdict["form"])
    label, severity = choose_label(axes)
    return described | {"label": label, "severity": severity}


def describe_verdict(verdict: Verdict) -> dict[str, Any]:
    """Axes and label of a verdict as an answer shows them."""
    return {name: getattr(verdict, name) for name in SHOWN} | {"changes": list(verdict.changes)}


def describe_change(
    article: StoredArticle,
    quote: Mapping[str, Any],
    change: tuple[dict[str, Any], dict[str, Any]],
    verdict: Verdict,
) -> ChangedVerdict:
    """The stored verdict and the present one."""
    before, after = change
    return ChangedVerdict(
        article_id=article.id,
        article_uri=article.uri,
        quote_id=quote["id"],
        quote=quote["content"]["text"],
        before=before,
        after=after,
        policy_before=quote["verdict"]["policy"],
        policy_after=verdict.policy,
        generation_before=article.generation,
        explanation=verdict.explanation,
    )
