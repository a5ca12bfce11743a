"""Bad input: each a clear problem with a pointer, or a sane answer; never a 500, never a stored half."""

import json

import pytest

from service.web.http.problems import CONTENT_TYPE
from tests.apps import running_app

ARTICLES = "/v1/articles"
JSON = "application/json"


def post(client, data, content_type=JSON, path=ARTICLES):
    return client.post(path, data=data, content_type=content_type)


def problem_of(response, status):
    """The problem, after checking that it is one."""
    assert response.status_code == status, response.text
    assert response.content_type == CONTENT_TYPE
    problem = response.get_json(force=True)
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    return problem


def stored_count(client):
    return len(client.get("/v1/quotes").get_json()["quotes"])


@pytest.mark.parametrize(
    ("data", "content_type", "status", "told"),
    [
        (b"", JSON, 400, "empty"),
        (b"   \n", JSON, 400, "empty"),
        (b"{}", "text/plain", 415, "application/json"),
        (b"{}", None, 415, "application/json"),
        (b"{", JSON, 400, "line 1 column 2"),
        (b'{"body_text": "a" "b"}', JSON, 400, "column"),
        (b'{"body_text": "\xff"}', JSON, 400, "byte 15"),
        (b'{"body_text": NaN}', JSON, 400, "NaN"),
        (b"[" * 100_000, JSON, 400, "deep"),
        (b"9" * 10_000, JSON, 400, "JSON"),
    ],
)
def test_a_body_that_is_no_json(refused_client, data, content_type, status, told):
    assert told in problem_of(post(refused_client, data, content_type), status)["detail"]


@pytest.mark.parametrize(
    ("body", "pointer", "told"),
    [
        ({}, "", "body_text"),
        ([], "", "Invalid input"),
        (5, "", "Invalid input"),
        ("text", "", "Invalid input"),
        ({"body_text": ""}, "/body_text", "empty"),
        ({"body_text": " \n\t "}, "/body_text", "empty"),
        ({"body_text": None}, "/body_text", "null"),
        ({"body_text": 5}, "/body_text", "string"),
        ({"body_text": ["a"]}, "/body_text", "string"),
        ({"body_text": "a\x00b"}, "/body_text", "U+0000 at position 1"),
        ({"body_text": "a", "body_html": "b"}, "/body_html", "one body"),
        ({"body_text": "a", "colour": "red"}, "/colour", "Unknown"),
        ({"body_text": "a", "a/b~c": 1}, "/a~1b~0c", "Unknown"),
        ({"body_text": "a", "published_at": "31 March"}, "/published_at", "date"),
        ({"body_text": "a", "published_at": "2025-02-30"}, "/published_at", "date"),
        ({"body_text": "a", "published_at": 20250331}, "/published_at", "date"),
        ({"body_text": "a", "published_at": "0000-00-00T00:00:00Z"}, "/published_at", "date"),
        ({"body_text": "a", "language": "english!"}, "/language", "match"),
        ({"body_text": "a", "store": "yes"}, "/store", "boolean"),
        ({"body_text": "a", "uri": "x" * 2001}, "/uri", "2000"),
        ({"body_text": "a", "uri": "\x00"}, "/uri", "U+0000"),
    ],
)
def test_a_member_that_is_wrong(refused_client, body, pointer, told):
    problem = problem_of(refused_client.post(ARTICLES, json=body), 422)
    fault = next(fault for fault in problem["errors"] if fault["pointer"] == pointer)
    assert told.lower() in fault["detail"].lower()
    assert stored_count(refused_client) == 0


def test_half_a_surrogate_pair(client):
    problem = problem_of(post(client, b'{"body_text": "ab\\ud800"}'), 422)
    assert problem["errors"] == [
        {"pointer": "/body_text", "detail": "Contains half of a surrogate pair at position 2."}
    ]


def test_an_unknown_member_named_with_half_a_surrogate(client):
    problem_of(post(client, b'{"body_text": "a", "\\ud800": 1}'), 422)


def test_a_body_over_the_limit(tmp_path):
    with running_app(f"sqlite:///{tmp_path}/s.sqlite3", max_body_bytes=1000) as app:
        client = app.test_client()
        assert (
            "MAX_BODY_BYTES"
            in problem_of(post(client, b'{"body_text": "' + b"a" * 1000 + b'"}'), 413)["detail"]
        )
        assert post(client, b'{"body_text": "' + b"a" * 900 + b'"}').status_code == 200


def test_a_megabyte_is_over_the_default_limit(client):
    body = json.dumps({"body_text": "word " * 250_000})
    problem_of(post(client, body), 413)


@pytest.mark.parametrize(
    "text",
    [
        '"' * 1001,
        "“" * 1000,
        "”’‘“" * 500,
        "“He said nothing, and the mark stays open. She said so.",
        'He said "one" and "two and "three.',
        "a" * 200_000,
        "She said “yes, we will”. " * 1_000,
        "قال الرئيس: «لن نتراجع عن قرارنا أبدا»، وأضاف أنه واثق.",
        "\u202e“Reversed words,” she said.\u202c",
        "“We won 🏆🎉👩‍👩‍👧‍👦 today,” she said. 🇩🇪",
        "\x01\x02\x1b[31m“Bell \x07 and escape,” he said.\x7f",
        "e\u0301“a\u0308b,” she said\u200b\u200d\ufeff.",
    ],
    ids=lambda text: ascii(text[:12]),
)
def test_strange_text_gets_a_sane_answer(client, text):
    response = client.post(ARTICLES, json={"body_text": text})
    assert response.status_code == 200, response.text[:300]
    answer = response.get_json()
    assert answer["text"] == text
    for quote in answer["quotes"]:
        spans = quote["content"]["spans"]
        assert " … ".join(text[span["start"] : span["end"]] for span in spans) == quote["content"]["text"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/quote"),
        ({"quote": ""}, "/quote"),
        ({"quote": "x" * 50_001}, "/quote"),
        ({"quote": "a b c", "date": "yesterday"}, "/date"),
        ({"quote": "a b c", "date": "2024-13-01"}, "/date"),
        ({"quote": "a b c", "speaker": 7}, "/speaker"),
        ({"quote": "a b c", "sepaker": "x"}, "/sepaker"),
    ],
)
def test_a_check_that_is_wrong(refused_client, body, pointer):
    problem = problem_of(refused_client.post("/v1/check", json=body), 422)
    assert pointer in [fault["pointer"] for fault in problem["errors"]]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=ten", "limit"),
        ("from=2020", "from"),
        ("from=2020-02-02&to=2020-02-01", "to"),
        ("colour=red", "colour"),
        ("cursor=%00", "cursor"),
        ("cursor=abc", "cursor"),
        ("q=%20", "q"),
    ],
)
def test_a_search_that_is_wrong(refused_client, query, parameter):
    problem = problem_of(refused_client.get(f"/v1/quotes?{query}"), 422)
    assert parameter in [fault["parameter"] for fault in problem["errors"]]


@pytest.mark.parametrize(
    "path", ["/v1/quotes/nope", "/v1/articles/nope", "/v1/jobs/nope", "/nowhere", "/v1/quotes/q%00"]
)
def test_what_is_not_there(client, path):
    problem_of(client.get(path), 404)


def test_a_wrong_method_says_which_are_right(client):
    response = client.delete("/v1/check")
    problem_of(response, 405)
    assert "POST" in response.headers["Allow"]


def test_a_fault_of_our_own_shows_nothing_of_its_inside(client, app, monkeypatch):
    def fail(*_):
        raise RuntimeError("the article said: secret")

    monkeypatch.setattr("service.web.api.check.services", fail)
    assert "secret" not in json.dumps(problem_of(client.post("/v1/check", json={"quote": "a b c"}), 500))
