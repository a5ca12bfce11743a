"""Quotations of the 2016 debates in the news of the days after, each labelled by a reader."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from tests.benchmarks.trust.checkout import Checkout
from tests.benchmarks.trust.corpora import NewsArticle, Record, read_lines, read_news, read_transcripts
from tests.benchmarks.trust.readings import Count, example_of, is_silent, label_of

LABELS = Path(__file__).resolve().parents[2] / "accuracy/trust/debate_quotes.jsonl"
DAYS = 14  # after a debate


@dataclass(slots=True)
class DebateFigures:
    """Of labelled quotations that were extracted, those with a right label; and the rest of the articles."""

    right: Count = field(default_factory=Count)
    wrong: list[dict[str, Any]] = field(default_factory=list)
    unextracted: int = 0
    others: Count = field(default_factory=Count)  # quotations nobody labelled that something was said of


@cache
def news_after_debates() -> tuple[NewsArticle, ...]:
    """The articles of the days after each debate of 2016."""
    held = [date.fromisoformat(one["published_at"]) for one in read_transcripts() if "2016" in one["uri"]]
    return tuple(
        article
        for article in read_news("train", "dev")
        if any(0 <= (date.fromisoformat(article.day) - day).days <= DAYS for day in held)
    )


def overlap(quote: dict[str, Any], label: Record) -> int:
    """How many characters a quotation and a label share."""
    spans = quote["content"]["spans"]
    return sum(max(0, min(one["end"], label["end"]) - max(one["start"], label["start"])) for one in spans)


def is_right(verdict: dict[str, Any], label: Record) -> bool:
    """Whether a verdict is one of those that a reader would call right."""
    return label_of(verdict) in label["right"] and not set(verdict["changes"]) & set(label.get("never", ()))


def measure_debates(checkout: Checkout) -> DebateFigures:
    """Analyse the news of the days after the debates, with all debates in the store."""
    figures = DebateFigures()
    labels = read_lines(LABELS)
    with checkout.serving(read_transcripts()) as service:
        for article in news_after_debates():
            quotes = service.analyse(article.request(), store=False)
            labelled = set()
            for label in (one for one in labels if one["article"] == article.id):
                found = max(quotes, key=lambda quote: overlap(quote, label), default=None)
                if found is None or 2 * overlap(found, label) < label["end"] - label["start"]:
                    figures.unextracted += 1
                    continue
                labelled.add(found["id"])
                right = is_right(found["verdict"], label)
                figures.right.add(right)
                if not right:
                    figures.wrong.append({**example_of(found, article.id), "right": label["right"]})
            for quote in quotes:
                if quote["id"] not in labelled:
                    figures.others.add(not is_silent(quote["verdict"]), example_of(quote, article.id))
    return figures
