"""Work that is done later: accepting it."""

from __future__ import annotations

import json
import time
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

#: Jobs that may wait at a time: days of work. Who sends more would fill the database.
MAX_OPEN: Final = 100_000


@dataclass(frozen=True, slots=True)
class BatchItem:
    """One article of a batch: as it was sent, or the problem with it. Both are JSON."""

    body: str
    uri: str | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class JobAcceptor:
    """Accepts jobs: first into the store, where they are safe, then the bell rings.

    Raises StoreUnavailable, with nothing accepted, where the database is away, and Overloaded where too much
    waits already. That Redis is away is no reason to refuse: workers look into the store by themselves.
    """

    store: Store
    queue: JobQueue

    def accept_article(self, body: str, uri: str | None, owner: str, name: str | None = None) -> JobRecord:
        """Have an article analysed and, as it wishes, stored. `body` is the request, valid, as JSON.

        What has the same `name` is the same job, accepted once.
        """
        job = NewJob("article", find_subject(body, uri), body, correlation=carry())
        return self._accept(job, owner, name)

    def accept_removal(self, uri: str, owner: str) -> JobRecord:
        """Have an article forgotten, where it is there."""
        article = article_id(uri, "")
        job = NewJob("removal", article, json.dumps({"id": article}), correlation=carry())
        return self._accept(job, owner)

    def accept_batch(self, items: Sequence[BatchItem], owner: str, name: str | None = None) -> BatchRecord:
        """Have many articles analysed; those with a problem have failed already. `name` as above."""
        ids = carry()
        jobs = [
            NewJob("article", find_subject(item.body, item.uri), item.body, item.problem, ids)
            for item in items
        ]
        self._check_room()
        batch = self.store.batches.add(jobs, owner, time.time(), name)
        if batch.finished_at is None:
            self.queue.ring(batch.total - batch.failed)
        return batch

    def _accept(self, job: NewJob, owner: str, name: str | None = None) -> JobRecord:
        self._check_room()
        record = self.store.jobs.add_job(job, owner, time.time(), name)
        self.queue.ring()
        return record

    def _check_room(self) -> None:
        if self.store.jobs.is_full(MAX_OPEN):
            raise Overloaded(f"{MAX_OPEN:,} jobs are waiting")


def find_subject(body: str, uri: str | None) -> str:
    """What a job is about: an article with a URI always is the same one, whatever its text."""
    return article_id(uri, body)


def read_answer(store: Store, job: JobRecord) -> str | None:
    """The analysis that a job came to, as JSON; None where there is none, or it was deleted since.

    That of a stored article is read where it is kept. Raises NotFound where it is there no more.
    """
    if job.answer is not None or job.article_id is None or job.version is None:
        return job.answer
    return store.get_version(job.article_id, job.version).analysis
