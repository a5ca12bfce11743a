"""The registry of speakers: search, resolve and edit speakers, and list what they said."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from service.people.person import Person
from service.people.resolving import Resolution
from service.store import Store
from service.store.people.records import Edit, JournalPage, PersonPage, StoredPerson
from service.store.quotes.statements import RepeatedWords
from service.usecases.search.timeline import Timeline, TimelineSearch, find_own_repeats, trace_timeline

MOST_CANDIDATES: Final = 20
Check = Callable[[StoredPerson], None]  # raises where another version is stored than is expected


@dataclass(frozen=True, slots=True)
class Editor:
    """Who edits the registry, and why."""

    name: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class ResolvedName:
    """The speaker that a name refers to, how that was found, and all it may refer to."""

    speaker: StoredPerson | None
    how: str
    candidates: tuple[StoredPerson, ...]


@dataclass(frozen=True, slots=True)
class SpeakerRegistry:
    """The known speakers of one store. Methods raise StoreUnavailable, and NotFound for an unknown id."""

    store: Store
    clock: Callable[[], float] = time.time

    def search(self, words: str | None, wikidata: str | None, cursor: str | None, limit: int) -> PersonPage:
        """Speakers by words of their names and posts, or by Wikidata id. Raises InvalidInput."""
        return self.store.people.search(words, wikidata, cursor, limit)

    def count(self) -> int:
        """How many speakers are known."""
        return self.store.people.count()

    def get(self, speaker_id: str) -> StoredPerson:
        """A speaker in any state: also one that was merged or removed."""
        return self.store.people.get(speaker_id)

    def follow(self, speaker_id: str) -> StoredPerson:
        """The speaker into which a merged one was merged in the end."""
        return self.store.people.follow(speaker_id)

    def resolve(self, name: str, on: date | None) -> ResolvedName:
        """The speaker that a name means on a day. If several are possible, they are the candidates."""
        registry = self.store.people.registry()
        if registry is None:
            return ResolvedName(None, "unknown", ())
        found: Resolution = registry.resolve(name, on)
        known = {one.id: self.store.people.get(one.id) for one in found.possible[:MOST_CANDIDATES]}
        speaker = known.get(found.person.id) if found.person else None
        return ResolvedName(speaker, found.how, tuple(known.values()))

    def add(self, person: Person, editor: Editor) -> StoredPerson:
        """Add a speaker. Raises Conflict if another one has the Wikidata id."""
        return self.store.people.add(person, self._edit(editor))

    def replace(self, speaker_id: str, person: Person, editor: Editor, check: Check) -> StoredPerson:
        """Replace the names, posts and ids of a speaker. Raises Conflict, and what `check` raises."""
        return self.store.people.replace(speaker_id, person, self._edit(editor), check)

    def remove(self, speaker_id: str, editor: Editor, check: Check) -> None:
        """Remove a speaker; the history is kept. Raises what `check` raises."""
        self.store.people.remove(speaker_id, self._edit(editor), check)

    def merge(self, kept_id: str, other_id: str, wikidata: str | None, editor: Editor) -> list[StoredPerson]:
        """Merge a speaker into another; returns both. Raises Conflict without a choice of `wikidata`."""
        return self.store.people.merge(kept_id, other_id, wikidata, self._edit(editor))

    def split(self, speaker_id: str, taken: Person, editor: Editor) -> list[StoredPerson]:
        """Move some names and posts of a speaker to a new one; returns both. Raises InvalidInput."""
        return self.store.people.split(speaker_id, taken, self._edit(editor))

    def undo(self, speaker_id: str, operation: int | None, editor: Editor) -> list[StoredPerson]:
        """Undo the last operation, or the given one; returns all that it changed. Raises Conflict."""
        return self.store.people.undo(speaker_id, operation, self._edit(editor))

    def list_history(self, speaker_id: str, before: int | None, limit: int) -> JournalPage:
        """The states of a speaker below version `before`, the newest first."""
        return self.store.people.history(speaker_id, before, limit)

    def trace_timeline(self, speaker: StoredPerson, search: TimelineSearch) -> Timeline:
        """What a speaker said, the newest first. Raises InvalidInput for a bad cursor."""
        return trace_timeline(self.store, speaker, search)

    def find_own_repeats(self, speaker: StoredPerson, most: int) -> tuple[RepeatedWords, ...]:
        """The statements of a speaker that most sources repeat."""
        return find_own_repeats(self.store, speaker, most)

    def _edit(self, editor: Editor) -> Edit:
        return Edit(editor.name, self.clock(), editor.note)
