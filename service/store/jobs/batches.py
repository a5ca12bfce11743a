"""Batches: jobs that are added together and counted as they end. The end of the last one is published."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, insert, select, update

from service.errors import NotFound
from service.store.engine.batch_sql import split_chunks
from service.store.engine.database import Database
from service.store.events.publish import publish_event
from service.store.jobs.rows import ID_DIGITS, JobRecord, NewJob, build_row, job_columns, row_exists
from service.store.records import storable
from service.store.tables import batches, jobs


@dataclass(frozen=True, slots=True)
class BatchRecord:
    """A batch and its progress. Times are seconds since 1970."""

    id: str
    owner: str
    total: int
    done: int
    failed: int
    created_at: float
    finished_at: float | None


class BatchStore:
    """The batches of a database. Methods raise StoreUnavailable if it does not answer."""

    def __init__(self, database: Database) -> None:
        self._database: Final = database

    def add(self, accepted: Sequence[NewJob], owner: str, now: float, name: str | None = None) -> BatchRecord:
        """Add all jobs of a batch, or none. A batch with the `name` of an earlier one is that batch."""
        batch_id = f"b{name[:ID_DIGITS] if name else secrets.token_hex(ID_DIGITS // 2)}"
        failed = sum(job.problem is not None for job in accepted)
        rows = [
            build_row(job, owner, now) | {"batch_id": batch_id, "position": position}
            for position, job in enumerate(accepted)
        ]
        with self._database.change() as connection:
            if name is not None and row_exists(connection, batches.c.id == batch_id):
                return self.get(batch_id, owner)
            record = {"id": batch_id, "owner": owner, "total": len(rows), "done": 0, "failed": failed}
            connection.execute(insert(batches).values(**record, created_at=now))
            for chunk in split_chunks(rows):
                connection.execute(insert(jobs), chunk)
            close_batch_if_over(connection, batch_id, now)
        return self.get(batch_id, owner)

    def get(self, batch_id: str, owner: str | None = None) -> BatchRecord:
        """A batch of the owner (None: of any owner). Raises NotFound."""
        with self._database.read() as connection:
            row = connection.execute(select(batches).where(batches.c.id == storable(batch_id))).one_or_none()
        if row is None or owner not in (None, row.owner):
            raise NotFound("no such batch; a finished one is kept for a week")
        return BatchRecord(**row._mapping)

    def list_items(self, batch_id: str, start: int, limit: int) -> list[JobRecord]:
        """Up to `limit` jobs of a batch from the position `start` on, in order, without their answers."""
        wanted = (
            select(*job_columns(answer=False))
            .where(jobs.c.batch_id == batch_id, jobs.c.position >= start)
            .order_by(jobs.c.position)
            .limit(limit)
        )
        with self._database.read() as connection:
            return [JobRecord(**row._mapping, answer=None) for row in connection.execute(wanted)]


def count_item(connection: Connection, batch_id: str, has_failed: bool, now: float) -> None:
    """Count an ended job of a batch, in the transaction that ends it."""
    counter = batches.c.failed if has_failed else batches.c.done
    counted = update(batches).where(batches.c.id == batch_id)
    connection.execute(counted.values({counter: counter + 1}))  # locks the batch until commit
    close_batch_if_over(connection, batch_id, now)


def close_batch_if_over(connection: Connection, batch_id: str, now: float) -> None:
    """End a batch whose jobs have all ended, and publish that."""
    row = connection.execute(select(batches).where(batches.c.id == batch_id)).one()
    if row.done + row.failed < row.total:
        return
    connection.execute(update(batches).where(batches.c.id == batch_id).values(finished_at=now))
    counts = {"id": batch_id, "total": row.total, "done": row.done, "failed": row.failed}
    publish_event(connection, "batch.finished", counts, now, owner=row.owner)
