"""What a desk sees at a glance, by SQLite and PostgreSQL alike."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from service.store import QuoteImport, SourceRecord, Store, Transcript, Turn
from service.store.articles import overview
from service.store.events.publish import publish_event
from service.store.quotes import repeats
from service.store.quotes.repeats import DayRange, Repeats
from tests.contract.test_reviews_store import article as doubtful
from tests.store.material import make_article

TODAY = date(2026, 5, 8)
WEEK = DayRange(TODAY - timedelta(days=6), TODAY)
PIER = "The pier will be open again before the end of this summer"
NO_PIER = "The pier will not be open again before the end of this summer"


def quoted(
    store: Store, *sightings: tuple[str, str, date | None], kind: str = "article", speaker: str = "Ana"
) -> None:
    store.import_quotes(
        QuoteImport(text, speaker, day, SourceRecord(f"https://{where}.example", where, where, day, kind))
        for text, where, day in sightings
    )


def write(store: Store, text: str, where: str, day: date) -> None:
    """An article with a quote; those are what is looked at for variants."""
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
    store.save_article(make_article((text, "Ana"), uri=f"https://{where}.example", published_at=moment))


def found(store: Store, period: DayRange = WEEK) -> Repeats:
    return store.overview.find_repeats(period, 10)


def test_what_several_sources_have_comes_again(store: Store) -> None:
    quoted(
        store,
        (PIER, "post", TODAY),
        (PIER, "times", TODAY),
        (PIER.lower(), "herald", TODAY - timedelta(days=2)),
        ("Nobody else has written of this one so far", "post", TODAY),
    )
    (repeated_quote,) = found(store).repeated
    assert repeated_quote.sources == 3
    assert repeated_quote.days == ((TODAY - timedelta(days=2), 1), (TODAY, 2))
    assert repeated_quote.first.origin.publisher == "herald"
    assert not repeated_quote.is_variant


def test_a_source_counts_once_and_short_words_not_at_all(store: Store) -> None:
    quoted(store, ("Thank you", "post", TODAY), ("Thank you", "times", TODAY))
    quoted(store, (PIER, "post", TODAY), (f"{PIER}!", "post", TODAY))
    assert found(store).repeated == ()


def test_records_alone_are_no_news(store: Store) -> None:
    for number in range(3):
        source = SourceRecord(f"https://sitting.example/{number}", "", "", TODAY, "transcript")
        store.import_transcripts([Transcript(source, (Turn("Ana", PIER),))])
    assert found(store).repeated == ()
    quoted(store, (PIER, "post", TODAY))
    (repeated_quote,) = found(store).repeated
    assert repeated_quote.sources == 4


def test_only_the_days_of_the_window_are_looked_at(store: Store) -> None:
    long_ago = date(2020, 1, 1)
    quoted(
        store,
        (PIER, "post", long_ago),
        (PIER, "times", TODAY + timedelta(days=1)),
        (PIER, "herald", None),
        (PIER, "echo", TODAY),
    )
    assert found(store).repeated == ()
    quoted(store, (PIER, "mail", WEEK.since))
    (repeated_quote,) = found(store).repeated
    assert (repeated_quote.sources, repeated_quote.first.said_at) == (2, long_ago), (
        "what it comes from may be older"
    )


def test_another_wording_is_shown_with_what_it_comes_from(store: Store) -> None:
    quoted(store, (PIER, "record", date(2026, 1, 1)))
    write(store, NO_PIER, "post", TODAY)
    write(store, NO_PIER, "times", TODAY)
    (repeated_quote,) = found(store).reworded
    assert repeated_quote.is_variant
    assert (repeated_quote.quote.text, repeated_quote.first.text, repeated_quote.sources) == (
        NO_PIER,
        PIER,
        2,
    )


def test_what_came_first_is_no_variant_even_if_it_was_stored_last(store: Store) -> None:
    for where in ("post", "times"):
        write(store, NO_PIER, where, TODAY)
    for where in ("record", "mail"):
        write(store, PIER, where, TODAY - timedelta(days=3))
    told = {repeated_quote.quote.text: repeated_quote for repeated_quote in found(store).reworded}
    assert {text: repeated_quote.is_variant for text, repeated_quote in told.items()} == {
        PIER: False,
        NO_PIER: True,
    }
    assert told[NO_PIER].first.origin.uri == "https://record.example"


def test_a_window_is_read_so_far_and_says_so(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repeats, "MOST_READ", 3)
    quoted(store, *((PIER, f"p{number}", TODAY - timedelta(days=number)) for number in range(5)))
    told = found(store)
    assert (told.period.read, told.period.is_partial) == (3, True)
    assert told.repeated[0].sources == 3
    assert not found(store, DayRange(TODAY, TODAY)).period.is_partial


def test_most_sources_come_first_and_no_more_than_asked_for(store: Store) -> None:
    for number in range(4):
        text = f"This sentence number {number} is repeated by so many"
        quoted(store, *((text, f"p{number}{other}", TODAY) for other in range(2 + number)))
    told = store.overview.find_repeats(WEEK, 3).repeated
    assert [repeated_quote.sources for repeated_quote in told] == [5, 4, 3]


def test_articles_are_told_in_order_and_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overview, "READ_AT_ONCE", 2)
    assert store.overview.find_analysed(0).articles == ()
    for number in range(5):
        store.save_article(make_article((PIER, "Ana"), uri=f"https://post.example/{number}"))
    with store._database.write() as connection:
        publish_event(connection, "review.opened", {"id": "r"}, 1.0)
    told = store.overview.find_analysed(0)
    assert [article.number for article in told.articles] == [1, 2, 3, 4, 5]
    assert (told.first, told.last, told.begins_at) == (1, 6, told.articles[0].at)
    assert [article.number for article in store.overview.find_analysed(3).articles] == [4, 5]
    assert store.overview.find_analysed(6).articles == ()


def test_articles_are_told_with_how_their_quotes_came_out(store: Store) -> None:
    former = {"id": "a0", "fidelity": {"altered": 2, "spliced": 1, "verbatim": 4}}
    data = {"id": "a1", "labels": {"changed": 2, "not_found": 1}, "fidelity": {"altered": 2, "no_match": 1}}
    with store._database.write() as connection:
        publish_event(connection, "article.analysed", former, 6.0)
        publish_event(connection, "article.analysed", data, 7.0)
    old, new = store.overview.find_analysed(0).articles
    assert (new.article_id, new.at) == ("a1", 7.0)
    assert new.labels == {"changed": 2, "not_found": 1}
    assert old.labels == {"changed": 3, "words_only": 4}, "of policy 1: nothing is known of the speakers"


def test_a_log_that_has_forgotten_its_beginning_is_read_from_where_it_begins(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.store.events.log.MOST_KEPT", 20)
    monkeypatch.setattr("service.store.events.log.PRUNE_EVERY", 10)
    monkeypatch.setattr(overview, "READ_AT_ONCE", 7)
    with store._database.write() as connection:
        for number in range(1, 46):
            publish_event(connection, "article.analysed", {"id": f"a{number}"}, float(number))
    told = store.overview.find_analysed(0)
    assert (told.first, told.last, told.begins_at) == (21, 45, 21.0)
    assert [article.number for article in told.articles] == list(range(21, 46))


def test_open_reviews_are_counted_by_urgency_and_so_far(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert store.overview.count_open().total == 0
    store.save_article(doubtful(*((f"We lost {n} boats", "altered") for n in range(3))))
    told = store.overview.count_open()
    assert (told.total, told.is_more) == (3, False)
    monkeypatch.setattr(overview, "MOST_COUNTED", 2)
    told = store.overview.count_open()
    assert (told.total, told.is_more) == (3, True)
