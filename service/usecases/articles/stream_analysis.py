"""An analysis in steps: the text, its quotations, each verdict, the whole answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from service.usecases.articles.analyse_article import Analyser
from service.usecases.articles.analysis import AnalysedQuote, Article
from service.usecases.articles.judge_quotes import Outline


@dataclass(frozen=True, slots=True)
class Read:
    """The text that was read, before its quotes are looked for."""

    article: Article
    text: str


@dataclass(frozen=True, slots=True)
class Whole:
    """The answer as `Analyser.analyse` gives it. `is_recalled`: no step came before it, it was there."""

    answer: bytes
    is_recalled: bool = False


Step = Read | Outline | AnalysedQuote | Whole
Turn = Callable[[], AbstractContextManager[None]]


def unfold(analyser: Analyser, article: Article, turn: Turn = nullcontext) -> Iterator[Step]:
    """The steps of an analysis: Read, an Outline, its quotes one by one in their order, and the Whole.

    Of an analysis that is in the cache the Whole alone. Whatever computes is done within `turn`. The article
    is stored and the answer cached before the last step, as `analyse` does it. Raises what that raises,
    InvalidInput only before the first step.
    """
    generation = analyser.store.generation()
    key = analyser.key(article, generation)
    if not article.sources and (found := analyser.cache.find(key)):
        yield Whole(found.value, is_recalled=True)
        return
    with turn():
        document = analyser.limits.read(article.body, article.format, article.language)
        yield Read(article, document.text)
        judging = analyser.begin(article, document)
        yield judging.outline()
        quotes = []
        for quote in judging:
            quotes.append(quote)
            yield quote
        record, answer = analyser.conclude(judging, quotes, generation)
        if article.store:
            analyser.keep(article, record, answer)
        elif not article.sources:
            analyser.cache.put(key, answer)
    yield Whole(answer)
