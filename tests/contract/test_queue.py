"""What wakes workers, on a real Redis and without one."""

from __future__ import annotations

import time

import pytest
import redis

from service.queue import KEY, MAX_WAKEUPS, JobQueue, QueueLost
from tests.servers import find_free_port, running_redis


@pytest.fixture
def queue(redis_empty_url):
    return JobQueue(redis_empty_url)


def test_each_wakeup_is_taken_once(queue):
    assert queue.depth() == 0
    assert queue.wake(3)
    assert queue.depth() == 3
    assert [queue.wait(0.05) for _ in range(4)] == [True, True, True, False]
    assert queue.depth() == 0


def test_there_are_no_more_than_are_of_use(queue):
    assert queue.wake(10_000)
    assert queue.wake(5)
    assert queue.depth() == MAX_WAKEUPS


def test_who_waits_is_woken_at_once(queue, redis_empty_url):
    JobQueue(redis_empty_url).wake()
    started = time.monotonic()
    assert queue.wait(60)
    assert time.monotonic() - started < 30


def test_without_redis_nobody_is_woken_and_nothing_fails():
    queue = JobQueue(f"redis://127.0.0.1:{find_free_port()}/0")
    assert not queue.wake()
    assert queue.depth() is None
    with pytest.raises(QueueLost):
        queue.wait(0.1)


def test_something_else_under_the_key_is_no_queue(queue, redis_empty_url):
    with redis.Redis.from_url(redis_empty_url) as client:
        client.set(KEY, "no list")
    assert not queue.wake()
    assert queue.depth() is None
    with pytest.raises(QueueLost):
        queue.wait(0.1)


def test_wakeups_survive_a_killed_redis_that_writes_to_disk():
    with running_redis(appendonly="yes", appendfsync="always") as server:
        queue = JobQueue(server.url)
        assert queue.wake(2)
        server.restart()
        assert queue.depth() == 2
