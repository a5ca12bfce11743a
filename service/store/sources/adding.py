"""Adding sources one by one: their turns become quotes as an imported transcript's do."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Connection, Row, select, update

from service.errors import Conflict
from service.matching.retrieval.fingerprints import Codes, WordCodes, sort_distinct
from service.sources.models import ParsedSource, SourceTurn
from service.sources.utterances import utterances_of
from service.store.ingest.quote_drafts import SourceDraft, clean_name, draft_transcript
from service.store.quotes.writing import Batch, KnownNames, write_batch
from service.store.records import SourceRecord, Transcript, Turn, storable
from service.store.retrieval.indexing import add_few, add_slice, split_slices
from service.store.sources.history import Done, add_entry
from service.store.sources.records import Actor, Changed, NewSource, name_by_words, write_turns
from service.store.sources.reliance import describe_touched, find_relying
from service.store.sources.rows import build_source, id_of, keep_row, read_keys, utc_now
from service.store.state import record_change
from service.store.tables import source_history, sources

FEW: Final = 20_000  # postings whose frequencies are counted one by one


def draft_source(new: NewSource) -> tuple[SourceDraft, NewSource]:
    """The quotes of a new source, and the source as it is kept. Raises InvalidInput for an unknown kind."""
    turns = tuple(
        replace(turn, speaker=clean_name(turn.speaker), text=storable(turn.text)) for turn in new.turns
    )
    kept = replace(new, turns=turns, uri=storable(new.uri) if new.uri else name_by_words(turns))
    record = SourceRecord(kept.uri or "", kept.title, kept.publisher, kept.published_at, kept.kind)
    spoken = (Turn(turn.speaker, turn.text, turn.start_s, turn.end_s) for turn in turns)
    draft = draft_transcript(Transcript(record, tuple(spoken)))
    time_drafts(draft, turns)
    return draft, kept


def time_drafts(draft: SourceDraft, turns: tuple[SourceTurn, ...]) -> None:
    """Give each sentence the times of its own words, where the turns have them."""
    utterances = utterances_of(ParsedSource("turns", turns))
    for one, utterance in zip(draft.drafts, utterances, strict=True):
        one.start_s, one.end_s = utterance.start_s, utterance.end_s


def encode_source(draft: SourceDraft) -> Batch:
    """A source's quotes, encoded: the work that needs no lock."""
    return Batch.encode([draft], WordCodes())


def add_source(connection: Connection, new: NewSource, batch: Batch, actor: Actor) -> Changed:
    """Store a source. The same again changes nothing; another text at its address replaces it.

    Raises Conflict where a source at its address was retracted.
    """
    draft = batch.sources[0]
    former = find_former(connection, draft.key)
    if former is not None and former.kept_retracted_at is not None:
        raise Conflict(f"{id_of(former)}, this very source, was retracted: {former.kept_retraction}")
    if former is not None and former.content_hash == draft.content_hash and former.kept_format is not None:
        return Changed(id_of(former), changed=False)
    written = write_batch(connection, batch, KnownNames(), actor)
    index_postings(connection, written.postings)
    row = connection.execute(build_source().where(sources.c.key == draft.key)).one()
    now = utc_now()
    connection.execute(
        update(sources).where(sources.c.id == row.id).values(machine=1 if new.machine else None)
    )
    keep_row(connection, row, now, describe_kept(new), actor)
    if former is None or not has_history(connection, id_of(row)):
        add_entry(connection, id_of(row), Done("added", actor, now))
    record_change(connection, 0)
    relying = find_relying(connection, row.uri, read_keys(connection, row.id), whole=True) if former else []
    return Changed(id_of(row), created=former is None, touched=describe_touched(relying))


def find_former(connection: Connection, key: int) -> Row[Any] | None:
    """The source that is stored under a key already."""
    return connection.execute(build_source().where(sources.c.key == key)).one_or_none()


def has_history(connection: Connection, source: str) -> bool:
    """Whether a source has a history already."""
    return connection.execute(
        select(source_history.c.number).where(source_history.c.source == source).limit(1)
    ).first() is not None  # fmt: skip


def describe_kept(new: NewSource) -> dict[str, Any]:
    """What is kept of a source beside its quotes."""
    return {
        "format": new.format,
        "turns": storable(write_turns(new.turns)),
        "notes": storable(json.dumps(list(new.notes), ensure_ascii=False)),
    }


def index_postings(connection: Connection, postings: Codes) -> None:
    """Insert the postings of new quotes, by the means that their number asks for."""
    ordered = sort_distinct(postings)
    if len(ordered) <= FEW:
        add_few(connection, ordered)
        return
    for part in split_slices(ordered):
        add_slice(connection, part)
