"""Fixtures: a Firefox with the extension installed, set up for a newsroom's locked service."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.extension.browsing import SOURCE
from tests.browser.extension.newsstand import running_newsstand
from tests.browser.firefox.marionette import Firefox, running_firefox, wait_for
from tests.browser.served import Served

PROBE = "<!DOCTYPE html><meta charset=utf-8><title>Probe</title><body><script src=probe.js></script>"
PRESS = """
    const { ExtensionParent } = ChromeUtils.importESModule("resource://gre/modules/ExtensionParent.sys.mjs");
    const { extension } = WebExtensionPolicy.getByID(arguments[0]);
    ExtensionParent.apiManager.global.browserActionFor(extension).triggerAction(window);
"""
COMMAND = """
    const { extension } = WebExtensionPolicy.getByID(arguments[0]);
    const keys = [...document.querySelectorAll(`keyset[id^="ext-keyset-id-"] key`)];
    keys.find((key) => key.getAttribute("key")?.toUpperCase() === arguments[1]).doCommand();
"""


class Extended:
    """Firefox with the extension, and the extension's page that looks for the tests."""

    def __init__(self, firefox: Firefox, xpi: Path) -> None:
        self.firefox = firefox
        self.id: str = firefox.send("Addon:Install", path=str(xpi), temporary=True)
        host = firefox.chrome("return WebExtensionPolicy.getByID(arguments[0]).mozExtensionHostname", self.id)
        self.base = f"moz-extension://{host}"
        self._probe = firefox.open(f"{self.base}/probe.html")
        wait_for(lambda: firefox.page("return document.body?.dataset.ready"), "the extension's page")

    def ask(self, name: str, **given: Any) -> Any:
        """What the extension's page finds; the current tab stays what it was."""
        current = self.firefox.send("WebDriver:GetWindowHandle")
        self.firefox.send("WebDriver:SwitchToWindow", handle=self._probe, focus=False)
        try:
            self.firefox.page(
                "delete document.body.dataset.answer; document.body.dataset.ask = arguments[0];"
                " document.dispatchEvent(new Event('ask'));",
                json.dumps({"name": name, "given": given}),
            )
            answer = json.loads(
                wait_for(lambda: self.firefox.page("return document.body.dataset.answer"), name)
            )
        finally:
            self.firefox.send("WebDriver:SwitchToWindow", handle=current, focus=False)
        assert "error" not in answer, answer
        return answer["value"]

    def press(self) -> None:
        """Press the toolbar button."""
        self.firefox.chrome(PRESS, self.id)

    def check_page(self) -> None:
        """Press Alt+Q: Firefox's own key element is what the extension's command hangs on."""
        self.firefox.chrome(COMMAND, self.id, "Q")


class Inside:
    """What the extension shows on the page of an address."""

    def __init__(self, extended: Extended, address: str) -> None:
        self._extended = extended
        self._address = address
        self.firefox = extended.firefox

    def look(self, selector: str | None = None) -> dict[str, Any]:
        """All of it; `place` is the middle of an element."""
        found: dict[str, Any] = self._extended.ask("look", address=self._address, selector=selector) or {}
        return found

    def card(self) -> dict[str, Any]:
        """With a popover that has an answer or a fault."""
        found: dict[str, Any] = wait_for(
            lambda: (seen := self.look()) and seen["card"] and not seen["isWaiting"] and seen, "an answer"
        )
        return found

    def list(self) -> dict[str, Any]:
        """With the list of quotes."""
        found: dict[str, Any] = wait_for(lambda: (seen := self.look()) and seen["list"] and seen, "the list")
        return found

    def click(self, selector: str) -> None:
        """Click an element of what is shown."""
        place = wait_for(lambda: self.look(selector).get("place"), selector)
        self.firefox.click(*place)


@pytest.fixture(scope="session")
def newsstand() -> Iterator[str]:
    """Where the saved pages are."""
    with running_newsstand() as address:
        yield address


@pytest.fixture(scope="session")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    """One Firefox for the whole run. Fails, saying what to install, where there is none."""
    with running_firefox(tmp_path_factory.mktemp("firefox")) as running:
        yield running


@pytest.fixture(scope="session")
def extended_firefox(firefox: Firefox, tmp_path_factory: pytest.TempPathFactory) -> Extended:
    """It has the extension as it is shipped, and the page of the tests."""
    xpi = tmp_path_factory.mktemp("xpi") / "extension.xpi"
    manifest = json.loads((SOURCE / "manifest.json").read_text(encoding="utf-8"))
    manifest["host_permissions"] = ["http://127.0.0.1/*"]  # a person is asked for it by the settings
    with zipfile.ZipFile(xpi, "w") as packed:
        for path in sorted(SOURCE.rglob("*")):
            if path.is_file() and path.name != "manifest.json":
                packed.write(path, path.relative_to(SOURCE))
        packed.writestr("manifest.json", json.dumps(manifest))
        packed.writestr("probe.html", PROBE)
        packed.write(Path(__file__).with_name("probe.js"), "probe.js")
    return Extended(firefox, xpi)


@pytest.fixture
def extended(extended_firefox: Extended, locked: Served) -> Extended:
    """Set up for the locked service, with a key that may check and nothing else."""
    extended_firefox.ask("configure", address=locked.url, key=locked.new_key(["check"], "Browser"))
    return extended_firefox


@pytest.fixture
def visit(extended: Extended, newsstand: str) -> Iterator[Any]:
    """Opens a saved page in a tab: the look inside."""
    opened: list[str] = []

    def open_page(name: str) -> Inside:
        address = f"{newsstand}/{name}?{len(opened)}"
        opened.append(extended.firefox.open(address))
        return Inside(extended, address)

    yield open_page
    for handle in opened:
        extended.firefox.show(handle)
        extended.firefox.send("WebDriver:CloseWindow")
    extended.firefox.show(extended._probe)
