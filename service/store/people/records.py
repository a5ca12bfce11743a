"""Records of the registry of speakers."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Final, Literal

from service.people.person import Person, Status, read_person, write_person

Action = Literal["created", "imported", "updated", "removed", "merged", "split", "undone"]
ImportOutcome = Literal["added", "changed", "unchanged", "ambiguous"]
STATUSES: Final[tuple[Status, ...]] = ("active", "merged", "removed")
_PUBLIC_ID: Final = re.compile(r"p[0-9a-f]{16}")
_MASK_64: Final = (1 << 64) - 1


@dataclass(frozen=True, slots=True)
class Edit:
    """Who edits the registry, when (seconds since 1970) and why."""

    actor: str
    at: float
    note: str | None = None


@dataclass(frozen=True, slots=True)
class State:
    """The state of a person. `merged_into` is the public id of the person it was merged into."""

    person: Person
    status: Status = "active"
    merged_into: str | None = None

    def to_json(self) -> str:
        """The state as the journal stores it."""
        members: dict[str, Any] = {"status": self.status, "merged_into": self.merged_into}
        return json.dumps({**members, "person": write_person(self.person)}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> State:
        """The state that `to_json` wrote."""
        members = json.loads(text)
        return cls(read_person(members["person"]), members["status"], members["merged_into"])


@dataclass(frozen=True, slots=True)
class StoredPerson:
    """A person as stored. Times are seconds since 1970."""

    id: str
    state: State
    version: int
    created_at: float
    updated_at: float

    @property
    def person(self) -> Person:
        """Names, roles and ids."""
        return self.state.person


@dataclass(frozen=True, slots=True)
class PersonPage:
    """A page of persons; `next_cursor` leads to the next one, if any."""

    items: tuple[StoredPerson, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """A former or present state of a person, and the operation that led to it."""

    operation: int
    version: int
    action: Action
    actor: str
    note: str | None
    undoes: int | None
    at: float
    state: State


@dataclass(frozen=True, slots=True)
class JournalPage:
    """A page of a person's states, the newest first; `next_before` leads to the next one, if any."""

    items: tuple[JournalEntry, ...]
    next_before: int | None


@dataclass(frozen=True, slots=True)
class ImportedPerson:
    """The outcome of an imported record. If it is ambiguous, `ids` are the persons that it may describe."""

    outcome: ImportOutcome
    ids: tuple[str, ...]


def format_person_key(key: int) -> str:
    """The public id of a key: "p" and 16 hexadecimal digits."""
    return f"p{key & _MASK_64:016x}"


def parse_person_key(public_id: str) -> int | None:
    """The key of a public id, None if it is not one."""
    if not _PUBLIC_ID.fullmatch(public_id):
        return None
    number = int(public_id[1:], 16)
    return number - (1 << 64) if number >> 63 else number
