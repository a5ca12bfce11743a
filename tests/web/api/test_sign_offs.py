"""Sign-offs over HTTP: statements, evidence, corrections, and what follows from them; on both databases."""

import csv
import io
import json

import pytest

from schemas.review_answers import ReviewedAnalysisSchema
from schemas.sign_offs import SignedQuoteSchema, SignOffsSchema
from service.usecases.articles.recheck_verdicts import recheck_articles
from service.web.services import EXTENSION
from tests.apps import import_record, make_client, post_article, running_app

SAID = "We will not raise taxes on 200 families in the valley this year."
BODY = (
    "“We will not raise taxes on 200 families in the valley this year,” Bob Reyes said on Monday. "
    "The council met for three hours. "
    "“Nobody has shown me a single map of the new harbour,” Carla Stone said afterwards."
)


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request, tmp_path):
    url = f"sqlite:///{tmp_path}/s.sqlite3"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_store")
    with running_app(url, access="locked", rate_limit_key=0, rate_limit_address=0) as app:
        import_record(
            make_client(app, "archive", "sources"), SAID, "Ann Marlow", "2026-11-20", uri="urn:speech"
        )
        yield app


@pytest.fixture
def writer(app):
    return make_client(app, "news", "write", "read")


@pytest.fixture
def zoe(app):
    return make_client(app, "Zoë", "review", "read")


def publish(writer, body=BODY, **members):
    return post_article(writer, body, uri="urn:news", published_at="2026-11-23", **members)


def address(article, number=0):
    return f"/v1/articles/{article['id']}/quotes/{article['quotes'][number]['id']}/sign-off"


def actions(client, where):
    return [one["entry"] for one in client.get(f"{where}/history").get_json()["entries"]]


def store_of(app):
    return app.extensions[EXTENSION].store


def test_a_quote_is_signed_off_with_note_and_evidence(app, writer, zoe):
    article = publish(writer)
    where = address(article, 1)
    empty = zoe.get(where)
    assert (empty.get_json()["sign_off"], empty.headers["ETag"]) == (None, '"0"')
    record = zoe.get("/v1/quotes", query_string={"q": "taxes", "speaker": "Ann Marlow"}).get_json()["quotes"][
        0
    ]
    evidence = [
        {"url": "https://example.org/minutes", "note": "page 3"},
        {"quote_id": record["id"]},
        {"passage": {"source": "Interview, 23 November", "text": "Nobody has shown me a map."}},
    ]
    said = {"status": "confirmed_by_phone", "note": "I asked her at 10.", "evidence": evidence}
    answer = zoe.put(where, json=said, headers={"If-Match": '"0"'})
    shown = answer.get_json()["sign_off"]
    assert answer.status_code == 200
    assert (shown["status"], shown["note"], shown["signed_by"]) == (said["status"], said["note"], "Zoë")
    assert [{k: v for k, v in one.items() if v} for one in shown["evidence"]] == evidence
    assert shown["correction"] is None
    assert SignedQuoteSchema().validate(answer.get_json()) == {}
    listed = zoe.get(f"/v1/articles/{article['id']}/sign-offs").get_json()
    assert (listed["signed"], listed["quotes"]) == (1, 2)
    assert [one["sign_off"] and one["sign_off"]["status"] for one in listed["lines"]] == [
        None,
        said["status"],
    ]
    assert SignOffsSchema().validate(listed) == {}
    read = zoe.get(f"/v1/articles/{article['id']}")
    assert read.get_json()["signed_off"] == {"signed": 1, "quotes": 2}
    assert read.get_json()["quotes"][1]["sign_off"] == shown
    assert "sign_off" not in read.get_json()["quotes"][0]
    assert ReviewedAnalysisSchema().validate(read.get_json()) == {}
    rows = csv.DictReader(
        io.StringIO(zoe.get(f"/v1/articles/{article['id']}?format=csv").text.lstrip("\ufeff"))
    )
    first, second = rows
    assert (first["sign_off"], second["sign_off"], second["signed_off_by"]) == ("", said["status"], "Zoë")
    assert "https://example.org/minutes" in second["sign_off_evidence"]
    assert list(store_of(app).verify()) == []


def test_what_was_said_before_stays_in_the_history(writer, zoe, app):
    where = address(publish(writer))
    zoe.put(where, json={"status": "fix", "note": "The number?"})
    same = zoe.put(where, json={"status": "fix", "note": "The number?"})
    assert len(actions(zoe, where)) == 1
    max_ = make_client(app, "Max", "review")
    stale = max_.put(where, json={"status": "ignore"}, headers={"If-Match": '"0"'})
    assert stale.status_code == 412
    done = max_.put(where, json={"status": "right"}, headers={"If-Match": same.headers["ETag"]})
    assert done.get_json()["sign_off"]["note"] is None
    gone = zoe.delete(where)
    assert gone.get_json()["sign_off"]["status"] is None
    assert zoe.delete(where).headers["ETag"] == gone.headers["ETag"]
    entries = actions(zoe, where)
    assert [(one["action"], one["by"], one["details"]["status"]) for one in entries] == [
        ("signed_off", "Zoë", "fix"),
        ("signed_off", "Max", "right"),
        ("withdrawn", "Zoë", None),
    ]
    assert list(store_of(app).verify()) == []


def test_a_corrected_speaker_is_corrected_everywhere(app, writer, zoe):
    article = publish(writer)
    was = article["quotes"][0]
    assert (was["speaker"]["name"], was["verdict"]["label"]) == ("Bob Reyes", "wrong_person")
    open_before = [
        one["quote_id"] for one in make_client(app, "q", "review").get("/v1/reviews").get_json()["reviews"]
    ]
    assert was["id"] in open_before
    person = make_client(app, "a", "admin").post("/v1/speakers", json={"name": "Ann Marlow"}).get_json()
    where = address(article)
    changed = zoe.put(where, json={"correction": {"speaker": {"name": "Ann Marlow"}}}).get_json()
    assert changed["quote"]["speaker"] == {
        "name": "Ann Marlow", "id": person["id"], "kind": "person", "how": "corrected", "confidence": 1.0,
    }  # fmt: skip
    assert changed["quote"]["verdict"]["label"] == "confirmed"
    assert changed["sign_off"]["machine"] == {
        "speaker": "Bob Reyes", "spans": was["content"]["spans"], "label": "wrong_person",
    }  # fmt: skip
    read = zoe.get(f"/v1/articles/{article['id']}").get_json()
    assert read["quotes"][0]["speaker"]["name"] == "Ann Marlow"
    assert read["summary"]["counts"]["confirmed"] == 1
    assert "wrong_person" not in read["summary"]["counts"]
    assert read["signed_off"]["signed"] == 0
    by_reyes = zoe.get("/v1/quotes", query_string={"speaker": "Bob Reyes"}).get_json()["quotes"]
    by_marlow = zoe.get("/v1/quotes", query_string={"speaker": "Ann Marlow"}).get_json()["quotes"]
    assert by_reyes == []
    assert {one["source"]["uri"] for one in by_marlow} == {"urn:speech", "urn:news"}
    assert was["id"] not in [
        one["quote_id"] for one in zoe.get("/v1/reviews?state=open").get_json()["reviews"]
    ]
    assert [list(one.changed) for one in recheck_articles(store_of(app))] == [[]]
    assert actions(zoe, where)[0]["details"]["machine"]["speaker"] == "Bob Reyes"
    assert list(store_of(app).verify()) == []
    back = zoe.delete(where).get_json()["quote"]
    assert back == was
    assert len(zoe.get("/v1/quotes", query_string={"speaker": "Bob Reyes"}).get_json()["quotes"]) == 1
    assert list(store_of(app).verify()) == []


def test_a_surname_that_two_people_of_the_article_bear_is_not_taken_for_either(app, writer, zoe):
    article = publish(writer, BODY.replace("Carla Stone", "Carla Marlow"))
    changed = zoe.put(address(article), json={"correction": {"speaker": {"name": "Marlow"}}}).get_json()
    verdict = changed["quote"]["verdict"]
    assert (verdict["attribution"], verdict["label"]) == ("unresolved", "words_only")


def test_a_corrected_span_is_judged_and_found_by_its_words(app, writer, zoe):
    article = publish(writer)
    words = "Nobody has shown me a single map"
    start = article["text"].index(words)
    span = {"start": start, "end": start + len(words)}
    changed = zoe.put(address(article, 1), json={"status": "right", "correction": {"span": span}}).get_json()
    quote = changed["quote"]
    assert (quote["content"], quote["type"]) == ({"text": words, "spans": [span]}, "direct")
    assert quote["id"] != article["quotes"][1]["id"]
    assert zoe.get(f"/v1/quotes/{quote['id']}").get_json()["text"] == words
    assert zoe.get(f"/v1/quotes/{article['quotes'][1]['id']}").status_code == 404
    for name in (quote["id"], article["quotes"][1]["id"]):
        found = zoe.get(f"/v1/articles/{article['id']}/quotes/{name}/sign-off").get_json()
        assert found["number"] == 2
    assert list(store_of(app).verify()) == []
    for wrong in ({"start": 5, "end": 5}, {"start": 0, "end": 100_000}):
        refused = zoe.put(address(article), json={"correction": {"span": wrong}})
        assert refused.status_code == 422
        assert refused.get_json()["errors"][0]["pointer"] == "/correction/span"


def test_corrections_follow_into_new_versions_and_old_statements_do_not_outlive_their_words(app, writer, zoe):
    article = publish(writer)
    zoe.put(address(article), json={"status": "right", "correction": {"speaker": {"name": "Ann Marlow"}}})
    zoe.put(address(article, 1), json={"status": "right"})
    again = publish(writer)
    assert zoe.get(f"/v1/articles/{article['id']}/versions").get_json()["versions"][0]["version"] == 1
    changed = publish(writer, "A first line. " + BODY.replace("single map", "single plan"))
    read = zoe.get(f"/v1/articles/{article['id']}").get_json()
    assert changed["id"] == again["id"] == article["id"]
    assert read["quotes"][0]["speaker"]["name"] == "Ann Marlow"
    assert read["quotes"][0]["sign_off"]["status"] == "right"
    assert read["quotes"][0]["content"]["spans"] == changed["quotes"][0]["content"]["spans"]
    assert "sign_off" not in read["quotes"][1]
    assert read["signed_off"] == {"signed": 1, "quotes": 2}
    assert zoe.get("/v1/quotes", query_string={"speaker": "Bob Reyes"}).get_json()["quotes"] == []
    assert list(store_of(app).verify()) == []


def test_a_file_is_evidence_and_only_ever_a_download(app, writer, zoe):
    article = publish(writer)
    files = f"/v1/articles/{article['id']}/evidence-files"
    content = b"<script>alert(1)</script>"
    sent = {"file": (io.BytesIO(content), "..\\notes <b>.html")}
    kept = zoe.post(files, data=sent, content_type="multipart/form-data")
    assert (kept.status_code, kept.get_json()["size"]) == (201, len(content))
    assert kept.get_json()["name"] == "notes <b>.html"
    read = zoe.get(kept.headers["Location"])
    assert read.data == content
    assert read.headers["Content-Type"] == "application/octet-stream"
    assert read.headers["Content-Disposition"].startswith("attachment")
    assert read.headers["X-Content-Type-Options"] == "nosniff"
    file_id = kept.get_json()["id"]
    done = zoe.put(address(article), json={"status": "right", "evidence": [{"file_id": file_id}]})
    assert done.get_json()["sign_off"]["evidence"][0]["file_id"] == file_id
    unknown = zoe.put(address(article), json={"status": "right", "evidence": [{"file_id": "f0"}]})
    assert unknown.get_json()["errors"] == [
        {"pointer": "/evidence/0/file_id", "detail": "The article has no file with this id."}
    ]
    assert zoe.post(files, json={}).status_code == 415
    assert writer.get(f"{files}/{file_id}").status_code == 200
    assert writer.post(files, data={"file": (io.BytesIO(content), "a.txt")}).status_code == 403
    writer.delete(f"/v1/articles/{article['id']}")
    assert writer.get(f"{files}/{file_id}").status_code == 404
    assert list(store_of(app).verify()) == []


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({}, "/status"),
        ({"status": "perhaps"}, "/status"),
        ({"note": "Looks right."}, "/status"),
        ({"status": "right", "evidence": [{"url": "javascript:alert(1)"}]}, "/evidence/0/url"),
        ({"status": "right", "evidence": [{"note": "nowhere"}]}, "/evidence/0"),
        ({"status": "right", "evidence": [{"quote_id": "q0000000000000000"}]}, "/evidence/0/quote_id"),
        ({"correction": {}}, "/correction"),
        ({"correction": {"speaker": {"name": " "}}}, "/correction/speaker/name"),
        ({"correction": {"span": {"start": "1", "end": 2}}}, "/correction/span/start"),
    ],
)
def test_what_is_refused_names_its_place(client, said, pointer):
    article = post_article(client, BODY, uri="urn:news")
    refused = client.put(address(article), json=said)
    assert refused.status_code == 422, refused.text
    assert refused.get_json()["errors"][0]["pointer"] == pointer


@pytest.fixture
def client(tmp_path):
    with running_app(f"sqlite:///{tmp_path}/open.sqlite3") as opened:
        yield opened.test_client()


def test_who_may_not_and_what_is_not_there(app, writer, zoe):
    article = publish(writer)
    assert writer.put(address(article), json={"status": "right"}).status_code == 403
    assert app.test_client().get(address(article)).status_code == 401
    assert zoe.get(f"/v1/articles/{article['id']}/quotes/q0/sign-off").status_code == 404
    assert zoe.put("/v1/articles/a0/quotes/q0/sign-off", json={"status": "right"}).status_code == 404
    draft = post_article(writer, BODY, uri="urn:draft", status="draft")
    done = zoe.put(
        address(draft), json={"status": "right", "correction": {"speaker": {"name": "Ann Marlow"}}}
    )
    assert done.status_code == 200
    assert (
        zoe.get("/v1/quotes", query_string={"q": "harbour"}).get_json()["quotes"][0]["source"]["uri"]
        == "urn:news"
    )
    event = [
        json.loads(one.data)
        for one in store_of(app).events.find_after(0, 1_000)
        if one.type == "sign_off.changed"
    ]
    assert [one["article_id"] for one in event] == [draft["id"]]
