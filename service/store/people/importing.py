"""Imports persons: each record updates the person that it describes, or adds one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from service.people.naming import hash_key, read_mention
from service.people.person import Person
from service.people.reconciling import find_same, update_person
from service.store.engine.batch_sql import select_by_keys
from service.store.people.records import Edit, ImportedPerson, ImportOutcome, State, format_person_key
from service.store.people.writing import (
    Change,
    Operation,
    Row,
    find_rows,
    hash_person,
    read_rows,
    write_operations,
)
from service.store.tables import people, person_keys


@dataclass(slots=True, eq=False)
class _Draft:
    """A known or new person as it will be stored."""

    row: Row | None
    person: Person
    base: Person | None
    id: str = ""

    @property
    def is_open(self) -> bool:
        """Whether an import may change the person: not if it was merged or removed by hand."""
        return self.row is None or self.row.state.status == "active"

    @property
    def is_changed(self) -> bool:
        """Whether the person has to be written."""
        return self.row is None or self.person != self.row.state.person or self.base != self.row.base


class _Batch:
    """The persons that a batch of records may describe."""

    def __init__(self, connection: Connection, records: Sequence[Person]) -> None:
        hashes = [hash_person(record) for record in records]
        wikidata = [record.wikidata for record in records if record.wikidata]
        rows = {row.id: row for row in find_rows(connection, people.c.import_hash, hashes)}
        rows |= {row.id: row for row in find_rows(connection, people.c.wikidata, wikidata)}
        named = select(person_keys.c.person_id)
        keys = [_name_key(record.name) for record in records]
        ids = {row.person_id for row in select_by_keys(connection, named, person_keys.c.key, keys)}
        rows |= read_rows(connection, ids - rows.keys())
        self.drafts: list[_Draft] = []
        self._by_hash: dict[int, _Draft] = {}
        self._by_wikidata: dict[str, _Draft] = {}
        self._by_name: dict[int, list[_Draft]] = defaultdict(list)
        # of one Wikidata id the active person comes last, and so stays
        for row in sorted(rows.values(), key=lambda row: row.state.status == "active"):
            draft = _Draft(row, row.state.person, row.base, format_person_key(row.key))
            self.note(draft)

    def note(self, draft: _Draft) -> None:
        """Make a draft known to later records."""
        if draft not in self.drafts[-1:]:
            self.drafts.append(draft)
        if draft.base is not None:
            self._by_hash[hash_person(draft.base)] = draft
        if draft.person.wikidata:
            self._by_wikidata[draft.person.wikidata] = draft
        if draft.is_open:
            bearers = self._by_name[_name_key(draft.person.name)]
            if draft not in bearers:
                bearers.append(draft)

    def find(self, record: Person) -> list[_Draft]:
        """The drafts that a record may describe: none, one, or several if it is ambiguous."""
        if (draft := self._by_hash.get(hash_person(record))) is not None:
            return [draft]
        if record.wikidata and (draft := self._by_wikidata.get(record.wikidata)) is not None:
            return [draft]
        bearers = self._by_name[_name_key(record.name)]
        return find_same(record, [(draft, draft.person) for draft in bearers])


def _name_key(name: str) -> int:
    mention = read_mention(name)
    return hash_key("n", mention.key or mention.parts.folded)


def import_people(connection: Connection, records: Sequence[Person], edit: Edit) -> list[ImportedPerson]:
    """Add or update persons. What was edited by hand is kept."""
    batch = _Batch(connection, records)
    taken = [_take(batch, record) for record in records]
    changed = [draft for draft in _distinct(drafts for drafts, _ in taken) if draft.is_changed]
    operations = [
        (Operation("imported", edit), [Change(draft.row, State(draft.person), draft.base)])
        for draft in changed
    ]
    if operations:
        for draft, (row,) in zip(changed, write_operations(connection, operations), strict=True):
            draft.id = format_person_key(row.key)
    return [ImportedPerson(outcome, tuple(draft.id for draft in drafts)) for drafts, outcome in taken]


def _take(batch: _Batch, record: Person) -> tuple[list[_Draft], ImportOutcome]:
    found = batch.find(record)
    if len(found) > 1:
        return found, "ambiguous"
    if not found:
        draft = _Draft(None, record, record)
        batch.note(draft)
        return [draft], "added"
    draft = found[0]
    if not draft.is_open or draft.base == record:
        return found, "unchanged"
    before = draft.person
    draft.person = update_person(draft.person, draft.base, record)
    draft.base = record
    batch.note(draft)
    return found, "unchanged" if draft.person == before else "changed"


def _distinct(groups: Iterator[list[_Draft]] | Sequence[list[_Draft]]) -> list[_Draft]:
    """The drafts that records led to, each once; ambiguous ones are left unchanged."""
    return list(dict.fromkeys(draft for drafts in groups if len(drafts) == 1 for draft in drafts))
