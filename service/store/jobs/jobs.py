"""Background jobs as rows: accepted once, run under a lease, ended once.

Redis only notifies workers. A notified worker claims the next job from here, so a lost notification delays
work and cannot lose it, and one too many finds no job.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, exists, func, insert, or_, select, update

from service.errors import NotFound
from service.store.engine.database import Database
from service.store.jobs.batches import count_item
from service.store.jobs.rows import (
    ID_DIGITS,
    SINGLE_PRIORITY,
    JobKind,
    JobRecord,
    NewJob,
    build_row,
    job_columns,
    row_exists,
)
from service.store.records import storable
from service.store.tables import batches, jobs

MAX_DEATHS: Final = 5
#: The problem of a job that ended with its worker each time.
LOST: Final = f"the worker was lost {MAX_DEATHS} times while running the job"

OPEN: Final = ("queued", "running")


class LeaseLost(Exception):
    """The lease ran out and another worker has taken the job over, or the job has ended."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that this process may run until its lease runs out."""

    number: int
    id: str
    kind: JobKind
    body: str
    lease: str
    attempts: int  # with this one
    created_at: float
    batch_id: str | None
    correlation: str | None = None
    owner: str | None = None  # the id of the key that it was made with


@dataclass(frozen=True, slots=True)
class Backlog:
    """The number of queued and running jobs, and for how many seconds the oldest queued one has been due."""

    open: int
    oldest_s: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a job ended; it failed if there is a problem (problem details, JSON).

    `answer` is the analysis, JSON, of an article that is not stored.
    """

    article_id: str | None = None
    version: int | None = None
    answer: str | None = None
    problem: str | None = None


class JobStore:
    """The jobs of a database. Methods raise StoreUnavailable if it does not answer."""

    def __init__(self, database: Database) -> None:
        self._database: Final = database

    def add_job(self, job: NewJob, owner: str, now: float, name: str | None = None) -> JobRecord:
        """Add a job with the highest priority. A job with the `name` of an earlier one is that job."""
        row = build_row(job, owner, now) | {"priority": SINGLE_PRIORITY}
        if name is not None:
            row["id"] = f"j{name[:ID_DIGITS]}"
        with self._database.change() as connection:
            if name is None or not row_exists(connection, jobs.c.id == row["id"]):
                connection.execute(insert(jobs).values(row))
        return self.get_job(row["id"], owner)

    def claim(self, now: float, lease_s: float, lost: str = LOST) -> Claim | None:
        """Claim the next job that is due or whose lease has run out; None if there is none.

        A job that was lost with `MAX_DEATHS` workers fails with the problem `lost`, and the next one is
        claimed.
        """
        while True:
            with self._database.change() as connection:
                row = connection.execute(build_next(now)).first()
                if row is None:
                    return None
                claim = take(connection, row, now, lease_s)
                if count_deaths(row) < MAX_DEATHS:
                    return claim
                settle(connection, claim, Outcome(problem=lost), now)

    def extend(self, lease: str, until: float) -> bool:
        """Extend a lease; False if the job has ended or was taken over."""
        held = and_(jobs.c.lease == lease, jobs.c.status == "running")
        with self._database.change() as connection:
            return connection.execute(update(jobs).where(held).values(leased_until=until)).rowcount == 1

    def settle(self, claim: Claim, outcome: Outcome, now: float) -> None:
        """End a job. Raises LeaseLost."""
        with self._database.change() as connection:
            settle(connection, claim, outcome, now)

    def postpone(self, claim: Claim, due_at: float) -> None:
        """Queue a claimed job again, due at `due_at`. Raises LeaseLost."""
        values = {"status": "queued", "due_at": due_at, "lease": None, "leased_until": None}
        with self._database.change() as connection:
            if connection.execute(update(jobs).where(is_held(claim)).values(values)).rowcount != 1:
                raise LeaseLost

    def count_due(self, now: float, at_most: int = 1) -> int:
        """The number of jobs that can be claimed now, counted up to `at_most`."""
        due = select(jobs.c.number).where(is_due(now)).limit(at_most).subquery()
        with self._database.read() as connection:
            return int(connection.execute(select(func.count()).select_from(due)).scalar_one())

    def is_full(self, most: int) -> bool:
        """Whether there are at least `most` queued and running jobs."""
        last = select(jobs.c.number).where(jobs.c.status.in_(OPEN)).offset(most - 1).limit(1)
        with self._database.read() as connection:
            return connection.execute(last).first() is not None

    def waiting_bytes(self, owner: str) -> int:
        """The size of the requests of an owner's queued and running jobs, in characters of JSON (ASCII)."""
        size = func.coalesce(func.sum(func.length(jobs.c.body)), 0)
        statement = select(size).where(jobs.c.status.in_(OPEN), jobs.c.owner == owner)
        with self._database.read() as connection:
            return int(connection.execute(statement).scalar_one())

    def count_open(self) -> int:
        """The number of queued and running jobs."""
        with self._database.read() as connection:
            statement = select(func.count()).select_from(jobs).where(jobs.c.status.in_(OPEN))
            return int(connection.execute(statement).scalar_one())

    def find_backlog(self, now: float) -> Backlog:
        """The queued and running jobs, and the wait of the oldest due one."""
        due = and_(jobs.c.status == "queued", jobs.c.due_at <= now)
        oldest = select(func.min(jobs.c.due_at)).where(due).scalar_subquery()
        statement = select(func.count(), oldest).select_from(jobs).where(jobs.c.status.in_(OPEN))
        with self._database.read() as connection:
            count, since = connection.execute(statement).one()
        return Backlog(int(count), max(0.0, now - since) if since is not None else 0.0)

    def count_ahead(self, job: JobRecord, at_most: int = 1_000) -> int:
        """The number of queued jobs before this one, counted up to `at_most`."""
        this = select(jobs.c.priority, jobs.c.number).where(jobs.c.id == job.id).subquery()
        before = or_(
            jobs.c.priority < this.c.priority,
            and_(jobs.c.priority == this.c.priority, jobs.c.number < this.c.number),
        )
        waiting = select(jobs.c.number).where(jobs.c.status == "queued", before).limit(at_most).subquery()
        with self._database.read() as connection:
            return int(connection.execute(select(func.count()).select_from(waiting)).scalar_one())

    def get_job(self, job_id: str, owner: str | None = None) -> JobRecord:
        """A job of the owner (None: of any owner). Raises NotFound."""
        wanted = select(*job_columns(answer=True)).where(jobs.c.id == storable(job_id))
        with self._database.read() as connection:
            row = connection.execute(wanted).one_or_none()
        if row is None or owner not in (None, row.owner):
            raise NotFound("no such job; a finished one is kept for a week")
        return JobRecord(**row._mapping)

    def purge(self, before: float) -> int:
        """Delete jobs and batches that ended before that time; their number."""
        with self._database.change() as connection:
            alone = and_(jobs.c.finished_at < before, jobs.c.batch_id.is_(None))
            gone = connection.execute(delete(jobs).where(alone)).rowcount
            over = select(batches.c.id).where(batches.c.finished_at < before)
            connection.execute(delete(jobs).where(jobs.c.batch_id.in_(over)))
            return gone + connection.execute(delete(batches).where(batches.c.finished_at < before)).rowcount


def is_due(now: float) -> ColumnElement[bool]:
    """Whether a job can be claimed: it is queued and due, or its lease has run out."""
    return or_(
        and_(jobs.c.status == "queued", jobs.c.due_at <= now),
        and_(jobs.c.status == "running", jobs.c.leased_until < now),
    )


def build_next(now: float) -> Any:
    """A query for the next job to claim. Jobs about the same article run one at a time, in order."""
    earlier = jobs.alias("earlier")
    waits = exists().where(
        earlier.c.subject == jobs.c.subject, earlier.c.number < jobs.c.number, earlier.c.status.in_(OPEN)
    )
    return (
        select(jobs)
        .where(is_due(now), ~waits)
        .order_by(jobs.c.priority, jobs.c.number)
        .limit(1)
        .with_for_update(of=jobs, skip_locked=True)
    )


def count_deaths(row: Row[Any]) -> int:
    """How many workers were lost with a job that is about to be claimed, with the present holder if any."""
    return int(row.deaths) + int(row.status == "running")


def take(connection: Connection, row: Row[Any], now: float, lease_s: float) -> Claim:
    """Claim a job under a new lease."""
    lease = secrets.token_hex(8)
    values = {
        "status": "running",
        "lease": lease,
        "leased_until": now + lease_s,
        "attempts": row.attempts + 1,
        "deaths": count_deaths(row),
    }
    connection.execute(update(jobs).where(jobs.c.number == row.number).values(values))
    attempts = row.attempts + 1
    values_of_row = (row.number, row.id, row.kind, row.body, lease, attempts, row.created_at, row.batch_id)
    return Claim(*values_of_row, correlation=row.correlation, owner=row.owner)


def is_held(claim: Claim) -> ColumnElement[bool]:
    """Whether a claim still holds its job."""
    return and_(jobs.c.number == claim.number, jobs.c.lease == claim.lease, jobs.c.status == "running")


def settle(connection: Connection, claim: Claim, outcome: Outcome, now: float) -> None:
    """End a job, and its batch with the last job, in the transaction that has the job's effect.

    Raises LeaseLost. The transaction must then be rolled back: another worker has taken the job over.
    """
    values = {
        "status": "failed" if outcome.problem is not None else "done",
        "body": "",
        "lease": None,
        "leased_until": None,
        "article_id": outcome.article_id,
        "version": outcome.version,
        "answer": outcome.answer,
        "problem": outcome.problem,
        "finished_at": now,
    }
    if connection.execute(update(jobs).where(is_held(claim)).values(values)).rowcount != 1:
        raise LeaseLost
    if claim.batch_id is not None:
        count_item(connection, claim.batch_id, outcome.problem is not None, now)
