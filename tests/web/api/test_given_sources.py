"""Sources that are sent with an article or a check."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.articles import AnalysisSchema
from schemas.check import CheckAnswerSchema
from service.web.http.given_sources import ESCAPED
from tests.apps import import_record, running_app
from tests.web.test_bad_input import problem_of

INTERVIEW = """REPORTER: Why did the council close the night bus?
TOMAS HALE: We did not close it because of the money, we closed it because nobody rode it after eleven. In March \
there were four passengers a night, and two of them were the driver's cousins.
REPORTER: Did you ever think about the nurses who work until midnight?
TOMAS HALE: The hospital gets a shuttle of its own from the first of June. I promised the nurses that in writing.
"""
SOURCE = {
    "title": "Interview, 28 March",
    "kind": "interview",
    "published_at": "2025-03-28",
    "text": INTERVIEW,
}
DRAFT = """Mayor Tomas Hale defended himself on Friday.

“We closed it because nobody rode it after eleven,” Hale said.

“In March there were forty passengers a night, and two of them were the driver's cousins,” he said.

“Did you ever think about the nurses who work until midnight?” Hale asked.

“The airport will never be sold to a foreign company while I am mayor,” Hale added.
"""
SRT = """1
00:00:01,000 --> 00:00:04,000
TOMAS HALE: The hospital gets a shuttle

2
00:00:04,000 --> 00:00:08,000
of its own from the first of June.

3
00:00:08,000 --> 00:00:11,000
I promised the nurses that in writing.
"""
SHUTTLE = "The hospital gets a shuttle of its own from the first of June."
QUIET = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def analyse(client, body=DRAFT, sources=(SOURCE,), **members):
    sent = {"body_text": body, "store": False, "sources": list(sources), **members}
    response = client.post("/v1/articles", json=sent)
    assert response.status_code == 200, response.text
    answer = response.get_json()
    assert AnalysisSchema().validate(answer) == {}
    return response, answer


def check(client, quote, *sources, **members):
    response = client.post("/v1/check", json={"quote": quote, "sources": list(sources), **members})
    assert response.status_code == 200, response.text
    answer = response.get_json()
    assert CheckAnswerSchema().validate(answer) == {}
    return answer


def labels(answer):
    return [quote["verdict"]["label"] for quote in answer["quotes"] if quote["type"] == "direct"]


def test_each_quotation_ends_as_what_the_source_shows(client):
    response, answer = analyse(client)
    assert labels(answer) == ["confirmed", "changed", "wrong_person", "not_in_sources"]
    assert answer["summary"]["severity"] == 3
    assert answer["searched"]["given"] == 1
    direct = [quote for quote in answer["quotes"] if quote["type"] == "direct"]
    assert [quote["verdict"]["given"] for quote in direct] == [True, True, True, False]
    assert direct[1]["verdict"]["changes"] == ["number"]
    assert direct[1]["verdict"]["correction"].startswith("In March there were four passengers a night")
    source = direct[1]["matches"][0]["source"]
    assert (source["title"], source["given"], source["number"]) == ("Interview, 28 March", True, 0)
    assert (source["kind"], source["class"], source["published_at"]) == ("interview", "record", "2025-03-28")
    assert response.headers["Cache-Status"] == "verbatim; fwd=bypass; detail=sources"


@pytest.mark.parametrize("body", ["body_html", "body_markdown"])
def test_bodies_of_every_format_take_sources(client, body):
    text = "<p>“We closed it because nobody rode it after eleven,” Tomas Hale said.</p>"
    sent = {body: text, "store": False, "sources": [SOURCE]}
    answer = client.post("/v1/articles", json=sent).get_json()
    assert labels(answer) == ["confirmed"]


def test_what_is_stored_is_shown_and_does_not_decide(client):
    words = "The airport will never be sold to a foreign company while I am mayor."
    import_record(client, words, "Tomas Hale", "2025-03-20", title="Speech in the council")
    answer = check(client, words, SOURCE, speaker="Tomas Hale")
    verdict = answer["verdict"]
    assert (verdict["label"], verdict["severity"], verdict["given"]) == ("not_in_sources", 3, False)
    assert (verdict["fidelity"], verdict["evidence"]) == ("verbatim", "record")
    assert verdict["said"]["source"]["title"] == "Speech in the council"
    assert answer["matches"][0]["source"]["given"] is False
    assert check(client, words, speaker="Tomas Hale")["verdict"]["label"] == "confirmed"


def test_captions_give_the_time_of_the_words(client):
    answer = check(client, SHUTTLE, {"title": "Talk", "format": "srt", "text": SRT})
    said = answer["verdict"]["said"]
    assert 1.0 <= said["start_s"] < 2.0 and 7.0 < said["end_s"] <= 8.0
    assert (answer["matches"][0]["start_s"], answer["matches"][0]["end_s"]) == (
        said["start_s"],
        said["end_s"],
    )


def test_a_machines_transcript_is_told(client):
    turns = [
        {
            "speaker": "TH",
            "text": "The hospital gets a shuttle of its own from the first of June.",
            "start_s": 4,
        }
    ]
    source = {"title": "Interview with Tomas Hale", "turns": turns, "machine": True}
    answer = check(client, turns[0]["text"], source, speaker="Hale")
    assert answer["verdict"]["label"] == "confirmed"
    assert "spoken by Tomas Hale, as transcribed by a machine" in answer["verdict"]["explanation"]
    assert answer["matches"][0]["source"]["machine"] is True


def test_several_sources_are_told_apart(client):
    other = {"title": "Press release", "kind": "Press release", "text": "“We are proud of the new shuttle.”"}
    answer = check(client, SHUTTLE, other, SOURCE, speaker="Hale")
    assert answer["verdict"]["searched"]["given"] == 2
    assert answer["matches"][0]["source"]["number"] == 1


@pytest.mark.parametrize(
    ("sources", "status", "pointer", "told"),
    [
        ([{}], 422, "/sources/0", "Give the source's text or turns"),
        ([SOURCE, {"text": "A: b", "kind": "rumour"}], 422, "/sources/1/kind", "'rumour' is no kind of source; there are: transcript,"),
        ([{"text": "A: b", "kind": "draft"}], 422, "/sources/0/kind", "'draft' is no kind of source"),
        ([{"text": "  "}], 422, "/sources/0/text", "Must not be empty."),
        ([{"text": "\x00"}], 422, "/sources/0/text", "U+0000"),
        ([{"text": "a", "turns": [{"text": "b"}]}], 422, "/sources/0/turns", "text is there already"),
        ([{"id": "s1", "title": "x"}], 422, "/sources/0/title", "by its id alone"),
        ([{"id": "?"}], 422, "/sources/0/id", "does not match"),
        ([SOURCE, {"id": "s0123456789abcdef"}], 422, "/sources/1/id", "There is no such source."),
        ([SOURCE] * 3 + [{"text": "{", "format": "whisper"}], 422, "/sources/3/text", "JSON"),
        ([{"text": "a", "format": "docx"}], 422, "/sources/0/format", "Must be one of"),
        ([{"text": "a", "format": "turns"}], 422, "/sources/0/text", "takes turns"),
        ([{"turns": [{"text": "b"}], "format": "srt"}], 422, "/sources/0/format", "format turns"),
        ([{"turns": []}], 422, "/sources/0/turns", "Length"),
        ([{"turns": [{"text": "b", "start_s": -1}]}], 422, "/sources/0/turns/0/start_s", "greater"),
        ([{"text": "a", "published_at": "March"}], 422, "/sources/0/published_at", "YYYY-MM-DD"),
        ([{"text": "a"}] * 21, 422, "/sources", "maximum length 20"),
        ([{"text": "word " * 200_000}] * 3, 413, "/sources", "2,000,000 are taken"),
        ([{"text": "A. " * 70_000}], 413, "/sources", "60,000 sentences"),
        ("interview", 422, "/sources", "Not a valid list"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/v1/articles", "/v1/check"])
def test_a_source_that_cannot_be_taken(refused_client, path, sources, status, pointer, told):
    sent = {"/v1/articles": {"body_text": DRAFT}, "/v1/check": {"quote": "no words"}}[path]
    response = refused_client.post(path, json={**sent, "sources": sources})
    problem = problem_of(response, status)
    assert [fault["pointer"] for fault in problem["errors"]] == [pointer]
    assert told in problem["errors"][0]["detail"]
    assert refused_client.get("/v1/quotes").get_json()["quotes"] == []


def test_a_body_may_be_larger_only_by_its_sources(tmp_path):
    with running_app(f"sqlite:///{tmp_path}/s.sqlite3", max_body_bytes=2_000) as app:
        client = app.test_client()
        many = {"text": "The mayor said nothing of it. " * 200}
        assert check(client, SHUTTLE, many)["verdict"]["label"] == "not_in_sources"
        problem_of(client.post("/v1/check", json={"quote": "word " * 1_000}), 413)
        endless = json.dumps({"quote": "x", "sources": [{"text": "x" * (ESCAPED * 2_000_000 + 2_000)}]})
        problem_of(client.post("/v1/check", data=endless, content_type="application/json"), 413)


def test_sources_are_not_taken_where_something_is_kept(client):
    sent = {"body_text": DRAFT, "sources": [SOURCE]}
    response = client.post("/v1/articles", json=sent, headers={"Idempotency-Key": "one"})
    assert "takes no Idempotency-Key" in problem_of(response, 422)["detail"]
    problem = problem_of(client.put("/v1/articles/a1", json=sent), 422)
    assert [fault["pointer"] for fault in problem["errors"]] == ["/sources"]


def test_a_stored_analysis_has_no_words_of_the_sources(client):
    _, answer = analyse(client, store=True)
    stored = client.get(f"/v1/articles/{answer['id']}")
    kept = stored.get_json()
    assert labels(kept) == labels(answer)
    assert "four passengers" not in stored.text and "Interview, 28 March" not in stored.text
    changed = next(quote for quote in kept["quotes"] if quote["verdict"]["label"] == "changed")
    assert (changed["verdict"]["said"], changed["verdict"]["correction"], changed["matches"]) == (
        None,
        None,
        [],
    )
    assert changed["verdict"]["explanation"] == (
        "The words were changed: judged by sources that came with the article and are not kept."
    )
    assert (
        client.get("/v1/quotes?q=cousins")
        .get_json()["quotes"][0]["text"]
        .startswith("In March there were forty")
    )


def add_source(client, **members):
    response = client.post("/v1/sources", json={**SOURCE, **members})
    assert response.status_code == 201, response.text
    return response.get_json()["id"]


def test_a_stored_source_is_named_by_its_id(client):
    source = add_source(client)
    answer = check(client, SHUTTLE, {"id": source}, speaker="Hale")
    assert (answer["verdict"]["label"], answer["verdict"]["given"]) == ("confirmed", True)
    match = answer["matches"][0]
    assert (match["source"]["number"], match["source"]["title"]) == (0, "Interview, 28 March")
    assert client.get(f"/v1/quotes/{match['quote_id']}").get_json()["text"] == SHUTTLE


def test_words_of_a_stored_source_stay_in_what_is_stored(client):
    _, answer = analyse(client, sources=[{"id": add_source(client)}], store=True)
    assert client.get(f"/v1/articles/{answer['id']}").get_json() == answer


def test_a_retracted_source_is_refused(client):
    source = add_source(client)
    client.post(f"/v1/sources/{source}/retract", json={"reason": "A forgery."})
    response = client.post("/v1/check", json={"quote": SHUTTLE, "sources": [{"id": source}]})
    problem = problem_of(response, 422)
    assert problem["errors"] == [{"pointer": "/sources/0/id", "detail": "This source was retracted."}]


def test_a_retracted_quote_of_a_stored_source_is_no_evidence(client):
    source = add_source(client)
    quote = check(client, SHUTTLE, {"id": source}, speaker="Hale")["matches"][0]["quote_id"]
    response = client.post(f"/v1/quotes/{quote}/retract", json={"reason": "Misheard."})
    assert response.status_code == 200, response.text
    answer = check(client, SHUTTLE, {"id": source}, speaker="Hale")
    assert answer["verdict"]["label"] == "not_in_sources"


def test_kept_sources_are_stored_with_the_article(client):
    _, answer = analyse(client, store=True, keep_sources=True)
    assert client.get(f"/v1/articles/{answer['id']}").get_json() == answer
    [stored] = [one for one in client.get("/v1/sources").get_json()["sources"] if one["kind"] == "interview"]
    assert stored["title"] == "Interview, 28 March"
    changed = next(quote for quote in answer["quotes"] if quote["verdict"]["label"] == "changed")
    found = client.get(f"/v1/quotes/{changed['matches'][0]['quote_id']}").get_json()
    assert found["text"].startswith("In March there were four passengers")
    assert changed["matches"][0]["source"]["uri"] == found["source"]["uri"]
    # It is evidence for others from now on, and the same again changes nothing.
    assert check(client, SHUTTLE, speaker="Tomas Hale")["verdict"]["label"] == "confirmed"
    analyse(client, store=True, keep_sources=True)
    assert (
        len([one for one in client.get("/v1/sources").get_json()["sources"] if one["kind"] == "interview"])
        == 1
    )


def test_neither_is_stored_where_one_cannot_be(client):
    source = add_source(client)
    client.post(f"/v1/sources/{source}/retract", json={"reason": "A forgery."})
    sent = {"body_text": DRAFT, "sources": [SOURCE], "keep_sources": True}
    problem_of(client.post("/v1/articles", json=sent), 409)
    assert client.get("/v1/quotes?q=forty").get_json()["quotes"] == []


@pytest.mark.parametrize(
    ("members", "told"),
    [({"store": False}, "kept with an article that is stored"), ({"sources": []}, "no sources to keep")],
)
def test_keeping_needs_something_to_keep(client, members, told):
    sent = {"body_text": DRAFT, "sources": [SOURCE], "keep_sources": True, **members}
    problem = problem_of(client.post("/v1/articles", json=sent), 422)
    assert problem["errors"][0]["pointer"] == "/keep_sources"
    assert told in problem["errors"][0]["detail"]


def test_keeping_takes_a_scope_of_its_own(tmp_path):
    from service.usecases.api_keys import KeyRing
    from service.web.services import EXTENSION

    with running_app(f"sqlite:///{tmp_path}/s.sqlite3", access="locked") as app:
        ring, client = KeyRing(app.extensions[EXTENSION].store.keys), app.test_client()
        sent = {"body_text": DRAFT, "sources": [SOURCE], "keep_sources": True}
        for scopes, status in ((["write"], 403), (["write", "sources"], 200)):
            token = ring.create("desk", scopes).token
            response = client.post("/v1/articles", json=sent, headers={"Authorization": f"Bearer {token}"})
            assert response.status_code == status, response.text
        assert response.get_json()["quotes"]


def test_an_answer_with_sources_is_nobody_elses(client):
    _, with_sources = analyse(client)
    _, without = analyse(client, sources=())
    assert "not_in_sources" not in labels(without)
    assert labels(analyse(client)[1]) == labels(with_sources)
    words = SHUTTLE
    assert check(client, words, SOURCE, speaker="Hale")["verdict"]["label"] == "confirmed"
    assert check(client, words, speaker="Hale")["verdict"]["label"] == "not_found"


def test_an_article_that_came_with_sources_is_not_rechecked(app, client):
    from service.usecases.articles.recheck_verdicts import recheck_articles
    from service.web.services import EXTENSION

    analyse(client, store=True)
    [rechecked] = recheck_articles(app.extensions[EXTENSION].store)
    assert (rechecked.quotes > 0, rechecked.changed) == (True, ())


TEXTS = st.text(max_size=80) | st.sampled_from(
    ["A: b", "1\n00:00:01,000 --> 00:00:02,000\nx", "{}", "[]", "WEBVTT"]
)
ODD_SOURCES = st.lists(
    st.dictionaries(
        st.sampled_from(
            ["title", "kind", "published_at", "uri", "format", "text", "turns", "machine", "id", "x"]
        ),
        TEXTS
        | st.none()
        | st.booleans()
        | st.floats()
        | st.sampled_from(["auto", "text", "markdown", "html", "srt", "vtt", "whisper", "turns", "interview"])
        | st.lists(
            st.dictionaries(st.sampled_from(["speaker", "text", "start_s", "end_s"]), TEXTS | st.integers()),
            max_size=3,
        ),
        max_size=5,
    ),
    max_size=3,
)


@QUIET
@given(sources=ODD_SOURCES)
def test_any_sources_are_taken_or_refused_with_a_place(client, sources):
    sent = json.dumps({"quote": SHUTTLE, "sources": sources})
    response = client.post("/v1/check", data=sent, content_type="application/json")
    assert response.status_code in (200, 400, 422)
    if response.status_code == 422:
        assert all(
            fault["pointer"].startswith("/sources") for fault in response.get_json(force=True)["errors"]
        )


@QUIET
@given(
    text=st.text(min_size=1),
    format=st.sampled_from(["auto", "text", "markdown", "html", "srt", "vtt", "whisper"]),
    quote=st.text(min_size=1, max_size=200),
)
def test_any_text_is_read_or_refused(client, text, format, quote):
    response = client.post("/v1/check", json={"quote": quote, "sources": [{"text": text, "format": format}]})
    assert response.status_code in (200, 400, 422)
