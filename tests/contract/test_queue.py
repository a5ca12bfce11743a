"""The bell on a real Redis, and without one."""

from __future__ import annotations

import pytest
import redis

from service.queue import MAX_BELLS, JobQueue, work
from tests.servers import find_free_port, running_redis

DING = "tests.contract.test_queue.ding"
HEARD: list[str] = []


def ding():
    """What the bells of these tests do; the first few fail."""
    HEARD.append("ding")
    if len(HEARD) < 2:
        raise ValueError("not yet")


@pytest.fixture
def queue(redis_empty_url):
    HEARD.clear()
    return JobQueue(redis_empty_url, DING)


def test_each_bell_is_heard_once_and_a_failing_one_stops_nobody(queue, redis_empty_url):
    assert queue.depth() == 0
    assert queue.ring(3)
    assert queue.depth() == 3
    work(redis_empty_url, burst=True)
    assert (queue.depth(), len(HEARD)) == (0, 3)


def test_no_more_bells_than_are_of_use(queue):
    assert queue.ring(10_000)
    assert queue.depth() == MAX_BELLS


def test_bells_are_json_and_carry_nothing(queue, redis_empty_url):
    queue.ring()
    with redis.Redis.from_url(redis_empty_url) as client:
        [bell] = [client.hgetall(key) for key in client.keys("rq:job:*")]
    assert not bell[b"data"].startswith(b"\x80"), "no pickle"
    assert bell[b"description"] == DING.encode()


def test_what_was_heard_leaves_nothing_behind(queue, redis_empty_url):
    HEARD.append("so that none fails")
    queue.ring(2)
    work(redis_empty_url, burst=True)
    with redis.Redis.from_url(redis_empty_url) as client:
        assert client.keys("rq:job:*") == []


def test_without_redis_nobody_hears_and_nothing_fails():
    queue = JobQueue(f"redis://127.0.0.1:{find_free_port()}/0")
    assert not queue.ring()
    assert queue.depth() is None


def test_a_worker_outlives_a_redis_that_is_not_there():
    work(f"redis://127.0.0.1:{find_free_port()}/0", burst=True)


def test_bells_survive_a_killed_redis_that_writes_to_disk():
    with running_redis(appendonly="yes", appendfsync="always") as server:
        queue = JobQueue(server.url, DING)
        assert queue.ring(2)
        server.restart()
        assert queue.depth() == 2
