"""Events are told in the order in which they were committed, by SQLite and PostgreSQL alike."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import text

from service.store import Store, open_store
from service.store.events import log as events
from service.store.events.publish import publish_event
from service.usecases.background.follow_events import EventFeed, find_position
from tests.store.material import make_article


def add(store: Store, count: int = 1) -> None:
    with store._database.write() as connection:
        for _ in range(count):
            publish_event(connection, "article.deleted", {"id": "a"}, 1.0)


def test_what_happens_is_told_with_it(store: Store) -> None:
    saved = store.save_article(make_article(("The pier is closed for good", "Ana")))
    store.save_article(make_article(("The pier is closed for good", "Ana")))  # the same again is no news
    store.delete_article(saved.id)
    told = store.events.find_after(0, 100)
    assert [event.type for event in told] == ["article.analysed", "article.deleted"]
    assert [event.number for event in told] == [1, 2]
    assert json.loads(told[0].data)["id"] == saved.id
    assert "pier" not in told[0].data, "nothing of an article's words"
    assert list(store.verify()) == []


def test_what_is_undone_is_not_told_and_leaves_no_gap(store: Store) -> None:
    with pytest.raises(RuntimeError), store._database.write() as connection:
        publish_event(connection, "article.deleted", {"id": "a"}, 1.0)
        raise RuntimeError
    add(store)
    assert [event.number for event in store.events.find_after(0, 9)] == [1]


def test_readers_beside_many_writers_miss_nothing(store: Store, database_url: str) -> None:
    """Each sees all numbers up to the newest it has seen, at any moment."""
    finished = threading.Event()

    def write(number: int) -> None:
        mine = open_store(database_url)
        for _ in range(15):
            # Not only those that queue for the store's row of state: other writers of events too.
            transaction = mine._database.write if number % 2 else mine._database.change
            with transaction() as connection:
                publish_event(connection, "article.deleted", {"id": str(number)}, 1.0)
        mine.close()

    def read() -> list[int]:
        seen: list[int] = []
        while True:
            is_last = finished.is_set()
            found = store.events.find_after(seen[-1] if seen else 0, 7)
            seen += [event.number for event in found]
            if is_last and not found:
                return seen

    with ThreadPoolExecutor(6) as pool:
        readers = [pool.submit(read) for _ in range(2)]
        list(pool.map(write, range(4)))
        finished.set()
        assert [reader.result() for reader in readers] == [list(range(1, 61))] * 2


def test_the_log_is_bounded(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "MOST_KEPT", 50)
    monkeypatch.setattr(events, "PRUNE_EVERY", 10)
    add(store, 125)
    bounds = store.events.bounds()
    assert (bounds.first, bounds.last) == (71, 125)
    assert list(store.verify()) == []


def test_where_a_follower_goes_on(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_position(store.events.bounds(), None).after == 0
    monkeypatch.setattr(events, "MOST_KEPT", 20)
    monkeypatch.setattr(events, "PRUNE_EVERY", 10)
    add(store, 30)
    bounds = store.events.bounds()
    tag = bounds.store[:8]
    for given, after, lost in (
        (None, 30, None),
        ("30", 30, None),
        (f"30.{tag}", 30, None),
        ("10", 10, None),  # 11 is the first that is kept
        ("9", 30, "too_old"),
        ("0", 30, "too_old"),
        ("31", 30, "too_new"),
        ("30.00000000", 30, "other_store"),
        ("", 30, "unreadable"),
        ("-1", 30, "unreadable"),
        ("٣", 30, "unreadable"),
        ("9" * 40, 30, "unreadable"),
    ):
        position = find_position(bounds, given)
        assert (position.after, position.lost) == (after, lost), given


def test_all_followers_hear_of_it_by_one_reader(store: Store) -> None:
    feed = EventFeed(store.events, poll_s=0.01, kept=10)
    heard: list[list[int]] = []
    lock, ready = threading.Lock(), threading.Barrier(5)

    def follow() -> None:
        with feed.following():
            ready.wait()
            after, mine = 0, list[int]()
            while after < 40:
                found = feed.wait(after, 5.0)
                mine += [event.number for event in found]
                after = mine[-1] if mine else 0
            with lock:
                heard.append(mine)

    threads = [threading.Thread(target=follow) for _ in range(4)]
    for thread in threads:
        thread.start()
    ready.wait()
    for _ in range(10):
        add(store, 4)
    for thread in threads:
        thread.join()
    assert heard == [list(range(1, 41))] * 4
    reader = next((thread for thread in threading.enumerate() if thread.name == "events"), None)
    if reader is not None:
        reader.join(10)
        assert not reader.is_alive(), "nobody reads where nobody follows"


def test_what_comes_in_between_two_looks_is_heard(store: Store) -> None:
    class Between:
        """The log, to which an event is added when nothing new was found and its last number is asked for."""

        armed = False

        def find_after(self, number: int, most: int) -> Any:
            return store.events.find_after(number, most)

        def last(self) -> int:
            if self.armed:
                self.armed = False
                add(store, 1)
            return store.events.last()

    between = Between()
    feed = EventFeed(between, poll_s=0.01)  # type: ignore[arg-type]
    add(store, 1)
    with feed.following():
        assert [event.number for event in feed.wait(0, 5.0)] == [1]
        add(store, 1)
        assert [event.number for event in feed.wait(1, 5.0)] == [2]
        between.armed = True
        assert [event.number for event in feed.wait(2, 5.0)] == [3]


def test_a_feed_outlives_a_store_that_is_away(store: Store) -> None:
    feed = EventFeed(store.events, poll_s=0.01)
    with feed.following():
        add(store)
        assert [event.number for event in feed.wait(0, 5.0)] == [1]
        with store._database.write() as connection:
            connection.execute(text("ALTER TABLE events RENAME TO elsewhere"))
        add_while_away = threading.Event()
        add_while_away.wait(0.1)
        with store._database.write() as connection:
            connection.execute(text("ALTER TABLE elsewhere RENAME TO events"))
        add(store)
        assert [event.number for event in feed.wait(1, 5.0)] == [2]
