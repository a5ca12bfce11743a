"""The dashboard without a mouse: sign in, check an article, work through the queue, sign out."""

import re
import time

import pytest
from playwright.sync_api import expect

from service.store.reviews.records import Reviewer
from tests.apps import sample_article
from tests.browser.steps import sign_in


@pytest.fixture
def zoe(open_context, locked):
    """A reviewer at the newsroom's dashboard, who has signed in."""
    page = open_context(base_url=locked.url).new_page()
    sign_in(page, locked.new_key(["read", "check", "review"], "Zoë"))
    yield page
    reviews, now = locked.store.reviews, time.time()
    for left in reviews.find_page("claimed", None, None, 100, now).items:
        reviews.release(left.id, Reviewer(left.holder, left.holder_name), None, now)


def press(page, key):
    """A key that leads to another page."""
    with page.expect_navigation():
        page.keyboard.press(key)
    page.wait_for_selector("html[data-shortcuts]")


def open_first(page, **filters):
    """The first review of the queue, open before one."""
    page.goto("/review" + ("?rule=" + filters["rule"] if filters else ""))
    page.wait_for_selector("html[data-shortcuts]")
    page.keyboard.press("j")
    press(page, "Enter")
    return page.url


def tab_to(page, locator, most=80):
    """Press Tab until this has the focus."""
    for _ in range(most):
        if locator.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{locator} cannot be reached by Tab")


def test_who_is_not_signed_in_is_led_to_sign_in_and_back(open_context, locked):
    page = open_context(base_url=locked.url).new_page()
    page.goto("/review?state=decided")
    assert page.url.startswith(f"{locked.url}/sign-in?next=")
    expect(page.get_by_label("API key")).to_be_focused()
    page.keyboard.type("vb_wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("unknown")
    page.get_by_label("API key").focus()
    page.keyboard.type(locked.new_key(["read", "review"], "Max"))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url == f"{locked.url}/review?state=decided"
    expect(page.locator(".who")).to_contain_text("Max")


def test_who_may_not_review_is_told_so(open_context, locked):
    page = open_context(base_url=locked.url).new_page()
    sign_in(page, locked.new_key(["read"], "Reader"))
    response = page.goto("/review")
    assert response.status == 403
    expect(page.locator("main")).to_contain_text("review")
    assert page.get_by_role("link", name="Review").count() == 0


def test_sign_out(zoe, locked):
    zoe.goto("/review")
    tab_to(zoe, zoe.get_by_role("button", name="Sign out"))
    with zoe.expect_navigation():
        zoe.keyboard.press("Enter")
    assert zoe.url == f"{locked.url}/sign-in"
    zoe.goto("/review")
    assert zoe.url.startswith(f"{locked.url}/sign-in")
    zoe.go_back()
    assert "Review queue" not in zoe.locator("main").inner_text(), "nothing is kept of what was seen"


def test_the_skip_link_leads_past_the_navigation(zoe):
    zoe.goto("/review")
    zoe.keyboard.press("Tab")
    expect(zoe.get_by_role("link", name="Skip to the content")).to_be_focused()
    zoe.keyboard.press("Enter")
    zoe.keyboard.press("Tab")
    assert zoe.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_an_article_is_checked_and_its_quotes_are_walked(zoe):
    zoe.goto("/articles/check")
    tab_to(zoe, zoe.get_by_label("Draft", exact=True))
    zoe.keyboard.insert_text(sample_article()["body_markdown"])
    tab_to(zoe, zoe.get_by_role("button", name="Check", exact=True))
    zoe.keyboard.press("Enter")
    zoe.wait_for_selector("#analysis:not([aria-busy])")
    seen = []
    for key in "jjjk":
        zoe.keyboard.press(key)
        focused = zoe.evaluate("document.activeElement.closest('.flag')?.dataset.quote")
        assert zoe.locator(".quote.active").get_attribute("data-quote") == focused
        seen.append(focused)
    assert seen[0] == seen[0] != seen[1] != seen[2]
    assert seen[3] == seen[1]
    zoe.keyboard.press("Enter")
    assert zoe.evaluate("document.activeElement.matches('.quote.active')"), "what is known of it"
    zoe.keyboard.press("Escape")
    assert zoe.locator(".quote.active").count() == 0
    assert zoe.evaluate("document.activeElement.matches('.flag')"), "back where one was"


def test_the_list_is_walked(zoe):
    zoe.goto("/review")
    zoe.wait_for_selector("html[data-shortcuts]")
    links = zoe.locator("#reviews h2 a")
    for key, place in (("j", 0), ("j", 1), ("j", 2), ("k", 1)):
        zoe.keyboard.press(key)
        expect(links.nth(place)).to_be_focused()


def test_take_agree_go_on_and_undo(zoe):
    first = open_first(zoe)
    press(zoe, "c")
    expect(zoe.locator(".claim-holder")).to_contain_text("You have it")
    press(zoe, "a")
    assert zoe.url != first, "on to the next"
    expect(zoe.locator(".claim-holder")).to_contain_text("You have it")
    done = zoe.get_by_role("status").filter(has_text="Decided")
    expect(done).to_contain_text(re.compile("Altered|Verbatim"))
    press(zoe, "u")
    assert zoe.url.partition("?")[0] == first
    expect(zoe.locator(".state")).to_contain_text("Waiting")
    zoe.get_by_text("What was done").click()
    expect(zoe.locator(".record")).to_contain_text("Zoë took the decision back")


def test_decide_otherwise(zoe):
    first = open_first(zoe)
    zoe.keyboard.press("d")
    expect(zoe.get_by_label("The words")).to_be_focused()
    zoe.keyboard.type("Fabr")
    tab_to(zoe, zoe.get_by_label("Why (for"))
    zoe.keyboard.type("Nobody heard it, and the tape has nothing like it.")
    tab_to(zoe, zoe.get_by_role("button", name="Decide", exact=True))
    press(zoe, "Enter")
    expect(zoe.locator("#evidence-fault")).to_contain_text("needs evidence")
    assert zoe.get_by_label("Why (for").input_value().startswith("Nobody heard"), "what was typed is kept"
    zoe.get_by_label("Source 1", exact=True).focus()
    zoe.keyboard.type("https://tape.example/1")
    press(zoe, "Enter")
    assert zoe.url == first, "who has not taken it stays"
    expect(zoe.get_by_role("heading", name="Decided by Zoë")).to_be_visible()
    expect(zoe.locator("main")).to_contain_text("Fabricated")
    with zoe.expect_download() as download:
        zoe.get_by_role("link", name="JSON-LD").click()
    assert '"ClaimReview"' in download.value.path().read_text()
    press(zoe, "u")
    expect(zoe.locator(".state")).to_contain_text("Waiting")


def test_leave_it_to_others(zoe):
    first = open_first(zoe)
    press(zoe, "c")
    press(zoe, "s")
    assert zoe.url != first
    expect(zoe.get_by_role("status").filter(has_text="Left to others")).to_be_visible()
    press(zoe, "c")  # what was taken instead is given back


def test_next_and_previous(zoe):
    first = open_first(zoe)
    press(zoe, "j")
    assert zoe.url != first
    press(zoe, "k")
    assert zoe.url == first


def test_keys_do_nothing_in_fields_with_modifiers_or_switched_off(zoe):
    first = open_first(zoe)
    zoe.get_by_label("Why you agree").focus()
    zoe.keyboard.press("End")
    zoe.keyboard.type("as duck?")
    assert zoe.get_by_label("Why you agree").input_value().endswith("as duck?")
    zoe.evaluate("document.activeElement.blur()")
    for key in ("Control+a", "Alt+j", "Meta+s"):
        zoe.keyboard.press(key)
    switch = zoe.get_by_label("Single-key shortcuts")
    switch.focus()
    zoe.keyboard.press("Space")
    expect(zoe.locator("#live")).to_contain_text("off")
    for _ in range(2):
        zoe.evaluate("document.activeElement.blur()")
        for key in "asdcj?":
            zoe.keyboard.press(key)
        assert zoe.url == first
        assert zoe.locator("dialog[open], details[open], .claim-holder").count() == 0
        assert zoe.locator("[aria-keyshortcuts]").count() == 0
        zoe.reload()
        zoe.wait_for_selector("html[data-shortcuts=off]")
    switch.focus()
    zoe.keyboard.press("Space")
    zoe.keyboard.press("?")
    expect(zoe.get_by_role("dialog", name="Keyboard")).to_be_visible()
    zoe.keyboard.press("a")
    assert zoe.url == first, "nothing is done behind the dialog"
    zoe.keyboard.press("Escape")
    expect(zoe.get_by_role("dialog")).to_have_count(0)


def test_what_others_do_meanwhile_is_told(zoe, locked):
    first = open_first(zoe, rule="misattributed")
    review_id = first.rpartition("/")[2].partition("?")[0]
    zoe.keyboard.press("d")
    zoe.get_by_label("Why (for").fill("I know better.")
    key = locked.new_key(["review"], "Max")
    locked.post(f"/v1/reviews/{review_id}/claim", {}, key)
    zoe.get_by_role("button", name="Decide", exact=True).click()
    expect(zoe.get_by_role("alert")).to_contain_text("Nothing was changed")
    expect(zoe.locator(".claim-holder")).to_contain_text("Max has it")
    expect(zoe.locator("main")).to_contain_text("Max is at work on this")
    assert zoe.get_by_role("button", name="Agree with the machine").count() == 0
    locked.post(f"/v1/reviews/{review_id}/skip", {}, key)
    zoe.goto(first)
    expect(zoe.get_by_role("button", name="Agree with the machine")).to_be_visible()
