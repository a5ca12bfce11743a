"""Batches and jobs over HTTP. A Redis takes what wakes workers; the jobs are done here, by the use case."""

from __future__ import annotations

import json

import pytest

from schemas.problems import describe_error
from service.usecases.api_keys import KeyRing
from service.usecases.background.run_job import JobRunner
from service.web.services import EXTENSION
from service.worker.wiring import read_article
from tests.apps import running_app

GOOD = {"uri": "urn:good", "body_text": "“We will dredge the harbour this year,” Ann Marlow said."}


@pytest.fixture
def app(tmp_path, redis_empty_url):
    with running_app(
        f"sqlite:///{tmp_path}/store.sqlite3", redis_url=redis_empty_url, max_body_bytes=20_000
    ) as app:
        yield app


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def work(app):
    """Do all that is due."""
    services = app.extensions[EXTENSION]
    runner = JobRunner(services.store, services.analyser, read_article, describe_error, lease_s=30.0)

    def work():
        while runner.run_next():
            pass

    return work


def send_lines(client, *lines: bytes):
    return client.post("/v1/batches", data=b"\n".join(lines), content_type="application/x-ndjson")


def test_a_batch_from_its_acceptance_to_its_end(client, work):
    response = client.post(
        "/v1/batches", json=[GOOD, {**GOOD, "uri": "urn:two", "store": False}, {"uri": "x"}]
    )
    assert response.status_code == 202, response.text
    batch = response.get_json()
    assert (batch["status"], batch["total"], batch["done"], batch["failed"]) == ("running", 3, 0, 1)
    assert response.headers["Location"] == f"/v1/batches/{batch['id']}"
    work()
    over = client.get(response.headers["Location"]).get_json()
    assert (over["status"], over["done"], over["failed"]) == ("done", 2, 1)
    first, second, third = over["items"]
    stored = client.get(f"/v1/articles/{first['article']}").get_json()
    assert stored["uri"] == "urn:good"
    assert (second["status"], second["article"]) == ("done", None), "it was not to be stored"
    analysis = client.get(f"/v1/jobs/{second['job']}").get_json()["result"]
    assert (analysis["uri"], analysis["stored"]) == ("urn:two", False)
    assert third["problem"]["errors"] == [
        {"pointer": "", "detail": "Give one of body_text, body_html and body_markdown."}
    ]


def test_lines_are_read_one_by_one(client, work):
    response = send_lines(client, json.dumps(GOOD).encode(), b"", b"{", b"[1]", b"\xff", b'{"a": 1e999}')
    assert response.status_code == 202, response.text
    work()
    items = client.get(response.headers["Location"]).get_json()["items"]
    assert [item["status"] for item in items] == ["done", "failed", "failed", "failed", "failed"]
    assert [item["problem"]["status"] for item in items[1:]] == [400, 422, 400, 422]
    assert "column" in items[1]["problem"]["detail"]


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"", "application/json", 400),
        (b" \n", "application/x-ndjson", 400),
        (b"{", "application/json", 400),
        (b"{}", "application/json", 422),
        (b"[]", "application/json", 422),
        (json.dumps([{}] * 1001).encode(), "application/json", 422),
        (b"{}\n" * 1001, "application/x-ndjson", 422),
        (b"[]", "text/plain", 415),
        (b"[" * 100_000, "application/json", 400),
    ],
)
def test_what_is_no_batch_is_refused_whole(client, body, kind, status):
    response = client.post("/v1/batches", data=body, content_type=kind)
    assert response.status_code == status
    assert response.content_type == "application/problem+json"


def test_a_batch_may_be_larger_than_a_request_and_its_articles_may_not(client, work):
    large = {"uri": "urn:large", "body_text": "word " * 4_500}
    fitting = [{**GOOD, "uri": f"urn:{number}", "headline": "x" * 1_500} for number in range(20)]
    response = client.post("/v1/batches", json=[large, *fitting])
    assert response.status_code == 202, response.text
    assert response.get_json()["items"][0]["problem"]["status"] == 413
    assert client.post("/v1/articles", json=large).status_code == 413


def test_a_batch_beyond_its_limit_is_refused(tmp_path, redis_empty_url):
    settings = {"redis_url": redis_empty_url, "batch_max_bytes": 3_000, "max_body_bytes": 2_000}
    with running_app(f"sqlite:///{tmp_path}/s.sqlite3", **settings) as app:
        assert app.test_client().post("/v1/batches", json=[GOOD] * 50).status_code == 413


def test_items_come_in_pages(client):
    where = client.post("/v1/batches", json=[{**GOOD, "uri": f"urn:{n}"} for n in range(5)]).headers[
        "Location"
    ]
    pages, start = [], 0
    while start is not None:
        page = client.get(f"{where}?start={start}&limit=2").get_json()
        pages.append([item["position"] for item in page["items"]])
        start = page["next"]
    assert pages == [[0, 1], [2, 3], [4]]


def test_the_same_uri_twice_is_done_in_order(client, work):
    second = {**GOOD, "headline": "Second"}
    client.post("/v1/batches", json=[{**GOOD, "headline": "First"}, second])
    work()
    [job] = {quote["source"]["uri"] for quote in client.get("/v1/quotes?limit=9").get_json()["quotes"]}
    assert job == "urn:good"
    response = client.post("/v1/batches", json=[second])
    work()
    [item] = client.get(response.headers["Location"]).get_json()["items"]
    assert item["version"] == 2, "the second came after the first, and a third that is the same is none"


def test_an_idempotency_key_makes_one_batch_of_two_requests(client):
    headers = {"Idempotency-Key": "import-7"}
    first, second = (client.post("/v1/batches", json=[GOOD], headers=headers) for _ in range(2))
    assert first.get_json()["id"] == second.get_json()["id"]


def test_a_single_article_later(client, work):
    response = client.post("/v1/articles", json=GOOD, headers={"Prefer": "respond-async"})
    assert response.status_code == 202, response.text
    job = response.get_json()
    assert (job["status"], job["ahead"], job["result"], job["problem"]) == ("queued", 0, None, None)
    work()
    done = client.get(response.headers["Location"]).get_json()
    assert (done["status"], done["attempts"], done["ahead"]) == ("done", 1, None)
    assert done["result"]["id"] == done["article"]
    assert client.get(f"/v1/articles/{done['article']}").get_json() == done["result"]


def test_the_result_of_a_deleted_article_is_gone_with_it(client, work):
    where = client.post("/v1/articles", json=GOOD, headers={"Prefer": "respond-async"}).headers["Location"]
    work()
    article = client.get(where).get_json()["article"]
    assert client.delete(f"/v1/articles/{article}").status_code == 204
    left = client.get(where).get_json()
    assert (left["status"], left["result"]) == ("done", None)


def test_an_article_that_fails_says_why(tmp_path, redis_empty_url):
    settings = {"redis_url": redis_empty_url, "max_text_chars": 1_000}
    with running_app(f"sqlite:///{tmp_path}/s.sqlite3", **settings) as app:
        client, services = app.test_client(), app.extensions[EXTENSION]
        long = {**GOOD, "body_text": "word " * 900}
        where = client.post("/v1/articles", json=long, headers={"Prefer": "respond-async"}).headers[
            "Location"
        ]
        runner = JobRunner(services.store, services.analyser, read_article, describe_error, lease_s=30.0)
        assert runner.run_next()
        job = client.get(where).get_json()
    assert job["status"] == "failed"
    assert job["problem"]["status"] == 422
    assert job["problem"]["errors"][0]["pointer"] == "/body_text"


def test_without_a_queue_batches_are_refused_and_articles_are_answered_at_once(tmp_path):
    with running_app(f"sqlite:///{tmp_path}/s.sqlite3") as app:
        client = app.test_client()
        assert client.post("/v1/batches", json=[GOOD]).status_code == 501
        assert client.post("/v1/articles", json=GOOD, headers={"Prefer": "respond-async"}).status_code == 200


def test_what_a_key_made_is_its_own(tmp_path, redis_empty_url):
    settings = {"redis_url": redis_empty_url, "access": "locked"}
    with running_app(f"sqlite:///{tmp_path}/s.sqlite3", **settings) as app:
        client = app.test_client()
        store = app.extensions[EXTENSION].store
        shown = {
            name: KeyRing(store.keys).create(name, scopes).token
            for name, scopes in (("desk", ("write", "read")), ("other", ("read",)), ("boss", ("admin",)))
        }
        headers = {name: {"Authorization": f"Bearer {token}"} for name, token in shown.items()}
        made = client.post("/v1/batches", json=[GOOD], headers=headers["desk"])
        assert made.status_code == 202, made.text
        where = made.headers["Location"]
        [item] = client.get(where, headers=headers["desk"]).get_json()["items"]
        for path in (where, f"/v1/jobs/{item['job']}"):
            statuses = {name: client.get(path, headers=headers[name]).status_code for name in headers}
            assert statuses == {"desk": 200, "other": 404, "boss": 200}


def test_when_too_much_waits_no_more_is_accepted(client, work, monkeypatch):
    monkeypatch.setattr("service.usecases.background.accept_jobs.MAX_OPEN", 3)
    assert client.post("/v1/batches", json=[GOOD] * 3).status_code == 202
    refused = client.post("/v1/batches", json=[GOOD])
    assert refused.status_code == 503
    assert refused.headers["Retry-After"]
    work()
    assert client.post("/v1/batches", json=[GOOD]).status_code == 202
