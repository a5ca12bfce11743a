"""Publishers and sources, by SQLite and PostgreSQL alike."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from service.errors import InvalidInput
from service.store import QuoteImport, SourceRecord, Store
from service.store.quotes import sources
from service.store.quotes.sources import SourcePage, SourceSearch

FIRST = date(2026, 1, 1)


def fill(store: Store, count: int, publisher: str = "The Post", kind: str = "article") -> None:
    store.import_quotes(
        QuoteImport(
            f"What {publisher} has in number {number} is this",
            "Ana",
            None,
            SourceRecord(
                f"https://{publisher[4:].lower()}.example/{number}",
                f"Story {number} of {publisher}",
                publisher,
                FIRST + timedelta(days=number),
                kind,
            ),
        )
        for number in range(count)
    )


def titles(page: SourcePage) -> list[str]:
    return [source.title for source in page.items]


def test_an_empty_store_has_none(store: Store) -> None:
    assert store.sources.last_id() == 0
    assert store.sources.count_publishers(0, 10) == []
    assert store.sources.find_page(SourceSearch(), None, 10) == SourcePage((), None)


def test_publishers_are_counted_by_range_and_kind(store: Store) -> None:
    fill(store, 3)
    fill(store, 2, "The Times")
    fill(store, 1, "The Times", "transcript")
    last = store.sources.last_id()
    counted = {(one.publisher, one.kind): one for one in store.sources.count_publishers(0, last)}
    post = counted["The Post", "article"]
    assert (post.sources, post.first, post.last) == (3, FIRST, FIRST + timedelta(days=2))
    assert post.highest == 3
    assert counted["The Times", "article"].sources + post.sources == last, "imported alike: one source each"
    halves = [*store.sources.count_publishers(0, 2), *store.sources.count_publishers(2, last)]
    assert sum(one.sources for one in halves) == last


def test_a_day_that_is_not_known_is_no_day(store: Store) -> None:
    nowhen = SourceRecord("urn:x", "", "The Echo", None, "quotes")
    store.import_quotes([QuoteImport("Nobody knows when this was said", None, None, nowhen)])
    (counted,) = store.sources.count_publishers(0, store.sources.last_id())
    assert (counted.first, counted.last) == (None, None)
    fill(store, 1, "The Echo", "quotes")
    (counted,) = store.sources.count_publishers(0, store.sources.last_id())
    assert (counted.first, counted.last) == (FIRST, FIRST)


def test_sources_are_paged_without_gap_or_repetition(store: Store) -> None:
    fill(store, 7)
    cursor, seen = None, []
    for _ in range(4):
        page = store.sources.find_page(SourceSearch(), cursor, 2)
        seen += titles(page)
        cursor = page.next_cursor
    assert sorted(seen) == sorted(f"Story {number} of The Post" for number in range(7))
    assert cursor is None


def test_a_source_that_comes_in_meanwhile_moves_no_page(store: Store) -> None:
    fill(store, 4)
    first = store.sources.find_page(SourceSearch(), None, 2)
    fill(store, 2, "The Times")
    second = store.sources.find_page(SourceSearch(), first.next_cursor, 2)
    assert not set(titles(first)) & set(titles(second))
    assert all("Post" in title for title in titles(second))


def test_every_condition_must_hold(store: Store) -> None:
    fill(store, 3)
    fill(store, 3, "The Times")
    fill(store, 3, "The Times", "transcript")
    find = store.sources.find_page
    assert len(find(SourceSearch(publisher="The Times"), None, 10).items) == 3
    assert titles(find(SourceSearch(publisher="The Times", words="sTORY 2"), None, 10)) == [
        "Story 2 of The Times"
    ]
    assert titles(find(SourceSearch(words="POST.example/1"), None, 10)) == ["Story 1 of The Post"]
    assert find(SourceSearch(kind="podcast"), None, 10).items == ()
    assert find(SourceSearch(words="100%"), None, 10).items == ()


def test_a_search_reads_so_far_and_goes_on(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "READ_AT_ONCE", 2)
    monkeypatch.setattr(sources, "MOST_READ", 4)
    fill(store, 1, "The Echo")
    fill(store, 9)
    page = store.sources.find_page(SourceSearch(publisher="The Echo"), None, 5)
    assert (page.items, page.next_cursor is None) == ((), False)
    seen = []
    while page.next_cursor:
        page = store.sources.find_page(SourceSearch(publisher="The Echo"), page.next_cursor, 5)
        seen += titles(page)
    assert seen == ["Story 0 of The Echo"]


def test_quotes_of_a_source_are_counted_so_far(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    source = SourceRecord("urn:many", "Many", "The Post", FIRST, "quotes")
    store.import_quotes(QuoteImport(f"Sentence {n} of a few", "Ana", None, source) for n in range(3))
    (one,) = store.sources.find_page(SourceSearch(), None, 5).items
    assert (one.quotes, one.has_more, one.published_at) == (3, False, FIRST)
    monkeypatch.setattr(sources, "MOST_COUNTED", 2)
    (one,) = store.sources.find_page(SourceSearch(), None, 5).items
    assert (one.quotes, one.has_more) == (3, True)


@pytest.mark.parametrize("cursor", ["s", "s0", "s-1", "sx", "12", "s1.5", "s٣", "s99999999999"])
def test_what_is_no_cursor_is_refused(store: Store, cursor: str) -> None:
    with pytest.raises(InvalidInput):
        store.sources.find_page(SourceSearch(), cursor, 5)
