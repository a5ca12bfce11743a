"""The list of articles, assignments, comments, share links, deletion, and versions side by side."""

from __future__ import annotations

import re

import pytest

from service.store.tables import share_links
from service.web.services import EXTENSION
from tests.apps import post_article
from tests.web.dashboard.visitor import Visitor

BODY = (
    "“We will dredge the whole harbour this very year,” Ann Marlow said on Monday. "
    "“Nobody has shown me a single map of the new harbour,” Carla Stone said afterwards."
)


@pytest.fixture
def owner(locked):
    found = Visitor(locked)
    found.sign_in("write", "read", "review", "check")
    return found


@pytest.fixture
def article(owner, request):
    """A draft that the owner brought, at an address of its own for each test."""
    where = owner.check(BODY, store="1", uri=f"urn:{request.node.name}", headline=request.node.name).location
    return where.rpartition("/")[2]


def rows(page):
    return re.findall(r'<th scope="row"><a href="/articles/view/(\w+)"', page)


def first_quote(visitor, article):
    return re.search(
        rf"/articles/view/{article}/quotes/(\w+)/sign-off", visitor.get(f"/articles/view/{article}").text
    )[1]


def test_the_list_is_filtered_sorted_and_counts_what_is_open(locked, owner, article):
    other = Visitor(locked)
    other.sign_in("admin")
    draft = other.check(
        BODY.replace("dredge", "drain"), store="1", uri="urn:drained", headline="Zebra"
    ).location
    draft = draft.rpartition("/")[2]
    assert {article, draft} <= set(rows(owner.get("/articles").text))
    mine = rows(owner.get("/articles?whose=mine").text)
    assert article in mine
    assert draft not in mine
    assert rows(owner.get("/articles?q=zEbra").text) == [draft]
    assert rows(owner.get("/articles?q=%25").text) == []
    quote = first_quote(owner, draft)
    tag = re.search(r'name="tag" value="([^"]+)"', owner.get(f"/articles/view/{draft}").text)[1]
    owner.post(
        f"/articles/view/{draft}/quotes/{quote}/sign-off",
        {"status": "right", "tag": tag, "words": "", "speaker": ""}
        | {"words": "We will drain the whole harbour this very year,", "speaker": "Ann Marlow"},
    )
    assert "1 of 2" in owner.get("/articles?q=zebra").text
    order = rows(owner.get("/articles?sort=open").text)
    assert order.index(article) < order.index(draft)
    assert rows(owner.get("/articles?sort=headline").text)[-1] == draft
    assert owner.get("/articles?sort=random").status_code == 422
    assert owner.get("/articles?cursor=x").status_code == 422


def test_an_article_is_assigned(locked, owner, article):
    zoe = Visitor(locked)
    key = zoe.ring.create("Zoë", ["review", "read"])
    zoe.sign_in(token=key.token)
    assert article not in rows(zoe.get("/articles?whose=mine").text)
    assert "Zoë" in owner.get(f"/articles/view/{article}").text
    assert owner.post(f"/articles/view/{article}/assign", {"assignee": key.record.id}).status_code == 303
    assert article in rows(zoe.get("/articles?whose=mine").text)
    assert "Assigned to <bdi>Zoë</bdi>" in zoe.get(f"/articles/view/{article}").text
    assert owner.post(f"/articles/view/{article}/assign", {"assignee": "nobody"}).status_code == 422
    owner.post(f"/articles/view/{article}/assign", {"assignee": ""})
    assert article not in rows(zoe.get("/articles?whose=mine").text)


def test_a_quote_is_commented_on(owner, article):
    place = f"/articles/view/{article}/quotes/{first_quote(owner, article)}/comment"
    done = owner.post(place, {"text": "<b>Who</b> was there?"})
    assert done.location.endswith("#q1")
    page = owner.get(f"/articles/view/{article}").text
    assert "&lt;b&gt;Who&lt;/b&gt; was there?" in page
    assert "Comments (1)" in page


def test_a_link_is_readable_without_a_key_until_it_is_revoked(locked, owner, article, guest):
    made = owner.post(f"/articles/view/{article}/share", {"days": "1"}).text
    address = re.search(r'href="http://localhost(/shared/[^"]+)"', made)[1]
    token = address.rpartition("/")[2]
    owner.post(
        f"/articles/view/{article}/quotes/{first_quote(owner, article)}/comment", {"text": "Internal."}
    )
    read = guest.get(address)
    assert read.status_code == 200
    assert "dredge the whole harbour" in read.text
    assert "0 of 2 signed off" in read.text
    assert "Internal." not in read.text
    assert "/export/" not in read.text
    assert 'class="sign-off"' not in read.text
    assert read.headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert read.headers["Referrer-Policy"] == "no-referrer"
    assert read.headers["Cache-Control"] == "no-store"
    assert 'class="sign-off"' not in owner.get(address).text
    store = locked.extensions[EXTENSION].store
    with store._database.read() as connection:
        kept = [str(cell) for row in connection.execute(share_links.select()) for cell in row]
    assert not any(token in cell for cell in kept)
    assert guest.get(f"/articles/view/{article}").status_code == 303
    link = re.search(
        rf"/articles/view/{article}/share/(\w+)/revoke", owner.get(f"/articles/view/{article}").text
    )[1]
    assert owner.post(f"/articles/view/{article}/share/{link}/revoke").status_code == 303
    assert guest.get(address).status_code == 404
    assert guest.get("/shared/" + "x" * 5_000).status_code == 404
    for days in ("0", "9999", "-1", "x"):
        assert owner.post(f"/articles/view/{article}/share", {"days": days}).status_code == 422


def test_a_link_ends_by_itself(locked, owner, article, guest, monkeypatch):
    made = owner.post(f"/articles/view/{article}/share", {"days": "1"}).text
    address = re.search(r'href="http://localhost(/shared/[^"]+)"', made)[1]
    work = locked.extensions[EXTENSION].work
    assert guest.get(address).status_code == 200
    later = work.clock() + 86_401
    object.__setattr__(work, "clock", lambda: later)
    try:
        assert guest.get(address).status_code == 404
    finally:
        import time

        object.__setattr__(work, "clock", time.time)


def test_an_article_is_deleted_with_all_that_was_said_of_it(owner, article, guest):
    made = owner.post(f"/articles/view/{article}/share", {"days": "7"}).text
    address = re.search(r'href="http://localhost(/shared/[^"]+)"', made)[1]
    done = owner.post(f"/articles/view/{article}/delete")
    assert done.location.endswith("/articles?deleted=1")
    assert "The article was deleted." in owner.get(done.location).text
    assert owner.get(f"/articles/view/{article}").status_code == 404
    assert guest.get(address).status_code == 404


def test_versions_side_by_side(owner, article, request):
    changed = BODY.replace("single map", "single plan").replace("Ann Marlow", "Bo Lind")
    fields = {"store": "1", "uri": f"urn:{request.node.name}", "headline": "Second"}
    owner.check(changed + " “A third thing was said here today,” Dana Cole said.", **fields)
    assert f"/articles/view/{article}/changes" in owner.get(f"/articles/view/{article}").text
    page = owner.get(f"/articles/view/{article}/changes").text
    assert "2 changed, 1 added, 0 removed, 0 the same" in page
    assert re.search(r"<th scope=\"row\">\s*Speaker\s*</th>", page)
    assert "[changed from: </span>map" in page
    back = owner.get(f"/articles/view/{article}/changes?from=2&to=1").text
    assert "0 added, 1 removed" in back
    assert owner.get(f"/articles/view/{article}/changes?from=1&to=9").status_code == 404


def test_who_may_read_may_not_change(article, guest):
    guest.sign_in("read")
    page = guest.get(f"/articles/view/{article}").text
    assert "/share" not in page
    for place, data in (("share", {"days": "1"}), ("delete", {}), ("assign", {"assignee": ""})):
        assert guest.post(f"/articles/view/{article}/{place}", data).status_code == 403


@pytest.mark.usefixtures("article")
def test_the_api_says_the_same(app):
    client = app.test_client()
    posted = post_article(client, BODY, uri="urn:api", headline="By the API", status="draft")
    quote = posted["quotes"][0]["id"]
    listed = client.get("/v1/articles?mine=true&status=draft").get_json()
    assert [(one["headline"], one["open"], one["owner"]) for one in listed["articles"]] == [
        ("By the API", 2, "everyone")
    ]
    assert (listed["found"], listed["next"]) == (1, None)
    client.put(f"/v1/articles/{posted['id']}/quotes/{quote}/sign-off", json={"status": "right"})
    assert client.get("/v1/articles?only_open=true").get_json()["articles"][0]["signed"] == 1
    assert client.get("/v1/articles?status=published").get_json()["articles"] == []
    said = client.post(f"/v1/articles/{posted['id']}/quotes/{quote}/comments", json={"text": "Sure?"})
    assert said.status_code == 201
    [about] = client.get(f"/v1/articles/{posted['id']}/comments").get_json()["quotes"]
    assert (about["quote_id"], about["comments"][0]["text"]) == (quote, "Sure?")
    link = client.post(f"/v1/articles/{posted['id']}/share-links", json={}).get_json()
    assert client.get(link["address"].removeprefix("http://localhost")).status_code == 200
    assert [
        one["id"] for one in client.get(f"/v1/articles/{posted['id']}/share-links").get_json()["links"]
    ] == [link["id"]]
    assert client.delete(f"/v1/articles/{posted['id']}/share-links/{link['id']}").status_code == 204
    assert client.get(f"/v1/articles/{posted['id']}/share-links").get_json() == {"links": []}
    post_article(client, BODY.replace("Carla Stone", "Dana Cole"), uri="urn:api", status="draft")
    changes = client.get(f"/v1/articles/{posted['id']}/changes?from=1&to=2").get_json()
    assert [(one["kind"], one["changes"]) for one in changes["quotes"]] == [
        ("same", []),
        ("changed", ["speaker"]),
    ]
    assert list(app.extensions[EXTENSION].store.verify()) == []
