"""A job as a row: what it is accepted as, and what its owner may see of it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Connection, exists, select

from service.store.records import storable
from service.store.tables import jobs

JobKind = Literal["article", "removal"]
JobStatus = Literal["queued", "running", "done", "failed"]

AT_ONCE: Final = 0  # somebody waits for it
IN_TURN: Final = 1  # a batch's
ID_DIGITS: Final = 24  # hexadecimal ones, after a letter


@dataclass(frozen=True, slots=True)
class NewJob:
    """Work to accept. One with a `problem` is over before it began."""

    kind: JobKind
    subject: str  # the article's id: jobs about the same one are done in the order they came in
    body: str  # JSON
    problem: str | None = None
    correlation: str | None = None  # whose request left it


@dataclass(frozen=True, slots=True)
class JobRecord:
    """A job as its owner may see it. Times are seconds since 1970."""

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


def is_there(connection: Connection, condition: ColumnElement[bool]) -> bool:
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
        "priority": IN_TURN,
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
    """What is read of a job; its answer may be large."""
    names = [name for name in JobRecord.__dataclass_fields__ if answer or name != "answer"]
    return [jobs.c[name] for name in names]
