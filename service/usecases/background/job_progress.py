"""The progress of background jobs and batches, their results, and how much work waits."""

from __future__ import annotations

from dataclasses import dataclass

from service.errors import NotFound
from service.store import Store
from service.store.jobs.batches import BatchRecord
from service.store.jobs.jobs import Backlog
from service.store.jobs.rows import JobRecord


@dataclass(frozen=True, slots=True)
class JobReport:
    """A job, the number of jobs before it if it is queued, and the analysis it resulted in, as JSON.

    The analysis is None as long as there is none, and once the article was deleted.
    """

    job: JobRecord
    ahead: int | None
    analysis: str | None


@dataclass(frozen=True, slots=True)
class JobProgress:
    """The outcome of the jobs of one store. Methods raise StoreUnavailable.

    With an `owner`, the jobs and batches of others are not found.
    """

    store: Store

    def get(self, job_id: str, owner: str | None) -> JobReport:
        """A job by its id. Raises NotFound."""
        return self.report(self.store.jobs.get_job(job_id, owner))

    def report(self, job: JobRecord) -> JobReport:
        """How far a job is."""
        ahead = self.store.jobs.count_ahead(job) if job.status == "queued" else None
        return JobReport(job, ahead, self._read_analysis(job))

    def get_batch(self, batch_id: str, owner: str | None) -> BatchRecord:
        """A batch by its id. Raises NotFound."""
        return self.store.batches.get(batch_id, owner)

    def list_items(self, batch: BatchRecord, start: int, limit: int) -> list[JobRecord]:
        """Some of a batch's jobs, in the order they were sent."""
        return self.store.batches.list_items(batch.id, start, limit)

    def measure_backlog(self) -> Backlog:
        """How many jobs are open, and how long the oldest has waited."""
        return self.store.jobs.find_backlog(self.store.now())

    def _read_analysis(self, job: JobRecord) -> str | None:
        if job.answer is not None or job.article_id is None or job.version is None:
            return job.answer
        try:
            return self.store.get_version(job.article_id, job.version).analysis
        except NotFound:  # deleted since
            return None
