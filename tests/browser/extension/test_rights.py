"""The extension as it is shipped, to which no host is open: what a click alone gives it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Playwright, Route

from tests.browser.extension.browsing import Extended, Inside, running_extension, select_words
from tests.browser.extension.newsstand import PAGES
from tests.browser.served import Served

NEWS = "https://news.example"


@pytest.fixture(scope="module")
def shipped(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Extended]:
    with running_extension(playwright, tmp_path_factory.mktemp("shipped")) as running:

        def answer(route: Route) -> None:
            route.fulfill(path=PAGES / "plain.html", content_type="text/html; charset=utf-8")

        running.context.route(f"{NEWS}/**", answer)
        yield running


def test_a_click_opens_the_page_but_no_server(shipped: Extended, locked: Served, check_key: str) -> None:
    shipped.configure(locked.url, check_key)
    page = shipped.context.new_page()
    page.goto(f"{NEWS}/plain.html#rights")  # no other tab has this address, by which the button is pressed
    inside = Inside(page, shipped.id)
    tabs = shipped.worker.evaluate("chrome.tabs.query({}).then((all) => all.map((tab) => tab.url ?? null))")
    assert not any(url and url.startswith(NEWS) for url in tabs), "it does not even see where its tabs are"
    entered = shipped.worker.evaluate(
        """async () => {
            const [tab] = await chrome.tabs.query({ active: true, currentWindow: true });
            return chrome.scripting.executeScript({ target: { tabId: tab.id }, func: () => 1 }).then(() => "in", () => "refused");
        }"""
    )
    assert entered == "refused", "before a click it may not look into a page"
    select_words(page, "Let us never negotiate out of fear")
    shipped.press(page)
    assert "has not been allowed to ask 127.0.0.1" in inside.card()
    page.close()


def test_the_keys_are_bound(shipped: Extended) -> None:
    commands = shipped.worker.evaluate("chrome.commands.getAll()")
    assert {one["name"]: one["shortcut"] for one in commands} == {
        "_execute_action": "Alt+Shift+V",
        "check-page": "Alt+Q",
    }
