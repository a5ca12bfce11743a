"""Insertion of quotes with their sources and speakers, and removal of a source's quotes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from sqlalchemy import Connection, Integer, Select, String, bindparam, delete, func, insert, select, update

from service.matching.retrieval.fingerprints import (
    ID_MASK,
    Codes,
    EncodedTexts,
    WordCodes,
    encode_texts,
    find_postings,
    hash_words,
    split_words,
)
from service.names.comparison import surname_keys
from service.store.engine.batch_sql import insert_rows, select_by_keys, split_chunks
from service.store.engine.compiled_queries import number_list, run_compiled
from service.store.ingest.quote_drafts import AT_END, Draft, SourceDraft
from service.store.retrieval.indexing import remove_postings
from service.store.sources.records import UNKNOWN_ACTOR, Actor
from service.store.sources.replacing import note_replacement
from service.store.sources.rows import find_retracted_sources
from service.store.state import record_change, reserve_ids, writes_trigrams
from service.store.tables import quotes, retracted_quotes, sources, speaker_names, speaker_surnames

QUOTE_COLUMNS: Final = (
    "id", "key", "source_id", "turn", "position", "speaker_id", "day", "form", "family", "passages",
    "second_hand", "text", "words", "start_s", "end_s",
)  # fmt: skip
MAX_SURNAME: Final = 64  # characters that are kept of one
MAX_SPEAKERS: Final = 200  # of one surname
NAME_SUFFIXES: Final = frozenset({"jr", "sr", "ii", "iii", "iv", "phd", "md"})


@dataclass(slots=True)
class Batch:
    """Sources with their quotes, encoded before the lock is taken."""

    sources: list[SourceDraft]
    encoded: EncodedTexts

    @classmethod
    def encode(cls, sources: list[SourceDraft], word_codes: WordCodes) -> Batch:
        """Encode the texts of all quotes."""
        texts = (draft.text for source in sources for draft in source.drafts)
        return cls(sources, encode_texts(texts, word_codes))


@dataclass(slots=True)
class Written:
    """What a batch added: rows with consecutive ids, and their postings."""

    first_id: int
    added: int
    duplicates: int
    removed: int
    postings: Codes  # in no order and with repeats
    keys: frozenset[int]  # of the quotes that were added


@dataclass(slots=True)
class KnownNames:
    """The ids of sources and speakers that an import has read; these are never deleted."""

    speakers: dict[str, int] = field(default_factory=dict)
    next_positions: dict[int, int] = field(default_factory=dict)


def write_batch(
    connection: Connection, batch: Batch, names: KnownNames, actor: Actor = UNKNOWN_ACTOR
) -> Written:
    """Insert what is new of a batch, without its postings.

    A source whose contents are those it has already is passed over, and so is a retracted one. One whose
    contents changed loses its former quotes, which its history keeps with the `actor`. One that is stored
    under another spelling of its address takes that over, keys included.
    """
    source_ids, made, skipped, removed = resolve_sources(connection, batch.sources, actor)
    names.next_positions.update(dict.fromkeys(made, 0))
    drafts = [(source, draft) for source in batch.sources for draft in source.drafts]
    retracted = find_retracted(connection, set(source_ids.values()) - set(made))
    wanted = [
        source.key not in skipped and (source_ids[source.key], draft.text) not in retracted
        for source, draft in drafts
    ]
    keys = [draft.key for (_, draft), want in zip(drafts, wanted, strict=True) if want]
    taken = {row.key for row in select_by_keys(connection, select(quotes.c.key), quotes.c.key, keys)}
    chosen: list[int] = []
    for index, (_, draft) in enumerate(drafts):
        if wanted[index] and draft.key not in taken:
            taken.add(draft.key)
            chosen.append(index)
    placed = [(source_ids[drafts[index][0].key], drafts[index][1]) for index in chosen]
    first_id, postings = insert_quotes(connection, batch.encoded, chosen, placed, names)
    if chosen or removed:
        record_change(connection, len(chosen) - removed)
    added = frozenset(draft.key for _, draft in placed)
    return Written(first_id, len(chosen), len(drafts) - len(chosen), removed, postings, added)


def insert_quotes(
    connection: Connection,
    encoded: EncodedTexts,
    chosen: Sequence[int],
    placed: Sequence[tuple[int, Draft]],
    names: KnownNames,
) -> tuple[int, Codes]:
    """Insert quotes, each with the number of its source; the id of the first, and the postings of all.

    `chosen` are their places among the encoded texts.
    """
    first_id = reserve_ids(connection, len(chosen)) if chosen else 0
    if chosen:
        resolve_speakers(connection, (draft.speaker for _, draft in placed), names)
        place_last(connection, placed, names)
        rows = [
            (
                first_id + offset, draft.key, source_id, draft.turn, draft.position,
                names.speakers[draft.speaker] if draft.speaker else None,
                draft.day, draft.form, encoded.families[index], draft.passages, draft.second_hand,
                draft.text, encoded.ranks[index], draft.start_s, draft.end_s,
            )
            for offset, (index, (source_id, draft)) in enumerate(zip(chosen, placed, strict=True))
        ]  # fmt: skip
        insert_rows(connection, quotes, QUOTE_COLUMNS, rows)
    return first_id, post_chosen(encoded, chosen, first_id, writes_trigrams(connection))


def find_retracted(connection: Connection, source_ids: Iterable[int]) -> set[tuple[int, str]]:
    """Source and text of the single quotes that were retracted: they do not come in again."""
    columns = select(retracted_quotes.c.source_id, retracted_quotes.c.text)
    rows = select_by_keys(connection, columns, retracted_quotes.c.source_id, sorted(source_ids))
    return {(row.source_id, row.text) for row in rows}


def post_chosen(encoded: EncodedTexts, chosen: Sequence[int], first_id: int, triples: bool) -> Codes:
    """The postings of the chosen texts, in no order and with repeats."""
    ids = np.zeros(len(encoded.lengths), dtype=np.int64)
    ids[np.array(chosen, dtype=np.int64)] = np.arange(first_id, first_id + len(chosen), dtype=np.int64)
    new = find_postings(encoded.codes, encoded.lengths, ids, triples)
    chosen_only: Codes = new[new & ID_MASK != 0]  # no quote has the id 0
    return chosen_only


class ResolvedSources(NamedTuple):
    """Sources as rows: ids by key, ids of those made just now, keys to pass over, and quotes taken out."""

    ids: dict[int, int]
    made: list[int]
    skipped: set[int]
    removed: int


def resolve_sources(
    connection: Connection, drafts: Sequence[SourceDraft], actor: Actor = UNKNOWN_ACTOR
) -> ResolvedSources:
    """The rows of the sources.

    Sources that are not there yet are made. A transcript or an article that changed is emptied first.
    """
    wanted = {draft.key: draft for draft in drafts}
    columns = select(sources.c.key, sources.c.id, sources.c.content_hash, sources.c.uri)
    found = {row.key: row for row in select_by_keys(connection, columns, sources.c.key, list(wanted))}
    for key, row in found.items():
        wanted[key].rename(row.uri)
    retracted = find_retracted_sources(connection, [row.id for row in found.values()])
    skipped, removed = set(), 0
    for key, row in found.items():
        draft = wanted[key]
        if row.id in retracted:
            skipped.add(key)
            continue
        if draft.content_hash is None:
            continue
        if row.content_hash == draft.content_hash:
            skipped.add(key)
            continue
        note_replacement(connection, row.id, actor)
        removed += remove_quotes(connection, row.id)
        connection.execute(update(sources).where(sources.c.id == row.id).values(**describe_source(draft)))
    missing = [describe_source(draft) for key, draft in wanted.items() if key not in found]
    made: dict[int, int] = {}
    if missing:
        rows = connection.execute(insert(sources).returning(sources.c.key, sources.c.id), missing)
        made = {row.key: row.id for row in rows}
    ids = {key: row.id for key, row in found.items()} | made
    return ResolvedSources(ids, list(made.values()), skipped, removed)


def describe_source(draft: SourceDraft) -> dict[str, object]:
    """A source's row, without its id."""
    record = draft.record
    return {
        "uri": record.uri,
        "key": draft.key,
        "title": record.title,
        "publisher": record.publisher,
        "published_at": record.published_at,
        "kind": record.kind,
        "evidence_class": record.evidence_class,
        "content_hash": draft.content_hash,
    }


def resolve_speakers(connection: Connection, wanted: Iterable[str | None], names: KnownNames) -> None:
    """Make sure that every name has an id in `names.speakers`."""
    unknown = list({name for name in wanted if name and name not in names.speakers})
    if not unknown:
        return
    by_key = {hash_words((name,)): name for name in unknown}
    columns = select(speaker_names.c.key, speaker_names.c.id)
    rows = list(select_by_keys(connection, columns, speaker_names.c.key, list(by_key)))
    missing = by_key.keys() - {row.key for row in rows}
    if missing:
        made = insert(speaker_names).returning(speaker_names.c.key, speaker_names.c.id)
        described = [
            {"name": by_key[key], "key": key, "surname": find_surname(by_key[key])} for key in missing
        ]
        new = connection.execute(made, described).all()
        add_surnames(connection, [(row.id, by_key[row.key]) for row in new])
        rows += new
    names.speakers.update((by_key[row.key], row.id) for row in rows)


def add_surnames(connection: Connection, named: Iterable[tuple[int, str]]) -> None:
    """Index speakers, given by number and name, by each of their surnames."""
    rows = [(surname, number) for number, name in named for surname in find_surnames(name)]
    if rows:
        insert_rows(connection, speaker_surnames, ("surname", "speaker_id"), rows)


def find_speakers(connection: Connection, names: Iterable[str], most: int) -> list[tuple[int, str]]:
    """Number and name of up to `most` speakers who share a surname with one of the names.

    Whether any of them is the one who is meant is for `names_agree`, or a registry, to say.
    """
    asked = list(names)
    keys = {surname for name in asked for surname in find_surnames(name)}
    # Speakers that an older program has stored are known by the last word of their names only.
    keys |= {word for name in asked if (word := find_surname(name))}
    if not keys:
        return []
    size, listed = number_list("surname", sorted(keys))
    rows = run_compiled(connection, build_named_query, size, {**listed, "most": most})
    return [(number, name) for number, name in rows]


def build_named_query(size: int) -> Select[tuple[int, str]]:
    """Number and name of up to `most` speakers who are stored under one of `surname_i`."""
    keys = [bindparam(f"surname_{number}", type_=String) for number in range(size)]
    listed = select(speaker_surnames.c.speaker_id).where(speaker_surnames.c.surname.in_(keys))
    either = speaker_names.c.id.in_(listed) | speaker_names.c.surname.in_(keys)
    most = bindparam("most", type_=Integer)
    return (
        select(speaker_names.c.id, speaker_names.c.name)
        .where(either)
        .order_by(speaker_names.c.id)
        .limit(most)
    )


@lru_cache(maxsize=4_096)
def find_surnames(name: str) -> tuple[str, ...]:
    """The surnames under which a speaker is stored and looked up; none for a label that names nobody."""
    return tuple(dict.fromkeys(key[:MAX_SURNAME] for key in surname_keys(name) if key))


def find_surname(name: str) -> str:
    """The last word of a name that is no suffix, normalised; "" where there is no word."""
    words = split_words(name)
    kept = [word for word in words if word not in NAME_SUFFIXES] or words
    return kept[-1][:MAX_SURNAME] if kept else ""


def place_last(connection: Connection, placed: Sequence[tuple[int, Draft]], names: KnownNames) -> None:
    """Set the position of drafts without one: after their source's last quote, in order."""
    loose = [(source_id, draft) for source_id, draft in placed if draft.position == AT_END]
    unknown = list({source_id for source_id, _ in loose} - names.next_positions.keys())
    last = select(quotes.c.source_id, func.max(quotes.c.position) + 1)
    for chunk in split_chunks(unknown):
        rows = connection.execute(last.where(quotes.c.source_id.in_(chunk)).group_by(quotes.c.source_id))
        names.next_positions.update((source_id, position) for source_id, position in rows)
    for source_id, draft in loose:
        draft.position = draft.turn = names.next_positions.get(source_id, 0)
        names.next_positions[source_id] = draft.position + 1


def remove_quotes(connection: Connection, source_id: int) -> int:
    """Delete a source's quotes with their postings; how many there were."""
    here = quotes.c.source_id == source_id
    rows = connection.execute(select(quotes.c.id, quotes.c.text).where(here)).all()
    if rows:
        remove_postings(connection, [(row.id, row.text) for row in rows])
        connection.execute(delete(quotes).where(here))
    return len(rows)
