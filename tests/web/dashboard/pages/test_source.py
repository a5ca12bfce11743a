"""The page of a stored source: read, searched, changed, retracted and removed, without scripts."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from selectolax.lexbor import LexborHTMLParser
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from service.sources.models import SourceTurn
from service.store.sources.records import Actor, NewSource
from service.web.dashboard.pages import source as pages
from service.web.services import EXTENSION
from tests.apps import post_article
from tests.web.dashboard.visitor import BROWSER

TURNS = (
    SourceTurn("Q", "Will the night bus go on?", 0.0, 4.0, is_question=True),
    SourceTurn("Speaker 1", "We will not close the night bus before spring.", 61.5, 66.0),
    SourceTurn("<b>Eve</b>", "<script>alert(1)</script> was said here & there."),
)
TALK = NewSource(
    "Talk <i>at</i> the hall", "interview", TURNS, "srt", machine=True, notes=("Names were guessed.",)
)
ARTICLE = "“We will not close the night bus before spring,” Tomas Hale said on Monday."


@pytest.fixture
def store(visitor):
    return visitor.app.extensions[EXTENSION].store


@pytest.fixture
def source_id(store):
    return store.sources.add(TALK, Actor("Ann")).id


def field_of(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page.text)[1]


def test_a_source_is_read_turn_by_turn(visitor, source_id):
    page = visitor.get(f"/sources/{source_id}")
    assert page.status_code == 200
    assert 'id="t2"' in page.text and 'href="#t2"' in page.text
    assert "1:01" in page.text and "Speaker 1" in page.text
    assert "by a machine" in page.text and "Names were guessed." in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text and "<script>alert" not in page.text
    assert "<i>at</i>" not in page.text and "<b>Eve</b>" not in page.text
    listed = visitor.get("/sources?list=sources").text
    assert f'href="/sources/{source_id}"' in listed


def test_it_is_searched(visitor, source_id):
    page = visitor.get(f"/sources/{source_id}?q=night+bus").text
    assert "2 of 3 turns have these words" in page
    assert '<mark class="found">night</mark>' in page
    assert f'href="/sources/{source_id}?first=1#t2"' in page and 'id="t3"' not in page
    assert "0 of 3 turns" in visitor.get(f"/sources/{source_id}?q=ferry").text


def test_long_sources_are_shown_in_parts(visitor, source_id, monkeypatch):
    monkeypatch.setattr(pages, "SHOWN", 2)
    first = visitor.get(f"/sources/{source_id}").text
    assert 'id="t2"' in first and 'id="t3"' not in first and f"/sources/{source_id}?first=3" in first
    behind = visitor.get(f"/sources/{source_id}?first=3").text
    assert 'id="t3"' in behind and f"/sources/{source_id}?first=1" in behind
    assert visitor.get(f"/sources/{source_id}?first=0").status_code == 422


def test_matches_lead_to_their_turn(visitor, store, source_id):
    [quote] = store.find_quotes("night bus spring").items
    article = post_article(visitor.client, ARTICLE)
    page = visitor.get(f"/articles/view/{article['id']}").text
    assert f"/quotes/{quote.id}/place" in page
    there = visitor.get(f"/quotes/{quote.id}/place")
    assert (there.status_code, there.location) == (303, f"/sources/{source_id}#t2")
    assert article["id"] in visitor.get(f"/sources/{source_id}").text, "the verdict that rests on it"
    assert visitor.get("/quotes/q0000000000000000/place").status_code == 404


def test_speakers_are_renamed_and_facts_set(visitor, store, source_id):
    page = visitor.get(f"/sources/{source_id}")
    changed = visitor.post(
        f"/sources/{source_id}/change",
        {
            "seen": field_of(page, "seen"),
            "old": ["Q", "Speaker 1", "<b>Eve</b>"],
            "new": ["Q", "Tomas Hale", "<b>Eve</b>"],
            "title": "Talk",
            "kind": "speech",
            "published_at": "2025-03-28",
            "uri": "",
        },
    )
    assert changed.status_code == 303
    source = store.sources.get(source_id)
    assert source.turns[1].speaker == "Tomas Hale"
    assert (source.origin.title, source.origin.kind) == ("Talk", "speech")
    assert str(source.origin.published_at) == "2025-03-28"
    after = visitor.get(f"/sources/{source_id}").text
    assert "<bdi>Speaker 1</bdi> became <bdi>Tomas Hale</bdi>" in after
    late = visitor.post(f"/sources/{source_id}/change", {"seen": field_of(page, "seen"), "title": "Other"})
    assert late.status_code == 409 and "was changed since" in late.text
    wrong = visitor.post(f"/sources/{source_id}/change", {"title": "x" * 3_000})
    assert wrong.status_code == 422
    assert store.sources.get(source_id).origin.title == "Talk"


def test_it_is_retracted_with_a_reason_and_reinstated(visitor, store, source_id):
    assert visitor.post(f"/sources/{source_id}/retract", {"reason": " "}).status_code == 422
    assert store.sources.get(source_id).retraction is None
    assert visitor.post(f"/sources/{source_id}/retract", {"reason": "Forged <b>tape</b>"}).status_code == 303
    page = visitor.get(f"/sources/{source_id}").text
    assert "Forged &lt;b&gt;tape&lt;/b&gt;" in page and 'id="t2"' in page
    assert "Retracted</span>" in visitor.get("/sources?list=sources").text
    assert store.find_quotes("night bus spring").items == ()
    assert visitor.post(f"/sources/{source_id}/retract", {"reason": "Again"}).status_code == 409
    assert visitor.post(f"/sources/{source_id}/reinstate", {}).status_code == 303
    [quote] = store.find_quotes("night bus spring").items
    assert visitor.post(f"/quotes/{quote.id}/retract", {"reason": "Misheard"}).status_code == 303
    assert "A quote of this turn was retracted" in visitor.get(f"/sources/{source_id}").text
    assert visitor.get(f"/quotes/{quote.id}").status_code == 404


def test_files_are_stored_from_the_form(visitor, store):
    assert visitor.get("/sources/add").status_code == 200
    large = b"Ann Marlow: " + b"We will not close the night bus. " * 40_000
    fields = {"kind": "speech", "published_at": "2025-03-28", "title": "Talk", "csrf_token": visitor.token()}
    boundary, body = encode_multipart({**fields, "file": FileStorage(io.BytesIO(large), "talk.txt")})
    added = visitor.client.post(
        "/sources/add", data=body, content_type=f"multipart/form-data; boundary={boundary}", headers=BROWSER
    )
    assert added.status_code == 303, added.text
    source = store.sources.get(added.location.rpartition("/")[2])
    assert (source.origin.title, source.origin.kind, source.added_by) == ("Talk", "speech", "everyone")
    bad = visitor.post(
        "/sources/add",
        {"file": [(io.BytesIO(b"\x00\x01"), "noise.bin"), (io.BytesIO(b"Bo: Words."), "b.txt")]},
        content_type="multipart/form-data",
    )
    assert bad.status_code == 422
    assert "1 stored, the others not." in bad.text and "noise.bin" in bad.text
    assert visitor.post("/sources/add", {"title": "None"}).status_code == 422


def test_it_is_removed(visitor, source_id):
    removed = visitor.post(f"/sources/{source_id}/remove", {"reason": "By mistake"})
    assert (removed.status_code, removed.location) == (303, "/sources?list=sources")
    assert visitor.get(f"/sources/{source_id}").status_code == 404


def test_who_may_only_read_gets_no_forms(guest):
    store = guest.app.extensions[EXTENSION].store
    source_id = store.sources.add(TALK, Actor("Ann")).id
    guest.sign_in("read")
    page = guest.get(f"/sources/{source_id}").text
    assert 'id="t2"' in page and "/retract" not in page and "/change" not in page
    for action in ("change", "retract", "remove"):
        assert guest.post(f"/sources/{source_id}/{action}", {"reason": "No"}).status_code == 403
    assert store.sources.get(source_id).retraction is None


def hidden_fields(page):
    return {
        field.attributes["name"]: field.attributes.get("value", "")
        for field in LexborHTMLParser(page.text).css("#article input[type=hidden]")
    }


def test_a_draft_is_checked_against_it(visitor, store, source_id):
    link = LexborHTMLParser(visitor.get(f"/sources/{source_id}").text).css_first("a[href*='check?source=']")
    form = visitor.get(link.attributes["href"])
    card = LexborHTMLParser(form.text).css_first(".source-card")
    assert card.css_first("legend").text() == "Talk <i>at</i> the hall"
    assert card.css_first("input[name$='-turns']") is None, "a stored source is sent by its id"
    before = len(store.sources.list_history(source_id, before=None, limit=50).items)
    answer = visitor.post("/articles/check", data={**hidden_fields(form), "body": ARTICLE, "format": "plain"})
    found = LexborHTMLParser(answer.text)
    assert "Speaker 1" in found.css_first(".quote").text()
    assert found.css_first("#s1-t2") is not None, "the source stands beside the answer"
    assert len(store.sources.list_history(source_id, before=None, limit=50).items) == before


def test_a_stored_source_is_chosen_in_the_form(visitor, store, source_id):
    retracted = store.sources.add(replace(TALK, title="Withdrawn", turns=TURNS[:2]), Actor("Ann")).id
    store.sources.retract(retracted, "wrong recording", Actor("Ann"))
    form = LexborHTMLParser(visitor.get("/articles/check").text)
    offered = [option.attributes["value"] for option in form.css("#stored option")]
    assert offered == ["", source_id]
    chosen = visitor.post("/articles/check/sources", data={"stored": [source_id, retracted]})
    assert len(LexborHTMLParser(chosen.text).css(".source-card")) == 1
    assert "“Withdrawn” was retracted" in LexborHTMLParser(chosen.text).css_first("#source-trouble").text()


def test_who_may_not_read_is_offered_no_stored_source(locked, guest):
    store = locked.extensions[EXTENSION].store
    kept = store.sources.add(TALK, Actor("Ann")).id
    guest.sign_in("check")
    page = LexborHTMLParser(guest.get(f"/articles/check?source={kept}").text)
    assert page.css_first("#stored") is None
    assert page.css_first(".source-card") is None
    assert "no longer there" in page.css_first("#source-trouble").text()
