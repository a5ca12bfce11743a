"""The registry of speakers: persons are found by names and changed by operations that can be undone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Select, exists, select

from service.errors import Conflict, Fault, InvalidInput
from service.people.naming import split_search
from service.people.person import Person
from service.people.reconciling import join_people, part_people
from service.store.engine.compiled_queries import run_compiled
from service.store.engine.cursor import CursorCodec
from service.store.engine.database import Database
from service.store.people.importing import import_people
from service.store.people.lookup import RegistryCache, StoreRegistry
from service.store.people.records import (
    Edit,
    ImportedPerson,
    JournalEntry,
    JournalPage,
    PersonPage,
    State,
    StoredPerson,
    format_person_key,
)
from service.store.people.undo import build_undo, find_undoable
from service.store.people.writing import (
    Change,
    Operation,
    get_active,
    get_row,
    read_rows,
    write_changes,
)
from service.store.records import StoredQuote
from service.store.tables import people, people_state, person_journal, person_words

LAST_CHARACTER: Final = "\U0010ffff"
MAX_SEARCHED: Final = 8  # words
MAX_VERSION: Final = (1 << 31) - 1
CURSOR: Final = CursorCodec("speakers", int)  # id

Check = Callable[[StoredPerson], None]


class PeopleStore:
    """The persons of a database. Thread-safe.

    Methods raise NotFound for an unknown id, and those that change a person raise Conflict if it was merged
    or removed.
    """

    def __init__(self, database: Database) -> None:
        self._database: Final = database
        self._cache: Final = RegistryCache()

    def registry(self) -> StoreRegistry | None:
        """The present registry, None if it is empty."""
        with self._database.read() as connection:
            ((revision, known),) = run_compiled(connection, build_state_query, 1, {})
        if not known:
            return None
        return StoreRegistry(self._database, self._cache.of(int(revision)))

    def identify(self, quotes: Sequence[StoredQuote]) -> tuple[StoredQuote, ...]:
        """The quotes with the ids of their speakers, if they are known."""
        registry = self.registry()
        if registry is None:
            return tuple(quotes)
        registry.prepare(quote.speaker for quote in quotes if quote.speaker)
        return tuple(
            replace(quote, speaker_id=registry.identify(quote.speaker, quote.said_at)) for quote in quotes
        )

    def count(self) -> int:
        """The number of active persons."""
        with self._database.read() as connection:
            return int(connection.execute(select(people_state.c.people)).scalar_one())

    def get(self, public_id: str) -> StoredPerson:
        """A person of any status."""
        with self._database.read() as connection:
            return get_row(connection, public_id).stored()

    def follow(self, public_id: str) -> StoredPerson:
        """The person of an id; of a merged one, the person it was merged into."""
        with self._database.read() as connection:
            row = get_row(connection, public_id)
            while row.state.status == "merged" and row.state.merged_into:
                row = get_row(connection, row.state.merged_into)
            return row.stored()

    def search(self, words: str | None, wikidata: str | None, cursor: str | None, limit: int) -> PersonPage:
        """Active persons with all the words in their names and roles; the last may be a prefix.

        Ordered by id. Raises InvalidInput for a bad cursor.
        """
        after = CURSOR.decode(cursor)[0] if cursor else 0
        statement = select(people.c.id).where(people.c.status == 0, people.c.id > after)
        if wikidata:
            statement = statement.where(people.c.wikidata == wikidata)
        if words is not None:
            asked = split_search(words)
            if not asked:
                return PersonPage((), None)
            statement = narrow_by_words(statement, asked)
        with self._database.read() as connection:
            found = connection.execute(statement.order_by(people.c.id).limit(limit + 1)).scalars().all()
            rows = read_rows(connection, found[:limit])
        shown = [rows[number] for number in found[:limit] if number in rows]
        more = CURSOR.encode(found[limit - 1]) if len(found) > limit else None
        return PersonPage(tuple(row.stored() for row in shown), more)

    def add(self, person: Person, edit: Edit) -> StoredPerson:
        """Add a person. Raises Conflict if another one has its Wikidata id."""
        with self._database.write() as connection:
            (row,) = write_changes(
                connection, [Change(None, State(person.tidied()))], Operation("created", edit)
            )
        return row.stored()

    def replace(self, public_id: str, person: Person, edit: Edit, check: Check) -> StoredPerson:
        """Replace names, roles and ids. `check` is called with the stored person and may raise."""
        with self._database.write() as connection:
            row = get_active(connection, public_id)
            check(row.stored())
            state = State(person.tidied())
            if state == row.state:
                return row.stored()
            (row,) = write_changes(connection, [Change(row, state)], Operation("updated", edit))
        return row.stored()

    def remove(self, public_id: str, edit: Edit, check: Check) -> StoredPerson:
        """Remove a person. That can be undone."""
        with self._database.write() as connection:
            row = get_active(connection, public_id)
            check(row.stored())
            state = State(row.state.person, "removed")
            (row,) = write_changes(connection, [Change(row, state)], Operation("removed", edit))
        return row.stored()

    def merge(self, kept_id: str, other_id: str, wikidata: str | None, edit: Edit) -> list[StoredPerson]:
        """Merge two persons; both as they are afterwards, the kept one first.

        Raises Conflict for two different Wikidata ids, unless `wikidata` is the one to keep.
        """
        with self._database.write() as connection:
            kept, other = get_active(connection, kept_id), get_active(connection, other_id)
            if kept.id == other.id:
                raise Conflict("a speaker cannot be merged into itself")
            staying = choose_wikidata(kept.state.person, other.state.person, wikidata)
            joined = join_people(kept.state.person, other.state.person, staying)
            changes = [
                Change(kept, State(joined)),
                Change(other, State(other.state.person, "merged", format_person_key(kept.key))),
            ]
            rows = write_changes(connection, changes, Operation("merged", edit))
        return [row.stored() for row in rows]

    def split(self, public_id: str, taken: Person, edit: Edit) -> list[StoredPerson]:
        """Split aliases, roles and the Wikidata id off a person into a new one.

        Returns both, the former one first. Raises InvalidInput for parts that the person does not have.
        """
        taken = taken.tidied()
        with self._database.write() as connection:
            row = get_active(connection, public_id)
            refuse_foreign_parts(row.state.person, taken)
            left = part_people(row.state.person, taken)
            changes = [Change(row, State(left)), Change(None, State(taken))]
            rows = write_changes(connection, changes, Operation("split", edit))
        return [one.stored() for one in rows]

    def undo(self, public_id: str, operation: int | None, edit: Edit) -> list[StoredPerson]:
        """Undo an operation on a person, by default the last that is not undone; all persons that it changed.

        Raises Conflict if one of them was changed since, NotFound if there is no such operation.
        """
        with self._database.write() as connection:
            row = get_row(connection, public_id)
            entry = find_undoable(connection, row, operation)
            changes = build_undo(connection, entry)
            rows = write_changes(connection, changes, Operation("undone", edit, entry))
        return [one.stored() for one in rows]

    def history(self, public_id: str, before: int | None, limit: int) -> JournalPage:
        """The states of a person, the newest first, with a version below `before`."""
        with self._database.read() as connection:
            row = get_row(connection, public_id)
            table = person_journal.c
            listing = select(person_journal).where(table.person_id == row.id)
            if before is not None:
                listing = listing.where(table.version < min(before, MAX_VERSION))
            found = connection.execute(listing.order_by(table.version.desc()).limit(limit + 1)).all()
        items = tuple(read_entry(entry) for entry in found[:limit])
        return JournalPage(items, items[-1].version if len(found) > limit else None)

    def save_imported(self, records: Sequence[Person], edit: Edit) -> list[ImportedPerson]:
        """Add or update persons; the outcome of each record, in order."""
        with self._database.write() as connection:
            return import_people(connection, [record.tidied() for record in records], edit)


def build_state_query(_: int) -> Select[Any]:
    """The registry's revision and the number of active persons."""
    return select(people_state.c.revision, people_state.c.people)


def read_entry(row: Any) -> JournalEntry:
    """A row of the journal as a record."""
    return JournalEntry(
        row.operation, row.version, row.action, row.actor, row.note, row.undoes, row.at,
        State.from_json(row.state),
    )  # fmt: skip


def narrow_by_words(statement: Select[Any], words: list[str]) -> Select[Any]:
    """Restrict a query to persons with all the words; the last may be a prefix."""
    *whole, last = dict.fromkeys(words[:MAX_SEARCHED])
    table = person_words.c
    for word in whole:
        having = exists().where(table.word == word[:64], table.person_id == people.c.id)
        statement = statement.where(having)
    beginning = select(table.person_id).where(table.word.between(last[:64], last[:63] + LAST_CHARACTER))
    return statement.where(people.c.id.in_(beginning))


def choose_wikidata(kept: Person, other: Person, wikidata: str | None) -> str | None:
    """The Wikidata id to keep. Raises Conflict if there are two and none was chosen."""
    known = {one for one in (kept.wikidata, other.wikidata) if one}
    if wikidata is not None and wikidata not in known:
        raise InvalidInput("the id is neither's", (Fault("/wikidata", "Not an id of either speaker."),))
    if len(known) > 1 and wikidata is None:
        both = " and ".join(sorted(known))
        raise Conflict(f"the speakers are {both}, two people; name the one to keep in `wikidata`")
    return wikidata or next(iter(known), None)


def refuse_foreign_parts(person: Person, taken: Person) -> None:
    """Raise InvalidInput for aliases, roles or an id that the person does not have."""
    faults = [
        Fault(f"/aliases/{at}", "The speaker has no such alias.")
        for at, alias in enumerate(taken.aliases)
        if alias not in person.aliases
    ]
    faults += [
        Fault(f"/roles/{at}", "The speaker has no such role with these dates.")
        for at, role in enumerate(taken.roles)
        if role not in person.roles
    ]
    if faults:
        raise InvalidInput("the speaker does not have what is to be taken out", tuple(faults))
