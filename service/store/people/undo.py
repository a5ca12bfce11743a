"""Undoes operations. Undoing is an operation too: entries of the journal are never changed."""

from __future__ import annotations

from sqlalchemy import Connection, select

from service.errors import Conflict, NotFound
from service.store.people.records import State
from service.store.people.writing import Change, Row, read_rows
from service.store.tables import person_journal

table = person_journal.c


def find_undoable(connection: Connection, row: Row, operation: int | None) -> int:
    """The operation on a person to undo: the given one, or the last that is not undone.

    Raises NotFound if there is none.
    """
    mine = select(table.operation, table.action, table.undoes).where(table.person_id == row.id)
    entries = connection.execute(mine.order_by(table.version.desc())).all()
    if operation is not None:
        if all(entry.operation != operation for entry in entries):
            raise NotFound("the speaker has no operation of this number")
        return operation
    undone: set[int] = set()
    for entry in entries:
        if entry.operation in undone:
            continue
        if entry.action != "undone":
            return int(entry.operation)
        undone.add(entry.undoes)
    raise NotFound("no operation on this speaker is left to undo")


def build_undo(connection: Connection, operation: int) -> list[Change]:
    """The changes that restore the state before an operation, for all persons that it changed.

    Raises Conflict if one of them was changed since."""
    touched = connection.execute(select(person_journal).where(table.operation == operation)).all()
    rows = read_rows(connection, [entry.person_id for entry in touched])
    changes = []
    for entry in touched:
        row, made = rows[entry.person_id], State.from_json(entry.state)
        if row.state != made:
            later = select(table.operation).where(table.person_id == row.id, table.version == row.version)
            number = connection.execute(later).scalar_one()
            raise Conflict(
                f"{row.stored().id} was changed since, by operation {number}; undo what came later first"
            )
        before = select(table.state).where(table.person_id == row.id, table.version == entry.version - 1)
        former = connection.execute(before).scalar()
        changes.append(Change(row, State.from_json(former) if former else State(made.person, "removed")))
    return changes
