"""In editors, on pages without a quote, and where there is no room: what is read, what is said, what is covered."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.extension.browsing import Extended, Inside

Visit = Callable[[str], tuple[Page, Inside]]
MARKED = "() => [...CSS.highlights.values()].flatMap((one) => [...one]).map(String).filter((words) => words.length > 9)"
#: Chips of the page that lie over a letter, found letter by letter.
COVERED = """(() => {
    const chips = [...root.querySelectorAll(".chip:not([hidden])")].map((chip) => chip.getBoundingClientRect());
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        for (let at = 0; at < node.length; at += 1) {
            if (!node.data[at].trim()) continue;
            const range = new Range();
            range.setStart(node, at);
            range.setEnd(node, at + 1);
            const letter = range.getBoundingClientRect();
            const em = (letter.bottom - letter.top) / 4;
            if (chips.some((chip) => letter.left + 1 < chip.right && chip.left < letter.right - 1
                && letter.top + em < chip.bottom && chip.top < letter.bottom - em)) found.push(node.data.slice(at, at + 20));
        }
    }
    return { chips: chips.length, found };
})()"""


@pytest.mark.parametrize(
    ("name", "field", "marked"),
    [
        ("editor.html", "[contenteditable]:nth-child(2)", "3 marked"),
        ("one-editor.html", "[contenteditable]", "2 marked"),
    ],
)
def test_the_draft_in_an_editor_is_checked_and_marked(
    extended: Extended, visit: Visit, name: str, field: str, marked: str
) -> None:
    page, inside = visit(name)
    page.locator(field).click()
    before = page.locator("body").inner_html()
    extended.choose(page, "check-page")
    told = inside.list()
    assert marked in told and "Quotes on this page" in told
    assert any("government is the solution" in words for words in page.evaluate(MARKED))
    assert page.locator("body").inner_html() == before
    page.locator(field).click()  # writing goes on, and the marks stay
    page.keyboard.press("End")
    page.keyboard.type("!")
    inside.wait_for(f"list.innerText.includes('{marked}')")


def test_what_is_written_into_a_comment_is_not_sent(extended: Extended, visit: Visit) -> None:
    page, inside = visit("plain.html")
    page.evaluate(
        "document.querySelector('article').insertAdjacentHTML('beforeend', '<div id=c contenteditable>typed secret</div>')"
    )
    page.locator("#c").click()
    extended.choose(page, "check-page")
    inside.list()
    assert "secret" not in inside.evaluate("verbatim.read(verbatim.chooseRoot()).html")
    assert "Okafor" in inside.evaluate("verbatim.read(verbatim.chooseRoot()).html")


def test_an_editor_that_draws_its_text_says_so(extended: Extended, visit: Visit) -> None:
    page, inside = visit("drawn.html")
    extended.choose(page, "check-page")
    assert "draws its text as a picture" in inside.card()


LONG = "The harbour is deep and the boats are old. The crane stands beside the third pier since 1961. " * 6


@pytest.mark.parametrize(
    ("body", "language", "told"),
    [
        (LONG, "en", "nothing in the text of this page is in quotation marks"),
        ("The harbour is deep.", "en", "only a few words of this page can be read"),
        (LONG + "He has read “Moby-Dick” twice.", "en", "look like titles or single terms"),
        (
            "Der Hafen ist tief, und niemand weiß, wann die Arbeit beginnt. " * 9,
            "de",
            "a language that is not read",
        ),
    ],
)
def test_it_says_why_it_found_nothing(
    extended: Extended, visit: Visit, body: str, language: str, told: str
) -> None:
    page, inside = visit("plain.html")
    page.evaluate(
        "([words, language]) => { document.documentElement.lang = language; document.body.innerHTML = `<p>${words}</p>`; }",
        [body, language],
    )
    extended.choose(page, "check-page")
    assert told in inside.list()


@pytest.mark.parametrize(("name", "width"), [("plain.html", 1280), ("dense.html", 1280), ("plain.html", 420)])
def test_no_letter_is_covered_by_a_chip(extended: Extended, visit: Visit, name: str, width: int) -> None:
    page, inside = visit(name)
    page.set_viewport_size({"width": width, "height": 900})
    extended.choose(page, "check-page")
    inside.list()
    seen = inside.wait_for(COVERED)
    assert seen["found"] == []
    if name == "plain.html" and width > 1000:
        assert seen["chips"] >= 2
    page.evaluate("scrollTo(0, 300)")
    page.wait_for_timeout(100)
    assert inside.wait_for(COVERED)["found"] == []
