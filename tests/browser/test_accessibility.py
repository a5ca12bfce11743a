"""WCAG 2.2 AA as far as it can be measured, on every page: axe-core in light and dark, sizes, a narrow screen."""

from tests.browser.audit import find_violations
from tests.browser.places import ADDRESSES, NO_PAGES, desk_routes, find_addresses, visit

NARROW = 320
#: Buttons and fields smaller than 24 by 24 (WCAG 2.2, 2.5.8); links in a sentence are exempt.
SMALL = """
() => [...document.querySelectorAll('button, input:not([type=hidden]), select, textarea, summary')]
  .filter((one) => one.checkVisibility({ visibilityProperty: true }))
  .map((one) => ({ one, box: (one.closest('label') ?? one).getBoundingClientRect() }))
  .filter(({ box }) => box.width < 24 || box.height < 24)
  .map(({ one, box }) => `${one.outerHTML.slice(0, 120)} ${Math.round(box.width)}x${Math.round(box.height)}`)
"""


def test_every_page_is_looked_at():
    routes = desk_routes()
    assert routes - NO_PAGES == set(ADDRESSES), "name a new route in tests/browser/places.py"
    assert routes >= NO_PAGES


def test_no_page_breaks_a_rule(served, open_context):
    """Everything in light; in dark, the rules of colour: nothing else depends on that."""
    page = open_context(color_scheme="light").new_page()
    found = {}
    for address in find_addresses(served):
        visit(page, address)
        broken = find_violations(page)
        page.emulate_media(color_scheme="dark")
        broken += [f"dark: {line}" for line in find_violations(page, only_colour=True)]
        page.emulate_media(color_scheme="light")
        if broken:
            found[address] = broken
    assert not found


def test_no_page_is_too_wide_or_has_too_small_a_target(served, open_context):
    page = open_context(viewport={"width": NARROW, "height": 700}).new_page()
    found = {}
    for address in find_addresses(served):
        visit(page, address)
        wrong = page.evaluate(SMALL)
        if (width := page.evaluate("document.documentElement.scrollWidth")) > NARROW:
            wrong.append(f"{width} pixels wide")
        if (page.locator("h1").count(), page.locator("main").count()) != (1, 1):
            wrong.append("not one heading and one main part")
        if wrong:
            found[address] = wrong
    assert not found
