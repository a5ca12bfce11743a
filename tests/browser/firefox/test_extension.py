"""The extension in a real Firefox: from a click to the verdict, marks, editors, privacy, and what is said instead."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.browser.extension.newsstand import PAGES
from tests.browser.firefox.conftest import Extended, Inside
from tests.browser.firefox.marionette import wait_for
from tests.browser.served import Served

Visit = Callable[[str], Inside]
WORDS = "In this present crisis, government is the solution to our problem"
ESCAPE = "\ue00c"
SELECT = """
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const start = node.data.indexOf(arguments[0]);
        if (start < 0) continue;
        getSelection().setBaseAndExtent(node, start, node, start + arguments[0].length);
        return true;
    }
    return false;
"""
MARKED = "return [...CSS.highlights.values()].flatMap((one) => [...one]).map(String)"
LETTERS = """
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode())
        for (let at = 0; at < node.length; at += 1) {
            if (!node.data[at].trim()) continue;
            const range = new Range();
            range.setStart(node, at);
            range.setEnd(node, at + 1);
            const { left, top, right, bottom } = range.getBoundingClientRect();
            found.push([left, top, right, bottom]);
        }
    return found;
"""


def ask(extended: Extended, inside: Inside, words: str = WORDS) -> dict[str, object]:
    """Select words, press the button: what is shown."""
    assert extended.firefox.page(SELECT, words)
    extended.press()
    return inside.card()


def test_verdict_speaker_and_source(extended: Extended, visit: Visit) -> None:
    shown = ask(extended, visit("plain.html"))
    told = str(shown["card"])
    assert WORDS in told and "Ronald Reagan" in told and "First Inaugural Address of Ronald Reagan" in told
    assert shown["labels"] and all(word and has_icon for word, has_icon in shown["labels"])  # type: ignore[attr-defined]
    assert shown["font"] == "15px"


@pytest.mark.parametrize("name", ["strict.html", "sandboxed.html"])
def test_a_strict_policy_changes_nothing(extended: Extended, visit: Visit, name: str) -> None:
    shown = ask(extended, visit(name))
    assert "First Inaugural Address" in str(shown["card"])
    assert shown["font"] == "15px"


def test_quotes_are_marked_and_open_their_card(extended: Extended, visit: Visit) -> None:
    inside = visit("plain.html")
    extended.check_page()
    assert "7 found, 7 marked" in inside.list()["list"]
    assert any("ill-housed" in words for words in extended.firefox.page(MARKED))
    inside.click("[data-quote='4']")
    assert "Quoted: Franklin D. Roosevelt" in inside.card()["card"]
    extended.firefox.type(ESCAPE)
    assert inside.look()["card"] == ""
    extended.firefox.type(ESCAPE)
    assert inside.look()["list"] == ""
    assert extended.firefox.page(MARKED) == []


def test_quotes_are_marked_on_all_saved_pages(extended: Extended, visit: Visit) -> None:
    """As many as in Chromium (tests/browser/extension/test_anchoring.py)."""
    counts = []
    for path in sorted(PAGES.glob("*.html")):
        inside = visit(path.name)
        extended.check_page()
        told = re.search(r"(\d+) found, (\d+) marked", inside.list()["list"])
        assert told, path.name
        counts.append((int(told[1]), int(told[2])))
    found, marked = (sum(column) for column in zip(*counts, strict=True))
    assert found >= 60
    assert marked >= 0.98 * found


def test_marks_go_with_their_words_and_come_back(extended: Extended, visit: Visit) -> None:
    inside = visit("plain.html")
    extended.check_page()
    assert "7 marked" in inside.list()["list"]
    extended.firefox.page(
        "const node = [...document.querySelectorAll('p')].find((one) => one.textContent.includes('ill-housed')).firstChild;"
        " document.body.dataset.was = node.data; node.data = node.data.replace('ill-housed', 'well-housed')"
    )
    wait_for(lambda: "6 marked" in inside.look()["list"], "a mark less")
    assert not any("housed" in words for words in extended.firefox.page(MARKED))
    extended.firefox.page(
        "const node = [...document.querySelectorAll('p')].find((one) => one.textContent.includes('well-housed')).firstChild;"
        " node.data = document.body.dataset.was"
    )
    wait_for(lambda: "7 marked" in inside.look()["list"], "the mark again")
    assert any("ill-housed" in words for words in extended.firefox.page(MARKED))


def test_no_letter_is_covered_by_a_chip(extended: Extended, visit: Visit) -> None:
    inside = visit("plain.html")
    extended.check_page()
    inside.list()
    chips = inside.look()["chips"]
    letters = extended.firefox.page(LETTERS)
    assert len(chips) >= 2 and len(letters) > 500

    def covers(chip: list[float], letter: list[float]) -> bool:
        quarter = (letter[3] - letter[1]) / 4
        return (
            letter[0] + 1 < chip[2]
            and chip[0] < letter[2] - 1
            and letter[1] + quarter < chip[3]
            and chip[1] < letter[3] - quarter
        )

    assert [letter for letter in letters for chip in chips if covers(chip, letter)] == []


@pytest.mark.parametrize(("name", "marked"), [("editor.html", "3 marked"), ("one-editor.html", "2 marked")])
def test_the_draft_in_an_editor_is_checked_and_marked(
    extended: Extended, visit: Visit, name: str, marked: str
) -> None:
    inside = visit(name)
    extended.firefox.page("document.querySelector('[contenteditable]').focus()")
    extended.check_page()
    assert marked in inside.list()["list"]


def test_an_editor_that_draws_its_text_says_so(extended: Extended, visit: Visit) -> None:
    inside = visit("drawn.html")
    extended.check_page()
    assert "draws its text as a picture" in inside.card()["card"]


def test_it_says_why_it_found_nothing(extended: Extended, visit: Visit) -> None:
    inside = visit("plain.html")
    extended.firefox.page("document.body.innerHTML = '<p>The harbour is deep.</p>'")
    extended.check_page()
    assert "only a few words of this page can be read" in inside.list()["list"]


def test_without_a_selection_it_says_what_to_do(extended: Extended, visit: Visit) -> None:
    inside = visit("plain.html")
    extended.press()
    assert "Select some words on the page first" in inside.card()["card"]


def test_the_page_sees_nothing_of_the_answer(extended: Extended, visit: Visit) -> None:
    inside = visit("plain.html")
    assert "Ronald Reagan" in str(ask(extended, inside)["card"])
    seen = extended.firefox.page(
        "const shell = document.querySelector('verbatim-shell');"
        " return [shell.shadowRoot, frames.length, document.documentElement.outerHTML.includes('First Inaugural'),"
        " window.find('First Inaugural Address of')]"
    )
    assert seen == [None, 0, False, False]


def test_a_wrong_key_leads_to_the_settings(extended: Extended, visit: Visit, locked: Served) -> None:
    inside = visit("plain.html")
    extended.ask("configure", address=locked.url, key="vb_wrong")
    told = str(ask(extended, inside)["card"])
    assert "The server does not know this key" in told and "Open the settings" in told


def test_the_settings_are_saved_and_tested(extended: Extended, locked: Served) -> None:
    firefox = extended.firefox
    handle = firefox.open(f"{extended.base}/options/options.html")
    key = locked.new_key(["check"], "Options")
    firefox.page(
        "const [address, key] = document.querySelectorAll('input'); address.value = arguments[0]; key.value = arguments[1];",
        locked.url,
        key,
    )
    place = firefox.page(
        "const box = document.querySelector('button[type=submit], form button').getBoundingClientRect();"
        " return [box.left + box.width / 2, box.top + box.height / 2]"
    )
    firefox.click(*place)
    wait_for(lambda: "Connected" in firefox.page("return document.body.innerText"), "the result")
    assert extended.ask("read") == {"address": locked.url, "key": key}
    firefox.show(handle)
    firefox.send("WebDriver:CloseWindow")
    firefox.show(extended._probe)
