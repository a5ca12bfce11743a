"""Who sends too slowly is stopped, and nobody else."""

import io
import socket
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.usecases.import_records import InputBroken
from service.web.http.minimum_rate import Pace, stop_reading
from service.web.http.ndjson_body import read_paced


class Clock:
    now_s = 0.0

    def __call__(self):
        return self.now_s


class Sender:
    """A body whose every block takes its time."""

    def __init__(self, clock, blocks):
        self.clock, self.blocks = clock, list(blocks)

    def read(self, size):
        if not self.blocks:
            return b""
        seconds, count = self.blocks.pop(0)
        self.clock.now_s += seconds
        return b"x" * count


def read_all(clock, blocks):
    pace = Pace(lambda: None, rate=1_000, patience_s=60, clock=clock)
    return b"".join(block or b"" for block in read_paced(Sender(clock, blocks), None, lambda: True, pace))


@given(st.lists(st.tuples(st.floats(0, 50), st.integers(1, 2_000)), max_size=60))
def test_whoever_keeps_the_rate_is_never_stopped(blocks):
    kept = [(count / 1_000 if seconds > count / 1_000 else seconds, count) for seconds, count in blocks]
    assert len(read_all(Clock(), kept)) == sum(count for _, count in blocks)


@given(st.floats(1, 29), st.integers(1, 500), st.integers(0, 200))
def test_whoever_does_not_is_stopped_after_a_minute_or_two_however_fast_he_began(pause_s, count, fast):
    clock = Clock()
    with pytest.raises(InputBroken, match="fewer than 20,000 bytes a second"):
        read_all(clock, [(0.001, 65_536)] * fast + [(pause_s, count)] * 400)
    assert clock.now_s <= 60 / (1 - count / 1_000 / pause_s) + pause_s + 0.001 * fast + 1e-6


def test_the_time_in_which_lines_are_stored_is_not_the_senders():
    clock = Clock()
    pace = Pace(lambda: None, rate=1_000, patience_s=60, clock=clock)
    received = 0
    for block in read_paced(Sender(clock, [(0.1, 1_000)] * 20), None, lambda: True, pace):
        clock.now_s += 500
        received += len(block or b"")
    assert received == 20_000


def test_a_read_that_never_ends_is_ended(monkeypatch):
    monkeypatch.setattr("service.web.http.minimum_rate.LOOKED_EVERY_S", 0.01)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(b"a byte now and then")
        body = ours.makefile("rb")  # waits for all the bytes it is asked for, as gunicorn's does
        pace = Pace(lambda: stop_reading(ours), rate=1e6, patience_s=0.05)
        with pytest.raises(InputBroken, match="bytes a second"):
            list(read_paced(body, 10_000, lambda: True, pace))
        ours.sendall(b"an answer")
        assert theirs.recv(100) == b"an answer"
        body.close()
    assert (
        "pace" not in {thread.name for thread in threading.enumerate() if thread.is_alive()}
        or wait_for_none()
    )


def wait_for_none():
    for thread in threading.enumerate():
        if thread.name == "pace":
            thread.join(5)
    return not any(thread.name == "pace" for thread in threading.enumerate())


def test_what_breaks_off_for_another_reason_says_that_one():
    pace = Pace(lambda: None)
    with pytest.raises(InputBroken, match="ends after 3 of 9 bytes"):
        list(read_paced(io.BytesIO(b"abc"), 9, lambda: True, pace))
