"""What a worker does beside its jobs, in a thread: renew the lease, ring where a bell was lost, tidy up."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import structlog

from service.errors import VerbatimError
from service.queue import MAX_BELLS, TIME_LIMIT_S, JobQueue
from service.store import Store
from service.usecases.background.run_job import JobRunner

KEPT_S: Final = 7 * 86_400.0  # how long what is over can be asked about
TIDY_EVERY_S: Final = 3_600.0
#: A job is ended by an exception at its time limit. One that sits where no exception reaches it (in a
#: library's own code) takes the process with it so much later: its supervisor starts another.
GRACE_S: Final = 60.0

log = structlog.get_logger("verbatim.worker")


def end_process() -> None:
    """End this process at once, as a crash would."""
    os.kill(os.getpid(), signal.SIGKILL)


@dataclass(slots=True)
class Attendant:
    """Looks after a worker. Each `tick` does what is due; `run` ticks until told to stop."""

    store: Store
    queue: JobQueue
    runner: JobRunner
    give_up: Callable[[], None] = end_process
    tidied_at: float = 0.0
    stopped: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Tick several times within each lease."""
        while not self.stopped.wait(self.runner.lease_s / 5):
            self.tick()

    def tick(self) -> None:
        """Do what is due. A store that is away is met again the next time."""
        try:
            self.renew()
            self.ring()
            self.tidy()
        except VerbatimError as error:
            log.warning("attendant_waits", reason=type(error).__name__)

    def renew(self) -> None:
        """Say that the job at hand is being done, unless it has been for far too long."""
        held = self.runner.held
        if held is None:
            return
        if time.monotonic() - held.since > TIME_LIMIT_S + GRACE_S:
            log.critical("job_stuck", job=held.claim.id, attempt=held.claim.attempts)
            self.give_up()
        self.store.jobs.extend(held.claim.lease, time.time() + self.runner.lease_s)

    def ring(self) -> None:
        """Ring for work that nobody was told of: a bell was lost, a worker died, a pause is over."""
        if self.queue.depth() != 0:
            return
        if due := self.store.jobs.count_due(time.time(), at_most=MAX_BELLS):
            self.queue.ring(due)

    def tidy(self) -> None:
        """Forget now and then what has long been over."""
        now = time.time()
        if now - self.tidied_at < TIDY_EVERY_S:
            return
        self.tidied_at = now
        gone = self.store.jobs.purge(now - KEPT_S) + self.store.webhooks.purge(now - KEPT_S)
        if gone:
            log.info("tidied", gone=gone)
