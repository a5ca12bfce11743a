"""The registry of speakers in the store: found by names, changed by operations that can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Select, exists, select

from service.errors import Conflict, Fault, InvalidInput
from service.people.naming import split_search
from service.people.person import Person
from service.people.reconciling import join_people, part_people
from service.store.engine.cursor import CursorCodec
from service.store.engine.database import Database
from service.store.people.importing import import_people
from service.store.people.lookup import RegistryCache, StoreRegistry
from service.store.people.records import (
    Deed,
    ImportedPerson,
    JournalEntry,
    JournalPage,
    PersonPage,
    State,
    StoredPerson,
    format_person_key,
)
from service.store.people.undo import find_undoable, take_back
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
    """Known speakers in a database. Safe to share between threads.

    Methods raise NotFound for an unknown id, and Conflict for one that was merged or removed where it is to
    be changed.
    """

    def __init__(self, database: Database) -> None:
        self._database: Final = database
        self._cache: Final = RegistryCache()

    def registry(self) -> StoreRegistry | None:
        """The registry as it is now, None while nobody is known."""
        with self._database.read() as connection:
            state = connection.execute(select(people_state.c.revision, people_state.c.people)).one()
        if not state.people:
            return None
        return StoreRegistry(self._database, self._cache.of(int(state.revision)))

    def identify(self, quotes: Sequence[StoredQuote]) -> tuple[StoredQuote, ...]:
        """The quotes with the ids of those who said them, as far as they are known."""
        registry = self.registry()
        if registry is None:
            return tuple(quotes)
        registry.prepare(quote.speaker for quote in quotes if quote.speaker)
        return tuple(
            replace(quote, speaker_id=registry.identify(quote.speaker, quote.said_at)) for quote in quotes
        )

    def count(self) -> int:
        """How many people are known."""
        with self._database.read() as connection:
            return int(connection.execute(select(people_state.c.people)).scalar_one())

    def get(self, public_id: str) -> StoredPerson:
        """A person, whatever the status."""
        with self._database.read() as connection:
            return get_row(connection, public_id).stored()

    def follow(self, public_id: str) -> StoredPerson:
        """The person whom an id means today: for one that was merged, the one it was merged into."""
        with self._database.read() as connection:
            row = get_row(connection, public_id)
            while row.state.status == "merged" and row.state.merged_into:
                row = get_row(connection, row.state.merged_into)
            return row.stored()

    def search(self, words: str | None, wikidata: str | None, cursor: str | None, limit: int) -> PersonPage:
        """Active people who have all the words in their names and roles; the last may be a beginning.

        In the order they came in. Raises InvalidInput for a bad cursor.
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

    def add(self, person: Person, deed: Deed) -> StoredPerson:
        """Take somebody up. Raises Conflict where the Wikidata id is somebody's already."""
        with self._database.write() as connection:
            (row,) = write_changes(
                connection, [Change(None, State(person.tidied()))], Operation("created", deed)
            )
        return row.stored()

    def replace(self, public_id: str, person: Person, deed: Deed, check: Check) -> StoredPerson:
        """Put other names, roles and ids in place of what is known; `check` may refuse what is stored."""
        with self._database.write() as connection:
            row = get_active(connection, public_id)
            check(row.stored())
            state = State(person.tidied())
            if state == row.state:
                return row.stored()
            (row,) = write_changes(connection, [Change(row, state)], Operation("updated", deed))
        return row.stored()

    def remove(self, public_id: str, deed: Deed, check: Check) -> StoredPerson:
        """Take somebody out of the registry; that can be undone."""
        with self._database.write() as connection:
            row = get_active(connection, public_id)
            check(row.stored())
            state = State(row.state.person, "removed")
            (row,) = write_changes(connection, [Change(row, state)], Operation("removed", deed))
        return row.stored()

    def merge(self, kept_id: str, other_id: str, wikidata: str | None, deed: Deed) -> list[StoredPerson]:
        """Make one person of two; both as they are then, the kept one first.

        Raises Conflict for two different Wikidata ids, unless `wikidata` says which of them stays.
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
            rows = write_changes(connection, changes, Operation("merged", deed))
        return [row.stored() for row in rows]

    def split(self, public_id: str, taken: Person, deed: Deed) -> list[StoredPerson]:
        """Take a person's aliases, roles and id that are another's out, and make that other one.

        Both as they are then, the former one first. Raises InvalidInput for what the person does not have.
        """
        taken = taken.tidied()
        with self._database.write() as connection:
            row = get_active(connection, public_id)
            refuse_foreign_parts(row.state.person, taken)
            left = part_people(row.state.person, taken)
            changes = [Change(row, State(left)), Change(None, State(taken))]
            rows = write_changes(connection, changes, Operation("split", deed))
        return [one.stored() for one in rows]

    def undo(self, public_id: str, operation: int | None, deed: Deed) -> list[StoredPerson]:
        """Take back an operation on a person, the last one that still counts unless it is named; all whom it
        touched, as they are then.

        Raises Conflict where something later was done to one of them, NotFound where there is nothing.
        """
        with self._database.write() as connection:
            row = get_row(connection, public_id)
            entry = find_undoable(connection, row, operation)
            changes = take_back(connection, entry)
            rows = write_changes(connection, changes, Operation("undone", deed, entry))
        return [one.stored() for one in rows]

    def history(self, public_id: str, before: int | None, limit: int) -> JournalPage:
        """Every state a person had, the newest first, those below version `before`."""
        with self._database.read() as connection:
            row = get_row(connection, public_id)
            table = person_journal.c
            listing = select(person_journal).where(table.person_id == row.id)
            if before is not None:
                listing = listing.where(table.version < min(before, MAX_VERSION))
            found = connection.execute(listing.order_by(table.version.desc()).limit(limit + 1)).all()
        items = tuple(read_entry(entry) for entry in found[:limit])
        return JournalPage(items, items[-1].version if len(found) > limit else None)

    def save_imported(self, records: Sequence[Person], deed: Deed) -> list[ImportedPerson]:
        """Take up records, or bring those up to date whom they describe; what became of each, in order."""
        with self._database.write() as connection:
            return import_people(connection, [record.tidied() for record in records], deed)


def read_entry(row: Any) -> JournalEntry:
    """A row of the journal as it is given out."""
    return JournalEntry(
        row.operation, row.version, row.action, row.actor, row.note, row.undoes, row.at,
        State.from_json(row.state),
    )  # fmt: skip


def narrow_by_words(statement: Select[Any], words: list[str]) -> Select[Any]:
    """Only people with all the words; the last may be the beginning of one."""
    *whole, last = dict.fromkeys(words[:MAX_SEARCHED])
    table = person_words.c
    for word in whole:
        having = exists().where(table.word == word[:64], table.person_id == people.c.id)
        statement = statement.where(having)
    beginning = select(table.person_id).where(table.word.between(last[:64], last[:63] + LAST_CHARACTER))
    return statement.where(people.c.id.in_(beginning))


def choose_wikidata(kept: Person, other: Person, wikidata: str | None) -> str | None:
    """The id that stays. Raises Conflict where there are two and none was chosen."""
    known = {one for one in (kept.wikidata, other.wikidata) if one}
    if wikidata is not None and wikidata not in known:
        raise InvalidInput("the id is neither's", (Fault("/wikidata", "Not an id of either speaker."),))
    if len(known) > 1 and wikidata is None:
        both = " and ".join(sorted(known))
        raise Conflict(f"the speakers are {both}, two people; say in `wikidata` which of them stays")
    return wikidata or next(iter(known), None)


def refuse_foreign_parts(person: Person, taken: Person) -> None:
    """Raise InvalidInput for aliases, roles or an id that a person to be split does not have."""
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
