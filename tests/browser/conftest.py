"""Fixtures of the browser tests: a Chromium, a service for it to visit, and an eye on what its pages do.

They have no fixture of the API's tests: what is tested is what a person would see.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from tests.browser.chromium import find_chromium, running_chromium
from tests.browser.detector import Detector
from tests.browser.material import articles, news_articles
from tests.browser.served import Served, running_service

PATIENCE_MS = 20_000  # on a machine that others use as well
VIEWPORT = {"width": 1280, "height": 900}


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright's driver. Fails, saying what to install, where there is no Chromium."""
    find_chromium()
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One Chromium for the whole run; each test has a context, which is a user, of its own."""
    with running_chromium(playwright) as running:
        yield running


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service that needs no key from this machine, as `make run` starts it. All tests share its store."""
    with running_service(tmp_path_factory.mktemp("served"), articles()) as running:
        yield running


@pytest.fixture(scope="session")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service that asks everybody for a key, as in a newsroom."""
    limits = {"RATE_LIMIT_KEY": "0", "RATE_LIMIT_ADDRESS": "0", "RATE_LIMIT_FAILURES": "0"}
    directory = tmp_path_factory.mktemp("locked")
    with running_service(directory, news_articles(), ACCESS="locked", **limits) as running:
        yield running


@pytest.fixture
def open_context(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Any]:
    """A maker of contexts: `open_context(java_script_enabled=False)`, with Playwright's own options.

    Paths are those of `served`, unless another `base_url` is given.
    """
    opened: list[BrowserContext] = []

    def make(**options: Any) -> BrowserContext:
        if "base_url" not in options:
            options["base_url"] = request.getfixturevalue("served").url
        given = {"viewport": VIEWPORT, "locale": "en-GB"} | options
        context = browser.new_context(**given)
        context.set_default_timeout(PATIENCE_MS)
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()


@pytest.fixture
def detector(served: Served) -> Detector:
    """What watches the pages of `page`."""
    return Detector(served.url)


@pytest.fixture
def page(open_context: Any, detector: Detector) -> Page:
    """A tab of a new user's, watched by `detector`; paths are those of `served`."""
    context: BrowserContext = open_context()
    detector.watch(context)
    opened: Page = context.new_page()
    return opened
