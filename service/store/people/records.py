"""What the registry of speakers gives out and takes in."""

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
class Deed:
    """Who changes the registry, when (seconds since 1970) and why."""

    actor: str
    at: float
    note: str | None = None


@dataclass(frozen=True, slots=True)
class State:
    """All that changes of a speaker. `merged_into` is the public id of the one it was merged into."""

    person: Person
    status: Status = "active"
    merged_into: str | None = None

    def to_json(self) -> str:
        """The state as the journal keeps it."""
        members: dict[str, Any] = {"status": self.status, "merged_into": self.merged_into}
        return json.dumps({**members, "person": write_person(self.person)}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> State:
        """The state that `to_json` wrote."""
        members = json.loads(text)
        return cls(read_person(members["person"]), members["status"], members["merged_into"])


@dataclass(frozen=True, slots=True)
class StoredPerson:
    """A speaker as the registry has it. Times are seconds since 1970."""

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
    """Some of the speakers that were asked for, and where the next page begins."""

    items: tuple[StoredPerson, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One state that a speaker had, and the operation that brought it about."""

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
    """Some of a speaker's states, the newest first; `next_before` asks for more."""

    items: tuple[JournalEntry, ...]
    next_before: int | None


@dataclass(frozen=True, slots=True)
class ImportedPerson:
    """What became of an imported record; of an ambiguous one `ids` are those it may describe."""

    outcome: ImportOutcome
    ids: tuple[str, ...]


def format_person_key(key: int) -> str:
    """A key as public id: "p" and 16 hexadecimal digits."""
    return f"p{key & _MASK_64:016x}"


def parse_person_key(public_id: str) -> int | None:
    """The key of a public id, None where it is none."""
    if not _PUBLIC_ID.fullmatch(public_id):
        return None
    number = int(public_id[1:], 16)
    return number - (1 << 64) if number >> 63 else number
