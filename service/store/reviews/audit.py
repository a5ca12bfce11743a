"""The record of reviews and sign-offs: every action, by whom and when. Entries are only added.

Each entry's hash covers the hash of the entry before it, across all reviews. A changed or removed entry
breaks all later hashes; the newest hash is also published in events and written to the log.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal

from sqlalchemy import Connection, insert, select

from service.store.tables import review_history, reviews

Action = Literal[
    "opened", "renewed", "doubted", "claimed", "released", "skipped", "decided", "reopened", "superseded",
    "forgotten", "signed_off", "corrected", "withdrawn",
    "assigned", "shared", "unshared", "policy_changed", "gate_overridden",
]  # fmt: skip
BEGINNING: Final = "0" * 64  # stands for the hash before the first entry
MACHINE: Final = "verbatim"  # who acts where no person does
AT_ONCE: Final = 1_000


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry to add. `details` contain strings, whole numbers, lists, objects and null only."""

    action: Action
    by: str
    key: str | None = None  # public id of the key
    details: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """An entry of the record. `hash` is the SHA-256 of `previous`, a line feed and `entry`."""

    number: int
    review_id: str
    entry: str
    previous: str
    hash: str


def add_entry(connection: Connection, review_id: str, new_entry: NewEntry, now: float) -> HistoryEntry:
    """Add an entry, in a transaction of `Database.write`."""
    [made] = add_entries(connection, [(review_id, new_entry)], now)
    return made


def add_entries(
    connection: Connection, done: Sequence[tuple[str, NewEntry]], now: float
) -> list[HistoryEntry]:
    """Add several entries, at least one, in a transaction of `Database.write`."""
    newest = select(review_history.c.number, review_history.c.hash)
    row = connection.execute(newest.order_by(review_history.c.number.desc()).limit(1)).first()
    number, previous = (row.number, row.hash) if row else (0, BEGINNING)
    made = []
    for review_id, new_entry in done:
        number += 1
        made.append(write_entry(number, previous, review_id, new_entry, now))
        previous = made[-1].hash
    names = HistoryEntry.__dataclass_fields__
    rows = [{name: getattr(entry, name) for name in names} for entry in made]
    connection.execute(insert(review_history), rows)
    return made


def write_entry(number: int, previous: str, review_id: str, new_entry: NewEntry, now: float) -> HistoryEntry:
    """The entry that follows the one with the hash `previous`."""
    members = {
        "number": number,
        "review": review_id,
        "action": new_entry.action,
        "by": new_entry.by,
        "key": new_entry.key,
        "at": datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "details": dict(new_entry.details or {}),
    }
    entry = write_canonically(members)
    return HistoryEntry(number, review_id, entry, previous, chain(previous, entry))


def write_canonically(members: Mapping[str, Any]) -> str:
    """JSON in the form of RFC 8785, for members with ASCII names and without fractions."""
    return json.dumps(members, ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False)


def chain(previous: str, entry: str) -> str:
    """The hash of an entry that follows the one with the hash `previous`."""
    return hashlib.sha256(f"{previous}\n{entry}".encode()).hexdigest()


def read_history(connection: Connection, review_id: str) -> list[HistoryEntry]:
    """A review's entries, the oldest first."""
    wanted = select(review_history).where(review_history.c.review_id == review_id)
    return [
        HistoryEntry(**row._mapping) for row in connection.execute(wanted.order_by(review_history.c.number))
    ]


def read_histories(connection: Connection, ids: Sequence[str]) -> dict[str, list[HistoryEntry]]:
    """The entries of several reviews or sign-offs by their ids, the oldest first."""
    found: dict[str, list[HistoryEntry]] = {one: [] for one in ids}
    for first in range(0, len(ids), AT_ONCE):
        some = review_history.c.review_id.in_(ids[first : first + AT_ONCE])
        for row in connection.execute(select(review_history).where(some).order_by(review_history.c.number)):
            found[row.review_id].append(HistoryEntry(**row._mapping))
    return found


def find_breaks(connection: Connection) -> Iterator[str]:
    """Errors in the record, a line each."""
    number, previous = 0, BEGINNING
    page = select(review_history).order_by(review_history.c.number).limit(AT_ONCE)
    while rows := connection.execute(page.where(review_history.c.number > number)).all():
        for row in rows:
            if row.number != number + 1:
                yield f"review record: entries {number + 1} to {row.number - 1} are missing"
            elif row.previous != previous:
                yield f"review record: entry {row.number} does not follow the one before it"
            if row.hash != chain(row.previous, row.entry):
                yield f"review record: entry {row.number} is not what was written"
            number, previous = row.number, row.hash


#: What a review is after an action. The others leave it as it was.
STATE_AFTER: Final[Mapping[Action, str]] = {
    "opened": "open",
    "decided": "decided",
    "superseded": "superseded",
}


def find_strays(connection: Connection) -> Iterator[str]:
    """Reviews whose state differs from that of their entries, a line each."""
    last = 0
    page = select(reviews.c.number, reviews.c.id, reviews.c.state).order_by(reviews.c.number).limit(AT_ONCE)
    while rows := connection.execute(page.where(reviews.c.number > last)).all():
        for row in rows:
            if (said := find_state(read_history(connection, row.id))) != row.state:
                yield f"review {row.id}: is {row.state}, its record says {said}"
        last = rows[-1].number


def find_state(history: Sequence[HistoryEntry]) -> str | None:
    """The state that a review's entries lead to, None without any."""
    state = None
    for entry in history:
        members = json.loads(entry.entry)
        if members["action"] == "reopened":
            state = "open" if members["details"]["holds"] else "superseded"
        state = STATE_AFTER.get(members["action"], state)
    return state
