"""Work that is done later: doing it, at least once. Its effect and its end are one transaction."""

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
from service.text import read_document
from service.usecases.articles.analyse_article import Analyser
from service.usecases.articles.analysis import Article

#: How often a job is tried that fails for no reason we know; poison fails every time.
MAX_ATTEMPTS: Final = 3
#: How long a job is tried again while the store keeps failing under it.
PATIENCE_S: Final = 86_400.0
LONGEST_PAUSE_S: Final = 300.0

log = structlog.get_logger("verbatim.jobs")


class GaveUp(Exception):
    """Why a job is not tried again, where that is no fault of what was sent; for the one who sent it."""


@dataclass(frozen=True, slots=True)
class Held:
    """The job that this process is doing."""

    claim: Claim
    since: float  # monotonic seconds


@dataclass(slots=True)
class JobRunner:
    """Does jobs, one after the other. `held` is for whoever renews its lease meanwhile."""

    store: Store
    analyser: Analyser
    read_article: Callable[[Any], Article]  # from the JSON that was sent; raises InvalidInput
    describe: Callable[[Exception], str]  # an error as problem details in JSON
    lease_s: float
    held: Held | None = field(default=None, init=False)

    def do_next(self) -> bool:
        """Do the next job that is due; False where there is none. Raises StoreUnavailable."""
        claim = self.store.jobs.claim(time.time(), self.lease_s, self.describe(GaveUp(LOST)))
        if claim is None:
            return False
        self.held = Held(claim, time.monotonic())
        try:
            with observed_job(claim.kind, claim.correlation) as exchange:
                exchange.outcome = self.attempt(claim)
        except LeaseLost:
            log.warning("job_taken_over", job=claim.id, attempt=claim.attempts)
        finally:
            self.held = None
        return True

    def attempt(self, claim: Claim) -> str:
        """Do a job, and say how it ended, whatever happens: done, failed, postponed. Raises LeaseLost."""
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
            outcome = "postponed" if self.retry(claim, error, PATIENCE_S) else "failed"
        except VerbatimError as error:
            outcome = "failed"
            self.fail(claim, error)
        except JobTimeout:
            outcome = "failed"
            self.fail(claim, GaveUp(f"it took longer than {TIME_LIMIT_S} s"))
        except Exception as error:
            log.error("job_error", job=claim.id, error=type(error).__name__, exc_info=error)
            patience = PATIENCE_S if claim.attempts < MAX_ATTEMPTS else 0.0
            outcome = "postponed" if self.retry(claim, error, patience) else "failed"
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
        document = read_document(article.body, article.format, article.language)
        record, answer = self.analyser.prepare(article, document, self.store.generation())
        if article.store:
            self.analyser.keep(article, record, answer, claim=claim)
        else:
            self.store.jobs.settle(claim, Outcome(answer=answer.decode()), time.time())

    def remove(self, claim: Claim) -> None:
        """Forget an article; one that is not there is forgotten already."""
        article = json.loads(claim.body)["id"]
        try:
            self.store.delete_article(article, claim=claim)
        except NotFound:
            self.store.jobs.settle(claim, Outcome(article), time.time())

    def retry(self, claim: Claim, error: Exception, patience_s: float) -> bool:
        """Put a job off, where it is young enough to be tried again; whether it is."""
        if time.time() - claim.created_at >= patience_s:
            reason = str(error) if isinstance(error, VerbatimError) else "the service failed at it"
            self.fail(claim, GaveUp(f"{reason} ({claim.attempts} attempts)"))
            return False
        self.insist(lambda: self.store.jobs.postpone(claim, time.time() + find_pause_s(claim.attempts)))
        return True

    def fail(self, claim: Claim, error: Exception) -> None:
        """Say that a job has failed, and why."""
        problem = self.describe(error)
        self.insist(lambda: self.store.jobs.settle(claim, Outcome(problem=problem), time.time()))

    def insist(self, say: Callable[[], None]) -> None:
        """Tell the store, which may be away at this very moment, for as long as the lease would last.

        After that the job is taken over: nothing is lost, but it looks as if this worker had died.
        """
        deadline = time.monotonic() + self.lease_s
        while True:
            try:
                return say()
            except StoreUnavailable:
                if time.monotonic() > deadline:
                    raise
                time.sleep(min(1.0, self.lease_s / 10))


def find_pause_s(attempts: int) -> float:
    """Seconds until the next attempt: doubled each time, and scattered, so that not all come back at once."""
    return min(LONGEST_PAUSE_S, float(2 ** min(attempts, 16))) * random.uniform(0.5, 1.0)  # noqa: S311
