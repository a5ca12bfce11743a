"""Fixtures of the extension's tests: a Chromium that has it, a newsroom's locked service, and news pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, Playwright

from tests.browser.extension.browsing import Extended, Inside, running_extension
from tests.browser.extension.newsstand import running_newsstand
from tests.browser.served import Served

GRANTED = ("http://127.0.0.1/*",)


@pytest.fixture(scope="session")
def newsstand() -> Iterator[str]:
    """Where the saved pages are."""
    with running_newsstand() as address:
        yield address


@pytest.fixture(scope="session")
def check_key(locked: Served) -> str:
    """A key that may check and nothing else."""
    return locked.new_key(["check"], "Browser")


@pytest.fixture(scope="session")
def extended_browser(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Extended]:
    """One Chromium with the extension for the whole run."""
    with running_extension(playwright, tmp_path_factory.mktemp("extension"), GRANTED) as running:
        yield running


@pytest.fixture
def extended(extended_browser: Extended, locked: Served, check_key: str) -> Extended:
    """The browser, set up for the locked service."""
    extended_browser.configure(locked.url, check_key)
    return extended_browser


@pytest.fixture
def visit(extended: Extended, newsstand: str) -> Iterator[Callable[[str], tuple[Page, Inside]]]:
    """Opens a saved page in a tab: the tab, and the look inside."""
    opened: list[Page] = []

    def open_page(name: str) -> tuple[Page, Inside]:
        page = extended.context.new_page()
        opened.append(page)
        page.goto(f"{newsstand}/{name}")
        return page, Inside(page, extended.id)

    yield open_page
    for page in opened:
        page.close()
