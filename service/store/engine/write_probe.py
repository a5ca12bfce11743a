"""Whether the store can be written: a full disk or a read-only database still answers reads."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import exc, update

from service.errors import StoreUnavailable
from service.store.engine.database import Database, is_lock_error
from service.store.engine.diagnosis import explain_failure
from service.store.tables import state

LOCK_MS: Final = 500  # for the lock; where another holds it, the store is being written


@dataclass(frozen=True, slots=True)
class WriteFault:
    """Why the store cannot be written: a sentence for the operator, and what the system says, for the log."""

    explanation: str
    cause: Mapping[str, str | int]


def find_write_fault(database: Database) -> WriteFault | None:
    """Write one row as it is, and commit; None if that works, or another program is writing now.

    A rolled-back write would not reach the disk, and not notice that it is full.
    """
    try:
        with database.write_soon(LOCK_MS) as connection:
            connection.execute(update(state).values(generation=state.c.generation))
    except StoreUnavailable as error:
        original = error.__cause__
        if isinstance(original, exc.DBAPIError) and is_lock_error(original):
            return None
        return WriteFault(explain_failure(error) or str(error), describe_cause(database, original))
    return None


def describe_cause(database: Database, error: BaseException | None) -> dict[str, str | int]:
    """SQLSTATE or SQLite's name of the error, and the free space beside an SQLite file. No message: it may
    quote statements."""
    found: dict[str, str | int] = {"error": type(error).__name__}
    original = getattr(error, "orig", None)
    for name in ("sqlstate", "sqlite_errorname", "sqlite_errorcode", "errno"):
        if (value := getattr(original, name, None)) is not None:
            found[name] = value
    file = database.engine.url.database
    if database.is_sqlite and file:
        with suppress(OSError):
            found["free_bytes"] = shutil.disk_usage(Path(file).parent).free
    return found
