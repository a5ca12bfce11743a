"""What a person does at the dashboard, step by step."""

from __future__ import annotations

from playwright.sync_api import Page, expect

DONE = "#analysis:not([aria-busy])"


def check_article(page: Page, body: str, form: str = "plain") -> None:
    """Paste an article into the page that checks one, and wait until all of its quotes are judged."""
    page.get_by_label("Draft", exact=True).fill(body)
    page.get_by_label("Format").select_option(form)
    page.get_by_role("button", name="Check", exact=True).click()
    page.wait_for_selector(DONE)


def sign_in(page: Page, key: str) -> None:
    """Sign in with a key, by keys alone."""
    page.goto("/sign-in")
    expect(page.get_by_label("API key")).to_be_focused()  # without a key or a click
    page.keyboard.type(key)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
