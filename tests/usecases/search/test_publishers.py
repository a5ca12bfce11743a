"""Publishers are counted once and then only what is new."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from service.errors import InvalidInput
from service.store import QuoteImport, SourceRecord, Store
from service.store.engine.cursor import CursorCodec
from service.usecases.search import publishers
from service.usecases.search.publishers import PublisherDirectory
from tests.stores import open_migrated

DAY = date(2026, 5, 8)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_migrated(f"sqlite:///{tmp_path}/store.sqlite3")
    yield opened
    opened.close()


def fill(store: Store, publisher: str, count: int, kind: str = "article", first: int = 0) -> None:
    store.import_quotes(
        QuoteImport(
            "These are some words", "Ana", DAY, SourceRecord(f"urn:{publisher}:{n}", "", publisher, DAY, kind)
        )
        for n in range(first, first + count)
    )


def names(directory: PublisherDirectory, words: str | None = None) -> list[tuple[str, int]]:
    return [(one.name, one.sources) for one in directory.find_page(words, None, 50).items]


def test_those_with_most_sources_come_first(store: Store) -> None:
    fill(store, "The Post", 2)
    fill(store, "The Times", 3)
    fill(store, "An Echo", 2)
    directory = PublisherDirectory(store.sources)
    assert names(directory) == [("The Times", 3), ("An Echo", 2), ("The Post", 2)]
    assert names(directory, "THE") == [("The Times", 3), ("The Post", 2)]


def test_only_what_is_new_is_counted_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(store, "The Post", 3)
    directory = PublisherDirectory(store.sources)
    assert names(directory) == [("The Post", 3)]
    asked: list[tuple[int, int]] = []
    count = store.sources.count_publishers
    monkeypatch.setattr(
        store.sources,
        "count_publishers",
        lambda after, upto: (asked.append((after, upto)), count(after, upto))[1],
    )
    assert names(directory) == [("The Post", 3)]
    fill(store, "The Post", 2, first=3)
    assert names(directory) == [("The Post", 5)]
    assert asked == [(3, 5)]


def test_the_newest_source_of_a_publisher_is_known_at_once(store: Store) -> None:
    fill(store, "The Post", 2)
    directory = PublisherDirectory(store.sources)
    assert (directory.find_highest("The Post"), directory.find_highest("Nobody")) == (2, 0)
    fill(store, "The Times", 1)
    fill(store, "The Post", 1, first=2)
    assert directory.find_highest("The Post") == 4


def test_all_are_counted_anew_now_and_then(store: Store) -> None:
    now = 0.0
    fill(store, "The Post", 1)
    directory = PublisherDirectory(store.sources, clock=lambda: now)
    assert names(directory) == [("The Post", 1)]
    with store._database.write() as connection:
        connection.exec_driver_sql("UPDATE sources SET publisher = 'The Mail'")
    assert names(directory) == [("The Post", 1)]
    now = publishers.RECOUNT_S + 1
    directory.find_page(None, None, 5)
    assert names(directory) == [("The Mail", 1)]


def test_pages_follow_without_gap_or_repetition(store: Store) -> None:
    for number in range(7):
        fill(store, f"P{number}", 1 + number % 2)
    directory, cursor, seen = PublisherDirectory(store.sources), None, []
    while True:
        page = directory.find_page(None, cursor, 2)
        seen += [one.name for one in page.items]
        if (cursor := page.next_cursor) is None:
            break
    assert seen == ["P1", "P3", "P5", "P0", "P2", "P4", "P6"]


@pytest.mark.parametrize("cursor", ["x", ".", "x.y", CursorCodec("sources", int).encode(1)])
def test_what_is_no_cursor_is_refused(store: Store, cursor: str) -> None:
    with pytest.raises(InvalidInput):
        PublisherDirectory(store.sources).find_page(None, cursor, 2)
