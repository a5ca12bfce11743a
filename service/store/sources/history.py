"""The history of sources: what was done, by whom and when, and what was there before."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from service.errors import NotFound
from service.store.engine.cursor import MAX_NUMBER
from service.store.records import storable
from service.store.sources.records import Action, Actor, HistoryEntry, HistoryPage
from service.store.tables import source_history


@dataclass(frozen=True, slots=True)
class Done:
    """A change of a source, for its history."""

    action: Action
    by: Actor
    at: datetime
    reason: str | None = None
    former: Mapping[str, Any] = field(default_factory=dict)
    verdicts: int = 0


def add_entry(connection: Connection, source: str, done: Done) -> None:
    """Add a change to the history of a source, given by its public id."""
    former = json.dumps(dict(done.former), ensure_ascii=False, separators=(",", ":"))
    connection.execute(
        insert(source_history).values(
            source=source,
            action=done.action,
            at=done.at,
            by=done.by.name,
            key_id=done.by.key_id,
            reason=done.reason,
            former=former,
            verdicts=done.verdicts,
        )
    )


def read_history(connection: Connection, source: str, before: int | None, limit: int) -> HistoryPage:
    """The changes of a source below the number `before`, the newest first."""
    wanted = select(source_history).where(source_history.c.source == storable(source))
    if before is not None:
        wanted = wanted.where(source_history.c.number < before)
    rows = connection.execute(wanted.order_by(source_history.c.number.desc()).limit(limit + 1)).all()
    more = rows[limit - 1].number if len(rows) > limit else None
    return HistoryPage(tuple(read_entry(row) for row in rows[:limit]), more)


def get_entry(connection: Connection, source: str, number: int) -> HistoryEntry:
    """One change of a source. Raises NotFound."""
    mine = (source_history.c.source == storable(source)) & (source_history.c.number == number)
    is_number = 0 < number <= MAX_NUMBER
    row = connection.execute(select(source_history).where(mine)).one_or_none() if is_number else None
    if row is None:
        raise NotFound("the history of this source has no entry of this number")
    return read_entry(row)


def forget_words(connection: Connection, source: str) -> None:
    """Delete what a removed source said from its history; what was done, by whom and when stays."""
    mine = source_history.c.source == source
    for row in connection.execute(select(source_history.c.number, source_history.c.former).where(mine)).all():
        former = json.loads(row.former or "{}")
        kept = {name: value for name, value in former.items() if name not in ("turns", "text")}
        if kept != former:
            written = json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
            connection.execute(
                update(source_history).where(source_history.c.number == row.number).values(former=written)
            )


def read_entry(row: Row[Any]) -> HistoryEntry:
    """An entry of a row."""
    return HistoryEntry(
        row.number, row.action, row.at, row.by, row.key_id, row.reason, json.loads(row.former or "{}"),
        row.verdicts,
    )  # fmt: skip
