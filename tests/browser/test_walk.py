"""The whole job: draft and interview in, every quote signed off, corrected draft out, shared, printed."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.hands import Keyboard, Mouse
from tests.browser.test_check_a_draft import DRAFT, FILE

MOST_ACTIONS = 25
ANSWERS = ("To be fixed", "Right", "Cannot be confirmed")


def walk(hand, draft, browser_context):
    """Do the job; what came out: the corrected draft, the shared page."""
    page = hand.page
    hand.open("/sources/add")
    hand.attach(page.get_by_label("Files", exact=True), FILE)
    hand.press(page.locator("main form button.primary"))
    hand.press(page.get_by_role("link", name="Check a draft against it"))
    hand.fill(page.get_by_label("Draft", exact=True), draft)
    hand.press(page.get_by_label("Store it"))
    hand.press(page.get_by_role("button", name="Check", exact=True))
    hand.press(page.get_by_role("link", name="Stored: open the article"))
    page.wait_for_url("**/articles/view/**")
    for number, answer in enumerate(ANSWERS, 1):
        card = page.locator(f"#q{number}")
        if not card.is_visible():
            hand.press(page.locator(f"#m{number}"))
        hand.press(card.get_by_label(answer, exact=True))
        hand.press(card.get_by_role("button", name="Save"))
        expect(page.locator("#signed-count")).to_contain_text(f"{number} of {len(ANSWERS)} signed off")
    with page.expect_download() as download:
        hand.press(page.get_by_role("link", name="Corrected draft"))
    hand.press(page.get_by_role("button", name="Make a link"))
    address = page.get_by_role("status").get_by_role("link").get_attribute("href")
    reader = browser_context.new_page()
    reader.goto(address)
    hand.actions += 1
    return download.value.path().read_text(encoding="utf-8"), reader


def check_outcome(hand, draft, corrected, reader):
    """The number was put right and nothing else; the reader sees the answers; paper has what was said."""
    assert corrected.strip() == draft.replace("sixty-two", "forty-two").strip()
    expect(reader.locator("#signed-count")).to_contain_text("3 of 3 signed off")
    assert not reader.locator("main a[href^='/speakers']").count(), "a reader has no key for these"
    reader.emulate_media(media="print")
    hand.actions += 1  # the browser's own way to print
    row = reader.locator("#r1")
    expect(row).to_contain_text("Tomas Hale said: “We closed the harbour road because forty-two lorries")
    expect(row).to_contain_text("To be fixed")
    assert reader.locator(".masthead:visible, .panel:visible, .toolbar button:visible").count() == 0
    assert hand.actions <= MOST_ACTIONS, hand.actions
    print(f"{hand.actions} actions")


@pytest.fixture
def stranger(open_context):
    return open_context()


def test_by_mouse(open_context, stranger):
    hand = Mouse(open_context().new_page())
    draft = f"{DRAFT}\nWritten by mouse.\n"
    check_outcome(hand, draft, *walk(hand, draft, stranger))


def test_by_keyboard_alone(open_context, stranger):
    hand = Keyboard(open_context().new_page())
    draft = f"{DRAFT}\nWritten by keyboard.\n"
    check_outcome(hand, draft, *walk(hand, draft, stranger))


def test_without_scripts(open_context, stranger):
    hand = Mouse(open_context(java_script_enabled=False).new_page())
    draft = f"{DRAFT}\nWritten without scripts.\n"
    check_outcome(hand, draft, *walk(hand, draft, stranger))
