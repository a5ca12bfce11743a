"""Two importers and eight readers at once, on every database: nobody is refused, nothing is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import islice

import pytest
from sqlalchemy import create_engine, text

from service.store import open_store
from service.store.ingest import bulk_import as importing
from service.store.retrieval import indexing
from tests.store.material import SPEECH, make_article, read_sentences
from tests.stores import open_migrated

SENTENCES = 300
READERS = 8


def test_two_importers_and_eight_readers(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "BATCH", 30)
    monkeypatch.setattr(indexing.split_slices, "__defaults__", (750,))
    # Stores of their own: as separate processes have them, they share no lock but the database's.
    stores = [open_migrated(database_url) for _ in range(4)]
    stores[0].import_transcripts([SPEECH])
    finished = threading.Event()

    def import_part(number: int) -> int:
        quotes = islice(read_sentences(SENTENCES), number * SENTENCES // 3, SENTENCES * (number + 2) // 3)
        return stores[number].import_quotes(quotes).quotes_added

    def read(number: int) -> int:
        reads = 0
        while not finished.is_set() or not reads:
            store = stores[2 + number % 2]
            assert store.find_evidence("Nobody had planned for ice", speaker="Duarte")
            assert store.find_quotes("insurers").items
            store.generation()
            reads += 1
            finished.wait(0.05)  # or the readers take all the processor, and the importers as long again
        return reads

    def save(number: int) -> None:
        for version in range(3):
            article = make_article((f"The pier {number} closes {version}", "Ana"), uri=f"urn:{number}")
            stores[2 + number % 2].save_article(article)

    with ThreadPoolExecutor(READERS + 4) as pool:
        readers = [pool.submit(read, number) for number in range(READERS)]
        imports = [pool.submit(import_part, number) for number in range(2)]
        saves = [pool.submit(save, number) for number in range(2)]
        added = sum(future.result() for future in imports)
        for future in saves:
            future.result()
        finished.set()
        assert all(future.result() for future in readers)
    assert added == SENTENCES
    stats = stores[0].stats()
    assert (stats.quotes, stats.pending, stats.articles) == (SENTENCES + 7 + 2, 0, 2)
    assert stats.quotes == sum(1 for _ in stores[0].export_quotes())
    for store in stores:
        store.close()


def test_many_processes_may_migrate_at_once(empty_database_url: str) -> None:
    def migrate(_: int) -> None:
        open_store(empty_database_url, migrate=True).close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(migrate, range(4)))
    store = open_store(empty_database_url)
    assert not store.migration_due()
    store.close()


def test_the_same_article_at_once_is_stored_once(database_url: str) -> None:
    stores = [open_migrated(database_url) for _ in range(3)]
    article = make_article(("The pier is closed for good", "Ana"), ("It stays open", "Bo"))
    barrier = threading.Barrier(3)

    def save(number: int) -> bool:
        barrier.wait()
        return stores[number].save_article(article).created

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(save, range(3))) == 1
    assert (stores[0].stats().quotes, stores[0].stats().articles) == (2, 1)
    for store in stores:
        store.close()


def test_a_failed_write_leaves_nothing(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_migrated(database_url)
    store.import_transcripts([SPEECH])
    before = store.stats()
    monkeypatch.setattr("service.store.articles.articles.add_few", fail)
    with pytest.raises(RuntimeError, match="power cut"):
        store.save_article(make_article(("The pier is closed for good", "Ana")))
    assert replace(store.stats(), generation="") == replace(before, generation="")
    assert store.generation() == before.generation
    store.close()


def fail(*_: object) -> None:
    raise RuntimeError("power cut")


def test_a_database_that_was_restarted_fails_no_later_request(postgres_database: Callable[[], str]) -> None:
    url = postgres_database()
    store = open_migrated(url)
    store.import_transcripts([SPEECH])
    engine = create_engine(url)
    with engine.connect() as connection:
        others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        connection.execute(text(f"SELECT pg_terminate_backend(pid) {others}"))
    engine.dispose()
    assert store.find_evidence("Nobody had planned for ice")
    store.save_article(make_article(("The pier is closed for good", "Ana")))
    store.close()
