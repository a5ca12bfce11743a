"""Labels, drafts, kinds and addresses over HTTP."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from schemas.articles import AnalysisSchema
from schemas.check import CheckAnswerSchema
from service.matching.sources import KINDS
from tests.apps import import_record, post_article

SAID = "We will not raise taxes on 200 families in the valley this year"
TURNED = "We will raise taxes on 200 families in the valley this year"
REPORT = (
    "The mayor spoke for an hour in the crowded school hall on Monday evening, took two questions and left by the "
    "back door. “{words},” Ann Marlow said. Outside, farmers had parked their tractors across the only road."
)


def check(client: FlaskClient, **members: Any) -> Any:
    answer = client.post("/v1/check", json=members).get_json()
    assert CheckAnswerSchema().validate(answer) == {}
    return answer


def import_lines(client: FlaskClient, query: str, *lines: Any) -> list[Any]:
    body = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    response = client.post(f"/v1/quotes:import{query}", data=body, content_type="application/x-ndjson")
    return [json.loads(line) for line in response.data.splitlines()][:-1]


def test_a_record_decides_and_says_what_was_said(client: FlaskClient) -> None:
    import_record(client, f"{SAID}.", "Ann Marlow", "2026-11-20")
    answer = post_article(client, REPORT.format(words=TURNED), uri="urn:news", published_at="2026-11-23")
    assert AnalysisSchema().validate(answer) == {}
    assert answer["status"] == "published"
    [quote] = [one for one in answer["quotes"] if one["content"]["text"].startswith("We will")]
    verdict = quote["verdict"]
    assert (verdict["label"], verdict["severity"], verdict["evidence"]) == ("changed", 3, "record")
    assert verdict["said"]["text"] == f"{SAID}."
    assert verdict["said"]["source"]["class"] == "record"
    assert verdict["correction"].startswith("We will not raise")
    assert answer["summary"]["severity"] == 3
    assert answer["summary"]["counts"]["changed"] == 1
    assert sum(answer["summary"]["counts"].values()) == len(answer["quotes"])


def test_what_a_paper_printed_is_repeated_and_never_confirmed(client: FlaskClient) -> None:
    post_article(client, REPORT.format(words=TURNED), uri="https://one.example/a")
    verdict = check(client, quote=TURNED, speaker="Ann Marlow")["verdict"]
    assert (verdict["label"], verdict["severity"], verdict["evidence"]) == ("repeated", 1, "report")
    assert (verdict["said"], verdict["correction"]) == (None, None)


def test_a_copied_misquotation_is_changed_all_the_same(client: FlaskClient) -> None:
    import_record(client, SAID, "Ann Marlow", "2026-11-20")
    for number in range(3):
        words = f"Report {number}, by hand. " + " ".join(f"w{number}x{n}" for n in range(40))
        post_article(client, f"{words} “{TURNED},” Ann Marlow said.", uri=f"https://p{number}.example/a")
    verdict = check(client, quote=TURNED, speaker="Ann Marlow")["verdict"]
    assert (verdict["label"], verdict["evidence"]) == ("changed", "record")


def test_a_draft_is_kept_and_proves_nothing(client: FlaskClient) -> None:
    body = REPORT.format(words=TURNED)
    draft = post_article(client, body, uri="urn:draft", status="draft")
    assert draft["status"] == "draft"
    assert client.get(f"/v1/articles/{draft['id']}").get_json() == draft
    assert check(client, quote=TURNED, speaker="Ann Marlow")["verdict"]["label"] == "not_found"
    assert client.get("/v1/quotes?q=families").get_json()["quotes"] == []
    post_article(client, body, uri="urn:draft")
    assert check(client, quote=TURNED, speaker="Ann Marlow")["verdict"]["label"] == "repeated"


def test_another_status_is_refused(client: FlaskClient) -> None:
    response = client.post("/v1/articles", json={"body_text": "Words.", "status": "secret"})
    assert response.status_code == 422
    assert response.get_json()["errors"][0]["pointer"] == "/status"


def test_an_article_and_its_copy_prove_nothing_for_each_other(client: FlaskClient) -> None:
    body = REPORT.format(words=TURNED)
    first = post_article(client, body, uri="https://one.example/a/")
    for uri in ("http://www.one.example/a?utm_source=feed#top", "https://two.example/b"):
        answer = post_article(client, f"{body} By agencies.", uri=uri)
        assert answer["summary"]["counts"].get("repeated", 0) == 0, uri
    again = post_article(client, body, uri="http://www.one.example/a?utm_source=feed#top")
    assert again["id"] == first["id"]
    assert client.get("/v1/quotes?q=families").get_json()["quotes"][0]["source"]["class"] == "report"


def test_a_page_proves_nothing_for_a_selection_on_it(client: FlaskClient) -> None:
    post_article(client, REPORT.format(words=TURNED), uri="https://one.example/a")
    verdict = check(client, quote=TURNED, url="http://one.example/a/#c2")["verdict"]
    assert verdict["label"] == "not_found"
    assert check(client, quote=TURNED, url="http://one.example/b")["verdict"]["label"] == "repeated"


def test_an_answer_as_of_a_day_says_that_later_sources_were_left_out(client: FlaskClient) -> None:
    import_record(client, SAID, "Ann Marlow", "2026-11-20")
    verdict = check(client, quote=SAID, speaker="Ann Marlow", as_of="2026-11-19")["verdict"]
    assert verdict["label"] == "not_found"
    assert verdict["searched"]["as_of"] == "2026-11-19"
    assert "later than 19 November 2026 were left out" in verdict["explanation"]


@pytest.mark.parametrize("query", ["", "?kind=transcripts"])
def test_an_unknown_kind_is_refused_with_the_known_ones(client: FlaskClient, query: str) -> None:
    line: dict[str, Any] = {"text": SAID, "speaker": None, "source": {"uri": "urn:s", "kind": "podcast"}}
    if query:
        line = {"uri": "urn:s", "kind": "podcast", "turns": [{"text": SAID}]}
    [result] = import_lines(client, query, line)
    assert result["status"] == "refused"
    assert result["errors"][0]["pointer"].endswith("/kind")
    assert all(kind in result["errors"][0]["detail"] for kind in KINDS)


def test_times_of_turns_come_back(client: FlaskClient) -> None:
    turns = [{"speaker": "Ann Marlow", "text": f"{SAID}.", "start_s": 61.5, "end_s": 66}]
    [result] = import_lines(
        client, "?kind=transcripts", {"uri": "urn:s", "kind": "broadcast", "turns": turns}
    )
    assert result["status"] == "added"
    said = check(client, quote=SAID, speaker="Ann Marlow")["verdict"]["said"]
    assert (said["start_s"], said["end_s"]) == (61.5, 66.0)


@pytest.mark.parametrize("times", [{"start_s": -1}, {"start_s": 5, "end_s": 4}, {"start_s": "soon"}])
def test_times_that_cannot_be_are_refused(client: FlaskClient, times: dict[str, Any]) -> None:
    line = {"uri": "urn:s", "turns": [{"speaker": None, "text": SAID, **times}]}
    [result] = import_lines(client, "?kind=transcripts", line)
    assert result["status"] == "refused"
