""" "Who said this?": from a click to the verdict, and what is said where there is none."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.audit import find_violations
from tests.browser.extension.browsing import Extended, Inside, select_words
from tests.browser.extension.newsstand import running
from tests.browser.served import Served
from tests.servers import find_free_port

Visit = Callable[[str], tuple[Page, Inside]]
WORDS = "In this present crisis, government is the solution to our problem"


def answering(status: int, body: bytes = b"{}", **headers: str) -> AbstractContextManager[str]:
    """A server that answers everything alike."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            for name, value in ({"Content_Type": "application/json"} | headers).items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    return running(Handler)


def ask(extended: Extended, page: Page, inside: Inside, words: str = WORDS) -> str:
    """Select words, press the button: what the popover says."""
    select_words(page, words)
    extended.press(page)
    return inside.card()


def test_verdict_speaker_source_difference_and_factchecks(extended: Extended, visit: Visit) -> None:
    page, inside = visit("plain.html")
    told = ask(extended, page, inside)
    assert WORDS in told
    assert "Ronald Reagan" in told
    assert "First Inaugural Address of Ronald Reagan" in told and "20 Jan 1981" in told
    assert "Misquoted" in told and "Harbor Checks" in told
    links = inside.wait_for("[...card.querySelectorAll('a')].map((a) => [a.href, a.target, a.rel])")
    assert all(href.startswith(("https://", "http://")) for href, _, _ in links)
    assert all((target, rel) == ("_blank", "noopener noreferrer") for _, target, rel in links)
    assert any("#:~:text=" in href for href, _, _ in links)
    labels = inside.wait_for(
        "[...card.querySelectorAll('.label')].map((one) => [one.innerText, !!one.querySelector('svg')])"
    )
    assert labels and all(word and has_icon for word, has_icon in labels)


def test_the_difference_is_shown_word_by_word(extended: Extended, visit: Visit) -> None:
    page, inside = visit("plain.html")
    ask(extended, page, inside, "I see two-thirds of a nation ill-housed, ill-clad, ill-nourished")
    page.keyboard.press("Escape")
    page.evaluate(
        "document.querySelector('h1').textContent = 'I see two-fifths of a nation ill-housed, ill-clad, ill-nourished'"
    )
    told = ask(extended, page, inside, "I see two-fifths of a nation ill-housed, ill-clad, ill-nourished")
    assert "The words were changed" in told and "Word by word" in told
    assert "two-fifths" in inside.wait_for("card.querySelector('ins').innerText").replace(" ", "")
    assert "dropped:" in inside.wait_for("card.querySelector('del').textContent")


def test_the_menu_brings_its_words_along(extended: Extended, visit: Visit) -> None:
    page, inside = visit("frames.html")  # the words are in a frame, where the page itself has no selection
    extended.choose(page, "who-said-this", "We will raise taxes on 200 families in the valley this year")
    assert "Quick Wire" in inside.card()


def test_the_button_finds_words_that_are_selected_in_a_frame(extended: Extended, visit: Visit) -> None:
    page, inside = visit("frames.html")
    page.frames[1].evaluate("getSelection().selectAllChildren(document.querySelector('p'))")
    extended.press(page)
    assert "We will raise taxes" in inside.card()


@pytest.mark.parametrize("name", ["strict.html", "sandboxed.html"])
def test_hostile_rules_and_a_strict_policy_change_nothing(
    extended: Extended, visit: Visit, name: str
) -> None:
    page, inside = visit(name)
    told = ask(extended, page, inside)
    assert "First Inaugural Address" in told
    frame = inside.wait_for(
        "(() => { const box = root.querySelector('.card').getBoundingClientRect(); return [box.width, box.height]; })()"
    )
    assert frame[0] == 400 and frame[1] > 200
    looks = inside.wait_for(
        "(() => { const own = card.ownerDocument.defaultView.getComputedStyle(card.querySelector('.surface > p:not(.unseen), .labels'));"
        " return [own.fontSize, own.color, own.display, own.textTransform, own.letterSpacing]; })()"
    )
    assert looks == ["15px", "rgb(27, 31, 36)", "flex", "none", "normal"]
    centre = inside.wait_for(
        "(() => { const box = root.querySelector('.card').getBoundingClientRect(); return [box.left + 50, box.top + 50]; })()"
    )
    assert page.evaluate("([x, y]) => document.elementFromPoint(x, y).localName", centre) == "verbatim-shell"
    page.keyboard.press("Escape")
    extended.choose(page, "check-page")
    inside.list()
    inside.click("[data-quote='1']")
    assert "Quoted: Ronald Reagan" in inside.card()


def test_escape_closes_and_gives_the_focus_back(extended: Extended, visit: Visit) -> None:
    page, inside = visit("plain.html")
    page.focus("nav a")
    ask(extended, page, inside)
    focused = "root.activeElement?.contentDocument.activeElement.getAttribute('role')"
    assert inside.wait_for(focused) == "dialog"
    page.keyboard.press("Tab")
    assert (
        inside.wait_for("root.activeElement?.contentDocument.activeElement.getAttribute('aria-label')")
        == "Close"
    )
    page.keyboard.press("Escape")
    inside.wait(lambda: not page.evaluate("Boolean(document.querySelector('verbatim-shell'))"), "it stays")
    assert page.evaluate("document.activeElement.textContent") == "Home"


def test_without_a_selection_it_says_what_to_do_and_can_check_the_page(
    extended: Extended, visit: Visit
) -> None:
    page, inside = visit("plain.html")
    extended.press(page)
    assert "Select some words" in inside.card()
    inside.click(".acts button")
    assert "marked on the page" in inside.list()


def test_only_a_persons_click_sends(extended: Extended, visit: Visit) -> None:
    page, inside = visit("plain.html")
    extended.press(page)
    inside.card()
    inside.evaluate("verbatim.overlay.card.face.querySelector('.acts button').click()")
    page.wait_for_timeout(300)
    assert "Select some words" in inside.text()


def test_a_selection_that_is_too_long_is_not_sent(extended: Extended, visit: Visit) -> None:
    page, inside = visit("plain.html")
    page.evaluate("document.querySelector('h1').textContent = 'many words '.repeat(600)")
    extended.choose(page, "who-said-this", "many words " * 600)
    assert "6,599 characters are selected" in inside.card()


@pytest.mark.parametrize(
    ("status", "headers", "told", "buttons"),
    [
        (401, {}, "does not know this key", ["Open the settings"]),
        (403, {}, "needs the scope", ["Open the settings"]),
        (413, {}, "more text than the server takes", []),
        (422, {}, "cannot check this", []),
        (429, {"Retry_After": "2"}, "Too many requests", ["Try again"]),
        (503, {"Retry_After": "7"}, "busy", ["Try again"]),
        (500, {}, "failed (500)", ["Try again"]),
        (200, {}, "no Verbatim server", ["Open the settings"]),
        (
            302,
            {"Location": "https://elsewhere.example/"},
            "does not answer",
            ["Try again", "Open the settings"],
        ),
    ],
)
def test_each_refusal_says_what_is_wrong(
    extended: Extended, visit: Visit, status: int, headers: dict[str, str], told: str, buttons: list[str]
) -> None:
    page, inside = visit("plain.html")
    with answering(status, json.dumps({"detail": "Because."}).encode(), **headers) as url:
        extended.configure(url, "vb_x")
        assert told in ask(extended, page, inside)
        shown = inside.wait_for(
            "'|' + [...card.querySelectorAll('.acts button')].map((one) => one.innerText).join('|')"
        )
        assert shown == "|" + "|".join(buttons)


def test_after_too_many_requests_the_button_waits_as_long_as_it_was_told(
    extended: Extended, visit: Visit, locked: Served, check_key: str
) -> None:
    page, inside = visit("plain.html")
    with answering(429, Retry_After="1") as url:
        extended.configure(url)
        assert "Try again in 1 s." in ask(extended, page, inside)
        assert inside.wait_for("card.querySelector('.acts button').disabled")
    extended.configure(locked.url, check_key)
    inside.wait_for("!card.querySelector('.acts button').disabled")
    inside.click(".acts button")
    inside.wait_for("card.querySelectorAll('.label').length")


def test_a_server_that_is_not_there(extended: Extended, visit: Visit) -> None:
    page, inside = visit("plain.html")
    extended.configure(f"http://127.0.0.1:{find_free_port()}", "vb_x")
    assert "does not answer" in ask(extended, page, inside)


def test_without_settings_it_leads_to_them(extended: Extended, visit: Visit) -> None:
    page, inside = visit("plain.html")
    extended.configure("")
    assert "No server is set up" in ask(extended, page, inside)
    with extended.context.expect_page() as opened:
        inside.click(".acts button")
    assert opened.value.url.endswith("options/options.html")
    opened.value.close()


def test_an_answer_with_hostile_words_and_addresses(extended: Extended, visit: Visit) -> None:
    bad = "<img src=x onerror=alert(1)>"
    source: dict[str, Any] = {
        "uri": "javascript:alert(2)",
        "title": bad,
        "publisher": bad,
        "published_at": None,
        "kind": bad,
    }
    match = {
        "text": bad,
        "speaker": {"name": bad},
        "said_at": "2020-13-45",
        "source": source,
        "alignment": [{"op": "change", "theirs": bad, "ours": bad}],
    }
    check = {
        "url": "data:text/html,x",
        "title": bad,
        "rating": bad,
        "status": "match",
        "publisher": {"name": bad},
    }
    answer = {
        "verdict": {
            "label": "changed",
            "severity": 3,
            "explanation": bad,
            "said": {"text": bad, "before": bad, "after": bad, "speaker": {"name": bad}, "source": source},
            "correction": bad,
        },
        "matches": [match],
        "factchecks": [check],
    }
    page, inside = visit("plain.html")
    page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    with answering(200, json.dumps(answer).encode()) as url:
        extended.configure(url)
        assert bad in ask(extended, page, inside)
    assert inside.wait_for("card.querySelectorAll('a, img, script').length === 0")


def test_a_server_that_the_browser_may_not_ask(extended: Extended, visit: Visit) -> None:
    page, inside = visit("plain.html")
    extended.configure("https://verbatim.example", "vb_x")
    assert "has not been allowed to ask verbatim.example" in ask(extended, page, inside)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessible(extended: Extended, visit: Visit, scheme: Any) -> None:
    """Card and list, as documents of their own: they are in frames that axe is kept out of as well."""
    page, inside = visit("plain.html")
    extended.choose(page, "check-page")
    inside.list()
    inside.click("[data-quote='3']")
    inside.card()
    parts = [
        inside.wait_for(
            f"[{face}.outerHTML, [...{face}.ownerDocument.adoptedStyleSheets].flatMap((one) => [...one.cssRules])"
            ".map((one) => one.cssText).join('\\n')]"
        )
        for face in ("card", "list")
    ]
    copy = extended.context.new_page()
    copy.emulate_media(color_scheme=scheme)
    assert parts
    for html, css in parts:
        copy.set_content(f'<html lang="en"><title>Copy</title><style>{css}</style><body>{html}')
        assert find_violations(copy) == []
    copy.close()


def test_a_page_that_no_extension_may_enter_has_a_window_of_its_own(extended: Extended) -> None:
    page = extended.context.new_page()
    page.goto("chrome://version")
    with extended.context.expect_page() as opened:
        extended.choose(page, "who-said-this", WORDS)
    window = opened.value
    window.wait_for_selector(".label")
    assert "First Inaugural Address" in window.inner_text("main")
    assert find_violations(window) == []
    window.close()
    page.close()
