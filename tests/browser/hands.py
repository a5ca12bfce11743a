"""Ways to use the dashboard: by mouse, or by keyboard alone. Each counts its actions.

An action is the use of one control: a field is filled, a choice made, a button or a link pressed, an address
opened. The keys that lead to a control are no actions of their own.
"""

from __future__ import annotations

from typing import Any, Final

from playwright.sync_api import Locator, Page

MOST_TABS: Final = 160


class Mouse:
    """By mouse, with text pasted into fields."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.actions = 0

    def open(self, address: str) -> None:
        """Open an address."""
        self.actions += 1
        self.page.goto(address)

    def attach(self, field: Locator, file: dict[str, Any]) -> None:
        """Choose a file."""
        self.actions += 1
        with self.page.expect_file_chooser() as chosen:
            self.use(field)
        chosen.value.set_files(file)  # type: ignore[arg-type]

    def fill(self, field: Locator, text: str) -> None:
        """Put a text into a field."""
        self.press(field)
        self.page.keyboard.insert_text(text)

    def press(self, control: Locator) -> None:
        """Press a button, a link, a box or a choice."""
        self.actions += 1
        self.use(control)

    def use(self, control: Locator) -> None:
        """Bring it into action."""
        control.click()


class Keyboard(Mouse):
    """By keyboard alone: Tab and Shift-Tab to what is wanted, then the key that it takes."""

    def use(self, control: Locator) -> None:
        """Reach it and press its key."""
        self.reach(control)
        kind = control.evaluate("one => one.type || one.tagName")
        if kind != "textarea":
            self.page.keyboard.press("Space" if kind in ("radio", "checkbox", "file") else "Enter")

    def reach(self, control: Locator) -> None:
        """Move the focus there; arrows move within a group of choices."""
        control.wait_for()
        back = control.evaluate(
            "one => !!(document.activeElement.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_PRECEDING)"
            " && document.activeElement !== document.body"
        )
        for _ in range(MOST_TABS):
            if control.evaluate("one => one === document.activeElement"):
                return
            same = "one => one.type === 'radio' && document.activeElement.name === one.name"
            is_group = control.evaluate(f"{same} && document.activeElement.form === one.form")
            self.page.keyboard.press("ArrowRight" if is_group else "Shift+Tab" if back else "Tab")
        raise AssertionError(f"{control} cannot be reached by Tab")
