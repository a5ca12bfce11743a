"""Doing jobs: what is tried again, what is given up, and what is said of it; and looking after a worker."""

from __future__ import annotations

import json
import time
from dataclasses import replace

import pytest

from schemas.answers import present_analysis
from schemas.problems import describe_error
from service.cache.null_cache import NoCache
from service.errors import Fault, InvalidInput, StoreUnavailable
from service.queue import MAX_WAKEUPS, TIME_LIMIT_S, JobTimeout
from service.store.jobs.jobs import Outcome
from service.store.jobs.rows import NewJob
from service.store.records import article_id
from service.usecases.articles.analyse_article import Analyser
from service.usecases.background import run_job as doing
from service.usecases.background import worker_maintenance as attending
from service.usecases.background.run_job import MAX_ATTEMPTS, CurrentJob, JobRunner, find_pause_s
from service.usecases.background.worker_maintenance import GRACE_S, WorkerMaintenance
from service.worker.wiring import read_article
from tests.stores import open_migrated

BODY = json.dumps({"uri": "urn:a", "body_text": "“We will dredge the harbour this year,” Ann Marlow said."})


@pytest.fixture
def store(tmp_path):
    opened = open_migrated(f"sqlite:///{tmp_path}/store.sqlite3")
    yield opened
    opened.close()


@pytest.fixture
def runner(store):
    return JobRunner(store, Analyser(store, NoCache(), present_analysis), read_article, describe_error, 30.0)


def add(store, body=BODY, kind="article", created_at=None):
    job = NewJob(kind, article_id("urn:a", ""), body)
    return store.jobs.add_job(job, "desk", time.time() if created_at is None else created_at)


def failing(error):
    def read(_):
        raise error

    return read


def test_an_article_is_stored_and_its_job_done(runner, store):
    job = add(store)
    assert runner.run_next()
    done = store.jobs.get_job(job.id)
    assert (done.status, done.version) == ("done", 1)
    assert store.get_article(done.article_id).uri == "urn:a"
    assert not runner.run_next()


def test_doing_it_twice_changes_nothing(runner, store):
    for _ in range(2):
        add(store)
        runner.run_next()
    assert store.stats().articles == 1
    assert store.get_article(article_id("urn:a", "")).version == 1


def test_an_article_is_forgotten_and_one_that_is_not_there_too(runner, store):
    add(store)
    runner.run_next()
    removal = json.dumps({"id": article_id("urn:a", "")})
    jobs = [add(store, removal, "removal") for _ in range(2)]
    while runner.run_next():
        pass
    assert [store.jobs.get_job(job.id).status for job in jobs] == ["done", "done"]
    assert store.stats().articles == 0


def test_what_is_wrong_with_an_article_fails_at_once_and_says_where(runner, store):
    error = InvalidInput("the article is not valid", (Fault("/body_text", "Must not be empty."),))
    job = add(store)
    replace_reader(runner, failing(error)).run_next()
    failed = store.jobs.get_job(job.id)
    assert (failed.status, failed.attempts) == ("failed", 1)
    assert json.loads(failed.problem) == {
        "type": "/problems/invalid-input",
        "title": "Unprocessable Entity",
        "status": 422,
        "detail": "The article is not valid.",
        "errors": [{"pointer": "/body_text", "detail": "Must not be empty."}],
    }


def replace_reader(runner, read):
    return JobRunner(runner.store, runner.analyser, read, runner.describe, runner.lease_s)


def test_while_the_store_fails_a_job_is_put_off(runner, store):
    job = add(store)
    broken = replace_reader(runner, failing(StoreUnavailable("away")))
    assert broken.run_next()
    waiting = store.jobs.get_job(job.id)
    assert (waiting.status, waiting.problem) == ("queued", None)
    assert not broken.run_next(), "it is not tried again at once"
    assert store.jobs.count_due(time.time() + 3) == 1


def test_after_a_day_of_that_it_is_given_up(runner, store):
    job = add(store, created_at=time.time() - doing.RETRY_FOR_S - 1)
    replace_reader(runner, failing(StoreUnavailable("the database does not answer"))).run_next()
    failed = store.jobs.get_job(job.id)
    assert failed.status == "failed"
    assert "does not answer (1 attempts)" in json.loads(failed.problem)["detail"]


def test_poison_is_tried_a_few_times_and_no_more(runner, store):
    job = add(store, created_at=0.0)
    broken = replace_reader(runner, failing(RuntimeError("the text of an article")))
    tried = 0
    while (state := store.jobs.get_job(job.id)).status != "failed":
        claim = store.jobs.claim(time.time() + 10_000, 30.0)
        broken.attempt(replace(claim, created_at=time.time()))
        tried += 1
        assert tried <= MAX_ATTEMPTS
    assert (tried, state.attempts) == (MAX_ATTEMPTS, MAX_ATTEMPTS)
    detail = json.loads(state.problem)["detail"]
    assert "The service failed at it" in detail
    assert "text of an article" not in detail


def test_what_takes_too_long_has_failed(runner, store):
    job = add(store)
    replace_reader(runner, failing(JobTimeout("too long"))).run_next()
    problem = json.loads(store.jobs.get_job(job.id).problem)
    assert (problem["status"], problem["detail"]) == (500, f"It took longer than {TIME_LIMIT_S} s.")


def test_a_job_that_was_taken_over_is_left_alone(runner, store):
    job = add(store)

    def lose(body):
        claim = store.jobs.claim(time.time() + 100, 30.0)  # by another worker, ours being too late
        assert claim is not None
        return read_article(body)

    assert replace_reader(runner, lose).run_next()
    assert store.stats().articles == 0, "what it had found is not stored"
    assert store.jobs.get_job(job.id).status == "running"


def test_a_store_that_is_away_when_the_end_is_to_be_told_is_asked_again(runner, monkeypatch):
    monkeypatch.setattr(doing.time, "sleep", lambda _: None)
    calls = []

    def say():
        calls.append(1)
        if len(calls) < 4:
            raise StoreUnavailable("away")

    runner.record(say)
    assert len(calls) == 4


def test_pauses_grow_and_end():
    assert find_pause_s(1) <= 2
    assert 150 <= find_pause_s(10_000) <= 300


class Queue:
    def __init__(self, depth=0):
        self.waiting, self.woken = depth, 0

    def depth(self):
        return self.waiting

    def wake(self, times=1):
        self.woken += times
        return True


@pytest.mark.parametrize(("depth", "woken"), [(0, 3), (2, 0), (None, 0)])
def test_workers_are_woken_where_a_message_was_lost(runner, store, depth, woken):
    queue = Queue(depth)
    for number in range(3):
        store.jobs.add_job(NewJob("article", f"a{number}", "{}"), "desk", time.time())
    WorkerMaintenance(store, queue, runner).tick()
    assert queue.woken == woken


def test_many_jobs_wake_no_more_workers_than_there_may_be(runner, store):
    queue = Queue()
    store.batches.add([NewJob("article", f"a{number}", "{}") for number in range(40)], "desk", time.time())
    WorkerMaintenance(store, queue, runner).tick()
    assert queue.woken == MAX_WAKEUPS


def test_the_lease_of_the_job_at_hand_is_renewed(runner, store):
    job = add(store, created_at=0.0)
    claim = store.jobs.claim(time.time() - 29.5, 30.0)
    runner.current = CurrentJob(claim, time.monotonic())
    WorkerMaintenance(store, Queue(), runner).tick()
    assert store.jobs.claim(time.time() + 25, 30.0) is None
    store.jobs.settle(claim, Outcome("a", 1), time.time())
    assert store.jobs.get_job(job.id).status == "done"


def test_a_job_that_sits_where_no_exception_reaches_it_ends_the_process(runner, store):
    add(store)
    ended = []
    since = time.monotonic() - TIME_LIMIT_S - GRACE_S
    maintenance = WorkerMaintenance(store, Queue(), runner, give_up=lambda: ended.append(1))
    runner.current = CurrentJob(store.jobs.claim(time.time(), 30.0), since + 5)
    maintenance.tick()
    assert ended == []
    runner.current = replace(runner.current, started_at=since - 1)
    maintenance.tick()
    assert ended == [1]


def test_a_store_that_is_away_is_met_again_later(runner, store, monkeypatch):
    maintenance = WorkerMaintenance(store, Queue(), runner)

    def away(*_, **__):
        raise StoreUnavailable("away")

    monkeypatch.setattr(store.jobs, "count_due", away)
    maintenance.tick()
    assert maintenance.purged_at == 0.0


def test_what_is_long_over_is_tidied_now_and_then(runner, store):
    job = store.jobs.add_job(NewJob("article", "a", "{}"), "desk", 0.0)
    store.jobs.settle(store.jobs.claim(1.0, 30.0), Outcome("a", 1), 1.0)
    maintenance = WorkerMaintenance(store, Queue(), runner)
    maintenance.tick()
    with pytest.raises(Exception, match="no such job"):
        store.jobs.get_job(job.id)
    assert maintenance.purged_at > time.time() - attending.PURGE_EVERY_S
