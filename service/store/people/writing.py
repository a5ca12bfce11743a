"""Writes persons. Every change is an operation, and its resulting state is kept in the journal."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, delete, select, update

from service.errors import Conflict, InvalidInput, NotFound
from service.people.naming import person_keys as keys_of
from service.people.naming import search_words
from service.people.person import Person, read_person, write_person
from service.store.engine.batch_sql import insert_rows, select_by_keys, split_chunks
from service.store.people.records import (
    STATUSES,
    Action,
    Edit,
    State,
    StoredPerson,
    format_person_key,
    parse_person_key,
)
from service.store.state import record_change
from service.store.tables import people, people_state, person_journal, person_keys, person_words

PEOPLE_COLUMNS: Final = (
    "id", "key", "version", "status", "merged_into", "wikidata", "person", "imported", "import_hash",
    "created_at", "updated_at",
)  # fmt: skip
JOURNAL_COLUMNS: Final = (
    "person_id", "version", "operation", "action", "actor", "note", "undoes", "at", "state",
)  # fmt: skip
MAX_ID: Final = (1 << 31) - 1
SALTS: Final = 4


@dataclass(frozen=True, slots=True)
class Row:
    """A person's row. `base` is what the last import contained, None if none did."""

    id: int
    key: int
    version: int
    state: State
    base: Person | None
    created_at: float
    updated_at: float

    def stored(self) -> StoredPerson:
        """The row as a record."""
        return StoredPerson(
            format_person_key(self.key), self.state, self.version, self.created_at, self.updated_at
        )


@dataclass(frozen=True, slots=True)
class Change:
    """The next state of a person; `row` is None for a new one. `base` is set by imports."""

    row: Row | None
    state: State
    base: Person | None = None
    action: Action | None = None  # where it differs from that of the operation


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation. Persons that one operation changed are undone together."""

    action: Action
    edit: Edit
    undoes: int | None = None


def read_rows(connection: Connection, ids: Iterable[int]) -> dict[int, Row]:
    """The rows with these ids, by id."""
    found = list(select_by_keys(connection, select(people), people.c.id, list(ids)))
    return _build_rows(connection, found)


def find_rows(connection: Connection, column: Any, values: Sequence[Any]) -> list[Row]:
    """The rows with one of the values in a column, ordered by id."""
    found = list(select_by_keys(connection, select(people), column, values))
    return sorted(_build_rows(connection, found).values(), key=lambda row: row.id)


def _build_rows(connection: Connection, found: Sequence[Any]) -> dict[int, Row]:
    into = {row.merged_into for row in found if row.merged_into}
    keys = select_by_keys(connection, select(people.c.id, people.c.key), people.c.id, list(into))
    key_of = {row.id: row.key for row in keys}
    return {row.id: _build_row(row, key_of) for row in found}


def _build_row(row: Any, key_of: dict[int, int]) -> Row:
    merged_into = format_person_key(key_of[row.merged_into]) if row.merged_into else None
    return Row(
        row.id,
        row.key,
        row.version,
        State(read_person(json.loads(row.person)), STATUSES[row.status], merged_into),
        read_person(json.loads(row.imported)) if row.imported else None,
        row.created_at,
        row.updated_at,
    )


def get_row(connection: Connection, public_id: str) -> Row:
    """A person's row, of any status. Raises NotFound."""
    key = parse_person_key(public_id)
    rows = find_rows(connection, people.c.key, [key]) if key is not None else []
    if not rows:
        raise NotFound("no speaker has this id")
    return rows[0]


def get_active(connection: Connection, public_id: str) -> Row:
    """The row of a person that is neither merged nor removed. Raises NotFound, Conflict."""
    row = get_row(connection, public_id)
    if row.state.status == "merged":
        raise Conflict(f"{public_id} was merged into {row.state.merged_into}")
    if row.state.status == "removed":
        raise Conflict(f"{public_id} was removed; undo that first")
    return row


def write_changes(connection: Connection, changes: Sequence[Change], operation: Operation) -> list[Row]:
    """Write the next states of persons as one operation.

    Raises Conflict if another active person has the same Wikidata id."""
    return write_operations(connection, [(operation, changes)])[0] if changes else []


def write_operations(
    connection: Connection, operations: Sequence[tuple[Operation, Sequence[Change]]]
) -> list[list[Row]]:
    """Write several operations in order; the resulting rows of each."""
    state = connection.execute(select(people_state)).one()
    changes = [change for _, some in operations for change in some]
    fresh = [change for change in changes if change.row is None]
    if state.next_id + len(fresh) > MAX_ID:
        raise InvalidInput("the registry has no numbers left")
    refuse_taken_ids(connection, changes)
    numbers, keys = iter(range(state.next_id, MAX_ID)), iter(choose_keys(connection, fresh))
    written: list[list[Row]] = []
    journal: list[tuple[Any, ...]] = []
    for offset, (operation, some) in enumerate(operations):
        rows = [_next_row(change, operation.edit.at, numbers, keys) for change in some]
        journal += [
            _journal_row(row, change.action or operation.action, operation, state.next_operation + offset)
            for row, change in zip(rows, some, strict=True)
        ]
        written.append(rows)
    rows = [row for some in written for row in some]
    _store_rows(connection, rows)
    insert_rows(connection, person_journal, JOURNAL_COLUMNS, journal)
    _index(connection, rows)
    gained = sum(
        (row.state.status == "active") - bool(change.row and change.row.state.status == "active")
        for row, change in zip(rows, changes, strict=True)
    )
    connection.execute(
        update(people_state).values(
            revision=state.revision + 1,
            people=state.people + gained,
            next_id=state.next_id + len(fresh),
            next_operation=state.next_operation + len(operations),
        )
    )
    record_change(connection, 0)
    return written


def refuse_taken_ids(connection: Connection, changes: Sequence[Change]) -> None:
    """Raise Conflict if two active persons would have the same Wikidata id."""
    wanted: dict[str, int | None] = {}
    for change in changes:
        wikidata = change.state.person.wikidata
        if wikidata and change.state.status == "active":
            if wikidata in wanted:
                raise Conflict(f"two speakers cannot both be {wikidata}")
            wanted[wikidata] = change.row.id if change.row else None
    leaving = {change.row.id for change in changes if change.row}
    taken = select(people.c.key, people.c.id, people.c.wikidata).where(people.c.status == 0)
    for row in select_by_keys(connection, taken, people.c.wikidata, list(wanted)):
        if row.id not in leaving:
            raise Conflict(f"{row.wikidata} is {format_person_key(row.key)} already")


def choose_keys(connection: Connection, fresh: Sequence[Change]) -> Iterator[int]:
    """A key for each new person, the same in every store unless it is taken."""
    wanted = [[_key(change.state.person, salt) for salt in range(SALTS)] for change in fresh]
    listed = [key for some in wanted for key in some]
    taken = {row.key for row in select_by_keys(connection, select(people.c.key), people.c.key, listed)}
    for change, some in zip(fresh, wanted, strict=True):
        salt = SALTS
        key = next((key for key in some if key not in taken), None)
        while key is None:
            candidate = _key(change.state.person, salt)
            known = select(people.c.id).where(people.c.key == candidate)
            if candidate not in taken and connection.execute(known).first() is None:
                key = candidate
            salt += 1
        taken.add(key)
        yield key


def _key(person: Person, salt: int) -> int:
    return hash_text(f"{person.wikidata or person.name}\x00{salt}")


def hash_text(text: str) -> int:
    """A signed 64-bit hash of a text."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)


def hash_person(person: Person) -> int:
    """A signed 64-bit hash of all that an import contains of a person."""
    return hash_text(dump_person(person))


def dump_person(person: Person) -> str:
    """A person as the tables store it."""
    return json.dumps(write_person(person), ensure_ascii=False)


def _next_row(change: Change, at: float, numbers: Iterator[int], keys: Iterator[int]) -> Row:
    old = change.row
    if old is None:
        return Row(next(numbers), next(keys), 1, change.state, change.base, at, at)
    base = change.base or old.base
    return Row(old.id, old.key, old.version + 1, change.state, base, old.created_at, at)


def _journal_row(row: Row, action: Action, operation: Operation, number: int) -> tuple[Any, ...]:
    edit = operation.edit
    state = row.state.to_json()
    return (row.id, row.version, number, action, edit.actor, edit.note, operation.undoes, edit.at, state)


def _store_rows(connection: Connection, rows: Sequence[Row]) -> None:
    into = {row.state.merged_into for row in rows if row.state.merged_into}
    wanted = [key for name in into if (key := parse_person_key(name)) is not None]
    found = select_by_keys(connection, select(people.c.id, people.c.key), people.c.key, wanted)
    id_of = {format_person_key(row.key): row.id for row in found}
    new: list[tuple[Any, ...]] = []
    for row in rows:
        merged_into = id_of[row.state.merged_into] if row.state.merged_into else None
        values = (
            row.id, row.key, row.version, STATUSES.index(row.state.status), merged_into,
            row.state.person.wikidata, dump_person(row.state.person),
            dump_person(row.base) if row.base else None, hash_person(row.base) if row.base else None,
            row.created_at, row.updated_at,
        )  # fmt: skip
        if row.version == 1:
            new.append(values)
        else:
            named = dict(zip(PEOPLE_COLUMNS, values, strict=True))
            connection.execute(update(people).where(people.c.id == row.id).values(named))
    insert_rows(connection, people, PEOPLE_COLUMNS, new)


def _index(connection: Connection, rows: Sequence[Row]) -> None:
    """Index persons by their present names and roles; merged and removed ones are not indexed."""
    for chunk in split_chunks([row.id for row in rows if row.version > 1]):
        connection.execute(delete(person_keys).where(person_keys.c.person_id.in_(chunk)))
        connection.execute(delete(person_words).where(person_words.c.person_id.in_(chunk)))
    active = [row for row in rows if row.state.status == "active"]
    keys = sorted((key, row.id) for row in active for key in keys_of(row.state.person))
    insert_rows(connection, person_keys, ("key", "person_id"), keys)
    words = sorted((word, row.id) for row in active for word in search_words(row.state.person))
    insert_rows(connection, person_words, ("word", "person_id"), words)
