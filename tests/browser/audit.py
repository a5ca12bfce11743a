"""What axe-core finds wrong with a page (WCAG 2.2, A and AA, and its own best practice)."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
COLOUR = ("color-contrast", "link-in-text-block")
AXE = Axe()


def find_violations(page: Page, *, only_colour: bool = False) -> list[str]:
    """A line for each place where a rule is broken: the rule, what it is about, and the element."""
    wanted = {"type": "rule", "values": COLOUR} if only_colour else {"type": "tag", "values": RULES}
    options = {"runOnly": wanted, "resultTypes": ["violations"]}
    found = AXE.run(page, options=options).response["violations"]
    return [
        f"{rule['id']} ({rule['impact']}): {node['target']} {node['html'][:160]} {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
    ]
