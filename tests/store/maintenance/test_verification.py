"""The checker of the store: silent where all holds together, and telling each way in which it does not."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import delete, insert, select, update

from service.store import open_store
from service.store.engine.database import Database
from service.store.maintenance.verification import check_references
from service.store.tables import (
    article_versions,
    articles,
    batches,
    frequencies,
    jobs,
    postings,
    quotes,
    state,
)
from service.web.services import EXTENSION
from tests.apps import lithium_talks, post_article, running_app
from tests.faults.articles import article

COMMON = " ".join(
    f"“We will build the {number} bridges of the town,” Anna Kowalska said." for number in range(40)
)


@pytest.fixture(scope="module")
def original(shared_database_url):
    """A store with articles, one of them in two versions and one deleted. Each test has a copy."""
    with running_app(shared_database_url) as app:
        client = app.test_client()
        post_article(client, COMMON, uri="https://example.org/common")
        body = article(1)
        post_article(client, body["body_text"], uri=body["uri"])
        post_article(client, body["body_text"] + " “Nothing else,” she added.", uri=body["uri"])
        assert client.post("/v1/articles", json=lithium_talks()).status_code == 200
        gone = post_article(client, article(2)["body_text"], uri="https://example.org/gone")["id"]
        app.extensions[EXTENSION].store.delete_article(gone)


@pytest.fixture
def filled(original, copied_database_url):
    """The store, and its database."""
    store, database = open_store(copied_database_url), Database(copied_database_url)
    yield store, database
    database.close()
    store.close()


def test_a_store_holds_together(filled):
    assert list(filled[0].verify()) == []


def break_row(table, **values):
    first = select(table.c[next(iter(table.primary_key.columns)).name]).limit(1).scalar_subquery()
    return update(table).where(next(iter(table.primary_key.columns)) == first).values(**values)


JOB = {
    "id": "j1", "kind": "article", "owner": "x", "position": 0, "subject": "s", "priority": 0, "body": "",
    "status": "done", "attempts": 1, "deaths": 0, "due_at": 0.0, "created_at": 0.0,
}  # fmt: skip
BATCH = {"id": "b1", "owner": "x", "total": 2, "done": 1, "failed": 0, "created_at": 0.0}


@pytest.mark.parametrize(
    ("breaking", "told"),
    [
        (update(state).values(quotes=state.c.quotes + 1), "state: counts"),
        (update(state).values(next_quote_id=1), "state: the next quote"),
        (break_row(articles, text="Another text."), "its text is another"),
        (delete(article_versions).where(article_versions.c.version == 1), "versions kept"),
        (break_row(quotes, key=1), "not those of its analysis"),
        (break_row(quotes, text="Entirely other words stand here now."), "postings:"),
        (delete(postings).where(postings.c.posting == select(postings.c.posting).limit(1).scalar_subquery()), "missing"),
        (insert(postings).values(posting=5), "lead to no quote"),
        (insert(postings).values(posting=(1 << 62) + 5), "lead to no quote"),
        (update(frequencies).values(frequency=frequencies.c.frequency + 1), "frequencies:"),
        (insert(jobs).values(**JOB), "came to nothing"),
        (insert(batches).values(**BATCH), "batch b1: counts 1"),
        (insert(batches).values({**BATCH, "done": 0, "finished_at": 1.0}), "says otherwise"),
        (break_row(articles, generation="x.999"), None),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_is_broken_is_told(filled, breaking, told):
    store, database = filled
    with database.write() as connection:
        connection.execute(breaking)
    findings = list(store.verify())
    if told is None:  # the generation of another store says nothing of this one
        assert findings == []
    else:
        assert any(told in finding for finding in findings), findings


def test_a_generation_that_is_still_to_come(filled):
    store, database = filled
    name = store.generation().partition(".")[0]
    with database.write() as connection:
        connection.execute(break_row(articles, generation=f"{name}.9999999"))
    assert any("of generation 9999999" in finding for finding in store.verify())


def test_two_quotes_in_one_place_and_quotes_of_nobody(tmp_path):
    url = f"sqlite:///{tmp_path}/store.sqlite3"
    with running_app(url) as app:
        post_article(app.test_client(), COMMON, uri="https://example.org/common")
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            connection.executescript(
                "DROP INDEX quotes_place; UPDATE quotes SET position = 0; "
                "DELETE FROM speaker_names; DELETE FROM sources;"
            )
        database = Database(url)
        with database.snapshot() as connection:
            findings = list(check_references(connection))
        database.close()
    assert [finding.split(":")[0] for finding in findings] == [
        "quotes without source",
        "quotes of an unknown speaker",
        "sources with two quotes in one place",
    ]
    assert findings[0].endswith(", …")
