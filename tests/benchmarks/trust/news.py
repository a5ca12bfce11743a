"""Real news: articles whose words no transcript holds, and a month of a newspaper stored day by day."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from tests.benchmarks.trust.checkout import Checkout
from tests.benchmarks.trust.corpora import (
    SEED,
    NewsArticle,
    Record,
    read_news,
    read_transcripts,
    runs_of,
    split_words,
    word_runs,
)
from tests.benchmarks.trust.readings import Count, example_of, is_accused, is_real_repeat, is_silent

RUN = 6  # words: no article of the unrelated set shares so many in a row with a transcript


@dataclass(slots=True)
class NewsFigures:
    """What was said of quotations, by article: verdicts that should not be, and accusations among them."""

    articles: int = 0
    repeats: int = 0  # quotations whose words were printed before, and were found
    spoken_of: Count = field(default_factory=Count)
    accused: Count = field(default_factory=Count)

    def add(self, quotes: Sequence[dict[str, Any]], article: NewsArticle, *, repeats_count: bool) -> None:
        """Count the quotations of one article."""
        self.articles += 1
        for quote in quotes:
            verdict = quote["verdict"]
            spoken_of = not is_silent(verdict)
            repeated = spoken_of and repeats_count and is_real_repeat(quote, article.text)
            self.repeats += repeated
            shown = example_of(quote, article.id)
            self.spoken_of.add(spoken_of and not repeated, shown)
            self.accused.add(is_accused(verdict), shown)


@cache
def earlier_debates() -> tuple[Record, ...]:
    """The debates before 2016."""
    return tuple(one for one in read_transcripts() if one["published_at"] < "2016")


@cache
def choose_unrelated(count: int) -> tuple[NewsArticle, ...]:
    """Articles of 2016, of which no six words in a row were spoken in a debate before."""
    spoken = runs_of(earlier_debates(), RUN)
    fit = [
        article
        for article in read_news("train", "dev")
        if article.day.startswith("2016") and spoken.isdisjoint(word_runs(split_words(article.text), RUN))
    ]
    return tuple(random.Random(SEED).sample(fit, min(count, len(fit))))


def measure_unrelated(checkout: Checkout, count: int) -> NewsFigures:
    """Verdicts on quotations that the store cannot know: every one but "not found" or "too few" is wrong."""
    figures = NewsFigures()
    with checkout.serving(earlier_debates()) as service:
        for article in choose_unrelated(count):
            figures.add(service.analyse(article.request(), store=False), article, repeats_count=False)
    return figures


@cache
def choose_newspaper(count: int) -> tuple[NewsArticle, ...]:
    """Articles of the training part, in the order of their days."""
    chosen = random.Random(SEED).sample(read_news("train"), count)
    return tuple(sorted(chosen, key=lambda article: (article.day, article.id)))


def measure_newspaper(checkout: Checkout, count: int) -> tuple[NewsFigures, NewsFigures, NewsFigures]:
    """Articles stored one after the other: of the first quarter, of the last, and of all.

    A verdict is wrong where the words it speaks of were not printed before.
    """
    first, last, whole = NewsFigures(), NewsFigures(), NewsFigures()
    with checkout.serving() as service:
        for place, article in enumerate(choose_newspaper(count)):
            quotes = service.analyse(article.request(), store=True)
            whole.add(quotes, article, repeats_count=True)
            if place < count // 4:
                first.add(quotes, article, repeats_count=True)
            if place >= count - count // 4:
                last.add(quotes, article, repeats_count=True)
    return first, last, whole
