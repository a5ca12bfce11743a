"""A Chromium with the extension in it, and a look into what a page itself cannot see: the isolated world.

The browser's own menus and permission questions are not in any page, so that no driver can click them. The
toolbar button is pressed by `Extensions.triggerAction`, which gives the same rights to the tab as a person's
click (activeTab); a menu's choice is handed to the worker's own listeners.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, CDPSession, Page, Playwright, Worker

from tests.apps import ROOT
from tests.browser.chromium import find_chromium, flags

SOURCE = ROOT / "deploy" / "browser-extension"
PATIENCE_S = 20.0
READY = "async () => { for (;;) { if (globalThis.chrome?.contextMenus) return; await 0; } }"


@dataclass(frozen=True)
class Extended:
    """A running Chromium with the extension."""

    context: BrowserContext
    worker: Worker
    id: str

    def address(self, path: str) -> str:
        """The address of a page of the extension's own."""
        return f"chrome-extension://{self.id}/{path}"

    def configure(self, address: str, key: str = "") -> None:
        """Settings, as the options page saves them."""
        self.worker.evaluate("given => chrome.storage.local.set(given)", {"address": address, "key": key})

    def press(self, page: Page) -> None:
        """Press the toolbar button, as a person does: the tab's page is laid open to the extension."""
        page.bring_to_front()
        session = self.context.browser.new_browser_cdp_session()
        tabs = session.send("Target.getTargets", {"filter": [{"type": "tab"}]})["targetInfos"]
        target = next(tab["targetId"] for tab in tabs if tab["url"] == page.url)
        session.send("Extensions.triggerAction", {"id": self.id, "targetId": target})
        session.detach()

    def choose(self, page: Page, item: str, words: str = "") -> None:
        """Choose an entry of the context menu: its listeners hear what the browser would tell them."""
        self.worker.evaluate(
            """async ([item, words, url]) => {
                const tabs = await chrome.tabs.query({});
                const active = tabs.find((tab) => tab.active && (!tab.url || tab.url === url)) ?? tabs.at(-1);
                const info = { menuItemId: item, pageUrl: url, frameId: 0, editable: false };
                chrome.contextMenus.onClicked.dispatch(words ? { ...info, selectionText: words } : info, active);
            }""",
            [item, words, page.url],
        )


@contextmanager
def running_extension(
    playwright: Playwright, directory: Path, granted: tuple[str, ...] = (), **options: Any
) -> Iterator[Extended]:
    """Chromium with a copy of the extension, to which the hosts of `granted` are open without asking."""
    copy = copy_extension(directory / "extension", granted)
    arguments = [
        *flags(),
        "--headless=new",
        f"--disable-extensions-except={copy}",
        f"--load-extension={copy}",
        "--enable-unsafe-extension-debugging",
    ]
    context = playwright.chromium.launch_persistent_context(
        str(directory / "profile"),
        executable_path=find_chromium(),
        headless=False,  # Playwright's own headless knows no extensions; the flag above does
        args=arguments,
        locale="en-GB",
        **{"viewport": {"width": 1280, "height": 900}} | options,
    )
    try:
        context.set_default_timeout(PATIENCE_S * 1000)
        workers = context.service_workers
        worker = workers[0] if workers else context.wait_for_event("serviceworker")
        worker.evaluate(READY)
        close_welcome(context)
        yield Extended(context, worker, worker.url.split("/")[2])
    finally:
        context.close()


def close_welcome(context: BrowserContext) -> None:
    """Close the settings, which the extension opens when it is installed; it may take a while to."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        opened = [page for page in context.pages if page.url.endswith("options/options.html")]
        if opened:
            opened[0].close()
            return
        assert time.monotonic() < deadline, "the settings were never opened"
        context.pages[0].wait_for_timeout(20)


def copy_extension(to: Path, granted: tuple[str, ...]) -> Path:
    """The extension as it is shipped, but for hosts that a person would have allowed it."""
    shutil.copytree(SOURCE, to)
    manifest = to / "manifest.json"
    content = json.loads(manifest.read_text(encoding="utf-8"))
    if granted:
        content["host_permissions"] = list(granted)
    manifest.write_text(json.dumps(content), encoding="utf-8")
    return to


class Inside:
    """The extension's isolated world in a page, where its content scripts are. The page cannot get there."""

    def __init__(self, page: Page, extension_id: str) -> None:
        self.page = page
        self._origin = f"chrome-extension://{extension_id}"
        self._session: CDPSession = page.context.new_cdp_session(page)
        self._worlds: dict[int, Mapping[str, Any]] = {}
        self._session.on("Runtime.executionContextCreated", self._met)
        self._session.on("Runtime.executionContextDestroyed", self._lost)
        self._session.on("Runtime.executionContextsCleared", lambda _: self._worlds.clear())
        self._session.send("Runtime.enable")
        self._frame = self._session.send("Page.getFrameTree")["frameTree"]["frame"]["id"]

    def _met(self, event: dict[str, Any]) -> None:
        self._worlds[event["context"]["id"]] = event["context"]

    def _lost(self, event: dict[str, Any]) -> None:
        self._worlds.pop(event["executionContextId"], None)

    def evaluate(self, expression: str) -> Any:
        """The value of an expression, once the content scripts are there."""
        done = self._session.send(
            "Runtime.evaluate",
            {
                "expression": expression,
                "contextId": self._world(),
                "awaitPromise": True,
                "returnByValue": True,
            },
        )
        if "exceptionDetails" in done:
            raise AssertionError(f"{expression}: {json.dumps(done['exceptionDetails'])[:800]}")
        return done["result"].get("value")

    def _world(self) -> int:
        def find() -> int | None:
            found = (
                number
                for number, one in self._worlds.items()
                if one["origin"] == self._origin and one["auxData"].get("frameId") == self._frame
            )
            return next(found, None)

        self.wait(lambda: find() is not None, "the content scripts are not in the page")
        number = find()
        assert number is not None
        return number

    def wait(self, is_so: Callable[[], object], otherwise: str) -> None:
        """Wait until something is so."""
        deadline = time.monotonic() + PATIENCE_S
        while not is_so():
            assert time.monotonic() < deadline, otherwise
            self.page.wait_for_timeout(15)

    def wait_for(self, expression: str) -> Any:
        """The value of an expression as soon as it is true; it may use `root`, `card` and `list`."""
        wrapped = (
            "(() => { const overlay = globalThis.verbatim?.overlay; if (!overlay) return null;"
            " const root = overlay.shell.root; const card = overlay.card?.face; const list = overlay.list?.surface.face;"
            f" return ({expression}); }})()"
        )
        found: list[Any] = []

        def look() -> bool:
            found[:] = [self.evaluate(wrapped)]
            return bool(found[0])

        self.wait(look, f"never so: {expression}; the popover has: {self.text()!r}")
        return found[0]

    def text(self) -> str:
        """All words of the popover and of the list, as they are shown."""
        words: str = self.evaluate(
            "(({ overlay } = {}) => [overlay?.card?.face, overlay?.list?.surface.face].map((one) => one?.innerText ?? '').join('\\n'))"
            "(globalThis.verbatim)"
        )
        return words

    def card(self) -> str:
        """The popover's words, once it has an answer or a fault."""
        words: str = self.wait_for("card && !card.querySelector('.turning') && card.innerText")
        return words

    def list(self) -> str:
        """The list's words, once it is there."""
        words: str = self.wait_for("list && list.innerText")
        return words

    def click(self, selector: str) -> None:
        """A person's click on something of the popover: at its place in the window."""
        place = self.wait_for(
            f"(() => {{ const at = [card, list, root].map((one) => one?.querySelector({json.dumps(selector)})).find(Boolean);"
            " if (!at) return null; at.scrollIntoView({block: 'nearest'}); const box = at.getBoundingClientRect();"
            " const frame = at.ownerDocument.defaultView?.frameElement;"
            " const around = frame && at.ownerDocument !== document ? frame.getBoundingClientRect() : { left: -1, top: -1 };"
            " return box.width ? [around.left + 1 + box.left + box.width / 2, around.top + 1 + box.top + box.height / 2] : null;"
            " })()"
        )
        self.page.mouse.click(*place)


def select_words(page: Page, words: str) -> None:
    """Select words on a page: the first element's text that has them all in one text node."""
    page.evaluate(
        """(words) => {
            const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                const start = node.data.indexOf(words);
                if (start < 0) continue;
                getSelection().setBaseAndExtent(node, start, node, start + words.length);
                return;
            }
            throw new Error(`no such words: ${words}`);
        }""",
        words,
    )
