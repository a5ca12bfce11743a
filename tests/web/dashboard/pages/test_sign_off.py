"""Sign-off on the page of an article, without scripts and as the module asks for it."""

from __future__ import annotations

import io
import re

import pytest

from service.web.services import EXTENSION
from tests.apps import import_record, post_article
from tests.web.dashboard.visitor import Visitor

SAID = "We will not raise taxes on 200 families in the valley this year."
BODY = (
    "“We will not raise taxes on 200 families in the valley this year,” Bob Reyes said on Monday. "
    "“Nobody has shown me a single map of the new harbour,” Carla Stone said afterwards."
)
JSON = {"Accept": "application/json"}


@pytest.fixture
def article(app):
    client = app.test_client()
    import_record(client, SAID, "Ann Marlow", "2026-11-20", uri="urn:speech")
    return post_article(client, BODY, uri="urn:news", published_at="2026-11-23", status="draft")


@pytest.fixture
def address(article):
    return f"/articles/view/{article['id']}"


def form_of(page: str, number: int) -> dict[str, str]:
    """The fields of a quote's form that have a value, as a browser would send them."""
    card = page[page.index(f'id="q{number}"') : page.index(f'href="#m{number}">Back')]
    fields = dict(re.findall(r'<input(?: type="hidden")?(?: id="[^"]*")? name="(\w+)" value="([^"]*)"', card))
    fields.pop("csrf_token", None)
    for name, value in re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>([^<]*)</textarea>', card):
        fields[name] = value
    kept = re.findall(r'name="keep" value="(\d)" checked', card)
    checked = re.findall(r'name="status" value="(\w+)" checked', card)
    return fields | ({"keep": kept} if kept else {}) | ({"status": checked[0]} if checked else {})


def action(article, number):
    return f"/articles/view/{article['id']}/quotes/{article['quotes'][number - 1]['id']}/sign-off"


def test_nothing_is_said_that_nobody_said(visitor, address):
    page = visitor.get(address).text
    assert "0 of 2 signed off" in page
    assert " checked>" not in page[page.index('id="q1"') :]
    assert form_of(page, 1)["note"] == ""


def test_a_quote_is_signed_off_without_scripts(visitor, article, address):
    sent = form_of(visitor.get(address).text, 2) | {
        "status": "confirmed_by_phone",
        "note": "I asked <her>.",
        "url": "https://example.org/minutes",
        "passage_source": "Interview",
        "passage_text": "Nobody has shown me a map.",
        "file": (io.BytesIO(b"notes"), "notes.txt"),
    }
    done = visitor.post(action(article, 2), sent)
    assert (done.status_code, done.location) == (303, f"{address}#q2")
    page = visitor.get(address).text
    assert "1 of 2 signed off" in page
    assert "I asked &lt;her&gt;." in page
    assert page.count("https://example.org/minutes") >= 2  # in the card and in the table, which is printed
    [file] = set(re.findall(rf'href="({address}/evidence/[^"]+)"', page))
    download = visitor.get(file)
    assert (download.data, download.headers["Content-Disposition"]) == (
        b"notes",
        "attachment; filename=notes.txt",
    )
    again = form_of(page, 2)
    assert (again["status"], again["note"]) == ("confirmed_by_phone", "I asked &lt;her&gt;.")
    assert again["keep"] == ["0", "1", "2"]
    shown = visitor.get(f"{address}?signed=done").text
    assert 'id="q2"' in shown
    assert 'id="q1"' not in shown
    exported = visitor.get(f"{address}/export/csv").text
    assert "confirmed_by_phone" in exported
    assert "https://example.org/minutes; file f" in exported


def test_a_speaker_is_corrected_and_offered_to_the_register(app, visitor, article, address):
    page = visitor.get(address).text
    sent = form_of(page, 1) | {"speaker": "Ann Marlow", "status": "right"}
    assert visitor.post(action(article, 1), sent).status_code == 303
    page = visitor.get(address).text
    card = page[page.index('id="q1"') : page.index('href="#m1">Back')]
    assert "The machine had named <bdi>Bob Reyes</bdi> as the speaker." in card
    assert "corrected by a person" in card
    assert "Add <bdi>Ann Marlow</bdi> to the speakers" in card
    added = visitor.post(f"{address}/quotes/{article['quotes'][0]['id']}/speaker")
    assert added.status_code == 303
    [person] = app.extensions[EXTENSION].speakers.search("Marlow", None, None, 10).items
    page = visitor.get(address).text
    assert f'<a href="/speakers/{person.id}">Ann Marlow</a>' in page
    assert "to the speakers" not in page
    visitor.post(action(article, 1), {"tag": form_of(page, 1)["tag"], "withdraw": "1"})
    page = visitor.get(address).text
    assert "0 of 2 signed off" in page
    assert "took back what was said" in page
    assert 'data-speaker="Bob Reyes"' in page


def test_words_are_corrected_by_copying_them(visitor, article, address):
    sent = form_of(visitor.get(address).text, 2)
    wrong = visitor.post(action(article, 2), sent | {"words": "Nobody showed me a map"})
    assert wrong.status_code == 422
    assert "These words are not in the article like that." in wrong.text
    assert "Nobody showed me a map</textarea>" in wrong.text
    done = visitor.post(action(article, 2), sent | {"words": "shown me a single\n map"})
    assert done.status_code == 303
    page = visitor.get(address).text
    assert '<blockquote dir="auto">shown me a single map</blockquote>' in page
    assert "Nobody has shown me a single map of the new harbour" in page


def test_the_module_gets_the_parts_that_change(visitor, article, address):
    sent = form_of(visitor.get(address).text, 1)
    empty = visitor.post(action(article, 1), sent, headers=JSON)
    assert empty.status_code == 422
    assert "Give a status, a correction or both." in empty.get_json()["card"]
    done = visitor.post(action(article, 1), sent | {"status": "fix"}, headers=JSON).get_json()
    assert done["told"] == "Quote 1: To be fixed. 1 of 2 signed off."
    assert "1 of 2 signed off" in done["count"]
    assert 'id="r1"' in done["row"]
    stale = visitor.post(action(article, 1), sent | {"status": "right", "note": "Mine."}, headers=JSON)
    assert stale.status_code == 409
    assert "Mine." in stale.get_json()["card"]
    moved = visitor.post(
        action(article, 2), form_of(visitor.get(address).text, 2) | {"speaker": "Dana Cole"}, headers=JSON
    )
    assert moved.get_json() == {"reload": f"{address}#q2"}


def test_who_may_only_read_sees_what_was_said(locked, guest):
    owner = Visitor(locked)
    owner.sign_in("admin")
    client = locked.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {owner.ring.create('w', ['write']).token}"
    article = post_article(client, BODY, uri="urn:locked")
    address = f"/articles/view/{article['id']}"
    owner.post(action(article, 1), form_of(owner.get(address).text, 1) | {"status": "right", "note": "Seen."})
    guest.sign_in("read")
    page = guest.get(address).text
    assert "Seen." in page
    assert 'class="sign-off"' not in page
    assert guest.post(action(article, 1), {"status": "fix"}).status_code == 403


def test_a_sign_off_decides_the_review_of_its_quote(visitor, app, article):
    reviews = app.extensions[EXTENSION].reviews
    stored = app.extensions[EXTENSION].articles.get(article["id"])

    def find_review():
        return reviews.find_of_article(stored, article["quotes"])[article["quotes"][0]["id"]]

    assert find_review().state == "open"
    page = visitor.get(f"/articles/view/{article['id']}").text
    visitor.post(action(article, 1), form_of(page, 1) | {"status": "fix", "note": "Marlow said it."})
    decided = find_review()
    assert decided.state == "decided"
    assert decided.decision.verdict.attribution == "misattributed"
    assert decided.decision.reason == "Signed off in the article as to be fixed: Marlow said it."
    page = visitor.get(f"/articles/view/{article['id']}").text
    visitor.post(action(article, 1), form_of(page, 1) | {"status": "right", "note": ""})
    assert find_review().decision.verdict.attribution == "same"
    page = visitor.get(f"/articles/view/{article['id']}").text
    visitor.post(action(article, 1), form_of(page, 1) | {"withdraw": "1"})
    assert find_review().state == "open"
