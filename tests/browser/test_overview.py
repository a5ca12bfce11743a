"""The overview in a browser follows what happens, keeps a reader's place, and comes back after a break."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.served import Served, running_service

ON = "Up to date, as things happen"


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Served]:
    """A service of this test's own, where streams are few and nothing else happens."""
    with running_service(tmp_path, MAX_STREAMS="1") as running:
        yield running


def post(served: Served, number: int) -> None:
    body = f"“We lost {number} boats and half a village in one single night,” Ann Marlow said on Monday."
    served.post("/v1/articles", {"uri": f"https://news.example/{number}", "body_text": body})


def test_the_overview_follows_what_happens(own: Served, open_context) -> None:
    page: Page = open_context(base_url=own.url).new_page()
    post(own, 1)
    page.goto("/")
    expect(page.locator("#following")).to_have_text(ON)
    expect(page.locator("#articles-today")).to_have_text("1")
    page.locator("#numbers summary").click()
    page.locator('.switch a[href="/?reach=day"]').focus()
    post(own, 2)
    expect(page.locator("#articles-today")).to_have_text("2")
    assert page.locator("#numbers").get_attribute("open") is not None, "what was opened stays open"
    assert page.evaluate("document.activeElement.getAttribute('href')") == "/?reach=day", "focus stays"
    expect(page.locator("#live")).to_contain_text("2 articles today")

    other: Page = open_context(base_url=own.url).new_page()
    other.goto("/")
    expect(other.locator("#following")).to_contain_text("the figures may be old")
    expect(other.locator("#articles-today")).to_have_text("2")  # no stream is left, and the page is there
    page.close()
    post(own, 3)
    expect(other.locator("#following")).to_have_text(ON, timeout=40_000)
    expect(other.locator("#articles-today")).to_have_text("3", timeout=40_000)
