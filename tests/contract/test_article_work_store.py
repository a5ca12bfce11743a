"""The list of articles and what is kept with them, by SQLite and PostgreSQL alike."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from service.errors import InvalidInput, NotFound
from service.store import ArticleRecord, Store
from service.store.articles.work import ArticleSearch, ShareLink
from service.store.reviews.records import Reviewer
from service.store.sources.records import Actor
from tests.store.material import make_article

ZOE = Reviewer("key-zoe", "Zoë")


def article(uri: str, severity: int, owner: str | None = None, **members: object) -> ArticleRecord:
    """An article with one quote."""
    verdict = {
        "severity": severity,
        "fidelity": "no_match",
        "changes": [],
        "attribution": "same",
        "time": "undated",
    }
    words = f"We lost {severity} boats at {uri}"
    quote = {
        "id": "q0000000000000000",
        "content": {"text": words},
        "speaker": {"name": "Ann Marlow", "confidence": 0.9},
        "verdict": verdict,
    }
    made = make_article((words, "Ann Marlow"), uri=uri)
    analysis = json.dumps({"quotes": [quote]})
    actor = {"actor": Actor(owner, owner)} if owner else {}
    return replace(made, analysis=analysis, **actor, **members)


def listed(store: Store, **search: object) -> list[str]:
    found = store.work.find_page(ArticleSearch(**search), None, 50)  # type: ignore[arg-type]
    return [str(one.uri) for one in found.items]


def test_articles_are_listed_by_what_is_asked(store: Store) -> None:
    store.save_article(article("urn:a", 1, "zoe", headline="Boats_1"))
    store.save_article(article("urn:b", 3, "max", headline="an Older one", status="draft"))
    store.save_article(article("urn:c", 2, None, publisher="The Tide", headline=None))
    assert listed(store) == ["urn:c", "urn:b", "urn:a"]
    assert listed(store, order="severity") == ["urn:b", "urn:c", "urn:a"]
    assert listed(store, order="headline") == ["urn:b", "urn:a", "urn:c"]
    assert listed(store, status="draft") == ["urn:b"]
    assert listed(store, status="published") == ["urn:c", "urn:a"]
    assert listed(store, mine="zoe") == ["urn:a"]
    assert listed(store, words="TIDE") == ["urn:c"]
    assert listed(store, words="boats_") == ["urn:a"]
    assert listed(store, words="%") == []
    assert len(listed(store, only_open=True)) == 3
    first = store.work.find_page(ArticleSearch(), None, 2)
    rest = store.work.find_page(ArticleSearch(), first.next_cursor, 2)
    assert [one.uri for one in (*first.items, *rest.items)] == ["urn:c", "urn:b", "urn:a"]
    assert (first.found, rest.next_cursor) == (3, None)
    with pytest.raises(InvalidInput):
        store.work.find_page(ArticleSearch(), "nonsense", 2)


def test_assignments_comments_and_links_go_with_their_article(store: Store) -> None:
    saved = store.save_article(article("urn:a", 1, "max"))
    store.work.assign(saved.id, ("zoe", "Zoë"), ZOE, 10.0)
    assert (store.work.get(saved.id).assignee, listed(store, mine="zoe")) == ("Zoë", ["urn:a"])
    store.work.comment(saved.id, "s" * 32, "Who?", ZOE, 11.0)
    [comment] = store.work.find_comments(saved.id)
    assert (comment.text, comment.by) == ("Who?", "Zoë")
    link = ShareLink("l1", saved.id, "Zoë", "key-zoe", 12.0, 20.0, None)
    store.work.share(link, "token")
    assert store.work.find_link("token") == link
    assert store.work.find_link("other") is None
    assert store.work.revoke(saved.id, "l1", ZOE, 13.0).revoked_at == 13.0
    assert not store.work.find_link("token").is_open(14.0)  # type: ignore[union-attr]
    with pytest.raises(NotFound):
        store.work.revoke(saved.id, "l2", ZOE, 13.0)
    store.delete_article(saved.id)
    assert store.work.find_link("token") is None
    assert store.work.find_comments(saved.id) == []
    with pytest.raises(NotFound):
        store.work.get(saved.id)
    with pytest.raises(NotFound):
        store.work.share(link, "again")
    assert list(store.verify()) == []
