"""Rows of jobs: a new job, and what its owner can read of it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Connection, exists, select

from service.store.records import storable
from service.store.tables import jobs

JobKind = Literal["article", "removal"]
JobStatus = Literal["queued", "running", "done", "failed"]

SINGLE_PRIORITY: Final = 0  # before batches
BATCH_PRIORITY: Final = 1
ID_DIGITS: Final = 24  # hexadecimal, after a letter


@dataclass(frozen=True, slots=True)
class NewJob:
    """A job to add. A job with a `problem` (problem details, JSON) has failed already."""

    kind: JobKind
    subject: str  # id of the article; jobs about the same article run in the order in which they were added
    body: str  # JSON
    problem: str | None = None
    correlation: str | None = None  # ids of the request, JSON


@dataclass(frozen=True, slots=True)
class JobRecord:
    """A job as its owner can read it. Times are seconds since 1970."""

    id: str
    kind: JobKind
    owner: str
    status: JobStatus
    batch_id: str | None
    position: int
    attempts: int
    article_id: str | None
    version: int | None
    problem: str | None
    answer: str | None
    created_at: float
    finished_at: float | None


def row_exists(connection: Connection, condition: ColumnElement[bool]) -> bool:
    """Whether any row fulfils the condition."""
    return bool(connection.execute(select(exists().where(condition))).scalar_one())


def build_row(job: NewJob, owner: str, now: float) -> dict[str, Any]:
    """A new job's row."""
    over = job.problem is not None
    return {
        "id": f"j{secrets.token_hex(ID_DIGITS // 2)}",
        "kind": job.kind,
        "owner": owner,
        "batch_id": None,
        "position": 0,
        "subject": job.subject,
        "priority": BATCH_PRIORITY,
        "body": "" if over else storable(job.body),
        "status": "failed" if over else "queued",
        "attempts": 0,
        "deaths": 0,
        "due_at": now,
        "problem": job.problem,
        "correlation": job.correlation,
        "created_at": now,
        "finished_at": now if over else None,
    }


def job_columns(answer: bool) -> list[Any]:
    """The columns of a JobRecord, with or without the answer, which may be large."""
    names = [name for name in JobRecord.__dataclass_fields__ if answer or name != "answer"]
    return [jobs.c[name] for name in names]
