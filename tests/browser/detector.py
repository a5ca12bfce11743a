"""Notices what a page does that it should not: run what came from outside, go elsewhere, ask elsewhere.

Scripts of an attack have to leave a trace to be noticed. Those of `tests/browser/hostile.py` do it in every way
that is watched here: they set `window.__ran`, call alert, confirm, prompt or print, write to the console,
navigate, open windows, or fetch from another host.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Frame, Page, Request

#: In every frame before anything of its own. The names are taken from the page so that it cannot be silenced.
HOOKS = """
(() => {
  const tell = window.__verbatimRan, refused = window.__verbatimRefused;
  for (const name of ["alert", "confirm", "prompt", "print"]) {
    window[name] = (...given) => { tell(`${name}(${given.join()})`); return null; };
  }
  let value;
  Object.defineProperty(window, "__ran", {
    configurable: false, get: () => value, set: (given) => { value = given; tell(`__ran = ${given}`); },
  });
  document.addEventListener("securitypolicyviolation", (event) => {
    refused(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`);
  });
})();
"""


@dataclass
class Detector:
    """What was seen of the pages of one browser context, whose own server is at `origin`."""

    origin: str
    ran: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)  # by the content security policy, before it ran
    elsewhere: list[str] = field(default_factory=list)  # addresses asked for or gone to
    windows: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        """See all pages of a context from now on."""
        context.expose_binding("__verbatimRan", lambda _, what: self.ran.append(what))
        context.expose_binding("__verbatimRefused", lambda _, what: self.refused.append(what))
        context.add_init_script(HOOKS)
        context.on("page", self._opened)
        context.on("request", self._asked)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.errors.append(str(error.error)))

    def is_quiet(self) -> bool:
        """Whether nothing ran, nothing was asked elsewhere, and no window was opened but by the test."""
        return not (self.ran or self.elsewhere or self.windows)

    def told(self) -> dict[str, Any]:
        """All that was seen, to be shown when a test fails."""
        return {name: value for name, value in vars(self).items() if value and name != "origin"}

    def forget(self) -> None:
        """Begin anew."""
        for name in ("ran", "refused", "elsewhere", "windows", "console", "errors"):
            getattr(self, name).clear()

    def _opened(self, page: Page) -> None:
        page.on("dialog", self._asked_user)
        page.on("framenavigated", self._went)
        if page.opener() is not None:
            self.windows.append(page.url)

    def _asked_user(self, dialog: Dialog) -> None:
        self.ran.append(f"dialog {dialog.type}: {dialog.message}")
        dialog.dismiss()

    def _went(self, frame: Frame) -> None:
        if not self._is_ours(frame.url):
            self.elsewhere.append(f"went to {frame.url}")

    def _asked(self, request: Request) -> None:
        if not self._is_ours(request.url):
            self.elsewhere.append(f"asked {request.url}")

    def _said(self, message: ConsoleMessage) -> None:
        """Chromium's own complaints are errors; what a page says by itself is kept as it is."""
        self.console.append(f"{message.type}: {message.text}")

    def _is_ours(self, url: str) -> bool:
        parts = urlsplit(url)
        return f"{parts.scheme}://{parts.netloc}" == self.origin or url in ("about:blank", ":", "")
