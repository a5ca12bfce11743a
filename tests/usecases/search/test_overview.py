"""The overview follows the log, counts an article once, and works out what recurs no more often than needed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from service.store import Store
from service.store.events.publish import publish_event
from service.usecases.search.overview import REPEATS_S, OverviewService
from tests.store.material import make_article
from tests.stores import open_migrated

NOW = datetime(2026, 5, 8, 15, 30, tzinfo=UTC)
BOATS = "We lost nine boats and half a village in one single night"
MORE_BOATS = "We lost nineteen boats and half a village in one single night"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_migrated(f"sqlite:///{tmp_path}/store.sqlite3")
    yield opened
    opened.close()


def overview(store: Store, now: datetime = NOW) -> OverviewService:
    return OverviewService(store, clock=now.timestamp)


def analysed(store: Store, article: str, at: datetime, **labels: int) -> None:
    with store._database.write() as connection:
        publish_event(connection, "article.analysed", {"id": article, "labels": labels}, at.timestamp())


def write(store: Store, text: str, where: str, day: date) -> None:
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
    store.save_article(make_article((text, "Ana"), uri=f"https://{where}.example", published_at=moment))


def test_an_article_that_comes_again_counts_as_it_came_last(store: Store) -> None:
    analysed(store, "a", NOW - timedelta(hours=2), changed=1)
    analysed(store, "a", NOW - timedelta(minutes=10), confirmed=2)
    analysed(store, "b", NOW - timedelta(hours=20), not_found=1)
    found = overview(store).look("day")
    assert (found.today.articles, found.today.labels) == (1, {"confirmed": 2})
    assert (found.yesterday.articles, found.yesterday.labels) == (1, {"not_found": 1})
    hours = {bucket.start.hour: dict(bucket.labels) for bucket in found.buckets if bucket.articles}
    assert hours == {13: {"changed": 1}, 15: {"confirmed": 2}, 19: {"not_found": 1}}
    assert len(found.buckets) == 24
    assert found.buckets[-1].start == NOW.replace(minute=0)


def test_a_fortnight_goes_by_days(store: Store) -> None:
    analysed(store, "a", NOW - timedelta(days=13), changed=1)
    analysed(store, "b", NOW - timedelta(days=14), changed=1)
    found = overview(store).look("fortnight")
    assert len(found.buckets) == 14
    assert [bucket.articles for bucket in found.buckets] == [1] + 13 * [0]


def test_only_new_events_are_read(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    find = store.overview.find_analysed
    monkeypatch.setattr(store.overview, "find_analysed", lambda after: (asked.append(after), find(after))[1])
    one = overview(store)
    analysed(store, "a", NOW, changed=1)
    assert one.look("day").today.articles == 1
    analysed(store, "b", NOW, changed=1)
    assert one.look("day").today.articles == 2
    assert one.look("day").upto == 2
    assert asked == [0, 1, 2]


def test_what_the_log_forgot_is_not_counted_and_that_is_said(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.store.events.log.MOST_KEPT", 5)
    monkeypatch.setattr("service.store.events.log.PRUNE_EVERY", 5)
    one = overview(store)
    for number in range(4):
        analysed(store, f"a{number}", NOW - timedelta(minutes=60 - number), changed=1)
    found = one.look("day")
    assert (found.today.articles, found.is_today_partial) == (4, False)
    for number in range(4, 15):
        analysed(store, f"a{number}", NOW - timedelta(minutes=60 - number), changed=1)
    found = one.look("day")
    assert (found.today.articles, found.is_today_partial) == (5, True)
    assert found == overview(store).look("day"), "however long a process has followed"


def test_a_store_that_was_restored_is_read_anew(store: Store) -> None:
    one = overview(store)
    for number in range(3):
        analysed(store, f"a{number}", NOW, changed=1)
    assert one.look("day").today.articles == 3
    with store._database.write() as connection:
        connection.exec_driver_sql("DELETE FROM events WHERE number > 1")
        connection.exec_driver_sql("UPDATE event_state SET last = 1")
    assert one.look("day").today.articles == 1


def test_altered_words_are_told_with_what_was_altered(store: Store) -> None:
    write(store, BOATS, "record", date(2026, 1, 2))
    for where in ("post", "times"):
        write(store, MORE_BOATS, where, NOW.date())
        write(store, BOATS, f"other-{where}", NOW.date())
    recurring = overview(store).look("day").recurring
    (altered,) = recurring.altered
    assert (altered.changes, altered.repeated_quote.sources) == (("number",), 2)
    assert [(step.theirs, step.ours) for step in altered.alignment if step.op == "change"] == [
        ("nine", "nineteen")
    ]
    assert len(recurring.repeated) == 2


def test_what_recurs_is_worked_out_anew_after_a_while(store: Store) -> None:
    now = NOW.timestamp()
    one = OverviewService(store, clock=lambda: now)
    assert one.look("day").recurring.repeated == ()
    for where in ("post", "times"):
        write(store, BOATS, where, NOW.date())
    assert one.look("day").recurring.repeated == ()
    now += REPEATS_S
    assert len(one.look("day").recurring.repeated) == 1
