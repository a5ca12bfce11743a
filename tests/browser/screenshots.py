"""Pictures of the dashboard: those of the README, or with --all of every page, to be looked at.

    python -m tests.browser.screenshots docs/images
    python -m tests.browser.screenshots --all DIRECTORY

All pages are taken light, dark and on a telephone of 360 pixels.
"""

from __future__ import annotations

import argparse
import base64
import re
import tempfile
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Page

from tests.apps import sample_article
from tests.browser.chromium import running_chromium
from tests.browser.material import articles
from tests.browser.places import find_addresses, visit
from tests.browser.served import Served, running_service
from tests.browser.steps import check_article
from tests.browser.test_check_a_draft import DRAFT, FILE

WIDE: Final = {"width": 1200, "height": 760}
WAYS: Final[dict[str, dict[str, Any]]] = {
    "light": {"color_scheme": "light", "viewport": {"width": 1280, "height": 900}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1280, "height": 900}},
    "narrow": {"color_scheme": "light", "viewport": {"width": 360, "height": 740}},
}
MOST_BYTES: Final = 150_000


def picture_check(page: Page) -> None:
    """The bundled article, checked, with the altered quotation of Reagan shown beside it."""
    page.goto("/articles/check")
    page.get_by_text("Headline, date, address").click()
    page.get_by_label("Address").fill(sample_article()["uri"])
    page.get_by_label("Published on").fill(sample_article()["published_at"])
    check_article(page, sample_article()["body_markdown"], "markdown")
    page.locator(".flag").filter(has_text="The words were changed").nth(1).click()
    page.locator(".flag.active").evaluate("one => one.scrollIntoView({ block: 'center' })")


def picture_review(page: Page) -> None:
    """A doubted quotation beside its source."""
    page.goto("/review?rule=meaning_altered")
    page.locator("#reviews").get_by_role("link", name="In this present crisis").click()
    page.wait_for_selector("html[data-shortcuts]")


def picture_draft(page: Page) -> None:
    """The bundled draft beside its interview, a changed number shown with what was said."""
    page.goto("/try/draft")
    page.wait_for_selector("html[data-shortcuts]")
    page.locator(".flag").filter(has_text="The words were changed").first.click()
    page.locator(".flag.active").evaluate("one => one.scrollIntoView({ block: 'center' })")


def picture_sign_off(page: Page) -> None:
    """A draft whose changed number is signed off as to be fixed."""
    page.goto("/sources/add")
    page.get_by_label("Files", exact=True).set_input_files(FILE)
    page.locator("main form button.primary").click()
    page.get_by_role("link", name="Check a draft against it").click()
    page.get_by_label("Draft", exact=True).fill(DRAFT)
    page.get_by_label("Store it").check()
    page.get_by_role("button", name="Check", exact=True).click()
    page.get_by_role("link", name="Stored: open the article").click()
    card = page.locator("#q1")
    card.get_by_label("To be fixed").check()
    card.get_by_role("button", name="Save").click()
    page.locator("#signed-count").get_by_text("1 of 3").wait_for()
    page.locator(".columns").evaluate("one => window.scrollTo(0, one.offsetTop - 330)")


PICTURES: Final = {
    "check": picture_check,
    "draft": picture_draft,
    "review": picture_review,
    "sign-off": picture_sign_off,
}


def take_pictures(browser: Browser, served: Served, directory: Path) -> None:
    """Those of the README, each small enough to be loaded with it."""
    for name, show in PICTURES.items():
        page = browser.new_page(
            base_url=served.url, viewport=WIDE, color_scheme="light", reduced_motion="reduce"
        )
        show(page)
        path = directory / f"{name}.webp"
        path.write_bytes(capture(page))
        size = path.stat().st_size
        assert size <= MOST_BYTES, f"{path} is {size:,} bytes"
        print(f"{path} {size:,} bytes")
        page.close()


def capture(page: Page) -> bytes:
    """What is in view, as WebP, which Playwright itself does not write."""
    session = page.context.new_cdp_session(page)
    taken = session.send("Page.captureScreenshot", {"format": "webp", "quality": 88})
    return base64.b64decode(taken["data"])


def take_all(browser: Browser, served: Served, directory: Path) -> None:
    """Every page in every way, with all that it folds away."""
    for way, options in WAYS.items():
        page = browser.new_page(base_url=served.url, **options)
        for address in find_addresses(served):
            visit(page, address)
            name = re.sub(r"\W+", "-", address).strip("-") or "home"
            page.screenshot(path=directory / f"{name[:60]}-{way}.png", full_page=True)
        page.close()


def main() -> None:
    """Take them."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("directory", type=Path)
    parser.add_argument("--all", action="store_true", help="every page, light, dark and narrow")
    asked = parser.parse_args()
    asked.directory.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as directory,
        running_service(Path(directory), articles()) as served,
        running_chromium() as browser,
    ):
        (take_all if asked.all else take_pictures)(browser, served, asked.directory)


if __name__ == "__main__":
    main()
