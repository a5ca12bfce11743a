"""Runs background jobs. A job's effect and its end are one transaction, so it takes effect once."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import structlog

from service.errors import MigrationDue, NotFound, StoreUnavailable, VerbatimError
from service.queue import TIME_LIMIT_S, JobTimeout
from service.store import Store
from service.store.jobs.jobs import LOST, Claim, LeaseLost, Outcome
from service.telemetry.jobs import observed_job
from service.usecases.articles.analyse_article import Analyser
from service.usecases.articles.analysis import Article

#: Attempts of a job that fails for an unknown reason.
MAX_ATTEMPTS: Final = 3
#: How long a job is retried while the store is unavailable.
RETRY_FOR_S: Final = 86_400.0
LONGEST_PAUSE_S: Final = 300.0

log = structlog.get_logger("verbatim.jobs")


class GaveUp(Exception):
    """A job is not tried again, though its input may be valid. The message is for its owner."""


@dataclass(frozen=True, slots=True)
class CurrentJob:
    """The job that this process is running."""

    claim: Claim
    started_at: float  # monotonic seconds


@dataclass(slots=True)
class JobRunner:
    """Runs jobs one at a time. `current` is read by the thread that renews the lease."""

    store: Store
    analyser: Analyser
    read_article: Callable[[Any], Article]  # from the JSON that was sent; raises InvalidInput
    describe: Callable[[Exception], str]  # an error as problem details in JSON
    lease_s: float
    current: CurrentJob | None = field(default=None, init=False)

    def run_next(self) -> bool:
        """Run the next due job; False if none is due. Raises StoreUnavailable."""
        claim = self.store.jobs.claim(self.store.now(), self.lease_s, self.describe(GaveUp(LOST)))
        if claim is None:
            return False
        self.current = CurrentJob(claim, time.monotonic())
        try:
            with observed_job(claim.kind, claim.correlation) as exchange:
                exchange.outcome = self.attempt(claim)
        except LeaseLost:
            log.warning("job_taken_over", job=claim.id, attempt=claim.attempts)
        finally:
            self.current = None
        return True

    def attempt(self, claim: Claim) -> str:
        """Run a claimed job and record its outcome: "done", "failed" or "postponed". Raises LeaseLost."""
        started = time.monotonic()
        outcome = "done"
        try:
            if claim.kind == "removal":
                self.remove(claim)
            else:
                self.analyse(claim)
        except LeaseLost:
            raise
        except (StoreUnavailable, MigrationDue) as error:
            outcome = "postponed" if self.retry(claim, error, RETRY_FOR_S) else "failed"
        except VerbatimError as error:
            outcome = "failed"
            self.fail(claim, error)
        except JobTimeout:
            outcome = "failed"
            self.fail(claim, GaveUp(f"it took longer than {TIME_LIMIT_S} s"))
        except Exception as error:
            log.error("job_error", job=claim.id, error=type(error).__name__, exc_info=error)
            retry_for_s = RETRY_FOR_S if claim.attempts < MAX_ATTEMPTS else 0.0
            outcome = "postponed" if self.retry(claim, error, retry_for_s) else "failed"
        log.info(
            "job",
            job=claim.id,
            kind=claim.kind,
            attempt=claim.attempts,
            outcome=outcome,
            duration_ms=round(1000 * (time.monotonic() - started), 1),
        )
        return outcome

    def analyse(self, claim: Claim) -> None:
        """Analyse an article. Storing it and ending the job are one transaction."""
        article = self.read_article(json.loads(claim.body))
        document = self.analyser.limits.read(article.body, article.format, article.language)
        record, answer = self.analyser.prepare(article, document, self.store.generation())
        if article.store:
            self.analyser.keep(article, record, answer, claim=claim)
        else:
            self.store.jobs.settle(claim, Outcome(answer=answer.decode()), self.store.now())

    def remove(self, claim: Claim) -> None:
        """Delete an article, if it exists."""
        article = json.loads(claim.body)["id"]
        try:
            self.store.delete_article(article, claim=claim)
        except NotFound:
            self.store.jobs.settle(claim, Outcome(article), self.store.now())

    def retry(self, claim: Claim, error: Exception, retry_for_s: float) -> bool:
        """Postpone a job that is younger than `retry_for_s`, or let it fail; whether it was postponed."""
        if self.store.now() - claim.created_at >= retry_for_s:
            reason = str(error) if isinstance(error, VerbatimError) else "the service failed at it"
            self.fail(claim, GaveUp(f"{reason} ({claim.attempts} attempts)"))
            return False
        self.record(lambda: self.store.jobs.postpone(claim, self.store.now() + find_pause_s(claim.attempts)))
        return True

    def fail(self, claim: Claim, error: Exception) -> None:
        """Record that a job has failed, and why."""
        problem = self.describe(error)
        self.record(lambda: self.store.jobs.settle(claim, Outcome(problem=problem), self.store.now()))

    def record(self, write: Callable[[], None]) -> None:
        """Write an outcome to the store, and retry for as long as the lease lasts if it is unavailable.

        After that another worker takes the job over, as if this one had died. Nothing is lost.
        """
        deadline = time.monotonic() + self.lease_s
        while True:
            try:
                return write()
            except StoreUnavailable:
                if time.monotonic() > deadline:
                    raise
                time.sleep(min(1.0, self.lease_s / 10))


def find_pause_s(attempts: int) -> float:
    """Seconds until the next attempt: doubled each time, with jitter to spread the jobs."""
    return min(LONGEST_PAUSE_S, float(2 ** min(attempts, 16))) * random.uniform(0.5, 1.0)  # noqa: S311
