"""The loop of a worker: what wakes it, what ends it, and what does not."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from service.errors import StoreUnavailable
from service.queue import JobTimeout, QueueLost
from service.worker import runner
from service.worker.runner import Worker, limited, time_limit


class Queue:
    """A queue whose `wait` does what a test says, one thing after the other, and then stops the worker."""

    def __init__(self, *answers):
        self.answers = list(answers)

    def wait(self, timeout_s):
        if not self.answers:
            os.kill(os.getpid(), signal.SIGTERM)
            threading.Event().wait(60)
            raise AssertionError("the signal did not end the wait")
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


class Jobs:
    """So many jobs, of which some fail."""

    def __init__(self, *outcomes):
        self.outcomes = list(outcomes)
        self.asked = 0

    def do_next(self):
        self.asked += 1
        outcome = self.outcomes.pop(0) if self.outcomes else False
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


def test_a_worker_does_what_there_is_before_it_waits():
    jobs = Jobs(True, True)
    Worker(Queue(), jobs.do_next).run()
    assert jobs.asked == 3


def test_it_looks_into_the_store_whether_it_was_woken_or_not(monkeypatch):
    monkeypatch.setattr(runner, "RECONNECT_PAUSE_S", 0.0)
    jobs = Jobs(False, True, False, True, False, True)
    Worker(Queue(True, False, QueueLost("away")), jobs.do_next).run()
    assert jobs.outcomes == []


@pytest.mark.parametrize("error", [StoreUnavailable("away"), JobTimeout("too long"), ValueError("a bug")])
def test_no_error_ends_it(error):
    jobs = Jobs(error, True)
    Worker(Queue(True), jobs.do_next).run()
    assert jobs.outcomes == []


def test_with_burst_it_ends_when_nothing_is_left():
    jobs = Jobs(True, True)
    Worker(Queue(AssertionError("it waits")), jobs.do_next).run(burst=True)
    assert jobs.outcomes == []


def test_a_signal_lets_the_job_at_hand_finish():
    done = []

    def do_next():
        os.kill(os.getpid(), signal.SIGTERM)
        done.append("to its end")
        return True

    Worker(Queue(AssertionError("it waits")), do_next).run()
    assert done == ["to its end"]


def test_the_signal_handlers_of_before_are_back_afterwards():
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    Worker(Queue(), Jobs().do_next).run()
    assert (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)) == before


def test_a_job_is_ended_at_its_time_limit():
    with pytest.raises(JobTimeout):
        limited(lambda: threading.Event().wait(60), 0.05)()
    with time_limit(60.0):
        pass
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
