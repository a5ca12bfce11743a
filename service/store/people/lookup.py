"""Looks up persons for extraction and verdicts: who a name refers to on a day.

Persons are read when they are looked up and kept in memory until the registry changes.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

from cachetools import LRUCache
from sqlalchemy import Connection, Integer, Select, bindparam, select

from service.extraction.speakers import RegistryEntry
from service.people.naming import exact_keys, surname_keys
from service.people.person import KnownPerson, read_person
from service.people.resolving import Resolution, resolve
from service.store.engine.database import Database
from service.store.people.records import format_person_key
from service.store.tables import people, person_keys

MOST_EXACT: Final = 400  # with the same name, or holders of the same post over time
MOST_OF_SURNAME: Final = 300  # of more, only those with the same full name are candidates
REMEMBERED: Final = 20_000  # names and people over all names

Candidates = tuple[KnownPerson, ...]


class RegistryMemory:
    """The candidates of names in one revision of the registry. Thread-safe."""

    def __init__(self, revision: int) -> None:
        self.revision: Final = revision
        self._lock: Final = threading.Lock()
        # A name counts as one and the people who may bear it, since most names are unknown.
        self._found: Final[LRUCache[str, Candidates]] = LRUCache(
            REMEMBERED, getsizeof=lambda found: 1 + len(found)
        )

    def get(self, name: str) -> Candidates | None:
        """The candidates of a name, None if it was not looked up."""
        with self._lock:
            return self._found.get(name)

    def put(self, name: str, candidates: Candidates) -> None:
        """Keep the candidates of a name, and drop those of names unused for longest."""
        with self._lock:
            if len(candidates) < self._found.maxsize:
                self._found[name] = candidates


class RegistryCache:
    """The memory of the newest revision that this process has seen."""

    def __init__(self) -> None:
        self._memory = RegistryMemory(-1)

    def of(self, revision: int) -> RegistryMemory:
        """The memory of a revision; an older one gets a separate memory."""
        memory = self._memory
        if revision == memory.revision:
            return memory
        fresh = RegistryMemory(revision)
        if revision > memory.revision:
            self._memory = fresh
        return fresh


class StoreRegistry:
    """The known persons by name, alias, role and date, for one request."""

    def __init__(self, database: Database, memory: RegistryMemory) -> None:
        self._database: Final = database
        self._memory: Final = memory

    def find(self, name: str, on: date | None) -> list[RegistryEntry]:
        """The person that a name or role refers to on a day: several if it is ambiguous, none if unknown."""
        found = self.resolve(name, on)
        if found.person is not None:
            return [found.person.entry()]
        return [one.entry() for one in found.possible] if found.how == "ambiguous" else []

    def resolve(self, name: str, on: date | None = None) -> Resolution:
        """The person that a mention refers to on a day, with the rule that decided."""
        return resolve(name, self.candidates(name), on)

    def candidates(self, name: str) -> Candidates:
        """The persons that share a name, surname or role with a mention."""
        known = self._memory.get(name)
        if known is None:
            with self._database.read() as connection:
                known = find_people(connection, name)
            self._memory.put(name, known)
        return known

    def identify(self, name: str | None, on: date | None) -> str | None:
        """The id of the person that a name refers to on a day."""
        found = self.resolve(name, on).person if name else None
        return found.id if found else None

    def prepare(self, names: Iterable[str]) -> None:
        """Read the candidates of several names over one connection."""
        missing = [name for name in dict.fromkeys(names) if self._memory.get(name) is None]
        if missing:
            with self._database.read() as connection:
                for name in missing:
                    self._memory.put(name, find_people(connection, name))


def find_people(connection: Connection, name: str) -> Candidates:
    """Active persons that share a name, surname or role with a mention, ordered by id."""
    exact = read_people(connection, sorted(exact_keys(name)), MOST_EXACT)
    alike = read_people(connection, sorted(surname_keys(name)), MOST_OF_SURNAME + 1)
    if len(alike) > MOST_OF_SURNAME:
        alike = {}
    return tuple(one for _, one in sorted((exact | alike).items()))


def read_people(connection: Connection, keys: Sequence[int], most: int) -> dict[int, KnownPerson]:
    """Persons with one of the keys, by id."""
    if not keys:
        return {}
    rows = connection.execute(build_people_query(keys), {"most": most}).all()
    return {row.id: build_known(row) for row in rows}


def build_people_query(keys: Sequence[int]) -> Select[Any]:
    """A query for active persons with one of the keys."""
    having = select(person_keys.c.person_id).where(person_keys.c.key.in_(keys))
    return (
        select(people.c.id, people.c.key, people.c.person)
        .where(people.c.id.in_(having), people.c.status == 0)
        .order_by(people.c.id)
        .limit(bindparam("most", type_=Integer))
    )


def build_known(row: Any) -> KnownPerson:
    """A row as a record."""
    return KnownPerson(format_person_key(row.key), read_person(json.loads(row.person)))
