"""The overview follows what happens, while somebody looks at it."""

from playwright.sync_api import expect

from tests.browser.material import ALTERED, news


def test_an_article_that_comes_in_is_seen_without_loading_the_page_again(served, page, detector):
    page.goto("/")
    page.evaluate("window.stays = true")
    page.wait_for_selector('#following[data-state="on"], #following:has-text("Up to date")')
    articles, waiting = page.locator("#articles-today"), page.locator("#open-reviews")
    before, waited = int(articles.inner_text()), int(waiting.inner_text())
    served.post(
        "/v1/articles", news(16, "Late Edition", f"“{ALTERED[:-1]},” Mayor Ann Marlow said at night.")
    )
    expect(articles).to_have_text(str(before + 1), timeout=20_000)
    expect(waiting).to_have_text(str(waited + 1))
    assert page.evaluate("window.stays"), "the page was not loaded again"
    assert detector.is_quiet()
