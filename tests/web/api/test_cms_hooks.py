"""Pushes of content management systems: their own payloads, signed."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from schemas.superdesk import read_ninjs
from schemas.wordpress import read_post
from service.errors import StoreUnavailable
from tests.apps import running_app

SECRETS = {"superdesk_secret": "superdesk-secret-1", "wordpress_secret": "wordpress-secret-1"}
BODY = "<p>“We will dredge the harbour this year,” Ann Marlow said on Monday.</p>"

#: As superdesk-core's ninjs formatter writes it; dates without a colon in the zone.
SUPERDESK = {
    "guid": "urn:newsml:desk.example.org:2026-09-29T09:02:48.114367:bbd634b3",
    "version": "3",
    "type": "text",
    "pubstatus": "usable",
    "headline": "Harbour to be dredged",
    "byline": "John Jones",
    "source": "Port News",
    "language": "en",
    "firstcreated": "2026-09-29T09:02:48+0000",
    "firstpublished": "2026-09-30T10:00:00+0000",
    "versioncreated": "2026-10-01T09:06:12+0000",
    "urgency": 3,
    "priority": 6,
    "slugline": "harbour",
    "body_html": BODY,
    "associations": {"featured": {"type": "picture", "renditions": {}}},
}
NINJS_2 = {
    "uri": "http://ninjs.example.com/newsitems/20261001simp123",
    "standard": {"name": "ninjs", "version": "2.1"},
    "type": "text",
    "versioncreated": "2026-10-01T10:37:00Z",
    "by": "Paulo Silva",
    "headlines": [{"role": "short", "value": "Harbour"}, {"role": "main", "value": "Harbour to be dredged"}],
    "bodies": [
        {"role": "main", "contenttype": "text/plain", "value": "plain text"},
        {"role": "richtext", "contenttype": "application/xhtml+xml", "value": BODY},
    ],
}
NINJS_3 = {
    "uri": "http://ninjs.example.com/newsitems/20261001simp456",
    "type": "text",
    "pubStatus": "usable",
    "versionCreated": "2026-10-01T10:37:00Z",
    "contentCreated": "2026-10-01T08:00:00Z",
    "by": "Paulo Silva",
    "headlines": [{"role": "main", "value": "Harbour to be dredged"}],
    "bodies": [
        {"role": "main", "contentType": "text/plain", "value": "“We will dredge the harbour,” she said."}
    ],
}
#: As GET /wp-json/wp/v2/posts/823?_embed=author answers.
POST = {
    "id": 823,
    "date": "2026-10-01T12:00:00",
    "date_gmt": "2026-10-01T10:00:00",
    "guid": {"rendered": "https://port.example/?p=823"},
    "modified_gmt": "2026-10-01T10:00:00",
    "slug": "harbour",
    "status": "publish",
    "type": "post",
    "link": "https://port.example/2026/10/harbour/",
    "title": {"rendered": "Harbour to be dredged"},
    "content": {"rendered": BODY, "protected": False},
    "excerpt": {"rendered": "", "protected": False},
    "author": 7,
    "_embedded": {"author": [{"id": 7, "name": "John Jones"}]},
}


@pytest.fixture
def client(tmp_path):
    with running_app(f"sqlite:///{tmp_path}/store.sqlite3", **SECRETS) as app:
        yield app.test_client()


def push_superdesk(client, item: Any, secret: str = SECRETS["superdesk_secret"], **headers: str) -> Any:
    body = item if isinstance(item, bytes) else json.dumps(item).encode()
    signed = "sha1=" + hmac.new(secret.encode(), body, "sha1").hexdigest()
    headers = {"x-superdesk-signature": signed} | headers
    return client.post("/v1/hooks/superdesk", data=body, content_type="application/json", headers=headers)


def push_wordpress(client, post: Any, header: str = "X-Hub-Signature-256", form: str = "prefixed") -> Any:
    body = json.dumps(post).encode()
    digest = hmac.new(SECRETS["wordpress_secret"].encode(), body, hashlib.sha256)
    forms = {
        "prefixed": f"sha256={digest.hexdigest()}",
        "hex": digest.hexdigest(),
        "base64": b64encode(digest.digest()).decode(),
    }
    headers = {header: forms[form]}
    return client.post("/v1/hooks/wordpress", data=body, content_type="application/json", headers=headers)


def stored(client, response) -> Any:
    return client.get(f"/v1/articles/{response.get_json()['article']}")


@pytest.mark.parametrize("item", [SUPERDESK, NINJS_2, NINJS_3], ids=["superdesk", "ninjs 2", "ninjs 3"])
def test_an_item_is_analysed_and_stored(client, item):
    response = push_superdesk(client, item)
    assert response.status_code == 201, response.text
    assert response.get_json()["outcome"] == "analysed"
    analysis = stored(client, response).get_json()
    assert analysis["uri"] == item.get("guid", item.get("uri"))
    assert analysis["headline"] == "Harbour to be dredged"
    assert analysis["byline"] in ("John Jones", "Paulo Silva")
    assert "dredge the harbour" in analysis["quotes"][0]["content"]["text"]


def test_the_day_is_that_of_first_publication(client):
    analysis = stored(client, push_superdesk(client, SUPERDESK)).get_json()
    assert analysis["published_at"].startswith("2026-09-30T10:00:00")
    assert analysis["publisher"] == "Port News"


def test_a_correction_replaces_and_a_kill_removes(client):
    first = push_superdesk(client, SUPERDESK)
    corrected = {**SUPERDESK, "version": "4", "headline": "Harbour not to be dredged"}
    second = push_superdesk(client, corrected)
    assert first.get_json()["article"] == second.get_json()["article"]
    assert stored(client, second).get_json()["headline"] == "Harbour not to be dredged"
    killed = push_superdesk(client, {"guid": SUPERDESK["guid"], "type": "text", "pubstatus": "canceled"})
    assert killed.get_json()["outcome"] == "removed"
    assert stored(client, second).status_code == 404
    again = push_superdesk(client, {"guid": SUPERDESK["guid"], "type": "text", "pubstatus": "canceled"})
    assert (again.status_code, again.get_json()["outcome"]) == (200, "ignored")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"type": "picture"}, "of type picture"),
        ({"body_html": " "}, "no body"),
        ({"type": "composite"}, "type"),
    ],
)
def test_what_is_no_article_is_passed_over(client, change, reason):
    response = push_superdesk(client, SUPERDESK | change)
    assert (response.status_code, response.get_json()["outcome"]) == (200, "ignored")
    assert reason in response.get_json()["reason"]


@pytest.mark.parametrize(
    "post",
    [
        POST,
        {"post": POST},
        {"event": "post.updated", "data": {"post": POST}},
        {"post_id": 823, "post_permalink": POST["link"], "post": {  # WP_Post, as PHP has it
            "ID": 823, "post_title": "Harbour to be dredged", "post_content": BODY, "post_status": "publish",
            "post_type": "post", "post_date_gmt": "2026-10-01 10:00:00", "guid": "https://port.example/?p=823",
        }},
        {"id": 823, "title": "Harbour to be dredged", "url": POST["link"], "content": BODY,
         "author": {"name": "John Jones"}, "date": {"raw": "2026-10-01 10:00:00"}},
    ],
    ids=["rest", "post", "data.post", "WP_Post", "flat"],
)  # fmt: skip
def test_a_post_is_the_same_article_however_it_is_wrapped(client, post):
    response = push_wordpress(client, post)
    assert response.status_code == 201, response.text
    assert response.get_json()["uri"] == "https://port.example/?p=823"
    analysis = stored(client, response).get_json()
    assert analysis["headline"] == "Harbour to be dredged"
    assert analysis["published_at"].startswith("2026-10-01T10:00:00")
    assert "dredge the harbour" in analysis["quotes"][0]["content"]["text"]


@pytest.mark.parametrize(
    "end",
    [
        {**POST, "status": "trash", "link": "https://port.example/harbour__trashed/"},
        {**POST, "status": "draft"},
        {"event": "post.trashed", "post": POST},
        {"hook": "wp_trash_post", "data": {"id": 823, "link": POST["link"]}},
        {"event": "post.deleted", "post": {"ID": 823, "permalink": POST["link"]}},
    ],
)
def test_a_post_that_is_taken_back_is_removed(client, end):
    first = push_wordpress(client, POST)
    assert push_wordpress(client, end).get_json()["outcome"] == "removed"
    assert stored(client, first).status_code == 404


def test_a_post_that_comes_back_is_there_again(client):
    first = push_wordpress(client, POST)
    push_wordpress(client, {**POST, "status": "trash", "modified_gmt": "2026-10-01T11:00:00"})
    back = {**POST, "modified_gmt": "2026-10-01T11:00:01"}
    assert push_wordpress(client, {"event": "untrash_post", "post": back}).status_code == 201
    assert stored(client, first).status_code == 200


def headline(client, response) -> Any:
    return stored(client, response).get_json()["headline"]


def test_what_is_older_than_what_was_pushed_changes_nothing(client):
    newer = SUPERDESK | {"versioncreated": "2026-10-01T10:00:00+0000", "headline": "Newer"}
    first = push_superdesk(client, newer)
    late = push_superdesk(client, SUPERDESK | {"headline": "Older"})
    assert (late.status_code, late.get_json()["outcome"]) == (200, "ignored")
    assert "older" in late.get_json()["reason"]
    assert headline(client, first) == "Newer"


def test_a_message_that_is_sent_again_changes_nothing(client):
    bare = {key: value for key, value in SUPERDESK.items() if key != "versioncreated"}
    push_superdesk(client, bare)
    second = push_superdesk(client, bare | {"headline": "Second"})
    again = push_superdesk(client, bare)
    assert "taken before" in again.get_json()["reason"]
    assert headline(client, second) == "Second"


@pytest.mark.parametrize("moment", [None, "2026-10-01T10:00:00+0000"])
def test_a_withdrawn_article_stays_withdrawn(client, moment):
    push_superdesk(client, SUPERDESK)
    kill = {"guid": SUPERDESK["guid"], "pubstatus": "canceled"} | (
        {"versioncreated": moment} if moment else {}
    )
    push_superdesk(client, kill)
    for item in (SUPERDESK, SUPERDESK | {"headline": "Not seen before"}):
        late = push_superdesk(client, item)
        assert late.get_json()["outcome"] == "ignored"
        assert stored(client, late).status_code == 404


def test_a_withdrawal_that_overtakes_its_article_holds(client):
    push_superdesk(client, {"guid": SUPERDESK["guid"], "pubstatus": "canceled"})
    late = push_superdesk(client, SUPERDESK)
    assert late.get_json()["outcome"] == "ignored"


def test_a_push_that_was_not_taken_may_be_sent_again(client, monkeypatch):
    def away(*_: Any) -> None:
        raise StoreUnavailable("away")

    with monkeypatch.context() as broken:
        broken.setattr("service.usecases.receive_push.PushReceiver._process", away)
        assert push_superdesk(client, SUPERDESK).status_code == 503
    assert push_superdesk(client, SUPERDESK).status_code == 201


@pytest.mark.parametrize(
    "post",
    [
        POST | {"content": {"rendered": BODY, "protected": True}},
        POST | {"password": "sesame"},
        {"ID": 823, "post_title": "Harbour", "post_content": BODY, "post_status": "publish",
         "post_password": "sesame", "guid": "https://port.example/?p=823"},
    ],
)  # fmt: skip
def test_what_a_password_protects_is_passed_over(client, post):
    answer = push_wordpress(client, post)
    assert (answer.status_code, answer.get_json()["outcome"]) == (200, "ignored")
    assert "password" in answer.get_json()["reason"]
    assert stored(client, answer).status_code == 404


def test_titles_and_names_are_decoded(client):
    title = {"rendered": "Harbour &#8217;dredged&#8217; &amp; <em>done</em>"}
    post = POST | {"title": title, "_embedded": {"author": [{"name": "Miles O&#8217;Brien"}]}}
    assert headline(client, push_wordpress(client, post)) == "Harbour ’dredged’ & done"


@pytest.mark.parametrize("form", ["prefixed", "hex", "base64"])
@pytest.mark.parametrize("header", ["X-Hub-Signature-256", "X-Webhook-Signature", "X-WC-Webhook-Signature"])
def test_plugins_sign_in_several_ways(client, header, form):
    assert push_wordpress(client, POST, header, form).status_code == 201


@pytest.mark.parametrize("signature", ["", "sha1=", "sha1=" + "0" * 40, "é", "sha256=00"])
def test_a_wrong_signature_is_refused_and_nothing_is_stored(client, signature):
    response = push_superdesk(client, SUPERDESK, **{"x-superdesk-signature": signature})
    assert response.status_code == 401
    assert client.get("/v1/quotes?limit=5").get_json()["quotes"] == []


def test_another_secret_or_another_body_is_refused(client):
    assert push_superdesk(client, SUPERDESK, secret="superdesk-secret-2").status_code == 401
    body = json.dumps(SUPERDESK).encode()
    signed = "sha1=" + hmac.new(SECRETS["superdesk_secret"].encode(), body, "sha1").hexdigest()
    changed = body.replace(b"this year", b"next year")
    assert push_superdesk(client, changed, **{"x-superdesk-signature": signed}).status_code == 401


@pytest.mark.parametrize("system", ["superdesk", "wordpress"])
def test_pushes_are_refused_without_a_secret(tmp_path, system):
    with running_app(f"sqlite:///{tmp_path}/store.sqlite3") as app:
        response = app.test_client().post(f"/v1/hooks/{system}", json=POST)
    assert response.status_code == 403
    assert f"{system.upper()}_SECRET is not set" in response.get_json()["detail"]


def test_pushes_need_no_key(tmp_path):
    with running_app(f"sqlite:///{tmp_path}/store.sqlite3", access="locked", **SECRETS) as app:
        client = app.test_client()
        assert client.get("/v1/webhooks").status_code == 401
        assert push_superdesk(client, SUPERDESK).status_code == 201


def test_the_doors_are_held_to_the_rate_limit(tmp_path):
    with running_app(f"sqlite:///{tmp_path}/s.sqlite3", rate_limit_address=2, **SECRETS) as app:
        client = app.test_client()
        answers = [push_superdesk(client, {**SUPERDESK, "type": "picture"}).status_code for _ in range(4)]
    assert answers == [200, 200, 429, 429]


@pytest.mark.parametrize(
    ("item", "status"),
    [
        (b"{", 400),
        (b"[]", 422),
        (b'"x"', 422),
        (json.dumps({"type": "text"}).encode(), 422),
        (json.dumps({**SUPERDESK, "firstpublished": "yesterday"}).encode(), 422),
        (json.dumps({**SUPERDESK, "guid": "x" * 3000}).encode(), 422),
    ],
)
def test_what_cannot_be_used_is_refused(client, item, status):
    response = push_superdesk(client, item)
    assert response.status_code == status
    assert response.content_type == "application/problem+json"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*SUPERDESK, *NINJS_2, *NINJS_3]), JSON, max_size=8))
def test_any_item_is_read_or_refused(change):
    for item in (change, SUPERDESK | change, NINJS_3 | change):
        try:
            push = read_ninjs(item)
        except ValidationError:
            continue
        assert push.uri


@given(
    st.dictionaries(st.sampled_from([*POST, "post", "data", "event", "post_title", "url"]), JSON, max_size=8)
)
def test_any_post_is_read_or_refused(change):
    for post in (change, POST | change, {"post": POST | change}):
        try:
            push = read_post(post)
        except ValidationError:
            continue
        assert push.uri
