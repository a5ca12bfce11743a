"""Stored sources: added from a file, text or turns, listed, read, changed, retracted and removed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import PurePath
from typing import Any, Final

from service.errors import Fault, InvalidInput
from service.sources.models import MAX_SOURCE_BYTES, ParsedSource, SourceFileError, SourceTurn
from service.sources.reading import MAX_FILE_BYTES, read_source
from service.sources.turns import turns_from_mappings
from service.store.quotes.sources import SourcePage, SourceSearch
from service.store.records import Precondition
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
from service.store.sources.store import SourceStore

__all__ = ["MAX_FILE_BYTES", "SourceFacts", "StoredSources", "parse_turns"]

USUAL_KIND: Final = "interview"  # of what shows no kind of its own
MAX_TITLE: Final = 80  # characters of a title made from the first words


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """What its sender says of a source; None where the file itself is to tell.

    `speakers` gives names as the file has them their right ones.
    """

    title: str | None = None
    kind: str | None = None
    published_at: date | None = None
    uri: str | None = None
    publisher: str | None = None
    machine: bool | None = None
    speakers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as it was sent: its contents, its name, and its format, "auto" where that is to be seen."""

    data: bytes | str
    name: str | None = None
    format: str = "auto"
    place: str = "/file"  # pointer to it in the request


@dataclass(frozen=True, slots=True)
class StoredSources:
    """The stored sources. All methods raise StoreUnavailable where the database does not answer.

    Those that take an id raise NotFound; those that take a precondition raise PreconditionFailed.
    """

    store: SourceStore

    def add_file(self, file: SourceFile, facts: SourceFacts, actor: Actor) -> Changed:
        """Store a source from a file. Raises InvalidInput, naming file and place, where it cannot be read."""
        try:
            parsed = read_source(file.data, name=file.name, format=file.format)
        except SourceFileError as error:
            raise InvalidInput(str(error), (Fault(file.place, str(error)),)) from None
        return self.add(parsed, facts, actor, file.name)

    def add(self, parsed: ParsedSource, facts: SourceFacts, actor: Actor, name: str | None = None) -> Changed:
        """Store a source that was read. Raises InvalidInput for a speaker to rename who is not in it."""
        parsed = replace(parsed, turns=rename_turns(parsed.turns, facts.speakers))
        return self.store.add(describe_source(parsed, facts, name), actor)

    def find_page(self, wanted: SourceSearch, cursor: str | None, limit: int) -> SourcePage:
        """Sources, the newest first. Raises InvalidInput for a bad cursor."""
        return self.store.find_page(wanted, cursor, limit)

    def get(self, source_id: str) -> StoredSource:
        """A source with its turns."""
        return self.store.get(source_id)

    def find_touched(self, source_id: str) -> Touched:
        """The stored verdicts that rest on a source."""
        return self.store.find_touched(source_id)

    def find_place(self, quote_id: str) -> tuple[str, int]:
        """The id of the source of a quote, and the number of its turn, from 0."""
        return self.store.find_place(quote_id)

    def change(
        self, source_id: str, change: SourceChange, actor: Actor, precondition: Precondition | None = None
    ) -> Changed:
        """Change the facts of a source or rename its speakers. Raises InvalidInput, Conflict."""
        return self.store.patch(source_id, change, actor, precondition)

    def retract(
        self, source_id: str, reason: str, actor: Actor, precondition: Precondition | None = None
    ) -> Changed:
        """Take a source out of evidence. Raises Conflict."""
        return self.store.retract(source_id, reason, actor, precondition)

    def reinstate(
        self, source_id: str, reason: str | None, actor: Actor, precondition: Precondition | None = None
    ) -> Changed:
        """Undo the retraction of a source. Raises Conflict."""
        return self.store.reinstate(source_id, reason, actor, precondition)

    def remove(
        self, source_id: str, reason: str | None, actor: Actor, precondition: Precondition | None = None
    ) -> Changed:
        """Delete a source with its words. Raises Conflict."""
        return self.store.remove(source_id, reason, actor, precondition)

    def retract_quote(self, quote_id: str, reason: str, actor: Actor) -> Changed:
        """Take one quote out of evidence. Raises Conflict."""
        return self.store.retract_quote(quote_id, reason, actor)

    def reinstate_quote(self, quote_id: str, reason: str | None, actor: Actor) -> Changed:
        """Undo the retraction of one quote. Raises Conflict."""
        return self.store.reinstate_quote(quote_id, reason, actor)

    def list_history(self, source_id: str, *, before: int | None, limit: int) -> HistoryPage:
        """What was done to a source, the newest first, of a removed one too."""
        return self.store.list_history(source_id, before=before, limit=limit)

    def get_history_entry(self, source_id: str, number: int) -> HistoryEntry:
        """One change of a source, with all that was there before it."""
        return self.store.get_history_entry(source_id, number)


def parse_turns(sent: Iterable[Mapping[str, Any]], machine: bool | None) -> ParsedSource:
    """Turns that were sent as such, with the members speaker, text, start_s and end_s.

    Raises InvalidInput where there are no words, or too many.
    """
    turns = turns_from_mappings(sent)
    if not turns:
        raise InvalidInput(
            "the source has no words", (Fault("/turns", "Give at least one turn with words."),)
        )
    if sum(len(turn.text.encode("utf-8", "replace")) for turn in turns) > MAX_SOURCE_BYTES:
        problem = f"More than {MAX_SOURCE_BYTES // 1_000_000} MB of words. Divide the source."
        raise InvalidInput("the source is too large", (Fault("/turns", problem),))
    return ParsedSource("turns", turns, machine=bool(machine))


def rename_turns(turns: tuple[SourceTurn, ...], speakers: Mapping[str, str]) -> tuple[SourceTurn, ...]:
    """The turns with speakers renamed. Raises InvalidInput for a name that nobody has."""
    known = dict.fromkeys(turn.speaker or "" for turn in turns)
    listed = ", ".join(f"“{name}”" if name else "turns without a speaker" for name in known)
    faults = [
        Fault(f"/speakers/{old}", f"Nobody of the name “{old}” speaks here. There are: {listed}.")
        for old in speakers
        if old not in known
    ]
    if faults:
        raise InvalidInput("a speaker to rename is not in the source", tuple(faults))
    return tuple(
        replace(turn, speaker=speakers.get(turn.speaker or "", turn.speaker or "") or None) for turn in turns
    )


def describe_source(parsed: ParsedSource, facts: SourceFacts, name: str | None) -> NewSource:
    """A source as it is stored: what its sender says goes before what the file says of itself."""
    return NewSource(
        facts.title or parsed.title or make_title(parsed, name),
        facts.kind or parsed.kind or USUAL_KIND,
        parsed.turns,
        parsed.format,
        facts.uri,
        facts.publisher or "",
        facts.published_at or parsed.published_at,
        parsed.machine if facts.machine is None else facts.machine,
        parsed.notes,
    )


def make_title(parsed: ParsedSource, name: str | None) -> str:
    """A title for what has none: the name of its file, or its first words."""
    stem = PurePath(name).stem.replace("_", " ").strip() if name else ""
    if stem:
        return stem
    words = " ".join(parsed.turns[0].text.split())
    return words if len(words) <= MAX_TITLE else f"{words[:MAX_TITLE].rsplit(' ', 1)[0]} …"
