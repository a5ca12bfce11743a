"""Maintenance of a worker, in a thread: renews the job's lease, notifies for due jobs, purges old rows."""

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
from service.queue import MAX_WAKEUPS, TIME_LIMIT_S, JobQueue
from service.store import Store
from service.usecases.background.run_job import JobRunner

KEEP_S: Final = 7 * 86_400.0  # finished jobs and deliveries
PURGE_EVERY_S: Final = 3_600.0
#: An exception ends a job at its time limit. Where that is not raised (within a C library), the process ends
#: itself so many seconds later, and its supervisor starts another.
GRACE_S: Final = 60.0

log = structlog.get_logger("verbatim.worker")


def end_process() -> None:
    """Kill this process."""
    os.kill(os.getpid(), signal.SIGKILL)


@dataclass(slots=True)
class WorkerMaintenance:
    """The maintenance of a worker. `run` calls `tick` several times within a lease until `stopped` is set."""

    store: Store
    queue: JobQueue
    runner: JobRunner
    give_up: Callable[[], None] = end_process
    purged_at: float = 0.0
    stopped: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Call `tick` until stopped."""
        while not self.stopped.wait(self.runner.lease_s / 5):
            self.tick()

    def tick(self) -> None:
        """Do what is due. If the store is unavailable, the next tick does it."""
        try:
            self.renew()
            self.notify()
            self.purge()
        except VerbatimError as error:
            log.warning("maintenance_waits", reason=type(error).__name__)

    def renew(self) -> None:
        """Extend the lease of the current job; kill this process if the job has run for far too long."""
        current = self.runner.current
        if current is None:
            return
        if time.monotonic() - current.started_at > TIME_LIMIT_S + GRACE_S:
            log.critical("job_stuck", job=current.claim.id, attempt=current.claim.attempts)
            self.give_up()
        self.store.jobs.extend(current.claim.lease, self.store.now() + self.runner.lease_s)

    def notify(self) -> None:
        """Notify workers of due jobs if no notification is waiting.

        One may have been lost, a worker may have died, or a postponed job may have become due.
        """
        if self.queue.depth() != 0:
            return
        if due := self.store.jobs.count_due(self.store.now(), at_most=MAX_WAKEUPS):
            self.queue.wake(due)

    def purge(self) -> None:
        """Delete finished jobs and deliveries that are older than `KEEP_S`, once an hour."""
        now = self.store.now()
        if now - self.purged_at < PURGE_EVERY_S:
            return
        self.purged_at = now
        gone = self.store.jobs.purge(now - KEEP_S) + self.store.webhooks.purge(now - KEEP_S)
        moved = self.store.webhooks.move_former(now)
        if gone or moved:
            log.info("purged", rows=gone, moved_events=moved)
