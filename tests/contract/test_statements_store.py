"""What somebody said again and again, by SQLite and PostgreSQL alike."""

from __future__ import annotations

from datetime import date

import pytest

from service.store import QuoteImport, SourceRecord, Store
from service.store.quotes import statements
from service.store.quotes.statements import RepeatedWords, Wanted

PIER = "The pier will be open again before the end of this summer"
BOATS = "We lost nine boats and half a village in one single night"


def quoted(store: Store, *sightings: tuple[str, str, str, date | None]) -> None:
    store.import_quotes(
        QuoteImport(
            text, speaker, day, SourceRecord(f"https://{where}.example", where, where, day, "article")
        )
        for text, speaker, where, day in sightings
    )


def repeated(store: Store, most: int = 10, since: date | None = None) -> list[RepeatedWords]:
    names = {one.id for one in store.statements.find_names(["Ana Duarte"])}
    accepts = lambda name, day: since is None or (day is not None and day >= since)  # noqa: E731
    return store.statements.find_repeated(Wanted(names, accepts), most)


def test_words_that_several_sources_have_are_found_under_all_names(store: Store) -> None:
    quoted(
        store,
        (PIER, "Ana Duarte", "post", date(2026, 3, 1)),
        (PIER, "A. Duarte", "times", date(2026, 2, 1)),
        (PIER.upper(), "Duarte", "mail", None),
        (PIER, "Lee Okafor", "echo", date(2026, 1, 1)),
        (BOATS, "Ana Duarte", "post", date(2026, 3, 2)),
        (BOATS, "Ana Duarte", "times", date(2026, 3, 3)),
        ("Only one source has these words of all that there are", "Ana Duarte", "post", date(2026, 1, 1)),
        ("Thank you", "Ana Duarte", "post", date(2026, 1, 1)),
        ("Thank you", "Ana Duarte", "times", date(2026, 1, 1)),
    )
    pier, boats = repeated(store)
    assert (pier.sources, pier.first, pier.last) == (3, date(2026, 2, 1), date(2026, 3, 1))
    assert pier.said.quote.origin.publisher == "times", "the earliest, undated ones last"
    assert (boats.sources, boats.said.quote.text) == (2, BOATS)
    assert repeated(store, most=1) == [pier]


def test_what_may_be_another_persons_is_not_counted(store: Store) -> None:
    quoted(
        store,
        (PIER, "Ana Duarte", "post", date(2020, 3, 1)),
        (PIER, "Ana Duarte", "times", date(2026, 2, 1)),
        (PIER, "Ana Duarte", "mail", date(2026, 3, 1)),
    )
    (pier,) = repeated(store, since=date(2025, 1, 1))
    assert (pier.sources, pier.first) == (2, date(2026, 2, 1))
    assert repeated(store, since=date(2026, 2, 2)) == []


def test_the_newest_are_read_so_far(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, "MOST_TALLIED", 2)
    quoted(store, *((PIER, "Ana Duarte", f"p{day}", date(2026, 3, day)) for day in range(1, 6)))
    (pier,) = repeated(store)
    assert (pier.sources, pier.first, pier.last) == (2, date(2026, 3, 4), date(2026, 3, 5))


def test_who_has_no_names_has_said_nothing(store: Store) -> None:
    assert store.statements.find_repeated(Wanted((), lambda *_: True), 5) == []
