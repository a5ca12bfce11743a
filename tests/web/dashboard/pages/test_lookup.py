"""The page for selections, and the bookmark that leads there."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

import pytest

from service.web.dashboard.pages.bookmarklet import write_bookmarklet
from service.web.dashboard.pages.lookup import MOST_QUOTE
from tests.apps import import_record
from tests.web.dashboard.visitor import Visitor

WORDS = "We will dredge the harbour to eleven metres before the winter"
HOSTILE = """</textarea><script>alert(1)</script>"'><img src=x onerror=alert(2)>"""


@pytest.fixture
def told(visitor: Visitor) -> Visitor:
    """Somebody at a dashboard that has heard the words before."""
    source = {"uri": "https://harbor.example/1", "title": "Harbour", "publisher": "Herald"}
    import_record(visitor.app.test_client(), WORDS, "Robert Reyes", "2026-11-01", **source)
    return visitor


def test_a_selection_in_the_address_is_looked_up(told: Visitor) -> None:
    page = told.get("/lookup?" + urlencode({"quote": WORDS, "url": "https://news.example/a?b=1&c=2"}))
    assert page.status_code == 200
    assert "Right words; who said them could not be checked" in page.text
    assert "What was said" in page.text
    assert "https://harbor.example/1#:~:text=" in page.text
    assert 'href="https://news.example/a?b=1&amp;c=2"' in page.text


def test_the_form_takes_speaker_and_date(told: Visitor) -> None:
    page = told.post("/lookup", {"quote": WORDS, "speaker": "Mary Daly", "date": "2026-11-02"})
    assert page.status_code == 200
    assert "Right words, wrong person" in page.text
    assert 'value="Mary Daly"' in page.text and 'value="2026-11-02"' in page.text


def test_without_words_there_is_the_form_alone(visitor: Visitor) -> None:
    for address in ("/lookup", "/lookup?quote=", "/lookup?quote=%20%0A"):
        page = visitor.get(address)
        assert page.status_code == 200
        assert "<textarea" in page.text and "Verdict" not in page.text


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"quote": ""}, "fault-quote"),
        ({"quote": "x" * (MOST_QUOTE + 1)}, "At most 5,000 characters"),
        ({"quote": WORDS, "date": "tomorrow"}, "fault-date"),
        ({"quote": WORDS, "speaker": "x" * 2001}, "fault-speaker"),
        ({"quote": f"{WORDS}\x00"}, "U+0000"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(visitor: Visitor, fields: dict[str, str], told: str) -> None:
    page = visitor.post("/lookup", fields)
    assert page.status_code == 422
    assert told in page.text


def test_words_and_addresses_are_words_only(told: Visitor) -> None:
    for url in (HOSTILE, "javascript:alert(3)", f"https://x.example/{HOSTILE}"):
        page = told.get(
            "/lookup?" + urlencode({"quote": f"{WORDS} {HOSTILE}", "url": url, "speaker": HOSTILE})
        )
        assert page.status_code == 200
        assert "<script>alert" not in page.text and "<img src=x" not in page.text
        assert 'href="javascript' not in page.text.lower()


def test_at_a_locked_desk_one_signs_in_first_and_comes_back(guest: Visitor) -> None:
    asked = "/lookup?" + urlencode({"quote": WORDS, "url": "https://news.example/a"})
    sent_away = guest.get(asked)
    assert sent_away.status_code == 303
    assert sent_away.location.startswith("/sign-in?next=")
    back = urlsplit(parse_qs(urlsplit(sent_away.location).query)["next"][0])
    assert back.path == "/lookup"
    assert parse_qs(back.query) == {"quote": [WORDS], "url": ["https://news.example/a"]}
    assert guest.sign_in("read").status_code == 303
    assert guest.get(asked).status_code == 403, "the key may not check"


def test_a_form_of_another_page_is_refused(visitor: Visitor) -> None:
    response = visitor.client.post("/lookup", data={"quote": WORDS}, headers={"Accept": "text/html"})
    assert response.status_code == 403


def test_the_bookmark_holds_no_key_and_leads_to_this_desk(visitor: Visitor) -> None:
    visitor.sign_in("check")
    page = visitor.get("/bookmarklet")
    assert page.status_code == 200
    found = re.search(r'href="(javascript:[^"]*)"', page.text)
    assert found
    script = unquote(unescape(found[1]))
    assert "http://localhost/lookup" in script
    assert "vb_" not in script and "\n" not in script


def test_a_hosts_name_cannot_get_out_of_the_bookmark() -> None:
    script = unquote(write_bookmarklet("https://x.example/'\"</script>MOST;alert(1)//"))
    assert r"open(\"https://x.example/'" not in script
    assert '''open("https://x.example/'\\"</script>MOST;alert(1)//"''' in script
