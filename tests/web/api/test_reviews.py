"""Reviews over HTTP: the queue, claims, decisions, what a reader of the article sees of them."""

import hashlib
import json
from contextlib import contextmanager
from itertools import pairwise

import pytest

from schemas.review_answers import ReviewSchema
from service.store.engine.cursor import CursorCodec
from service.web.services import EXTENSION
from tests.apps import import_record, make_client, post_article, running_app

SAID = "We will not raise taxes on 200 families in the valley this year."
ALTERED = "“We will raise taxes on 200 families in the valley this year,” Ann Marlow said on Monday."
STOLEN = "“We will not raise taxes on 200 families in the valley this year,” Bob Reyes said on Monday."


@contextmanager
def reviewing(url):
    """A locked app with a record of what was said."""
    with running_app(url, access="locked", rate_limit_key=0, rate_limit_address=0) as app:
        client = app.test_client()
        writer = make_client(app, "archive", "sources")
        import_record(writer, SAID, "Ann Marlow", "2026-11-20", uri="urn:speech")
        assert client.get("/v1/reviews").status_code == 401
        yield app


@pytest.fixture
def app(database_url):
    with reviewing(database_url) as app:
        yield app


@pytest.fixture(scope="module")
def open_review(shared_database_url):
    """An editor's client and the id of a review that no test decides."""
    with reviewing(shared_database_url) as app:
        publish(make_client(app, "desk", "write", "read"))
        zoe = make_client(app, "Zoë", "review")
        [line] = zoe.get("/v1/reviews").get_json()["reviews"]
        yield zoe, line["id"]


@pytest.fixture
def writer(app):
    return make_client(app, "desk", "write", "read")


@pytest.fixture
def zoe(app):
    return make_client(app, "Zoë", "review")


@pytest.fixture
def max_(app):
    return make_client(app, "Max", "review")


def publish(writer, body=ALTERED, uri="urn:news", **members):
    return post_article(writer, body, uri=uri, published_at="2026-11-23", **members)


def decision(fidelity="altered", attribution="same", **members):
    changes = ["negation"] if fidelity == "altered" else []
    verdict = {"fidelity": fidelity, "attribution": attribution, "changes": changes}
    return {"verdict": verdict, "reason": "I heard the tape.", **members}


def test_what_turns_the_meaning_is_in_the_queue(writer, zoe):
    article = publish(writer)
    [line] = zoe.get("/v1/reviews").get_json()["reviews"]
    assert line["rules"][0] == "meaning_altered"
    assert (line["state"], line["urgency"], line["claim"], line["decision"]) == ("open", 1, None, None)
    assert line["machine"]["fidelity"] == "altered"
    assert line["article"]["id"] == article["id"]
    assert line["quote_id"] == article["quotes"][0]["id"]
    answer = zoe.get(f"/v1/reviews/{line['id']}")
    shown = answer.get_json()
    assert shown["quote"] == article["quotes"][0]
    context = shown["context"]
    assert context["before"] + context["exact"] + context["after"] == ALTERED
    assert ReviewSchema().validate(shown) == {}
    again = zoe.get(f"/v1/reviews/{line['id']}", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_what_stands_by_itself_is_not(writer, zoe):
    publish(writer, "“The weather was fine for once on all of the coast,” Ann Marlow said.")
    post_article(writer, ALTERED, store=False)
    writer.post("/v1/check", json={"quote": SAID, "speaker": "Bob Reyes"})
    assert zoe.get("/v1/reviews").get_json() == {"reviews": [], "next": None}


def test_another_speaker_is_a_reason(writer, zoe):
    publish(writer, STOLEN)
    [line] = zoe.get("/v1/reviews?rule=misattributed").get_json()["reviews"]
    assert line["machine"]["attribution"] == "misattributed"
    assert zoe.get("/v1/reviews?rule=spliced").get_json()["reviews"] == []


def test_one_has_it_at_a_time(writer, zoe, max_):
    publish(writer)
    taken = zoe.post("/v1/reviews/next", json={}).get_json()
    assert (taken["state"], taken["claim"]["by"]) == ("claimed", "Zoë")
    place = f"/v1/reviews/{taken['id']}"
    assert max_.post("/v1/reviews/next", json={}).status_code == 204
    for attempt in (
        max_.post(f"{place}/claim", json={}),
        max_.post(f"{place}/skip", json={}),
        max_.post(f"{place}/decision", json=decision()),
        max_.delete(f"{place}/claim"),
    ):
        assert attempt.status_code == 409
        assert "Zoë" in attempt.get_json()["detail"]
    assert zoe.get("/v1/reviews?state=open").get_json()["reviews"] == []
    assert len(zoe.get("/v1/reviews?state=claimed").get_json()["reviews"]) == 1
    assert zoe.delete(f"{place}/claim").get_json()["state"] == "open"
    assert max_.post(f"{place}/claim", json={"seconds": 60}).get_json()["claim"]["by"] == "Max"
    skipped = max_.post(f"{place}/skip", json={"reason": "I know her."}).get_json()
    assert (skipped["state"], skipped["skips"]) == ("open", 1)


def test_a_decision_stands_beside_the_verdict(writer, zoe):
    article = publish(writer)
    before = writer.get(f"/v1/articles/{article['id']}")
    assert before.get_json() == article
    review = zoe.post("/v1/reviews/next", json={}).get_json()
    evidence = [{"url": "https://example.org/tape", "note": "minute 4"}, {"quote_id": review["quote_id"]}]
    decided = zoe.post(
        f"/v1/reviews/{review['id']}/decision", json=decision("fabricated", "unresolved", evidence=evidence)
    )
    assert decided.status_code == 200, decided.text
    assert decided.get_json()["state"] == "decided"
    after = writer.get(f"/v1/articles/{article['id']}")
    [quote] = after.get_json()["quotes"]
    assert quote["verdict"] == article["quotes"][0]["verdict"]
    shown = quote.pop("review")
    assert quote == article["quotes"][0]
    assert shown["decision"]["verdict"]["fidelity"] == "fabricated"
    assert shown["decision"]["decided_by"] == "Zoë"
    assert shown["machine"]["fidelity"] == "altered"
    assert writer.get(f"/v1/quotes/{review['quote_id']}").get_json()["review"] == shown
    assert after.headers["ETag"] != before.headers["ETag"]
    same = {"If-None-Match": after.headers["ETag"]}
    assert writer.get(f"/v1/articles/{article['id']}", headers=same).status_code == 304
    stale = {"If-None-Match": before.headers["ETag"]}
    assert writer.get(f"/v1/articles/{article['id']}", headers=stale).status_code == 200
    put = {"uri": "urn:news", "body_text": ALTERED, "headline": "New", "published_at": "2026-11-23"}
    for tag, status in ((before.headers["ETag"], 200), (after.headers["ETag"], 412)):
        answer = writer.put(f"/v1/articles/{article['id']}", json=put, headers={"If-Match": tag})
        assert answer.status_code == status
        put["headline"] = "Newer"
    [quote] = writer.get(f"/v1/articles/{article['id']}").get_json()["quotes"]
    assert quote["review"] == shown, "a new version with the same words keeps the decision"
    assert zoe.get("/v1/reviews?state=open").get_json()["reviews"] == []


def test_a_decision_can_be_taken_back_and_the_record_knows(writer, zoe, max_, app):
    article = publish(writer)
    review = zoe.post("/v1/reviews/next", json={}).get_json()
    place = f"/v1/reviews/{review['id']}"
    zoe.post(f"{place}/decision", json=decision())
    assert max_.post(f"{place}/undo", json={}).status_code == 409
    assert max_.post(f"{place}/decision", json=decision()).status_code == 409
    assert zoe.post(f"{place}/decision", json=decision()).status_code == 200, "the same again is no harm"
    reopened = zoe.post(f"{place}/undo", json={"reason": "Wrong tape."}).get_json()
    assert (reopened["state"], reopened["decision"]) == ("open", None)
    assert "review" not in writer.get(f"/v1/articles/{article['id']}").get_json()["quotes"][0]
    entries = zoe.get(f"{place}/history").get_json()["entries"]
    assert [one["entry"]["action"] for one in entries] == ["opened", "claimed", "decided", "reopened"]
    assert [one["entry"]["by"] for one in entries] == ["verbatim", "Zoë", "Zoë", "Zoë"]
    for former, later in pairwise(entries):
        assert later["previous"] == former["hash"]
    for one in entries:
        plain = json.dumps(one["entry"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert hashlib.sha256(f"{one['previous']}\n{plain}".encode()).hexdigest() == one["hash"]
    assert list(app.extensions[EXTENSION].store.verify()) == []
    admin = make_client(app, "Chief", "admin")
    max_.post(f"{place}/decision", json=decision("verbatim"))
    assert admin.post(f"{place}/undo", json={}).get_json()["state"] == "open"


def test_if_match_tells_of_others(writer, zoe, max_):
    publish(writer)
    [line] = zoe.get("/v1/reviews").get_json()["reviews"]
    place = f"/v1/reviews/{line['id']}"
    seen = {"If-Match": zoe.get(place).headers["ETag"]}
    max_.post(f"{place}/skip", json={})
    late = zoe.post(f"{place}/decision", json=decision(), headers=seen)
    assert late.status_code == 412
    seen = {"If-Match": zoe.get(place).headers["ETag"]}
    assert zoe.post(f"{place}/decision", json=decision(), headers=seen).status_code == 200


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/verdict"),
        (decision() | {"reason": " "}, "/reason"),
        (decision("false"), "/verdict/fidelity"),
        (decision("fabricated"), "/evidence"),
        (
            decision("altered") | {"verdict": {"fidelity": "altered", "attribution": "same"}},
            "/verdict/changes",
        ),
        (decision(evidence=[{"url": "javascript:alert(1)"}]), "/evidence/0/url"),
        (decision(evidence=[{"url": "http://"}]), "/evidence/0/url"),
        (decision(evidence=[{}]), "/evidence/0"),
        (decision(evidence=[{"quote_id": "q0000000000000000"}]), "/evidence/0/quote_id"),
        (decision(evidence=[{"quote_id": "nonsense"}]), "/evidence/0/quote_id"),
    ],
)
def test_a_decision_that_will_not_do_is_refused(open_review, body, pointer):
    zoe, review = open_review
    answer = zoe.post(f"/v1/reviews/{review}/decision", json=body)
    assert answer.status_code == 422, answer.text
    assert pointer in [error["pointer"] for error in answer.get_json()["errors"]]
    assert zoe.get(f"/v1/reviews/{review}").get_json()["state"] == "open"


def test_bad_questions(zoe):
    assert zoe.get("/v1/reviews?state=done").status_code == 422
    assert zoe.get("/v1/reviews/r0").status_code == 404
    assert zoe.get("/v1/reviews/r0/history").status_code == 404
    assert zoe.post("/v1/reviews/r0/claim", json={}).status_code == 404
    for cursor in ("x", "1.2.3", "9" * 50, "١.٢.٣", CursorCodec("quotes", int, int).encode(1, 2)):
        answer = zoe.get("/v1/reviews", query_string={"cursor": cursor})
        assert answer.status_code == 422, cursor
        assert answer.get_json()["errors"][0]["parameter"] == "cursor"


def test_another_version_supersedes_what_is_open(writer, zoe):
    article = publish(writer)
    [line] = zoe.get("/v1/reviews").get_json()["reviews"]
    publish(writer, "She came early. " + ALTERED)
    [same] = zoe.get("/v1/reviews").get_json()["reviews"]
    assert same["id"] == line["id"], "the same verdict on the same words keeps its place"
    assert same["article"]["version"] == 2
    publish(writer, STOLEN)
    [other] = zoe.get("/v1/reviews?state=open").get_json()["reviews"]
    assert other["id"] != line["id"]
    assert zoe.get(f"/v1/reviews/{line['id']}").get_json()["state"] == "superseded"
    assert zoe.post(f"/v1/reviews/{line['id']}/decision", json=decision()).status_code == 409
    zoe.post(f"/v1/reviews/{other['id']}/decision", json=decision("verbatim", "misattributed"))
    assert writer.delete(f"/v1/articles/{article['id']}").status_code == 204
    decided = zoe.get(f"/v1/reviews/{other['id']}").get_json()
    assert (decided["state"], decided["context"]) == ("decided", None)
    assert zoe.get(f"/v1/reviews/{line['id']}").get_json()["text"] is None
    assert zoe.post(f"/v1/reviews/{other['id']}/undo", json={}).get_json()["state"] == "superseded"


def test_agreement(writer, zoe):
    for number, (fidelity, attribution) in enumerate([("altered", "same"), ("verbatim", "same")]):
        publish(writer, ALTERED.replace("200", f"{number + 3}00"), uri=f"urn:{number}")
        review = zoe.post("/v1/reviews/next", json={}).get_json()
        zoe.post(f"/v1/reviews/{review['id']}/decision", json=decision(fidelity, attribution))
    told = zoe.get("/v1/reviews/agreement?by=week").get_json()
    assert (told["total"]["decided"], told["total"]["agreed"], told["total"]["share"]) == (2, 1, 0.5)
    assert [one["figure"]["decided"] for one in told["periods"]] == [2]
    assert [one["name"] for one in told["verdicts"]] == ["altered"]
    assert {"axis": "fidelity", "machine": "altered", "human": "verbatim", "count": 1} in told["confusion"]
    assert zoe.get("/v1/reviews/agreement?to=2020-01-01").get_json()["total"]["share"] is None


def test_pages(writer, zoe):
    for number in range(5):
        publish(writer, ALTERED.replace("200", f"{number + 3}00"), uri=f"urn:{number}")
    seen, cursor = [], None
    while True:
        page = zoe.get("/v1/reviews", query_string={"limit": 2} | ({"cursor": cursor} if cursor else {}))
        seen += [line["article"]["uri"] for line in page.get_json()["reviews"]]
        cursor = page.get_json()["next"]
        if cursor is None:
            break
    assert seen == [f"urn:{number}" for number in range(5)]
