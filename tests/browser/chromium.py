"""The browser that the tests drive: this system's own Chromium, with nothing of a user's in it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Playwright, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
#: Nothing is asked of the network but this machine, and nothing runs that a test does not look at.
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)


class ChromiumMissing(RuntimeError):
    """There is no browser here to drive; the message says what to install."""


def find_chromium() -> str:
    """Where Chromium lies: what CHROMIUM names, else what is on the path. Raises ChromiumMissing."""
    if given := os.environ.get("CHROMIUM"):
        if shutil.which(given) is None:
            raise ChromiumMissing(f"CHROMIUM names {given}, which is no program here")
        return given
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        raise ChromiumMissing(
            "the browser tests drive Chromium, and there is none on this machine: "
            "`apt-get install chromium` (Debian), or name one that is there in CHROMIUM"
        )
    return found


def flags() -> list[str]:
    """What Chromium is started with. Its sandbox does not work for root, who is alone in a container."""
    return [*FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]


@contextmanager
def running_chromium(playwright: Playwright | None = None) -> Iterator[Browser]:
    """A headless Chromium for as long as the block lasts."""
    path = find_chromium()
    if playwright is not None:
        browser = playwright.chromium.launch(executable_path=path, args=flags())
        try:
            yield browser
        finally:
            browser.close()
        return
    with sync_playwright() as started, running_chromium(started) as browser:
        yield browser


if __name__ == "__main__":
    try:
        print(find_chromium())
    except ChromiumMissing as missing:
        sys.exit(str(missing))
