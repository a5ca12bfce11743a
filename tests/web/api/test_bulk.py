"""Streams of quotes and transcripts: in with a result a line, out again."""

import gzip
import json

import pytest

from schemas.bulk import ImportResultSchema
from schemas.quotes import StoredQuoteSchema
from service.store.records import quote_id
from tests.apps import running_app

IMPORT = "/v1/quotes:import"
EXPORT = "/v1/quotes:export"
NDJSON = "application/x-ndjson"


def quote(number, **members):
    return {
        "text": f"We counted {number} boats in the harbour that morning",
        "speaker": "Ann Marlow",
        "said_at": "2024-05-06",
        "source": {"uri": "urn:harbour", "title": "Harbour"},
        **members,
    }


def transcript(uri, *texts):
    return {"uri": uri, "turns": [{"speaker": "Ann Marlow", "text": text} for text in texts]}


def ndjson(*records):
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def send(client, body, query="", **headers):
    with client.post(IMPORT + query, data=body, headers={"Content-Type": NDJSON, **headers}) as response:
        response.get_data()  # a response that is not closed keeps its place among the streams
        return response


def results(response):
    """The lines of an answer, checked against their schema: results, and the last."""
    assert response.status_code == 200, response.text
    assert response.content_type == NDJSON
    lines = [json.loads(line) for line in response.data.splitlines()]
    for line in lines:
        assert ImportResultSchema().validate(line) == {}
    return lines[:-1], lines[-1]


def exported(client, query=""):
    with client.get(EXPORT + query) as response:
        assert response.status_code == 200, response.text
        return [json.loads(line) for line in response.data.splitlines()]


def problem_of(response, status):
    assert response.status_code == status, response.text
    assert response.content_type == "application/problem+json"
    return response.get_json(force=True)


def test_each_line_is_told_what_became_of_it(client):
    body = ndjson(quote(1), quote(2), quote(1)) + b'\n{"text": 5}\nnonsense\n' + ndjson(quote(3))
    lines, last = results(send(client, body))
    assert [(line["line"], line["status"]) for line in lines] == [
        (1, "added"),
        (2, "added"),
        (3, "duplicate"),
        (5, "refused"),
        (6, "refused"),
        (7, "added"),
    ]
    assert lines[0]["id"] == lines[2]["id"] == quote_id("urn:harbour", 0, quote(1)["text"])
    assert {fault["pointer"] for fault in lines[3]["errors"]} == {"/text", "/source"}
    assert "column 1" in lines[4]["errors"][0]["detail"]
    assert last == {"status": "complete", "lines": 7, "added": 3, "duplicates": 1, "refused": 2}
    assert client.get(f"/v1/quotes/{lines[0]['id']}").get_json()["text"] == quote(1)["text"]


def test_what_was_imported_is_found_at_once(client):
    send(client, ndjson(*map(quote, range(20))))
    answer = client.post("/v1/check", json={"quote": quote(7)["text"], "speaker": "Ann Marlow"}).get_json()
    assert answer["verdict"]["fidelity"] == "verbatim"


def test_the_same_stream_again_adds_nothing(client):
    body = ndjson(*map(quote, range(30)))
    send(client, body)
    before = exported(client)
    lines, last = results(send(client, body))
    assert {line["status"] for line in lines} == {"duplicate"}
    assert (last["added"], last["duplicates"]) == (0, 30)
    assert exported(client) == before


def test_transcripts_are_added_replaced_and_known(client):
    first = transcript("urn:debate", "The pier is closed. It will stay closed.", "For how long?")
    changed = transcript("urn:debate", "The pier is open.")
    lines, last = results(send(client, ndjson(first, first, changed, first), "?kind=transcripts"))
    assert [line["status"] for line in lines] == ["added", "duplicate", "added", "added"]
    assert [(line["quotes_added"], line["quotes_removed"]) for line in lines] == [
        (3, 0),
        (0, 0),
        (1, 3),
        (3, 1),
    ]
    assert {line["uri"] for line in lines} == {"urn:debate"}
    assert last["added"] == 3
    assert len(exported(client)) == 3
    answer = client.post("/v1/check", json={"quote": "It will stay closed"}).get_json()
    assert answer["matches"][0]["source"]["uri"] == "urn:debate"


@pytest.mark.parametrize(
    ("body", "ending"),
    [(b"", 0), (b"\n\n", 0), (b"\r\n \r\n", 0)],
)
def test_nothing_in_nothing_out(client, body, ending):
    lines, last = results(send(client, body))
    assert (lines, last["added"], last["status"]) == ([], ending, "complete")


def test_a_last_line_needs_no_end_and_windows_lines_do(client):
    body = ndjson(quote(1), quote(2)).replace(b"\n", b"\r\n").rstrip()
    assert results(send(client, body))[1]["added"] == 2


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b'{"text": "\xff"}', "UTF-8 at byte 10"),
        (b'{"text": "\\ud800"}', "surrogate"),
        (b'{"text": NaN}', "NaN"),
        (b"[" * 5_000, "deep"),
        (b"[]", "Invalid"),
        (b"null", "Invalid"),
        (b"9" * 5_000, "JSON"),
        (json.dumps(quote(1, colour="red")).encode(), "Unknown"),
        (json.dumps(quote(1, said_at="May")).encode(), "date"),
        (json.dumps(quote(1, text="a\x00")).encode(), "U+0000"),
        (json.dumps(quote(1, text="x" * 50_001)).encode(), "50000"),
    ],
)
def test_a_bad_line_is_refused_and_the_rest_goes_on(client, line, told):
    lines, last = results(send(client, line + b"\n" + ndjson(quote(1))))
    assert [one["status"] for one in lines] == ["refused", "added"]
    assert told in str(lines[0]["errors"])
    assert last["refused"] == 1


def test_a_line_that_is_too_long_is_refused_and_the_rest_goes_on(tmp_path):
    with running_app(f"sqlite:///{tmp_path}/s.sqlite3", max_body_bytes=2_000) as app:
        long = json.dumps(quote(1, text="x" * 300_000)).encode()
        body = ndjson(quote(1)) + long + b"\n" + ndjson(quote(2)) + long
        lines, last = results(send(app.test_client(), body))
    assert [line["status"] for line in lines] == ["added", "refused", "added", "refused"]
    assert "2000 bytes" in lines[1]["errors"][0]["detail"]
    assert last["status"] == "complete"


def test_the_whole_may_be_larger_than_a_body_elsewhere(tmp_path):
    with running_app(f"sqlite:///{tmp_path}/s.sqlite3", max_body_bytes=2_000) as app:
        client = app.test_client()
        assert results(send(client, ndjson(*map(quote, range(500)))))[1]["added"] == 500
        assert problem_of(client.post("/v1/check", json={"quote": "x" * 3_000}), 413)


def test_gzip_is_unpacked(client):
    body = ndjson(*map(quote, range(100)))
    assert results(send(client, gzip.compress(body), **{"Content-Encoding": "gzip"}))[1]["added"] == 100
    parts = gzip.compress(body[:5_000]) + gzip.compress(body[5_000:])
    assert results(send(client, parts, **{"Content-Encoding": "GZIP"}))[1]["duplicates"] == 100


@pytest.mark.parametrize(
    ("spoil", "told", "kept"),
    [
        (lambda packed: packed[:-10], "ends early", True),
        (lambda packed: b"not gzip at all", "not valid gzip", False),
        (lambda packed: packed + b"and more", "not valid gzip", True),
        (lambda packed: packed[:40] + bytes(20) + packed[60:], "not valid gzip", False),
    ],
)
def test_broken_gzip_stops_the_import(client, spoil, told, kept):
    packed = gzip.compress(ndjson(*map(quote, range(50))))
    lines, last = results(send(client, spoil(packed), **{"Content-Encoding": "gzip"}))
    assert last["status"] == "stopped"
    assert told in last["detail"]
    assert len(exported(client)) == len([line for line in lines if line["status"] == "added"])
    assert bool(lines) == kept


def test_a_gzip_bomb_is_cut_off(client):
    bomb = gzip.compress(b" " * 100_000_000)
    _, last = results(send(client, bomb, **{"Content-Encoding": "gzip"}))
    assert last["status"] == "stopped"
    assert "200 times" in last["detail"]
    bombs = gzip.compress(b"\n" * 100_000_000)
    assert results(send(client, bombs, **{"Content-Encoding": "gzip"}))[1]["status"] == "stopped"


@pytest.mark.parametrize(
    ("headers", "query", "status"),
    [
        ({"Content-Type": "application/json"}, "", 415),
        ({"Content-Type": ""}, "", 415),
        ({"Content-Encoding": "br"}, "", 415),
        ({}, "?kind=articles", 422),
        ({}, "?colour=red", 422),
    ],
)
def test_what_cannot_be_read_is_refused_beforehand(client, headers, query, status):
    response = send(client, ndjson(quote(1)), query, **headers)
    problem_of(response, status)
    if "Content-Encoding" in headers:
        assert response.headers["Accept-Encoding"] == "gzip"
    assert exported(client) == []


def test_results_come_in_order_over_several_transactions(client, monkeypatch):
    monkeypatch.setattr("service.usecases.import_records.LINES_AT_ONCE", 7)
    monkeypatch.setattr("service.store.ingest.stream_import.SETTLE_QUOTES", 20)
    lines, last = results(send(client, ndjson(*map(quote, range(100)))))
    assert [line["line"] for line in lines] == list(range(1, 101))
    assert last["added"] == 100
    assert len(exported(client)) == 100


def test_a_key_makes_the_answer_repeatable(client):
    body = ndjson(quote(1), quote(2))
    first = send(client, body, **{"Idempotency-Key": "k"})
    again = send(client, body, **{"Idempotency-Key": "k"})
    assert again.data == first.data
    assert again.headers["Idempotency-Replayed"] == "true"
    assert results(again)[1]["added"] == 2
    problem_of(send(client, ndjson(quote(3)), **{"Idempotency-Key": "k"}), 422)
    assert len(exported(client)) == 2


def test_with_a_key_the_body_is_bounded(tmp_path):
    with running_app(f"sqlite:///{tmp_path}/s.sqlite3", max_body_bytes=2_000) as app:
        client = app.test_client()
        body = ndjson(*map(quote, range(500)))
        problem_of(send(client, body, **{"Idempotency-Key": "k"}), 413)
        packed = {"Idempotency-Key": "k", "Content-Encoding": "gzip"}
        problem_of(send(client, gzip.compress(b" " * 100_000), **packed), 413)
        problem_of(send(client, b"no gzip", **packed), 400)
        assert results(send(client, gzip.compress(ndjson(quote(1))), **packed))[1]["added"] == 1


def test_the_export_holds_every_quote_in_the_order_they_came(client):
    send(client, ndjson(*map(quote, range(450))))
    quotes = exported(client)
    assert [one["text"] for one in quotes] == [quote(number)["text"] for number in range(450)]
    assert StoredQuoteSchema(many=True).validate(quotes) == {}
    assert client.get(f"/v1/quotes/{quotes[7]['id']}").get_json() == quotes[7]


def test_an_export_goes_on_behind_the_last_id(client):
    send(client, ndjson(*map(quote, range(30))))
    quotes = exported(client)
    assert exported(client, f"?after={quotes[11]['id']}") == quotes[12:]
    assert exported(client, f"?after={quotes[-1]['id']}") == []
    send(client, ndjson(*map(quote, range(25, 33))))
    assert [one["text"] for one in exported(client, f"?after={quotes[-1]['id']}")] == [
        quote(number)["text"] for number in (30, 31, 32)
    ]


@pytest.mark.parametrize(
    ("query", "status"), [("?after=q0000000000000000", 404), ("?after=x", 404), ("?a=1", 422)]
)
def test_an_export_from_nowhere(client, query, status):
    problem_of(client.get(EXPORT + query), status)


def test_an_empty_export(client):
    assert exported(client) == []


def test_streams_are_not_kept_on_the_way(client):
    send(client, ndjson(quote(1)))
    with client.get(EXPORT) as export:
        for response in (send(client, ndjson(quote(1))), export):
            assert response.headers["Cache-Control"] == "private, no-cache"
            assert response.headers["X-Accel-Buffering"] == "no"
