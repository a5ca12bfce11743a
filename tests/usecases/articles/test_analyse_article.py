"""The answer in the cache is the one that the store would give now."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.answers import present_analysis
from schemas.articles import ArticleInputSchema
from service.cache.memory_cache import MemoryCache
from service.store import QuoteImport, Store
from service.text import read_document
from service.usecases.articles.analyse_article import Analyser
from tests.store.material import LATER
from tests.stores import open_migrated

ARTICLE = ArticleInputSchema().load(
    {"uri": "urn:a", "body_text": "“We will dredge the whole harbour this very year,” Ann Marlow said."}
)
SPOKEN = QuoteImport("We will dredge the whole harbour this very year", "Ann Marlow", None, LATER)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_migrated(f"sqlite:///{tmp_path}/store.sqlite3")
    yield opened
    opened.close()


@pytest.fixture
def analyser(store: Store) -> Analyser:
    return Analyser(store, MemoryCache(60, 1_000_000), present_analysis)


def test_a_stored_article_is_a_hit_in_the_generation_that_storing_it_made(analyser: Analyser) -> None:
    first = analyser.analyse(ARTICLE)
    again = analyser.analyse(ARTICLE)
    assert (first.status, again.status) == ("miss", "hit")
    assert again.value == first.value


def test_what_came_in_while_an_article_was_judged_is_not_overlooked_afterwards(
    analyser: Analyser, store: Store
) -> None:
    document = read_document(ARTICLE.body, ARTICLE.format, ARTICLE.language)
    record, answer = analyser.prepare(ARTICLE, document, store.generation())
    assert b'"no_match"' in answer
    store.import_quotes([SPOKEN])  # by another process, between judging and storing
    analyser.keep(ARTICLE, record, answer)
    fresh = analyser.analyse(ARTICLE)
    assert fresh.status == "miss"
    assert b'"verbatim"' in fresh.value


def test_the_page_gives_what_the_sender_left_out(analyser: Analyser) -> None:
    body = (
        '<html><head><script type="application/ld+json">{"@type": "NewsArticle", "headline": "Harbour", '
        '"author": {"name": "Jo Lee"}, "datePublished": "2026-01-04"}</script></head>'
        "<body><p>“We will dredge the whole harbour this very year,” Ann Marlow said.</p></body></html>"
    )
    article = ArticleInputSchema().load({"body_html": body, "headline": "As sent"})
    answer = json.loads(analyser.analyse(article).value)
    assert (answer["headline"], answer["byline"]) == ("As sent", "Jo Lee")
    assert answer["published_at"].startswith("2026-01-04")
