"""What a page, a content script and the network get to see: nothing but what was asked for by a click."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

from tests.browser.extension.browsing import SOURCE, Extended, Inside, select_words
from tests.browser.served import Served

Visit = Callable[[str], tuple[Page, Inside]]
WORDS = "We will raise taxes on 200 families in the valley this year"
#: Notes what the worker sends, and lets it pass.
LISTEN = """() => {
    globalThis.sent = [];
    globalThis.ownFetch ??= globalThis.fetch;
    globalThis.fetch = (url, given) => { sent.push({ url, ...given, signal: undefined }); return ownFetch(url, given); };
}"""


def test_a_page_that_looks_everywhere_sees_nothing_of_the_popover(extended: Extended, visit: Visit) -> None:
    page, inside = visit("spy.html")
    select_words(page, WORDS)
    extended.press(page)
    page.evaluate("spy()")  # while it waits, too
    assert "Harbor Checks" in inside.card()
    place = inside.wait_for(
        "(() => { const box = root.querySelector('.card').getBoundingClientRect(); return [box.left + 60, box.top + 150]; })()"
    )
    page.mouse.click(*place, click_count=3)  # words of the popover are selected
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.wait_for_timeout(200)
    seen = page.evaluate("spy()")
    assert seen["isThere"], "the page knows that something is there"
    assert seen["strange"] == [], "a node of the closed tree came into the page's hands"
    assert (seen["root"], seen["inside"], seen["html"], seen["attached"], seen["frames"]) == (
        None,
        0,
        "",
        0,
        0,
    )
    assert (seen["global"], seen["fetched"], seen["storage"]) == ("undefined", [], False) or seen[
        "storage"
    ] == "undefined"
    for words in ("Harbor Checks", "The words were changed", "Said by"):
        assert words in inside.text()
        assert words not in seen["selected"]
        assert words not in seen["text"]
        assert not page.evaluate("words => find(words)", words), (
            "the page's own search finds the popover's words"
        )


def test_nothing_is_sent_before_a_click_and_then_only_what_was_asked(
    extended: Extended, visit: Visit, locked: Served, check_key: str
) -> None:
    extended.worker.evaluate(LISTEN)
    try:
        page, inside = visit("plain.html")
        asked_by_page: list[str] = []
        page.on("request", lambda request: asked_by_page.append(request.url))
        select_words(page, "Let us never negotiate out of fear")
        page.wait_for_timeout(300)
        assert extended.worker.evaluate("sent") == []
        extended.press(page)
        inside.card()
        page.keyboard.press("Escape")
        extended.choose(page, "check-page")
        inside.list()
        check, whole = extended.worker.evaluate("sent")
    finally:
        extended.worker.evaluate("() => { globalThis.fetch = ownFetch; }")
    assert asked_by_page == [], "the page itself has sent nothing"
    assert check["url"] == f"{locked.url}/v1/check"
    assert json.loads(check["body"]) == {"quote": "Let us never negotiate out of fear", "date": "2026-11-16"}
    body = json.loads(whole["body"])
    assert whole["url"] == f"{locked.url}/v1/articles"
    assert set(body) == {"body_html", "store", "language", "published_at"}
    assert body["store"] is False
    assert "We said it first" not in body["body_html"], "the navigation is no part of the article"
    for told in (check, whole):
        assert told["headers"]["Authorization"] == f"Bearer {check_key}"
        assert (told["credentials"], told["redirect"], told["referrerPolicy"]) == (
            "omit",
            "error",
            "no-referrer",
        )
    assert page.url not in json.dumps([check, whole])


def test_what_is_typed_into_a_page_stays_there(extended: Extended, visit: Visit) -> None:
    page, inside = visit("plain.html")
    page.evaluate(
        """() => document.querySelector("article").insertAdjacentHTML("beforeend",
            `<form><p>Comment</p><textarea>typed secret</textarea><input value="typed secret"><p contenteditable>typed secret</p></form>
             <p hidden>hidden secret</p><!-- commented secret --><p data-x="attribute secret" title="attribute secret">shown</p>
             <script type="x">script secret</` + `script>`)"""
    )
    extended.choose(page, "check-page")
    inside.list()
    html = inside.evaluate("verbatim.read(verbatim.chooseRoot()).html")
    assert "shown" in html
    assert "secret" not in html


def test_the_key_is_out_of_reach_of_content_scripts(extended: Extended, visit: Visit, check_key: str) -> None:
    page, inside = visit("plain.html")
    extended.press(page)
    inside.card()
    read = inside.evaluate(
        "chrome.storage.local.get().then((all) => JSON.stringify(all), (error) => `refused: ${error.message}`)"
    )
    assert read.startswith("refused"), read
    assert extended.worker.evaluate("chrome.storage.local.get()")["key"] == check_key
    assert extended.worker.evaluate("chrome.storage.sync?.get() ?? {}") == {}
    assert check_key not in page.evaluate("document.documentElement.outerHTML") + inside.text()


def test_nothing_is_stored_on_the_server(extended: Extended, visit: Visit, locked: Served) -> None:
    reader = locked.new_key(["read"])

    def count() -> Any:
        request = urllib.request.Request(
            f"{locked.url}/v1/quotes?limit=100", headers={"Authorization": f"Bearer {reader}"}
        )
        with urllib.request.urlopen(request, timeout=30) as response:
            return json.loads(response.read())

    before = count()
    page, inside = visit("tables.html")
    extended.choose(page, "check-page")
    inside.list()
    assert count() == before


def test_no_markup_is_made_of_data() -> None:
    checked = list(SOURCE.rglob("*.js"))
    assert checked
    for path in checked:
        source = path.read_text(encoding="utf-8")
        for word in (
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
            "new Function",
            "parseFromString",
        ):
            assert word not in source, f"{path.name} uses {word}"
