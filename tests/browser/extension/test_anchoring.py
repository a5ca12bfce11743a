"""Quotes are marked where they stand, or not at all: over saved pages, as they were and as they were changed."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser.extension.browsing import Extended, Inside
from tests.browser.extension.newsstand import PAGES
from tests.browser.extension.places import Mark, read_marks

Visit = Callable[[str], tuple[Page, Inside]]
SAVED = sorted(path.name for path in PAGES.glob("*.html"))
LEAST_PLACED = 0.98
LEAST_QUOTES = 60  # over all pages, so that a share means something


def look_through(extended: Extended, page: Page, inside: Inside) -> list[Mark]:
    extended.choose(page, "check-page")
    inside.list()
    return list(read_marks(inside))


def test_quotes_are_marked_in_place_on_all_saved_pages(extended: Extended, visit: Visit) -> None:
    marks: list[tuple[str, Mark]] = []
    for name in SAVED:
        page, inside = visit(name)
        found = look_through(extended, page, inside)
        assert found, f"no quotes on {name}"
        marks += [(name, mark) for mark in found]
    placed = [(name, mark) for name, mark in marks if mark.words is not None]
    wrong = [(name, mark.words, mark.quote["content"]["text"]) for name, mark in placed if not mark.is_right]
    lost = [(name, mark.quote["content"]["text"]) for name, mark in marks if mark.words is None]
    print(f"{len(placed)} of {len(marks)} quotes placed on {len(SAVED)} pages; not placed: {lost}")
    assert not wrong, "marked on wrong words"
    assert len(marks) >= LEAST_QUOTES
    assert len(placed) >= LEAST_PLACED * len(marks), lost
