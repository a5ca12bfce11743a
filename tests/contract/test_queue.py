"""The queue on a real Redis, and without one."""

import pytest
import redis

from service.errors import NotFound
from service.queue import JobQueue, work
from tests.servers import find_free_port

DOUBLE = "tests.contract.test_queue.double"


def double(argument):
    """What the jobs of these tests do."""
    if argument["number"] < 0:
        raise ValueError("negative")
    return {"doubled": 2 * argument["number"]}


@pytest.fixture
def queue(redis_empty_url):
    return JobQueue(redis_empty_url)


def test_a_job_is_queued_done_and_kept(queue, redis_empty_url):
    job = queue.enqueue(DOUBLE, {"number": 21})
    assert queue.state(job.id).status == job.status == "queued"
    work(redis_empty_url, burst=True)
    done = queue.state(job.id)
    assert (done.status, done.result) == ("done", {"doubled": 42})


def test_a_job_that_fails_says_so(queue, redis_empty_url):
    job = queue.enqueue(DOUBLE, {"number": -1})
    work(redis_empty_url, burst=True)
    assert queue.state(job.id).status == "failed"
    assert queue.state(job.id).result is None


def test_nothing_is_pickled(queue, redis_empty_url):
    queue.enqueue(DOUBLE, {"number": 1})
    with redis.Redis.from_url(redis_empty_url) as client:
        kept = [client.hgetall(key) for key in client.keys("rq:job:*")]
    assert kept
    for job in kept:
        assert b"number" in job[b"data"] or job[b"data"][:1] == b"x"  # zlib-compressed JSON
        assert b"pickle" not in job[b"data"]
        assert not job[b"data"].startswith(b"\x80")
        assert job[b"description"] == DOUBLE.encode(), "a description with arguments would show the article"


@pytest.mark.parametrize("job_id", ["nope", "", "a b", "../x", "é"])
def test_an_unknown_job_is_not_found(queue, job_id):
    with pytest.raises(NotFound):
        queue.state(job_id)


def test_without_redis_nothing_is_queued_and_nothing_fails():
    queue = JobQueue(f"redis://127.0.0.1:{find_free_port()}/0")
    assert queue.enqueue(DOUBLE, {"number": 1}) is None
    with pytest.raises(NotFound, match="does not answer"):
        queue.state("nope")
