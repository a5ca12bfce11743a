"""The dashboard where scripts are switched off: slower to use, and complete."""

import pytest
from playwright.sync_api import expect

from tests.apps import sample_article


@pytest.fixture
def plain(open_context):
    return open_context(java_script_enabled=False).new_page()


def test_check_an_article(plain):
    plain.goto("/articles/check")
    plain.get_by_label("Draft", exact=True).fill(sample_article()["body_markdown"])
    plain.get_by_text("Headline, date, address").click()
    plain.get_by_label("Address").fill(sample_article()["uri"])
    plain.get_by_label("Published on").fill("2026-11-16")
    plain.get_by_role("button", name="Check", exact=True).click()
    view = plain.locator("#analysis")
    expect(view).to_be_visible()
    assert view.get_attribute("aria-busy") is None
    for word in ("The words were changed", "wrong person", "what was left out qualifies them", "Not found"):
        expect(view).to_contain_text(word)
    assert plain.locator(".quote").count() > 8
    expect(view).to_contain_text("First Inaugural Address of Ronald Reagan")


def test_review(plain):
    plain.goto("/review")
    plain.get_by_role("button", name="Take the next one").click()
    expect(plain.locator(".claim-holder")).to_contain_text("You have it")
    assert plain.locator("kbd:visible").count() == 0, "keys that do nothing are not shown"
    plain.get_by_role("button", name="Agree with the machine").click()
    done = plain.get_by_role("status").filter(has_text="Decided")
    expect(done).to_be_visible()
    done.get_by_role("button", name="Undo").click()
    expect(plain.locator(".state")).to_contain_text("Waiting")
    plain.locator("summary").filter(has_text="Decide otherwise").click()
    plain.get_by_label("The words").select_option("verbatim")
    for box in plain.get_by_role("group", name="What was changed").get_by_role("checkbox").all():
        box.uncheck()
    plain.get_by_label("Why (for").fill("The tape has these very words.")
    plain.get_by_label("Cite as evidence").first.check()
    plain.get_by_role("button", name="Decide", exact=True).click()
    expect(plain.get_by_role("heading", name="Decided by everyone")).to_be_visible()
    expect(plain.get_by_role("link", name="Quote q")).to_have_count(1)
    plain.get_by_role("button", name="Undo").click()
    expect(plain.locator(".state")).to_contain_text("Waiting")


def test_agreement_over_time(plain, served):
    plain.goto("/review")
    plain.get_by_role("button", name="Take the next one").click()
    plain.get_by_role("button", name="Agree with the machine").click()
    plain.goto("/review/agreement?by=day")
    expect(plain.get_by_role("img", name="Share of decisions")).to_be_visible()
    expect(plain.get_by_role("row").filter(has_text="All")).to_contain_text("%")
