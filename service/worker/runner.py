"""The loop of a worker: wait for a notification, then run jobs, until stopped."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Final

import structlog

from service.errors import VerbatimError
from service.queue import TIME_LIMIT_S, JobQueue, JobTimeout, QueueLost

#: So often a worker looks into the store although nobody woke it: Redis may be away, or have lost an element.
LOOK_EVERY_S: Final = 5.0
RECONNECT_PAUSE_S: Final = 1.0

log = structlog.get_logger("verbatim.worker")


class StopRequested(BaseException):
    """The process received a signal to stop while it was waiting."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise JobTimeout in the block when it has taken so long. In the main thread only."""

    def raise_timeout(_signum: int, _frame: FrameType | None) -> None:
        raise JobTimeout(f"longer than {seconds:g} s")

    former = signal.signal(signal.SIGALRM, raise_timeout)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, former)


@dataclass(slots=True)
class Worker:
    """Runs one job after the other in the main thread. `do_next` runs one; returns whether there was one.

    Forking for each job would load the model again every time, and ONNX Runtime does not survive a fork.
    """

    queue: JobQueue
    do_next: Callable[[], bool]
    look_every_s: float = LOOK_EVERY_S
    stop_asked: bool = field(default=False, init=False)
    _is_idle: bool = field(default=False, init=False)
    _is_lost: bool = field(default=False, init=False)

    def run(self, burst: bool = False) -> None:
        """Run until SIGTERM or SIGINT; the current job is finished. With `burst` until there are no jobs."""
        former = {name: signal.signal(name, self._request_stop) for name in (signal.SIGTERM, signal.SIGINT)}
        try:
            self.work_off()
            while not burst and not self.stop_asked:
                self._wait()
                self.work_off()
        except StopRequested:
            pass
        finally:
            for name, handler in former.items():
                signal.signal(name, handler)

    def work_off(self) -> None:
        """Run jobs until none is left or the store is unavailable. No error ends the worker."""
        try:
            while not self.stop_asked and self.do_next():
                continue
        except (VerbatimError, JobTimeout) as error:
            log.warning("worker_waits", reason=type(error).__name__)
        except Exception as error:
            log.error("worker_error", error=type(error).__name__, exc_info=error)

    def _wait(self) -> None:
        """Until woken, or for a while. Ended by StopRequested."""
        self._is_idle = True
        try:
            if self.stop_asked:  # told so just before
                return
            self.queue.wait(self.look_every_s)
            self._is_lost = False
        except QueueLost as error:
            if not self._is_lost:
                log.warning("queue_unavailable", reason=str(error))
            self._is_lost = True
            time.sleep(RECONNECT_PAUSE_S)
        finally:
            self._is_idle = False

    def _request_stop(self, _signum: int, _frame: FrameType | None) -> None:
        self.stop_asked = True
        if self._is_idle:
            raise StopRequested


def limited(do_next: Callable[[], bool], seconds: float = TIME_LIMIT_S) -> Callable[[], bool]:
    """`do_next` with a limit: JobTimeout is raised in a job that takes longer."""

    def do() -> bool:
        with time_limit(seconds):
            return do_next()

    return do
