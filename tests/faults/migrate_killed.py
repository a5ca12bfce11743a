"""Migrates a database in children that are killed (SIGKILL) after the n-th statement: `URL STATEMENTS…`.

A program of its own, which loads everything once and forks. Prints a line of JSON for each child: the signal
that ended it and the revision that the database has then.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from typing import Any

import alembic.command  # noqa: F401 - loaded before the forks
import psycopg  # noqa: F401
from alembic.util import langhelpers  # noqa: F401
from sqlalchemy import Engine, event

from service.store.engine import schema
from service.store.engine.database import Database


def migrate(url: str, kill_at: int) -> int:
    """Migrate, or end amid it. Returns the number of statements."""
    count = 0

    @event.listens_for(Engine, "after_cursor_execute")
    def count_statement(*_: Any) -> None:
        nonlocal count
        count += 1
        if count == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    database = Database(url)
    schema.migrate(database)
    database.close()
    return count


def read_revision(url: str) -> str | None:
    database = Database(url)
    try:
        with database.read() as connection:
            return schema.read_revision(connection)
    finally:
        database.close()


def in_child(work: Any) -> int:
    """The status of a child that does the work and ends."""
    if child := os.fork():
        return os.waitpid(child, 0)[1]
    work()
    os._exit(0)


def main(url: str, scratch: str, step: int) -> None:
    counted = migrate(scratch, 0)
    for kill_at in range(1, counted + step, step):
        at = min(kill_at, counted)
        status = in_child(lambda at=at: migrate(url, at))
        reading, writing = os.pipe()
        in_child(lambda w=writing: os.write(w, json.dumps(read_revision(url)).encode()))
        os.close(writing)
        with os.fdopen(reading) as told:
            revision = json.loads(told.read())
        killed = os.WTERMSIG(status) if os.WIFSIGNALED(status) else None
        print(json.dumps({"statement": at, "signal": killed, "revision": revision}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
