"""A draft's quotes are signed off on its page, by keyboard and without loading it again."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.apps import sample_article


def test_sign_off_and_correct_by_keyboard(page, served):
    draft = sample_article() | {"uri": "https://harborstreetcourier.example/draft", "status": "draft"}
    article = served.post("/v1/articles", draft)
    page.goto(f"/articles/view/{article['id']}")
    page.wait_for_selector("html[data-shortcuts]")
    loaded = page.evaluate("performance.timeOrigin")
    page.locator("#m1").focus()  # the worst is open at first
    page.keyboard.press("Enter")
    card = page.locator(".quote.active")
    expect(card).to_be_focused()
    card.get_by_label("Right", exact=True).focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    expect(card.get_by_label("To be fixed")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("jk: the number?")
    card.get_by_role("button", name="Save").focus()
    page.keyboard.press("Enter")
    count = page.locator("#signed-count")
    expect(count).to_contain_text(f"1 of {len(article['quotes'])} signed off")
    expect(page.locator("#live")).to_contain_text("Quote 1: To be fixed.")
    expect(page.locator("#q1")).to_be_focused()
    expect(page.locator("#r1")).to_contain_text("jk: the number?")
    assert page.evaluate("performance.timeOrigin") == loaded
    page.locator("#q1 .history summary").click()
    expect(page.locator("#q1 .history")).to_contain_text("signed off: To be fixed")
    page.keyboard.press("Escape")
    page.locator("#m2").click()
    page.locator("#q2").get_by_text("Correct the speaker or the words").click()
    page.locator("#q2").get_by_label("Speaker", exact=False).first.fill("Dana Cole")
    page.locator("#q2").get_by_role("button", name="Save").click()
    expect(page.locator("#r2")).to_contain_text("Dana Cole")
    expect(page.locator("#q2")).to_contain_text("corrected by a person")
