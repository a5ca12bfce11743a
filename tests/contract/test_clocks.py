"""Processes whose clocks differ by minutes: what they share is timed by one clock, the PostgreSQL server's."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from service.errors import StoreUnavailable
from service.store import Store, open_store
from service.store.engine.shared_clock import REREAD_S, SharedClock
from service.store.events.webhooks import NewWebhook
from service.store.idempotency import Begun, KeptAnswer, Replayed, UnderWay
from service.store.ingest import bulk_import
from service.store.jobs.rows import NewJob
from tests.store.material import make_article
from tests.stores import make_migrated

LEASE_S = 30.0
Skew = Callable[[float], object]


@pytest.fixture
def stores(postgres_store: str) -> Iterator[tuple[Store, Store]]:
    """One database as two processes open it."""
    make_migrated(postgres_store)
    two = open_store(postgres_store), open_store(postgres_store)
    yield two
    for store in two:
        store.close()


@contextmanager
def clock_ahead(seconds: float) -> Iterator[None]:
    """The clock of the machine, as another machine's might be."""
    real = time.time
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "time", lambda: real() + seconds)
        yield


@pytest.mark.parametrize("skew_s", [300.0, -300.0])
def test_a_job_stays_its_workers_and_is_due_at_once(stores, skew_s):
    first, second = stores
    with clock_ahead(skew_s):
        second.jobs.add_job(NewJob("article", "a1", "{}"), "desk", second.now())
    claim = first.jobs.claim(first.now(), LEASE_S)
    assert claim is not None, "it was sent now, not in five minutes"
    with clock_ahead(skew_s):
        assert second.jobs.claim(second.now(), LEASE_S) is None
        assert second.jobs.count_due(second.now()) == 0
    assert first.jobs.extend(claim.lease, first.now() + LEASE_S)


@pytest.mark.parametrize("skew_s", [300.0, -300.0, 200_000.0])
def test_a_request_under_way_or_answered_is_not_begun_again(stores, skew_s):
    first, second = stores
    begun = first.idempotency.begin("desk", "k", "f")
    assert isinstance(begun, Begun)
    with clock_ahead(skew_s):
        assert isinstance(second.idempotency.begin("desk", "k", "f"), UnderWay)
    assert first.idempotency.complete(begun, KeptAnswer(200, {}, b"{}"))
    with clock_ahead(skew_s):
        assert isinstance(second.idempotency.begin("desk", "k", "f"), Replayed)


def test_an_import_is_not_taken_over_by_a_process_that_is_ahead(stores):
    first, second = stores
    with first._database.write() as connection:
        seen = bulk_import.mark_seen(connection, "elsewhere:1:1")["seen_at"]
    with clock_ahead(2 * bulk_import.SILENT_S), second._database.write() as connection:
        silent_s = bulk_import.read_now(connection) - seen
        assert not bulk_import.is_dead("elsewhere:1:1", silent_s)


def test_a_delivery_is_made_once(stores):
    first, second = stores
    hook = NewWebhook("desk", "https://a.example/", ("article.analysed",), "00" * 32, "k1")
    first.webhooks.add(hook, first.now())
    with clock_ahead(300.0):
        second.save_article(make_article(("We said it", "Ann"), uri="urn:1"))
    assert first.webhooks.claim(first.now(), LEASE_S) is not None, "it is due now"
    with clock_ahead(300.0):
        assert second.webhooks.claim(second.now(), LEASE_S) is None


def test_reviews_and_pushes_are_timed_by_the_store(postgres_store):
    from service.settings import Settings
    from service.wiring import build_services

    services = build_services(Settings(database_url=make_migrated(postgres_store)))
    try:
        for clock in (
            services.reviews.clock,
            services.background.pushes.order.clock,
            services.speakers.clock,
        ):
            assert clock == services.store.now
    finally:
        services.store.close()


def test_the_clock_goes_on_while_its_server_is_away():
    readings: list[float | None] = [1_000.0, None, 2_000.0]
    elapsed = 50.0

    def read() -> float:
        found = readings.pop(0)
        if found is None:
            raise StoreUnavailable("away")
        return found

    clock = SharedClock(read, lambda: elapsed)
    assert clock.now() == 1_000.0
    elapsed += 10
    assert clock.now() == 1_010.0
    elapsed += REREAD_S
    assert clock.now() == 1_070.0, "the server is away"
    elapsed += REREAD_S + 1
    assert clock.now() == 2_000.0
    assert readings == []


def test_without_any_reading_it_is_the_machines():
    def read() -> float:
        raise StoreUnavailable("away")

    assert abs(SharedClock(read).now() - time.time()) < 60
