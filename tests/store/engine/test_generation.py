"""The store's generation is never a moment old, and found again after the database was away."""

import threading
import time
from contextlib import contextmanager

from service.errors import StoreUnavailable
from service.store.engine.database import Database
from service.store.engine.generation import GenerationWatch
from service.store.state import record_change
from tests.processes import wait_until
from tests.servers import running_postgres
from tests.stores import make_migrated, open_migrated

LOOKERS = 2
CHANGES = 60
BACK_S = 30


@contextmanager
def watched(url):
    """A watch on a migrated store, and another database object that changes it, as another process would."""
    make_migrated(url)
    database, other = Database(url), Database(url)
    watch = GenerationWatch(database)
    try:
        yield watch, other
    finally:
        watch.close()
        database.close()
        other.close()


def change(database):
    with database.write() as connection:
        record_change(connection, 0)


def number(generation):
    return int(generation.split(".")[1])


def test_no_thread_ever_sees_an_older_one_than_was_committed_before_it_looked(database_url):
    committed, over, wrong = [0], threading.Event(), []

    with watched(database_url) as (watch, other):
        committed[0] = number(watch.look())

        def look():
            while not over.is_set():
                least = committed[0]
                seen = watch.look()
                if seen is not None and number(seen) < least:
                    wrong.append((least, seen))

        threads = [threading.Thread(target=look) for _ in range(LOOKERS)]
        for thread in threads:
            thread.start()
        for _ in range(CHANGES):
            change(other)
            committed[0] += 1
        over.set()
        for thread in threads:
            thread.join()
        assert number(watch.look()) == committed[0]
    assert wrong == []


def test_who_waits_too_long_for_another_asks_by_himself(database_url, monkeypatch):
    monkeypatch.setattr("service.store.engine.generation.MAX_WAIT_S", 0.01)
    with watched(database_url) as (watch, _), watch._lock:
        assert watch.look() is None


def test_postgresql_killed_and_back_while_two_threads_look():
    with running_postgres() as server:
        store = open_migrated(server.url)
        first = store.generation()
        seen, over = [[] for _ in range(LOOKERS)], threading.Event()

        def look(told):
            while not over.is_set():
                try:
                    told.append(store.generation())
                except StoreUnavailable:
                    told.append(None)
                    time.sleep(0.01)

        threads = [threading.Thread(target=look, args=(told,)) for told in seen]
        for thread in threads:
            thread.start()
        wait_until(lambda: all(told for told in seen))
        server.kill()
        wait_until(lambda: all(None in told for told in seen))
        server.restart()
        wait_until(lambda: all(told[-1] == first for told in seen))
        with store._database.write() as connection:
            record_change(connection, 0)
        changed = store.generation()
        assert number(changed) == number(first) + 1
        wait_until(lambda: all(told[-1] == changed for told in seen))
        over.set()
        for thread in threads:
            thread.join()
        assert {told for tellings in seen for told in tellings} == {first, None, changed}
        store.close()
