"""The stored sources of a database: added, listed, changed, retracted, removed."""

from __future__ import annotations

from typing import Final

from service.store.engine.database import Database
from service.store.quotes.sources import SourceListing
from service.store.records import Precondition
from service.store.retrieval.candidates import FrequencyCache
from service.store.sources import changing, history, retracting
from service.store.sources.adding import add_source, draft_source, encode_source
from service.store.sources.records import (
    Actor,
    Changed,
    HistoryEntry,
    HistoryPage,
    NewSource,
    SourceChange,
    StoredSource,
    Touched,
)
from service.store.sources.reliance import describe_touched, find_relying
from service.store.sources.rows import find_place, get_checked, get_row, read_keys, read_source


class SourceStore(SourceListing):
    """The sources of one database. Each change is one transaction with its history and the reviews it opens.

    Methods raise StoreUnavailable where the database does not answer.
    """

    def __init__(self, database: Database, frequencies: FrequencyCache) -> None:
        super().__init__(database)
        self._frequencies: Final = frequencies

    def add(self, new: NewSource, actor: Actor) -> Changed:
        """Store a source; its sentences are evidence from now on.

        The same again changes nothing, and another text at the same address replaces what is there. Raises
        InvalidInput for an unknown kind, Conflict where it was retracted.
        """
        draft, kept = draft_source(new)
        batch = encode_source(draft)
        with self._database.write() as connection:
            added = add_source(connection, kept, batch, actor)
        self._frequencies.forget()
        return added

    def get(self, source_id: str) -> StoredSource:
        """A source with its turns. Raises NotFound."""
        with self._database.read() as connection:
            return read_source(connection, get_row(connection, source_id))

    def find_touched(self, source_id: str) -> Touched:
        """The stored verdicts that rest on a source. Raises NotFound."""
        with self._database.read() as connection:
            row = get_row(connection, source_id)
            return describe_touched(
                find_relying(connection, row.uri, read_keys(connection, row.id), whole=True)
            )

    def find_place(self, quote_id: str) -> tuple[str, int]:
        """The id of the source of a quote, and the number of its turn there from 0. Raises NotFound."""
        with self._database.read() as connection:
            return find_place(connection, quote_id)

    def patch(
        self, source_id: str, change: SourceChange, actor: Actor, precondition: Precondition | None = None
    ) -> Changed:
        """Change the facts of a source or rename its speakers.

        Raises NotFound, PreconditionFailed, InvalidInput for an unknown kind or speaker, and Conflict where
        another source has the new address or the source is an article.
        """
        with self._database.write() as connection:
            row = get_checked(connection, source_id, precondition)
            return changing.change_source(connection, row, change, actor)

    def retract(
        self, source_id: str, reason: str, actor: Actor, precondition: Precondition | None = None
    ) -> Changed:
        """Take all words of a source out of evidence. Raises NotFound, PreconditionFailed, Conflict."""
        with self._database.write() as connection:
            row = get_checked(connection, source_id, precondition)
            return retracting.retract_source(connection, row, reason, actor)

    def reinstate(
        self, source_id: str, reason: str | None, actor: Actor, precondition: Precondition | None = None
    ) -> Changed:
        """Undo a retraction. Raises NotFound, PreconditionFailed, Conflict."""
        with self._database.write() as connection:
            row = get_checked(connection, source_id, precondition)
            return retracting.reinstate_source(connection, row, reason, actor)

    def remove(
        self, source_id: str, reason: str | None, actor: Actor, precondition: Precondition | None = None
    ) -> Changed:
        """Delete a source with its words; its history stays.

        Raises NotFound, PreconditionFailed, and Conflict for an article.
        """
        with self._database.write() as connection:
            row = get_checked(connection, source_id, precondition)
            return retracting.remove_source(connection, row, reason, actor)

    def retract_quote(self, quote_id: str, reason: str, actor: Actor) -> Changed:
        """Take one quote out of evidence. Raises NotFound, Conflict."""
        with self._database.write() as connection:
            return retracting.retract_quote(connection, quote_id, reason, actor)

    def reinstate_quote(self, quote_id: str, reason: str | None, actor: Actor) -> Changed:
        """Make a retracted quote evidence again. Raises NotFound, Conflict."""
        with self._database.write() as connection:
            return retracting.reinstate_quote(connection, quote_id, reason, actor)

    def list_history(self, source_id: str, *, before: int | None, limit: int) -> HistoryPage:
        """What was done to a source, the newest first, of a removed one too. Raises NotFound."""
        with self._database.read() as connection:
            page = history.read_history(connection, source_id, before, limit)
            if not page.items and before is None:
                get_row(connection, source_id)
            return page

    def get_history_entry(self, source_id: str, number: int) -> HistoryEntry:
        """One change of a source, with all that was there before it. Raises NotFound."""
        with self._database.read() as connection:
            return history.get_entry(connection, source_id, number)
