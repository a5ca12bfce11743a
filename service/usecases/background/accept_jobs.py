"""Accepts background jobs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from service.errors import Overloaded
from service.queue import JobQueue
from service.store import Store
from service.store.jobs.batches import BatchRecord
from service.store.jobs.rows import JobRecord, NewJob
from service.store.records import article_id
from service.telemetry.correlation import carry

#: Open jobs at a time, days of work. More would fill the database.
MAX_OPEN: Final = 100_000
MAX_BYTES: Final = 256_000_000  # of the requests of one owner's open jobs


@dataclass(frozen=True, slots=True)
class BatchItem:
    """One article of a batch: the request body, and the problem if it is not valid. Both are JSON."""

    body: str
    uri: str | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class JobAcceptor:
    """Stores jobs, then notifies the workers through Redis.

    Raises StoreUnavailable if the database does not answer and Overloaded if too many jobs are open; nothing
    is accepted then. Jobs are accepted without Redis too: workers poll the store.
    """

    store: Store
    queue: JobQueue
    max_bytes: int = MAX_BYTES

    def accept_article(self, body: str, uri: str | None, owner: str, name: str | None = None) -> JobRecord:
        """Accept an article to analyse, and to store if it asks for that. `body` is the valid request, JSON.

        A job with the `name` of an earlier one is that job; it is accepted once.
        """
        job = NewJob("article", find_subject(body, uri), body, correlation=carry())
        return self._accept(job, owner, name)

    def accept_removal(self, uri: str, owner: str) -> JobRecord:
        """Accept the deletion of an article. It need not exist."""
        article = article_id(uri, "")
        job = NewJob("removal", article, json.dumps({"id": article}), correlation=carry())
        return self._accept(job, owner)

    def accept_batch(self, items: Sequence[BatchItem], owner: str, name: str | None = None) -> BatchRecord:
        """Accept many articles; those with a problem fail at once. `name` is as for one job."""
        ids = carry()
        jobs = [
            NewJob("article", find_subject(item.body, item.uri), item.body, item.problem, ids)
            for item in items
        ]
        self._check_limit(owner, sum(len(job.body) for job in jobs if job.problem is None))
        batch = self.store.batches.add(jobs, owner, self.store.now(), name)
        if batch.finished_at is None:
            self.queue.wake(batch.total - batch.failed)
        return batch

    def _accept(self, job: NewJob, owner: str, name: str | None = None) -> JobRecord:
        self._check_limit(owner, len(job.body))
        record = self.store.jobs.add_job(job, owner, self.store.now(), name)
        self.queue.wake()
        return record

    def _check_limit(self, owner: str, more_bytes: int) -> None:
        if self.store.jobs.is_full(MAX_OPEN):
            raise Overloaded(f"{MAX_OPEN:,} jobs are waiting")
        if self.store.jobs.waiting_bytes(owner) + more_bytes > self.max_bytes:
            raise Overloaded(f"{self.max_bytes:,} bytes of one key's requests are waiting")


def find_subject(body: str, uri: str | None) -> str:
    """The id of the article that a job is about. With a URI, it does not depend on the text."""
    return article_id(uri, body)
