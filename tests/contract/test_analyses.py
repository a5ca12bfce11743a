"""Which analysis a source's quotes came of, on both databases."""

from __future__ import annotations

from dataclasses import replace

from service.store import Store
from tests.store.material import make_article


def test_sources_that_are_articles_have_a_run(store: Store) -> None:
    article = replace(make_article(), uri="https://example.org/ä b", engine="one", policy="1")
    nameless = replace(make_article(), uri=None, text="Nobody said so.", quotes=(), engine="two")
    first, second = store.save_article(article), store.save_article(nameless)
    again = store.save_article(replace(article, headline="Anew", engine="three"))
    source = f"urn:sha256:{store.get_article(second.id).text_hash}"
    runs = store.analyses.find_runs([article.uri or "", source, "urn:elsewhere", ""])
    assert {uri: (run.article_id, run.version, run.engine) for uri, run in runs.items()} == {
        article.uri: (first.id, again.version, "three"),
        source: (second.id, 1, "two"),
    }
    assert runs[source].policy == nameless.policy
    assert runs[source].analysed_at == store.get_article(second.id).updated_at
    assert again.version == 2


def test_many_sources_are_asked_for_at_once(store: Store) -> None:
    saved = store.save_article(replace(make_article(), uri="urn:number:700"))
    runs = store.analyses.find_runs(f"urn:number:{number}" for number in range(1_200))
    assert [run.article_id for run in runs.values()] == [saved.id]
    assert store.analyses.find_runs([]) == {}
