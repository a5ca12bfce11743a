"""Stored sources over HTTP: files and turns in, read, changed, retracted, removed."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.stored_sources import (
    ChangedSourceSchema,
    SourceHistorySchema,
    SourcePageSchema,
    StoredSourceSchema,
)
from service.usecases.api_keys import KeyRing
from service.web.services import EXTENSION
from tests.apps import import_record, post_article, running_app

SRT = b"""1
00:00:01,000 --> 00:00:04,000
HALE: We will not close the night bus.

2
00:00:05,000 --> 00:00:08,500
HALE: Nobody asked us to do that.

3
00:00:09,000 --> 00:00:11,000
REPORTER: Why was it planned?
"""
TURNS = [
    {"speaker": "Speaker 1", "text": "We will not close the night bus before spring.", "start_s": 3.5},
    {"speaker": "Speaker 2", "text": "Who decided that, and when?"},
]
ARTICLE = "“We will not close the night bus before spring,” Tomas Hale said on Monday."
UNCHECKED = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def add_turns(client, **members):
    response = client.post("/v1/sources", json={"title": "Talk", "turns": TURNS, **members})
    assert response.status_code in (200, 201), response.text
    told = response.get_json()
    assert ChangedSourceSchema().validate(told) == {}
    return told


def add_file(client, data=SRT, name="talk.srt", **members):
    return client.post("/v1/sources", data={"file": (io.BytesIO(data), name), **members})


def quotes_of(client, **query):
    return client.get("/v1/quotes", query_string=query).get_json()["quotes"]


def problem_of(response, status):
    assert response.status_code == status, response.text
    assert response.content_type == "application/problem+json"
    return response.get_json(force=True)


def test_a_file_becomes_a_source(client):
    response = add_file(
        client, kind="interview", published_at="2025-03-28", speaker=["HALE=Tomas Hale", "REPORTER=Ann Dorr"]
    )
    assert response.status_code == 201, response.text
    told = response.get_json()
    assert response.headers["Location"].endswith(f"/v1/sources/{told['id']}")
    assert (told["format"], told["kind"], told["class"]) == ("srt", "interview", "record")
    assert (told["title"], told["published_at"]) == ("talk", "2025-03-28")
    assert told["speakers"] == [{"name": "Tomas Hale", "turns": 1}, {"name": "Ann Dorr", "turns": 1}]
    first = told["turns"][0]
    said = " ".join(first["text"].split())
    assert said == "We will not close the night bus. Nobody asked us to do that."
    assert (first["start_s"], first["end_s"]) == (1.0, 8.5)
    assert [cue["start_s"] for cue in first["cues"]] == [1.0, 5.0]
    found = quotes_of(client, q="nobody asked")
    assert [(one["text"], one["speaker"]["name"]) for one in found] == [
        ("Nobody asked us to do that.", "Tomas Hale")
    ]
    assert client.get(f"/v1/sources/{told['id']}").get_json()["turns"] == told["turns"]


def test_what_was_said_decides_on_an_article(client):
    add_turns(client, speakers={"Speaker 1": "Tomas Hale"}, published_at="2025-03-28", kind="interview")
    [quote] = post_article(client, ARTICLE, store=False)["quotes"]
    assert quote["verdict"]["label"] == "confirmed"
    assert quote["verdict"]["said"]["start_s"] == 3.5


def test_the_same_again_is_the_same_source(client):
    first = add_turns(client)
    response = client.post("/v1/sources", json={"title": "Talk", "turns": TURNS})
    assert response.status_code == 200
    assert response.get_json()["id"] == first["id"]
    assert len(client.get("/v1/sources").get_json()["sources"]) == 1


def test_sources_are_listed_page_by_page(client):
    kept = [add_turns(client, uri=f"https://k.example/{number}")["id"] for number in range(3)]
    import_record(client, "An imported quotation is a source too", "Ana", "2024-01-01")
    post_article(client, ARTICLE)
    first = client.get("/v1/sources?limit=2").get_json()
    second = client.get("/v1/sources", query_string={"limit": 2, "cursor": first["next"]}).get_json()
    assert SourcePageSchema().validate(first) == {}
    listed = [*first["sources"], *second["sources"]]
    assert [one["id"] for one in listed[1:]] == kept[::-1]
    assert listed[0]["uri"] == "urn:said"
    assert [one["quotes"] for one in listed] == [1, 2, 2, 2]
    found = client.get("/v1/sources?class=record&from=2024-01-01&to=2024-01-01&q=URN").get_json()["sources"]
    assert [one["uri"] for one in found] == ["urn:said"]
    problem = problem_of(client.get("/v1/sources?from=2025-01-02&to=2025-01-01&kind=gossip"), 422)
    assert {error["parameter"] for error in problem["errors"]} >= {"kind"}


def test_speakers_are_renamed_and_verdicts_told(client):
    told = add_turns(client)
    article = post_article(client, ARTICLE)
    response = client.patch(
        f"/v1/sources/{told['id']}", json={"speakers": {"Speaker 1": "Tomas Hale"}, "title": "Interview"}
    )
    changed = response.get_json()
    assert ChangedSourceSchema().validate(changed) == {}
    assert changed["speakers"][0] == {"name": "Tomas Hale", "turns": 1}
    [touched] = changed["touched"]["articles"]
    assert touched["id"] == article["id"] and touched["quotes"] == [article["quotes"][0]["id"]]
    assert client.get(touched["href"]).status_code == 200
    assert changed["touched"] | {"reviews": 0} == client.get(f"/v1/sources/{told['id']}/verdicts").get_json()
    [review] = client.get("/v1/reviews?rule=evidence_changed").get_json()["reviews"]
    assert review["article"]["id"] == article["id"]
    history = client.get(f"/v1/sources/{told['id']}/history").get_json()
    assert SourceHistorySchema().validate(history) == {}
    newest, oldest = history["entries"]
    assert (newest["action"], oldest["action"]) == ("changed", "added")
    assert newest["former"] == {"title": "Talk", "speakers": [{"from": "Speaker 1", "to": "Tomas Hale"}]}


def test_a_retracted_source_decides_on_nothing(client):
    told = add_turns(client, speakers={"Speaker 1": "Tomas Hale"})
    article = post_article(client, ARTICLE)
    address = f"/v1/sources/{told['id']}"
    problem_of(client.post(f"{address}/retract", json={}), 422)
    changed = client.post(f"{address}/retract", json={"reason": "The recording was forged"}).get_json()
    assert changed["retraction"]["reason"] == "The recording was forged"
    assert (changed["touched"]["verdicts"], changed["touched"]["reviews"]) == (1, 1)
    assert client.get(address).get_json()["turns"] == told["turns"]
    [again] = post_article(client, ARTICLE, store=False)["quotes"]
    assert again["verdict"]["label"] == "not_found"
    lost = article["quotes"][0]["matches"][0]["quote_id"]
    assert "forged" in problem_of(client.get(f"/v1/quotes/{lost}"), 404)["detail"]
    problem_of(client.post(f"{address}/retract", json={"reason": "Again"}), 409)
    problem_of(client.post("/v1/sources", json={"title": "Talk", "turns": TURNS, "speakers": {"Speaker 1": "Tomas Hale"}}), 409)  # fmt: skip
    assert client.post(f"{address}/reinstate", json={}).get_json()["retraction"] is None
    [again] = post_article(client, ARTICLE, store=False)["quotes"]
    assert again["verdict"]["label"] == "confirmed"


def test_a_source_that_was_named_by_its_id_is_relied_on_too(client):
    told = add_turns(client, speakers={"Speaker 1": "Tomas Hale"})
    article = post_article(client, ARTICLE, sources=[{"id": told["id"]}])
    private = {"title": "Notes", "text": "Tomas Hale: Nobody rode it after eleven at night."}
    post_article(client, "“Nobody rode it after eleven at night,” Tomas Hale said.", sources=[private])
    touched = client.get(f"/v1/sources/{told['id']}/verdicts").get_json()
    assert [one["id"] for one in touched["articles"]] == [article["id"]]


def test_a_single_quote_is_retracted(client):
    told = add_turns(client)
    [quote] = quotes_of(client, q="night bus spring")
    retracted = client.post(f"/v1/quotes/{quote['id']}/retract", json={"reason": "Misheard"}).get_json()
    assert retracted["source_id"] == told["id"]
    assert quotes_of(client, q="night bus spring") == []
    assert "Misheard" in problem_of(client.get(f"/v1/quotes/{quote['id']}"), 404)["detail"]
    [alone] = client.get(f"/v1/sources/{told['id']}").get_json()["retracted_quotes"]
    assert (alone["id"], alone["turn"]) == (quote["id"], 0)
    assert client.post(f"/v1/quotes/{quote['id']}/reinstate", json={}).status_code == 200
    assert [one["id"] for one in quotes_of(client, q="night bus spring")] == [quote["id"]]
    problem_of(client.post("/v1/quotes/q0000000000000000/retract", json={"reason": "No"}), 404)


def test_a_removed_source_is_gone_and_its_history_stays(client):
    told = add_turns(client)
    address = f"/v1/sources/{told['id']}"
    removed = client.delete(f"{address}?reason=Sent+by+mistake")
    assert removed.status_code == 200
    assert removed.get_json()["touched"]["verdicts"] == 0
    problem_of(client.get(address), 404)
    problem_of(client.delete(address), 404)
    entries = client.get(f"{address}/history").get_json()["entries"]
    assert [(one["action"], one["reason"]) for one in entries] == [
        ("removed", "Sent by mistake"),
        ("added", None),
    ]
    assert quotes_of(client) == []


def test_what_was_replaced_can_be_read(client):
    told = add_turns(client, uri="https://k.example/talk")
    turns = [{"speaker": "Speaker 1", "text": "We may close the night bus."}]
    response = client.post("/v1/sources", json={"turns": turns, "uri": "https://k.example/talk"})
    assert (response.status_code, response.get_json()["id"]) == (200, told["id"])
    newest = client.get(f"/v1/sources/{told['id']}/history").get_json()["entries"][0]
    assert (newest["action"], newest["former"]["turns"]) == ("replaced", 2)
    whole = client.get(f"/v1/sources/{told['id']}/history/{newest['number']}").get_json()
    assert [turn["text"] for turn in whole["former"]["turns"]] == [turn["text"] for turn in TURNS]
    problem_of(client.get(f"/v1/sources/{told['id']}/history/999"), 404)


def test_nobody_overwrites_what_they_have_not_seen(client):
    address = f"/v1/sources/{add_turns(client)['id']}"
    response = client.get(address)
    etag = response.headers["ETag"]
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 304
    changed = client.patch(address, json={"title": "One"}, headers={"If-Match": etag})
    assert changed.status_code == 200
    assert changed.headers["ETag"] == client.get(address).headers["ETag"] != etag
    for refused in (
        client.patch(address, json={"title": "Two"}, headers={"If-Match": etag}),
        client.delete(address, headers={"If-Match": etag}),
        client.post(f"{address}/retract", json={"reason": "No"}, headers={"If-Match": etag}),
    ):
        problem_of(refused, 412)
    assert client.get(address).get_json()["title"] == "One"


@pytest.mark.parametrize(
    ("members", "pointers"),
    [
        ({}, {""}),
        ({"text": "a", "turns": TURNS}, {"/turns"}),
        ({"text": " "}, {"/text"}),
        ({"turns": []}, {"/turns"}),
        ({"turns": [{"text": "..."}], "kind": "gossip"}, {"/kind"}),
        ({"text": "Words", "published_at": "yesterday", "title": "\x00"}, {"/published_at", "/title"}),
        ({"text": "Words", "format": "mp3"}, {"/format"}),
        ({"text": "Words of somebody.", "speakers": {"Ann": "Bo"}}, {"/speakers/Ann"}),
        ({"text": "{}", "format": "whisper"}, {"/text"}),
        ({"text": "Words", "machine": "yes"}, {"/machine"}),
        ({"text": "Words", "colour": 1}, {"/colour"}),
    ],
)
def test_a_bad_source_is_refused_with_its_place(refused_client, members, pointers):
    problem = problem_of(refused_client.post("/v1/sources", json=members), 422)
    assert {error["pointer"] for error in problem["errors"]} == pointers
    assert refused_client.get("/v1/sources").get_json()["sources"] == []


def test_a_bad_file_is_refused_with_its_name_and_place(client):
    problem = problem_of(add_file(client, b"\x00\x01\x02", "talk.bin"), 422)
    assert "talk.bin" in problem["errors"][0]["detail"]
    assert problem["errors"][0]["pointer"] == "/file"
    problem = problem_of(client.post("/v1/sources", data={"title": "No file"}, content_type="multipart/form-data"), 422)  # fmt: skip
    assert problem["errors"][0]["pointer"] == "/file"
    problem = problem_of(add_file(client, kind="gossip", speaker="no arrow", colour="red"), 422)
    assert {error["pointer"] for error in problem["errors"]} >= {"/kind", "/colour"}
    problem_of(client.post("/v1/sources", data=b"words", content_type="text/plain"), 415)


VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(
    ["text", "turns", "title", "kind", "published_at", "uri", "format", "machine", "speakers", "publisher"]
)


@UNCHECKED
@given(body=st.dictionaries(NAMES | st.text(max_size=5), VALUES, max_size=5))
def test_whatever_is_sent_is_stored_whole_or_refused(client, body):
    response = client.post("/v1/sources", data=json.dumps(body), content_type="application/json")
    assert response.status_code in (200, 201, 400, 422), response.text
    if response.status_code < 400:
        read = client.get(f"/v1/sources/{response.get_json()['id']}").get_json()
        assert StoredSourceSchema().validate(read) == {}
        assert read["turns"]


@UNCHECKED
@given(
    data=st.binary(max_size=300)
    | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass"))
    | st.lists(
        st.sampled_from(["A: ", "words ", "00:01 --> 00:02\n", "\n\n", "WEBVTT\n", "<v B>"]), max_size=20
    )
    .map("".join)
    .map(str.encode),
    name=st.sampled_from(["a.srt", "a.vtt", "a.txt", "a.md", "a.json", "a.html", ""]) | st.text(max_size=8),
)
def test_any_file_is_read_or_refused(client, data, name):
    response = client.post("/v1/sources", data={"file": (io.BytesIO(data), name)})
    assert response.status_code in (200, 201, 422), response.text


@UNCHECKED
@given(change=st.dictionaries(NAMES | st.text(max_size=5), VALUES, max_size=4))
def test_any_change_is_made_or_refused(client, change):
    told = add_turns(client)
    address = f"/v1/sources/{told['id']}"
    response = client.patch(address, data=json.dumps(change), content_type="application/json")
    assert response.status_code in (200, 400, 409, 422), response.text
    read = client.get(address)
    assert read.status_code == 200
    assert [turn["text"] for turn in read.get_json()["turns"]] == [turn["text"] for turn in told["turns"]]
    client.delete(address)


def test_evidence_takes_a_scope_of_its_own(tmp_path):
    with running_app(f"sqlite:///{tmp_path}/locked.sqlite3", access="locked") as app:
        ring = KeyRing(app.extensions[EXTENSION].store.keys)

        def key(*scopes):
            return {"Authorization": f"Bearer {ring.create('a key', scopes).token}"}

        client = app.test_client()
        writer, keeper = key("write", "read"), key("sources")
        body = {"title": "Talk", "turns": TURNS}
        assert client.post("/v1/sources", json=body, headers=writer).status_code == 403
        added = client.post("/v1/sources", json=body, headers=keeper)
        assert added.status_code == 201
        address = f"/v1/sources/{added.get_json()['id']}"
        line = json.dumps({"text": "Words of an import", "source": {"uri": "urn:a"}})
        for headers, status in ((writer, 403), (keeper, 200)):
            imported = client.post(
                "/v1/quotes:import", data=line, content_type="application/x-ndjson", headers=headers
            )
            assert imported.status_code == status
        assert client.get(address, headers=writer).status_code == 200
        assert client.get(address, headers=keeper).status_code == 403
        for method, path in (("PATCH", address), ("DELETE", address), ("POST", f"{address}/retract")):
            assert client.open(path, method=method, json={"reason": "No"}, headers=writer).status_code == 403
        [entry] = client.get(f"{address}/history", headers=writer).get_json()["entries"]
        assert entry["by"] == "a key" and len(entry["key"]) == 10
