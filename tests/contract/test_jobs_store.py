"""Jobs and batches: accepted at once, taken once, over once, on each database."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from service.errors import NotFound
from service.store import Store
from service.store.events.webhooks import NewWebhook
from service.store.jobs.jobs import LOST, MAX_DEATHS, LeaseLost, Outcome
from service.store.jobs.rows import NewJob
from tests.store.material import make_article

LEASE_S = 30.0


def article_job(subject: str, body: str = "{}") -> NewJob:
    return NewJob("article", subject, body)


def test_a_job_is_taken_once_and_ends_once(store: Store) -> None:
    made = store.jobs.add_job(article_job("a1", '{"x": 1}'), "desk", now=100.0)
    assert (made.status, made.owner, made.attempts) == ("queued", "desk", 0)
    claim = store.jobs.claim(101.0, LEASE_S)
    assert claim is not None
    assert (claim.id, claim.kind, claim.body, claim.attempts) == (made.id, "article", '{"x": 1}', 1)
    assert store.jobs.claim(102.0, LEASE_S) is None
    assert store.jobs.get_job(made.id).status == "running"
    store.jobs.settle(claim, Outcome("a1", 3), 103.0)
    over = store.jobs.get_job(made.id)
    assert (over.status, over.article_id, over.version, over.finished_at) == ("done", "a1", 3, 103.0)
    with pytest.raises(LeaseLost):
        store.jobs.settle(claim, Outcome("a1", 4), 104.0)
    assert store.jobs.get_job(made.id).version == 3


def test_a_job_belongs_to_who_made_it(store: Store) -> None:
    made = store.jobs.add_job(article_job("a1"), "desk", now=0.0)
    assert store.jobs.get_job(made.id, "desk") == made
    with pytest.raises(NotFound):
        store.jobs.get_job(made.id, "somebody else")
    batch = store.batches.add([article_job("a2")], "desk", now=0.0)
    with pytest.raises(NotFound):
        store.batches.get(batch.id, "somebody else")
    for odd in ("", "j\x00", "é" * 40):
        with pytest.raises(NotFound):
            store.jobs.get_job(odd)


def test_a_silent_worker_loses_its_job(store: Store) -> None:
    store.jobs.add_job(article_job("a1"), "desk", now=0.0)
    first = store.jobs.claim(0.0, LEASE_S)
    assert first is not None
    assert store.jobs.extend(first.lease, 60.0)
    assert store.jobs.claim(59.0, LEASE_S) is None
    second = store.jobs.claim(61.0, LEASE_S)
    assert second is not None
    assert (second.id, second.attempts) == (first.id, 2)
    assert not store.jobs.extend(first.lease, 100.0)
    with pytest.raises(LeaseLost):
        store.jobs.settle(first, Outcome("a1", 1), 62.0)
    with pytest.raises(LeaseLost):
        store.jobs.postpone(first, 70.0)
    store.jobs.settle(second, Outcome("a1", 1), 63.0)


def test_a_job_that_kills_its_workers_fails_with_a_reason_and_holds_up_nobody(store: Store) -> None:
    poison = store.jobs.add_job(article_job("a1"), "desk", now=0.0)
    healthy = store.jobs.add_job(article_job("a2"), "desk", now=0.0)
    for death in range(MAX_DEATHS):
        claim = store.jobs.claim(100.0 * death, LEASE_S)
        assert claim is not None
        assert claim.id == poison.id
    claim = store.jobs.claim(100.0 * MAX_DEATHS, LEASE_S)
    assert claim is not None
    assert claim.id == healthy.id
    over = store.jobs.get_job(poison.id)
    assert (over.status, over.problem, over.attempts) == ("failed", LOST, MAX_DEATHS + 1)


def test_a_job_put_off_comes_back_when_it_is_due(store: Store) -> None:
    store.jobs.add_job(article_job("a1"), "desk", now=0.0)
    claim = store.jobs.claim(0.0, LEASE_S)
    assert claim is not None
    store.jobs.postpone(claim, 50.0)
    assert store.jobs.count_due(49.0) == 0
    assert store.jobs.claim(49.0, LEASE_S) is None
    again = store.jobs.claim(50.0, LEASE_S)
    assert again is not None
    assert again.attempts == 2
    assert store.jobs.claim(200.0, LEASE_S) is not None  # and lost after that, it counts one death, not two


def test_jobs_about_one_article_are_done_in_order(store: Store) -> None:
    first = store.jobs.add_job(article_job("same"), "desk", now=0.0)
    second = store.jobs.add_job(article_job("same"), "desk", now=0.0)
    other = store.jobs.add_job(article_job("other"), "desk", now=0.0)
    taken = store.jobs.claim(1.0, LEASE_S)
    beside = store.jobs.claim(1.0, LEASE_S)
    assert taken is not None
    assert beside is not None
    assert (taken.id, beside.id) == (first.id, other.id)
    assert store.jobs.claim(1.0, LEASE_S) is None
    store.jobs.postpone(taken, 5.0)
    assert store.jobs.claim(2.0, LEASE_S) is None, "what waits to be tried again still comes first"
    retried = store.jobs.claim(5.0, LEASE_S)
    assert retried is not None
    store.jobs.settle(retried, Outcome(problem="no"), 6.0)
    last = store.jobs.claim(7.0, LEASE_S)
    assert last is not None
    assert last.id == second.id


def test_who_waits_for_an_answer_goes_before_a_batch(store: Store) -> None:
    store.batches.add([article_job("b1"), article_job("b2")], "desk", now=0.0)
    single = store.jobs.add_job(article_job("a1"), "desk", now=0.0)
    claim = store.jobs.claim(1.0, LEASE_S)
    assert claim is not None
    assert claim.id == single.id


def test_a_batch_counts_its_items_and_ends_with_the_last(store: Store) -> None:
    jobs = [article_job("a1"), NewJob("article", "a2", "{}", problem='{"status": 422}'), article_job("a3")]
    batch = store.batches.add(jobs, "desk", now=10.0)
    assert (batch.total, batch.done, batch.failed, batch.finished_at) == (3, 0, 1, None)
    first, second = store.jobs.claim(11.0, LEASE_S), store.jobs.claim(11.0, LEASE_S)
    assert first is not None
    assert second is not None
    store.jobs.settle(first, Outcome("a1", 1), 12.0)
    assert store.batches.get(batch.id).finished_at is None
    store.jobs.settle(second, Outcome(problem="no"), 13.0)
    over = store.batches.get(batch.id)
    assert (over.done, over.failed, over.finished_at) == (1, 2, 13.0)
    items = store.batches.list_items(batch.id, 0, 10)
    assert [(item.position, item.status, item.article_id) for item in items] == [
        (0, "done", "a1"),
        (1, "failed", None),
        (2, "failed", None),
    ]
    assert [item.position for item in store.batches.list_items(batch.id, 1, 1)] == [1]


def test_a_batch_of_nothing_but_faults_is_over_at_once(store: Store) -> None:
    batch = store.batches.add([NewJob("article", "a", "{}", problem="{}")], "desk", now=10.0)
    assert (batch.failed, batch.finished_at) == (1, 10.0)


def test_the_end_of_a_batch_is_told_once_and_to_its_owner_only(store: Store) -> None:
    for made_at, owner in enumerate(("desk", "other")):
        hook = NewWebhook(owner, "https://x.example", ("batch.finished",), "00", "k")
        store.webhooks.add(hook, float(made_at))
    batch = store.batches.add([article_job(f"a{number}") for number in range(12)], "desk", now=0.0)

    def drain(_: int) -> None:
        while claim := store.jobs.claim(1.0, LEASE_S):
            store.jobs.settle(claim, Outcome("a", 1), 2.0)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(drain, range(4)))
    assert store.batches.get(batch.id).done == 12
    told = [store.webhooks.list_deliveries(hook.id, None, 10) for hook in store.webhooks.find_all()]
    assert [len(log) for log in told] == [1, 0]
    delivery = store.webhooks.claim(3.0, LEASE_S)
    assert delivery is not None
    payload = json.loads(delivery.payload)
    assert payload["type"] == "batch.finished"
    assert payload["data"] == {"id": batch.id, "total": 12, "done": 12, "failed": 0}


def test_many_workers_take_each_job_once(store: Store) -> None:
    store.batches.add([article_job(f"a{number}") for number in range(40)], "desk", now=0.0)

    def drain(_: int) -> list[int]:
        taken = []
        while claim := store.jobs.claim(1.0, LEASE_S):
            taken.append(claim.number)
            store.jobs.settle(claim, Outcome("a", 1), 2.0)
        return taken

    with ThreadPoolExecutor(6) as pool:
        taken = [number for numbers in pool.map(drain, range(6)) for number in numbers]
    assert len(taken) == len(set(taken)) == 40


def test_an_article_and_the_end_of_its_job_are_one_transaction(store: Store) -> None:
    store.jobs.add_job(article_job("a"), "desk", now=0.0)
    lost = store.jobs.claim(0.0, 0.0)
    held = store.jobs.claim(1.0, LEASE_S)
    assert lost is not None
    assert held is not None
    article = make_article(("We will dredge the harbour this year", "Ann Marlow"))
    with pytest.raises(LeaseLost):
        store.save_article(article, claim=lost)
    assert store.stats().articles == 0, "what a lost lease stored is undone"
    saved = store.save_article(article, claim=held)
    job = store.jobs.get_job(held.id)
    assert (job.status, job.article_id, job.version) == ("done", saved.id, 1)


def test_what_is_long_over_is_forgotten(store: Store) -> None:
    job = store.jobs.add_job(article_job("a1"), "desk", now=0.0)
    batch = store.batches.add([article_job("a2")], "desk", now=0.0)
    waiting = store.jobs.add_job(article_job("a3"), "desk", now=0.0)
    for _ in range(2):
        claim = store.jobs.claim(1.0, LEASE_S)
        assert claim is not None
        if claim.id == waiting.id:
            claim = store.jobs.claim(1.0, LEASE_S)
            assert claim is not None
        store.jobs.settle(claim, Outcome("a", 1), 2.0)
    assert store.jobs.purge(2.0) == 0
    assert store.jobs.purge(3.0) == 2
    for forgotten in (lambda: store.jobs.get_job(job.id), lambda: store.batches.get(batch.id)):
        with pytest.raises(NotFound):
            forgotten()
    assert store.jobs.count_open() == 1
