"""Batches: many jobs accepted together, counted as they end, and told of when the last one has."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, insert, select, update

from service.errors import NotFound
from service.store.engine.batch_sql import split_chunks
from service.store.engine.database import Database
from service.store.events.outbox import record_event
from service.store.jobs.rows import ID_DIGITS, JobRecord, NewJob, build_row, is_there, job_columns
from service.store.records import storable
from service.store.tables import batches, jobs


@dataclass(frozen=True, slots=True)
class BatchRecord:
    """A batch and how far it is."""

    id: str
    owner: str
    total: int
    done: int
    failed: int
    created_at: float
    finished_at: float | None


class BatchStore:
    """Batches in a database."""

    def __init__(self, database: Database) -> None:
        self._database: Final = database

    def add(self, accepted: Sequence[NewJob], owner: str, now: float, name: str | None = None) -> BatchRecord:
        """Accept many at once: all of them, or none. What has the same `name` is the same batch."""
        batch_id = f"b{name[:ID_DIGITS] if name else secrets.token_hex(ID_DIGITS // 2)}"
        failed = sum(job.problem is not None for job in accepted)
        rows = [
            build_row(job, owner, now) | {"batch_id": batch_id, "position": position}
            for position, job in enumerate(accepted)
        ]
        with self._database.change() as connection:
            if name is not None and is_there(connection, batches.c.id == batch_id):
                return self.get(batch_id, owner)
            record = {"id": batch_id, "owner": owner, "total": len(rows), "done": 0, "failed": failed}
            connection.execute(insert(batches).values(**record, created_at=now))
            for chunk in split_chunks(rows):
                connection.execute(insert(jobs), chunk)
            close_batch_if_over(connection, batch_id, now)
        return self.get(batch_id, owner)

    def get(self, batch_id: str, owner: str | None = None) -> BatchRecord:
        """A batch, where it is the owner's (None: whoever's). Raises NotFound."""
        with self._database.read() as connection:
            row = connection.execute(select(batches).where(batches.c.id == storable(batch_id))).one_or_none()
        if row is None or owner not in (None, row.owner):
            raise NotFound("no such batch; a finished one is kept for a week")
        return BatchRecord(**row._mapping)

    def list_items(self, batch_id: str, start: int, limit: int) -> list[JobRecord]:
        """Jobs of a batch from a position on, in order, without their answers."""
        wanted = (
            select(*job_columns(answer=False))
            .where(jobs.c.batch_id == batch_id, jobs.c.position >= start)
            .order_by(jobs.c.position)
            .limit(limit)
        )
        with self._database.read() as connection:
            return [JobRecord(**row._mapping, answer=None) for row in connection.execute(wanted)]


def count_item(connection: Connection, batch_id: str, has_failed: bool, now: float) -> None:
    """Count one of a batch's jobs that is over, within the transaction that ends it."""
    counter = batches.c.failed if has_failed else batches.c.done
    counted = update(batches).where(batches.c.id == batch_id)
    connection.execute(counted.values({counter: counter + 1}))  # locks the batch for what comes next
    close_batch_if_over(connection, batch_id, now)


def close_batch_if_over(connection: Connection, batch_id: str, now: float) -> None:
    """Note that a batch's last item is over, and tell who wants to hear of it."""
    row = connection.execute(select(batches).where(batches.c.id == batch_id)).one()
    if row.done + row.failed < row.total:
        return
    connection.execute(update(batches).where(batches.c.id == batch_id).values(finished_at=now))
    counts = {"id": batch_id, "total": row.total, "done": row.done, "failed": row.failed}
    record_event(connection, "batch.finished", lambda: counts, now, owner=row.owner)
