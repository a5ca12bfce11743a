"""Pages that change: between load and check, between check and answer, and with the marks on them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.extension.browsing import Extended, Inside
from tests.browser.extension.places import Mark, bare, read_marks

Visit = Callable[[str], tuple[Page, Inside]]
#: The worker's answers wait until they are let go.
HOLD = """() => {
    globalThis.ownFetch ??= globalThis.fetch;
    globalThis.asked = 0;
    const held = new Promise((go) => { globalThis.letGo = go; });
    globalThis.fetch = async (...given) => { asked += 1; const got = await ownFetch(...given); await held; return got; };
}"""


@pytest.fixture
def hold(extended: Extended) -> Iterator[Callable[[], None]]:
    """The worker's answers wait until this is called."""
    extended.worker.evaluate(HOLD)
    yield lambda: extended.worker.evaluate("letGo()")
    extended.worker.evaluate("() => { globalThis.fetch = ownFetch; letGo(); }")


def marks_by_words(inside: Inside) -> dict[str, Mark]:
    return {mark.quote["content"]["text"].strip(",.?”“ "): mark for mark in read_marks(inside)}


def settled(inside: Inside, places: str) -> None:
    """Wait until the list says so of its marks: an expression over `marks`."""
    inside.wait_for(f"list && (({{ marks }}) => ({places}))(overlay.list.marks)")


def test_a_page_that_is_edited_between_check_and_answer(
    extended: Extended, visit: Visit, hold: Callable[[], None]
) -> None:
    page, inside = visit("edited.html")
    extended.choose(page, "check-page")
    inside.wait(lambda: extended.worker.evaluate("asked"), "nothing was asked")
    page.evaluate(
        """() => {
            const find = (id) => document.getElementById(id);
            find("a").textContent = find("a").textContent.replace("raise taxes", "never raise taxes");
            find("b").before(find("e"));                                  // moved
            find("c").innerHTML = "Robert Reyes, in the first row, said nothing. <em>“I know what I heard,”</em> a neighbour said.";
            find("d").after(find("d").cloneNode(true));                   // there twice now
        }"""
    )
    hold()
    inside.list()
    found = marks_by_words(inside)
    taxes, slip, heard, tape, sent = found.values()
    assert taxes.words is None, "its words were changed"
    assert heard.words is None, "the words are there, but not where they were said"
    assert tape.words is None or tape.is_right
    for mark in (slip, sent):
        assert mark.words is not None
        assert bare(mark.words) == bare(mark.quote["content"]["text"])
    assert "Not placed" in inside.text()


def test_marks_go_with_their_words_and_come_back_with_them(extended: Extended, visit: Visit) -> None:
    page, inside = visit("edited.html")
    extended.choose(page, "check-page")
    inside.list()
    settled(inside, "marks.every(Boolean)")
    highlighted = "[...CSS.highlights.values()].flatMap((one) => [...one]).map(String)"
    assert any("raise taxes" in words for words in page.evaluate(highlighted))
    left = page.evaluate(
        f"""async () => {{
            const paragraph = document.getElementById("a");
            globalThis.was = paragraph.textContent;
            paragraph.firstChild.data = was.replace("We will raise", "We will not raise");
            await new Promise((then) => requestAnimationFrame(then)); // before anything is drawn
            return {highlighted};
        }}"""
    )
    assert not any("taxes" in words for words in left)
    settled(inside, "!marks[0] && marks.slice(1).every(Boolean)")
    page.evaluate("() => { document.getElementById('a').textContent = was; }")
    settled(inside, "marks.every(Boolean)")
    assert all(mark.is_right for mark in read_marks(inside))


def test_a_page_that_is_drawn_anew_keeps_its_marks(extended: Extended, visit: Visit) -> None:
    page, inside = visit("nested.html")
    extended.choose(page, "check-page")
    inside.list()
    settled(inside, "marks.every(Boolean)")
    before = page.evaluate("document.body.innerHTML")
    page.evaluate(
        "() => { const html = document.body.innerHTML; document.body.innerHTML = ''; document.body.innerHTML = html; }"
    )
    settled(inside, "marks.every((mark) => mark?.nodes.every((node) => node.isConnected))")
    assert all(mark.is_right for mark in read_marks(inside))
    assert page.evaluate("document.body.innerHTML") == before, "marks leave the page's own nodes alone"


def test_an_article_that_is_replaced_by_another_has_no_marks(extended: Extended, visit: Visit) -> None:
    page, inside = visit("edited.html")
    extended.choose(page, "check-page")
    inside.list()
    page.evaluate(
        "() => { document.querySelector('main').innerHTML = '<article><p>' + 'Another article altogether. '.repeat(20) + '</p></article>'; }"
    )
    settled(inside, "marks.every((mark) => !mark)")
    assert page.evaluate("CSS.highlights.size") == 0


def test_a_page_that_takes_the_popover_out(extended: Extended, visit: Visit) -> None:
    page, inside = visit("plain.html")
    extended.choose(page, "check-page")
    inside.list()
    page.evaluate("document.querySelector('verbatim-shell').remove()")
    extended.choose(page, "check-page")
    inside.wait(lambda: page.evaluate("Boolean(document.querySelector('verbatim-shell'))"), "it is gone")
    assert "marked on the page" in inside.list()


def test_closing_the_list_leaves_the_page_as_it_was(extended: Extended, visit: Visit) -> None:
    page, inside = visit("plain.html")
    before = page.evaluate("document.documentElement.outerHTML")
    extended.choose(page, "check-page")
    inside.list()
    inside.click("[data-quote='1']")
    assert inside.wait_for("card && card.innerText.includes('Quoted:')")
    page.keyboard.press("Escape")
    inside.wait(lambda: not inside.evaluate("Boolean(verbatim.overlay.card)"), "the card stays")
    assert inside.wait_for("list.ownerDocument.activeElement.dataset.quote === '1'"), (
        "the focus is back in the list"
    )
    page.keyboard.press("Escape")
    inside.wait(
        lambda: not page.evaluate("Boolean(document.querySelector('verbatim-shell'))"), "the list stays"
    )
    assert page.evaluate("CSS.highlights.size") == 0
    assert page.evaluate("document.documentElement.outerHTML") == before


def test_marked_words_and_chips_open_the_card(extended: Extended, visit: Visit) -> None:
    page, inside = visit("plain.html")
    extended.choose(page, "check-page")
    inside.list()
    place = page.evaluate(
        "() => { const boxes = [...CSS.highlights.values()].flatMap((one) => [...one]).map((range) => range.getClientRects()[0]);"
        " const box = boxes.find(({ left }) => left < 700); return [box.left + 20, box.top + 8]; }"
    )
    page.mouse.click(*place)
    assert inside.wait_for("card && card.innerText.includes('Quoted:')")
    page.keyboard.press("Escape")
    inside.click("[data-chip='2']")
    assert inside.wait_for("card && card.innerText.includes('Quoted:')")
    assert inside.wait_for("list.querySelector('[aria-current]').dataset.quote === '2'")


def test_the_list_is_filtered_by_verdict(extended: Extended, visit: Visit) -> None:
    page, inside = visit("plain.html")
    extended.choose(page, "check-page")
    inside.list()
    count = "list.querySelectorAll('.rows li').length"
    whole = inside.wait_for(count)
    inside.click(".counts button")
    inside.wait_for("list.querySelector('.counts [aria-pressed=true]')?.innerText")
    shown = int(inside.wait_for("list.querySelector('.counts [aria-pressed=true]').innerText").split()[-1])
    assert inside.wait_for(count) == shown < whole
    inside.click(".counts button")
    inside.wait(lambda: inside.wait_for(count) == whole, "the filter stays")
