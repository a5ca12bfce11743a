"""Changes of stored sources: their facts and the names of their speakers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, case, func, select, update

from service.errors import Conflict, Fault, InvalidInput
from service.matching.review_triage import EVIDENCE_CHANGED
from service.matching.sources import EVIDENCE_CLASSES, KINDS, read_kind
from service.store.ingest.quote_drafts import clean_name, source_key
from service.store.quotes.writing import KnownNames, resolve_speakers
from service.store.records import storable
from service.store.reviews.evidence_changes import review_evidence
from service.store.sources.history import Done, add_entry
from service.store.sources.records import Actor, Changed, SourceChange, read_turns, write_turns
from service.store.sources.reliance import describe_touched, find_relying, move_evidence
from service.store.sources.rows import find_article_id, id_of, keep_row, read_keys, utc_now, way_in_of
from service.store.state import record_change
from service.store.tables import quotes, retracted_quotes, sources, speaker_names

DECISIVE = frozenset({"speakers", "kind", "published_at"})  # of which a verdict may be made


def change_source(connection: Connection, row: Row[Any], change: SourceChange, actor: Actor) -> Changed:
    """Change the facts of a source or rename its speakers; its history keeps what was there before.

    Verdicts are reviewed again where they may rest on what changed: speakers, kind and date. Raises
    InvalidInput for an unknown kind or speaker, Conflict for another source's address and for an article.
    """
    if way_in_of(row) == "article" and (article := find_article_id(connection, row.id)):
        raise Conflict(f"this source is the article {article}; send the article again to change it")
    facts = find_facts(row, change)
    former = {name: show_fact(name, getattr(row, name)) for name in facts}
    renamed = find_renamed(connection, row, change.speakers)
    if renamed:
        former["speakers"] = [{"from": old, "to": new} for old, new in renamed.items()]
    if not former:
        return Changed(id_of(row), changed=False)
    relying = find_relying(connection, row.uri, read_keys(connection, row.id), whole=True)
    if "uri" in facts:
        move_source(connection, row, facts["uri"], facts)
    if facts:
        connection.execute(update(sources).where(sources.c.id == row.id).values(facts))
    if "published_at" in facts:
        move_day(connection, row, facts["published_at"])
    kept = rename_speakers(connection, row, renamed) if renamed else {}
    now = utc_now()
    keep_row(connection, row, now, kept, actor)
    reviews = 0
    if DECISIVE & former.keys():
        reviews = review_evidence(connection, relying, EVIDENCE_CHANGED, id_of(row), now.timestamp())
    touched = describe_touched(relying, reviews)
    done = Done("changed", actor, now, former=former, verdicts=touched.verdicts)
    add_entry(connection, id_of(row), done)
    record_change(connection, 0)
    return Changed(id_of(row), touched=touched)


def find_facts(row: Row[Any], change: SourceChange) -> dict[str, Any]:
    """The columns of a source that differ from what they are to be. Raises InvalidInput."""
    wanted: dict[str, Any] = {}
    for name in ("title", "uri", "publisher"):
        given = getattr(change, name)
        if given is not None:
            wanted[name] = storable(given)
    if change.kind is not None:
        kind = read_kind(change.kind)
        if kind is None:
            raise InvalidInput(
                "the kind is unknown", (Fault("/kind", f"Must be one of {', '.join(KINDS)}."),)
            )
        wanted["kind"], wanted["evidence_class"] = kind, EVIDENCE_CLASSES[kind]
    if change.published_at is not None or change.clears_date:
        wanted["published_at"] = change.published_at
    if change.machine is not None:
        wanted["machine"] = 1 if change.machine else None
    return {name: value for name, value in wanted.items() if getattr(row, name) != value}


def show_fact(name: str, value: Any) -> Any:
    """A column's value as JSON."""
    if name == "machine":
        return bool(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def move_source(connection: Connection, row: Row[Any], uri: str, facts: dict[str, Any]) -> None:
    """Give a source another address. Raises Conflict where another source has it."""
    key = source_key(way_in_of(row), uri)
    taken = select(sources.c.id).where(sources.c.key == key, sources.c.id != row.id)
    if connection.execute(taken).first() is not None:
        raise Conflict("another source is stored at this address")
    facts["key"] = key
    move_evidence(connection, row.uri, uri)


def move_day(connection: Connection, row: Row[Any], day: Any) -> None:
    """Date the quotes that have the day of their source to another day."""
    for table in (quotes, retracted_quotes):
        mine = (table.c.source_id == row.id) & (table.c.day == row.published_at)
        connection.execute(update(table).where(mine).values(day=day))


def find_renamed(connection: Connection, row: Row[Any], wanted: Mapping[str, str]) -> dict[str, str | None]:
    """The renamings that change anything, by the former name ("" for none). Raises InvalidInput."""
    if not wanted:
        return {}
    known = find_names(connection, row)
    faults = [
        Fault(f"/speakers/{old}", f"Nobody of this name speaks here. There are: {list_names(known)}.")
        for old in wanted
        if (clean_name(old) or "") not in known
    ]
    if faults:
        raise InvalidInput("a speaker to rename is not in the source", tuple(faults))
    renamed = {clean_name(old) or "": clean_name(new) for old, new in wanted.items()}
    return {old: new for old, new in renamed.items() if old != (new or "")}


def find_names(connection: Connection, row: Row[Any]) -> set[str]:
    """The names of those who speak in a source, "" where somebody without a name does."""
    if row.kept_turns is not None:
        return {turn.speaker or "" for turn in read_turns(row.kept_turns)}
    names: set[str] = set()
    for table in (quotes, retracted_quotes):
        wanted = select(speaker_names.c.name).select_from(table).distinct()
        wanted = wanted.join(speaker_names, table.c.speaker_id == speaker_names.c.id, isouter=True)
        mine = wanted.where(table.c.source_id == row.id)
        names |= {name or "" for name in connection.execute(mine).scalars()}
    return names


def list_names(names: set[str]) -> str:
    """Names for a message."""
    return ", ".join(sorted(f"“{name}”" if name else "turns without a speaker" for name in names))


def rename_speakers(
    connection: Connection, row: Row[Any], renamed: Mapping[str, str | None]
) -> dict[str, Any]:
    """Rename speakers in all turns, at once: two names can be swapped. What is kept of the source."""
    ids = KnownNames()
    resolve_speakers(connection, [*renamed, *renamed.values()], ids)
    numbers = {
        None if not old else ids.speakers[old]: ids.speakers[new] if new else None
        for old, new in renamed.items()
    }
    for table in (quotes, retracted_quotes):
        # No speaker has the number -1: a comparison with null would match nothing.
        number = func.coalesce(table.c.speaker_id, -1)
        changed = case(
            *((number == (-1 if old is None else old), new) for old, new in numbers.items()),
            else_=table.c.speaker_id,
        )
        connection.execute(update(table).where(table.c.source_id == row.id).values(speaker_id=changed))
    if row.kept_turns is None:
        return {}
    turns = tuple(
        replace(turn, speaker=renamed.get(turn.speaker or "", turn.speaker))
        for turn in read_turns(row.kept_turns)
    )
    return {"turns": write_turns(turns)}
