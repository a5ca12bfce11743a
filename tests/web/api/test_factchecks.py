"""Fact-checks over HTTP: imported, shown beside quotations, searched as Google's API is."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httplib2
import pytest
from flask import Flask
from flask.testing import FlaskClient
from googleapiclient.discovery import build_from_document
from googleapiclient.discovery_cache import get_static_doc
from googleapiclient.errors import HttpError
from werkzeug.serving import make_server

from service.usecases.api_keys import KeyRing
from service.web.http.overload import EXTENSION as GATES
from service.web.http.overload import Gate
from service.web.services import EXTENSION
from tests.apps import running_app

WHALE = {
    "@type": "ClaimReview",
    "url": "https://www.example.org/whale",
    "claimReviewed": 'Amelia Earhart said, "The most difficult thing is the decision to act, the rest is merely tenacity."',
    "headline": "Did Amelia Earhart Say This About Tenacity?",
    "author": {"name": "Example Facts"},
    "reviewRating": {"alternateName": "Correct Attribution"},
    "itemReviewed": {"author": {"name": "Social media users"}, "datePublished": "2019-05-01"},
    "datePublished": "2019-05-04",
    "inLanguage": "en-US",
}
BRIDGE = {
    "@type": "ClaimReview",
    "url": "https://other.example/bridge",
    "claimReviewed": "The city of Tampere painted all of its bridges pink in 2018.",
    "datePublished": "2018-07-01",
    "reviewRating": {"alternateName": "False"},
}


def send(client: FlaskClient, *records: Any, **options: Any) -> list[dict[str, Any]]:
    body = "\n".join(record if isinstance(record, str) else json.dumps(record) for record in records)
    response = client.post(
        "/v1/factchecks:import", data=body, content_type="application/x-ndjson", buffered=True, **options
    )
    assert response.status_code == 200, response.text
    return [json.loads(line) for line in response.text.splitlines()]


class TestImport:
    def test_each_line_is_told_what_became_of_it(self, client: FlaskClient):
        pair = [BRIDGE, BRIDGE | {"url": "nowhere"}]
        told = send(client, WHALE, "{broken", {"@type": "Article"}, pair, "", WHALE)
        assert [line["status"] for line in told] == [
            "added",
            "refused",
            "refused",
            "added",
            "duplicate",
            "complete",
        ]
        assert [line.get("line") for line in told] == [1, 2, 3, 4, 6, None]
        assert told[3]["errors"] == [
            {"pointer": "/1/url", "detail": "Must be the http or https address of the review."}
        ]
        assert told[-1] == {"status": "complete", "lines": 6, "added": 2, "duplicates": 1, "refused": 2}

    def test_the_same_again_and_a_new_version(self, client: FlaskClient):
        (first, _), (again, _) = send(client, WHALE), send(client, WHALE)
        (changed, _) = send(client, WHALE | {"headline": "Who said that about tenacity?"})
        outcomes = [line["factchecks"][0]["outcome"] for line in (first, again, changed)]
        assert outcomes == ["added", "unchanged", "changed"]
        assert len({line["factchecks"][0]["id"] for line in (first, again, changed)}) == 1

    @pytest.mark.parametrize("mimetype", ["application/json", "application/ld+json"])
    def test_a_whole_feed_as_one_document(self, client: FlaskClient, mimetype: str):
        feed = {"@type": "DataFeed", "dataFeedElement": [{"item": [WHALE]}, {"item": [BRIDGE]}]}
        response = client.post(
            "/v1/factchecks:import", data=json.dumps(feed, indent=2), content_type=mimetype, buffered=True
        )
        line, end = map(json.loads, response.text.splitlines())
        assert [one["outcome"] for one in line["factchecks"]] == ["added", "added"]
        assert end["status"] == "complete"

    def test_another_type_is_refused(self, client: FlaskClient):
        assert client.post("/v1/factchecks:import", data="x", content_type="text/csv").status_code == 415


class TestAnswers:
    def test_a_check_shows_what_was_published_about_the_words(self, client: FlaskClient):
        send(client, WHALE, BRIDGE)
        quote = "The most difficult thing is the decision to act, the rest is merely tenacity"
        answer = client.post("/v1/check", json={"quote": quote}).get_json()
        (found,) = answer["factchecks"]
        assert found["status"] == "match"
        assert 0.5 < found["confidence"] <= 1
        assert "same_quotation" in found["reasons"]
        assert found["url"] == WHALE["url"]
        assert found["rating"] == "Correct Attribution"
        assert found["publisher"] == {"name": "Example Facts", "site": "example.org"}
        assert (found["claim_date"], found["review_date"]) == ("2019-05-01", "2019-05-04")
        assert "Example Facts" in found["explanation"]
        assert answer["verdict"]["searched"]["factchecks"] == 2
        assert answer["verdict"]["fidelity"] == "no_match"  # a fact-check is offered; it decides nothing

    def test_nothing_is_shown_of_what_was_published_later(self, client: FlaskClient):
        send(client, WHALE)
        quote = "The most difficult thing is the decision to act, the rest is merely tenacity"
        body = {"quote": quote, "as_of": "2019-05-03"}
        assert client.post("/v1/check", json=body).get_json()["factchecks"] == []

    def test_a_quotation_about_something_else_has_none(self, client: FlaskClient):
        send(client, WHALE, BRIDGE)
        quote = "We expect the harvest to be smaller than last year because of the frost in April"
        assert client.post("/v1/check", json={"quote": quote}).get_json()["factchecks"] == []

    def test_an_article_cached_before_is_answered_anew(self, client: FlaskClient):
        article = {
            "body_text": "“The most difficult thing is the decision to act, the rest is merely tenacity,” said Amelia Earhart.",
            "store": False,
        }
        assert client.post("/v1/articles", json=article).get_json()["quotes"][0]["factchecks"] == []
        send(client, WHALE)
        (quote,) = client.post("/v1/articles", json=article).get_json()["quotes"]
        assert [found["url"] for found in quote["factchecks"]] == [WHALE["url"]]


class TestSearch:
    def test_as_google_answers(self, client: FlaskClient):
        send(client, WHALE, BRIDGE)
        answer = client.get("/v1/factcheck/claims:search?query=decision to act and tenacity").get_json()
        assert answer["claims"][0] == {
            "text": WHALE["claimReviewed"],
            "claimant": "Social media users",
            "claimDate": "2019-05-01T00:00:00Z",
            "claimReview": [
                {
                    "publisher": {"name": "Example Facts", "site": "example.org"},
                    "url": WHALE["url"],
                    "title": WHALE["headline"],
                    "reviewDate": "2019-05-04T00:00:00Z",
                    "textualRating": "Correct Attribution",
                    "languageCode": "en-US",
                }
            ],
        }

    @pytest.mark.parametrize(
        ("parameters", "urls"),
        [
            ({"query": "bridges", "reviewPublisherSiteFilter": "other.example"}, [BRIDGE["url"]]),
            ({"reviewPublisherSiteFilter": "www.example.org"}, [WHALE["url"]]),
            ({"query": "bridges", "reviewPublisherSiteFilter": "nobody.example"}, []),
            ({"query": "pink bridges", "languageCode": "de"}, []),
            ({"query": "pink bridges", "maxAgeDays": 1}, []),
        ],
    )
    def test_filters(self, client: FlaskClient, parameters: dict[str, Any], urls: list[str]):
        send(client, WHALE, BRIDGE)
        answer = client.get("/v1/factcheck/claims:search", query_string=parameters).get_json()
        assert [claim["claimReview"][0]["url"] for claim in answer.get("claims", [])] == urls

    def test_reviews_of_one_claim_come_together(self, client: FlaskClient):
        send(client, BRIDGE, BRIDGE | {"url": "https://third.example/bridge"})
        answer = client.get("/v1/factcheck/claims:search?query=pink bridges in Tampere").get_json()
        (claim,) = answer["claims"]
        assert len(claim["claimReview"]) == 2

    @pytest.mark.parametrize(
        "query",
        ["", "query=+", "query=x&pageToken=7", "query=x&pageSize=-1", "query=x&offset=a", "query=x&wrong=1"],
    )
    def test_a_wrong_request_is_told_in_both_forms(self, client: FlaskClient, query: str):
        response = client.get(f"/v1/factcheck/claims:search?{query}")
        body = response.get_json()
        assert response.status_code == body["status"] == body["error"]["code"] == 400
        assert body["error"]["status"] == "INVALID_ARGUMENT"
        assert body["error"]["message"]


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def google_client(address: str, key: str | None) -> Any:
    document = json.loads(get_static_doc("factchecktools", "v1alpha1"))
    document["rootUrl"] = f"{address}/"
    return build_from_document(document, developerKey=key, http=httplib2.Http(timeout=10))


class TestGooglesOwnClient:
    def test_pages_of_claims(self, app: Flask):
        many = [
            BRIDGE | {"url": f"https://other.example/{n}", "claimReviewed": f"Bridge {n} is pink."}
            for n in range(25)
        ]
        send(app.test_client(), *many)
        with serving(app) as address, google_client(address, None) as service:
            claims, texts = service.claims(), []
            request = claims.search(query="pink bridge", languageCode="en", pageSize=10)
            while request is not None:
                answer = request.execute()
                texts += [claim["text"] for claim in answer["claims"]]
                request = claims.search_next(request, answer)
            assert len(texts) == len(set(texts)) == 25
            with pytest.raises(HttpError, match="Give a query") as refused:
                claims.search().execute()
            assert refused.value.status_code == 400

    def test_its_key_is_an_access_key(self, tmp_path):
        with running_app(f"sqlite:///{tmp_path}/store.sqlite3", access="locked") as app:
            token = KeyRing(app.extensions[EXTENSION].store.keys).create("google", {"read"}).token
            with serving(app) as address:
                with google_client(address, token) as service:
                    assert service.claims().search(query="bridge").execute() == {}
                with google_client(address, "wrong") as service, pytest.raises(HttpError) as refused:
                    service.claims().search(query="bridge").execute()
                assert refused.value.status_code == 401
                # nowhere else is a key taken from an address, which logs and histories keep
                assert app.test_client().get(f"/v1/quotes?key={token}").status_code == 401


def test_searches_take_their_turn_with_others(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = Gate(1, 0, wait_s=0.01)
    monkeypatch.setattr(app.extensions[GATES], "searching", gate)
    leave = gate.enter()
    for path in ("/v1/factcheck/claims:search", "/v1alpha1/claims:search"):
        assert app.test_client().get(path, query_string={"query": "harbour"}).status_code == 503
    leave()
    assert app.test_client().get(path, query_string={"query": "harbour"}).status_code == 200
