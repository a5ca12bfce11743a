"""The settings: which addresses are taken, and what the connection test finds wrong."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.audit import find_violations
from tests.browser.extension.browsing import Extended
from tests.browser.extension.test_selection import answering
from tests.browser.served import Served
from tests.servers import find_free_port


@pytest.fixture
def options(extended: Extended) -> Iterator[Page]:
    page = extended.context.new_page()
    page.goto(extended.address("options/options.html"))
    page.wait_for_selector("html[data-ready]")
    yield page
    page.close()


def save(options: Page, address: str, key: str = "") -> str:
    """Fill in, save, and wait for what the test says."""
    options.fill("#address", address)
    options.fill("#key", key)
    options.evaluate("document.querySelector('#outcome').className = ''")
    options.click("button.main")
    options.wait_for_selector("#outcome.good, #outcome.bad")
    return options.inner_text("#outcome")


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("", "Enter the server’s address"),
        ("http://verbatim.newsroom.example", "http would send your key"),
        ("http://192.168.1.5:8000", "http would send your key"),
        ("http://127.0.0.1.nip.example", "http would send your key"),
        ("http://localhost@evil.example", "http would send your key"),
        ("https://user:secret@overlay.example", "must not carry a user name"),
        ("ftp://overlay.example", "no address of a server"),
        ("javascript:alert(1)", "no address of a server"),
        ("https://overlay.example/?x=1", "no address of a server"),
        ("https://", "no address of a server"),
    ],
)
def test_addresses_that_are_not_taken(options: Page, address: str, told: str) -> None:
    assert told in save(options, address, "vb_x")
    assert options.get_attribute("#address", "aria-invalid") == "true"


def test_a_good_key_and_a_better_one(
    options: Page, locked: Served, check_key: str, extended: Extended
) -> None:
    assert "The key may check quotes" in save(options, f"{locked.url}/", check_key)
    assert extended.worker.evaluate("chrome.storage.local.get()") == {"address": locked.url, "key": check_key}
    assert "may do more" in save(options, locked.url, locked.new_key(["admin"]))


def test_keys_that_will_not_do(options: Page, locked: Served) -> None:
    assert "asks for a key" in save(options, locked.url)
    assert "does not know this key" in save(options, locked.url, "vb_wrong")
    assert "needs the scope" in save(options, locked.url, locked.new_key(["read"]))


def test_servers_that_will_not_do(options: Page) -> None:
    assert "cannot be reached" in save(options, f"http://127.0.0.1:{find_free_port()}")
    with answering(404, b"<h1>Hello</h1>", Content_Type="text/html") as url:
        assert "no Verbatim server" in save(options, url)
    problem = {"Content_Type": "application/problem+json"}
    with answering(429, b"{}", Retry_After="9", **problem) as url:
        assert "in 9 s" in save(options, url)
    with answering(503, b"{}", **problem) as url:
        assert "busy" in save(options, url)


def test_forgetting_leaves_nothing(options: Page, extended: Extended) -> None:
    options.click("#forget")
    options.wait_for_selector("#outcome.good")
    assert extended.worker.evaluate("chrome.storage.local.get()") == {}
    assert options.input_value("#key") == ""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessible(options: Page, scheme: str) -> None:
    options.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    save(options, "http://elsewhere.example")
    assert find_violations(options) == []
