"""The steps of an analysis as lines of JSON with HTML, which the script inserts into the page.

`text`: what was read; `article`: the same with its quotes marked, before any is judged, or all of it where it
was in the cache;
`quote`: the flag, the card and the row of one that was judged; `end`: what stands above a judged article;
`problem`: it broke off.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

import structlog
from flask import get_template_attribute, render_template

from schemas.articles import AnalysisSchema
from schemas.quotes import ExtractedQuoteSchema, QuoteSchema
from service.errors import VerbatimError
from service.usecases.articles.analysis import AnalysedQuote
from service.usecases.articles.judge_quotes import Outline
from service.usecases.articles.stream_analysis import Read, Step
from service.web.dashboard.analysis_view import AnalysisView, Laid, lay_out
from service.web.dashboard.labels import WORDS
from service.web.dashboard.source_text import SourceTexts
from service.web.http.problems import PUBLIC_DETAIL

PARTS: Final = "dashboard/quote_parts.html"
KNOWN_AT_FIRST: Final = AnalysisSchema(
    only=("id", "headline", "byline", "publisher", "published_at", "language", "text", "notes")
)
EXTRACTED: Final = ExtractedQuoteSchema()
QUOTE: Final = QuoteSchema()

log = structlog.get_logger(__name__)


def render_steps(first: Step, others: Iterator[Step], sources: SourceTexts) -> Iterator[bytes]:
    """The lines, in the order of the steps. Needs the request's context."""
    view = None
    try:
        for step in _all(first, others):
            if isinstance(step, Read):
                yield line("text", html=render_template("dashboard/analysis_text.html", view=lay_text(step)))
            elif isinstance(step, Outline):
                analysis = describe_outline(step)
                view = AnalysisView(analysis, lay_out(analysis["quotes"]), sources=sources)
                yield line("article", html=render_template("dashboard/analysis.html", view=view))
                number = 0
            elif isinstance(step, AnalysedQuote):
                assert view is not None
                number += 1
                yield render_quote_step(Laid(number, QUOTE.dump(step)), view)
            else:
                analysis = json.loads(step.answer)
                whole = AnalysisView(analysis, lay_out(analysis["quotes"]), sources=sources)
                kind, template = ("article", "analysis") if step.is_recalled else ("end", "analysis_head")
                yield line(kind, html=render_template(f"dashboard/{template}.html", view=whole), whole=True)
    except VerbatimError as error:  # the answer began long ago: its status cannot say so any more
        log.warning("check_broke_off", reason=type(error).__name__)
        yield line("problem", detail=PUBLIC_DETAIL.get(type(error), str(error)))


def _all(first: Step, others: Iterator[Step]) -> Iterator[Step]:
    yield first
    yield from others


def render_quote_step(laid: Laid, view: AnalysisView) -> bytes:
    """One quote that was judged."""
    flag, card, row = (get_template_attribute(PARTS, name) for name in ("flag", "card", "row"))
    return line(
        "quote",
        number=laid.number,
        tone=laid.tone,
        flag=flag(laid),
        card=card(WORDS, laid, view, False),
        row=row(WORDS, laid, view),
    )


def lay_text(read: Read) -> AnalysisView:
    """The text before its quotations are found."""
    return AnalysisView({"text": read.text, "language": read.article.language}, ())


def describe_outline(outline: Outline) -> dict[str, Any]:
    """An article as its answer will have it, as far as it goes before anything is looked up."""
    known: dict[str, Any] = KNOWN_AT_FIRST.dump(outline)
    quotes = [{"id": name, **EXTRACTED.dump(located)} for name, located in outline.quotes]
    return {**known, "uri": outline.article.uri, "stored": outline.article.store, "quotes": quotes}


def line(kind: str, **members: Any) -> bytes:
    """A line."""
    return json.dumps({"kind": kind, **members}, ensure_ascii=False).encode() + b"\n"
