"""An analysis in steps is the analysis: the same answer, the same things kept, and each step in its place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from schemas.answers import present_analysis
from schemas.articles import ArticleInputSchema
from service.cache.memory_cache import MemoryCache
from service.errors import InvalidInput, NotFound, Overloaded
from service.store import Store
from service.usecases.articles.analyse_article import Analyser
from service.usecases.articles.analysis import AnalysedQuote
from service.usecases.articles.article_limits import ArticleLimits
from service.usecases.articles.judge_quotes import Outline
from service.usecases.articles.stream_analysis import Read, Whole, unfold
from tests.apps import sample_article
from tests.stores import open_migrated

ARTICLE = ArticleInputSchema().load(sample_article() | {"store": False})


@pytest.fixture
def store(tmp_path) -> Iterator[Store]:
    opened = open_migrated(f"sqlite:///{tmp_path}/store.sqlite3")
    yield opened
    opened.close()


@pytest.fixture
def analyser(store: Store) -> Analyser:
    return Analyser(store, MemoryCache(60, 1_000_000), present_analysis)


def test_first_what_was_found_then_each_quote_then_all_of_it(analyser: Analyser, store: Store) -> None:
    text, first, *quotes, last = unfold(analyser, ARTICLE)
    assert isinstance(text, Read)
    assert isinstance(first, Outline)
    assert text.text == first.text
    assert all(isinstance(quote, AnalysedQuote) for quote in quotes)
    assert len(quotes) >= 10
    assert [name for name, _ in first.quotes] == [quote.id for quote in quotes]
    assert [located.content for _, located in first.quotes] == [quote.content for quote in quotes]
    alone = Analyser(store, MemoryCache(60, 1_000_000), present_analysis)
    assert last == Whole(alone.analyse(ARTICLE).value)


def test_what_was_asked_before_is_there_at_once(analyser: Analyser) -> None:
    *_, whole = unfold(analyser, ARTICLE)
    assert list(unfold(analyser, ARTICLE)) == [replace(whole, is_recalled=True)]
    assert analyser.analyse(ARTICLE).status == "hit"


def test_an_article_is_stored_with_its_last_step(analyser: Analyser, store: Store) -> None:
    steps = unfold(analyser, replace(ARTICLE, store=True))
    next(steps)
    outline = next(steps)
    assert isinstance(outline, Outline)
    for step in steps:
        if isinstance(step, AnalysedQuote):
            with pytest.raises(NotFound):
                store.get_article(outline.id)
    assert isinstance(step, Whole)
    assert store.get_article(outline.id).analysis.encode() == step.answer


def test_whatever_computes_is_done_in_turn(analyser: Analyser) -> None:
    held: list[str] = []

    @contextmanager
    def turn() -> Iterator[None]:
        held.append("in")
        try:
            yield
        finally:
            held.append("out")

    for step in unfold(analyser, ARTICLE, turn):
        assert held == (["in", "out"] if isinstance(step, Whole) else ["in"])
    assert list(unfold(analyser, ARTICLE, turn))  # from the cache, which takes no turn
    assert held == ["in", "out"]
    left = unfold(analyser, replace(ARTICLE, headline="Another"), turn)
    next(left)
    left.close()  # the client disconnected
    assert held == ["in", "out"] * 2


def test_too_much_to_do_is_said_before_the_first_step(analyser: Analyser) -> None:
    @contextmanager
    def full() -> Iterator[None]:
        raise Overloaded
        yield

    with pytest.raises(Overloaded):
        next(unfold(analyser, ARTICLE, full))


def test_so_is_what_is_wrong_with_the_article(store: Store) -> None:
    analyser = Analyser(store, MemoryCache(60, 1_000), present_analysis, ArticleLimits(max_text_chars=10))
    with pytest.raises(InvalidInput):
        next(unfold(analyser, ARTICLE))


def test_what_is_not_looked_up_is_told_in_the_whole(store: Store) -> None:
    analyser = Analyser(store, MemoryCache(60, 1_000_000), present_analysis, ArticleLimits(max_judged=2))
    *_, whole = unfold(analyser, ARTICLE)
    assert isinstance(whole, Whole)
    assert b"were not looked up" in whole.answer
