"""WCAG 2.2 AA as far as axe-core can see it, on every page, light and dark, and on a narrow screen."""

import pytest

from tests.browser.audit import find_violations
from tests.browser.places import ADDRESSES, NO_PAGES, desk_routes, find_addresses, visit


def test_every_page_is_looked_at():
    routes = desk_routes()
    assert routes - NO_PAGES == set(ADDRESSES), "name a new route in tests/browser/places.py"
    assert routes >= NO_PAGES


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_breaks_a_rule(served, open_context, scheme):
    page = open_context(color_scheme=scheme).new_page()
    found = {}
    for address in find_addresses(served):
        visit(page, address)
        if broken := find_violations(page):
            found[address] = broken
    assert not found


def test_no_page_has_to_be_moved_sideways(served, open_context):
    page = open_context(viewport={"width": 320, "height": 700}).new_page()
    wide = {}
    for address in find_addresses(served):
        visit(page, address)
        if (width := page.evaluate("document.documentElement.scrollWidth")) > 320:
            wide[address] = width
    assert not wide


def test_all_that_can_be_used_has_a_name_and_is_large_enough(served, open_context):
    page = open_context().new_page()
    for address in find_addresses(served):
        visit(page, address)
        small = page.evaluate(SMALL)
        assert not small, (address, small)
        assert page.locator("h1").count() == 1, address
        assert page.locator("main").count() == 1, address


#: Buttons and fields smaller than 24 by 24 (WCAG 2.2, 2.5.8); links in a sentence are exempt.
SMALL = """
() => [...document.querySelectorAll('button, input:not([type=hidden]), select, textarea, summary')]
  .filter((one) => one.checkVisibility({ visibilityProperty: true }))
  .map((one) => ({ one, box: (one.closest('label') ?? one).getBoundingClientRect() }))
  .filter(({ box }) => box.width < 24 || box.height < 24)
  .map(({ one, box }) => `${one.outerHTML.slice(0, 120)} ${Math.round(box.width)}x${Math.round(box.height)}`)
"""
