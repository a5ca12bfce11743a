"""The bookmark: what it opens from a page of the news, and what it says where it cannot."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page

from tests.browser.extension.browsing import select_words

WORDS = "In this present crisis, government is the solution to our problem"


@pytest.fixture
def bookmark(page: Page) -> str:
    """The script, as it is dragged off the overlay's page."""
    page.goto("/bookmarklet")
    address = page.get_by_role("link", name="Who said this?").get_attribute("href")
    assert address and address.startswith("javascript:")
    return unquote(address.removeprefix("javascript:"))


def test_it_opens_the_verdict(page: Page, bookmark: str, newsstand: str, detector: Any) -> None:
    page.goto(f"{newsstand}/plain.html")
    select_words(page, WORDS)
    with page.context.expect_page() as opened:
        page.evaluate(bookmark)
    window = opened.value
    window.wait_for_selector("#verdict", state="attached")
    assert WORDS in window.inner_text("blockquote")
    assert "First Inaugural Address" in window.inner_text("main")
    assert window.evaluate("window.opener") is None


def test_it_says_what_is_missing(page: Page, bookmark: str, newsstand: str) -> None:
    page.goto(f"{newsstand}/plain.html")
    page.evaluate("() => { globalThis.told = []; globalThis.alert = (words) => told.push(words); }")
    page.evaluate(bookmark)
    page.evaluate(
        "document.querySelector('h1').textContent = 'Много слов. '.repeat(100); getSelection().selectAllChildren(document.querySelector('h1'))"
    )
    page.evaluate(bookmark)
    assert page.evaluate("told") == [
        "Select some words on the page first.",
        "These are too many words for a bookmark: select less.",
    ]
    assert len(page.context.pages) == 1
