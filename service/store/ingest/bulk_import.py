"""Bulk import. First the quotes, a batch a transaction; then all their fingerprints, sorted as one.

A killed import loses and doubles nothing: each transaction also writes down how far it came. The same import
again (its `checkpoint` names it) goes on behind the last record stored, and any later import first finishes
the fingerprints that a dead one left undone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

import numpy as np
from sqlalchemy import Connection, delete, func, insert, select, update

from service.errors import StoreUnavailable
from service.matching.retrieval.fingerprints import WordCodes, encode_texts, find_postings
from service.store.engine.database import Database
from service.store.engine.process_identity import is_gone, name_process
from service.store.engine.shared_clock import read_now
from service.store.ingest.external_sort import PostingSorter
from service.store.ingest.quote_drafts import SourceDraft, draft_quotes, draft_transcript
from service.store.quotes.writing import Batch, KnownNames, Written, write_batch
from service.store.records import ImportReport, QuoteImport, Transcript
from service.store.retrieval.indexing import add_slice, split_slices
from service.store.sources.records import UNKNOWN_ACTOR, Actor
from service.store.state import record_change, writes_trigrams
from service.store.tables import import_ranges, imports, quotes

SILENT_S: Final = 600.0  # an import that wrote nothing for so long is taken for dead
BATCH: Final = 10_000  # quotes in one transaction: a fraction of a second
NOBODY: Final = ""  # the owner of an import that waits to be gone on with

Progress = Callable[[int], None]


Batches = Callable[[int], Iterator[tuple[int, list[SourceDraft]]]]


@dataclass(frozen=True, slots=True)
class Run:
    """An import that runs in this process."""

    id: int
    owner: str
    resumed: int  # records that an earlier run of the same import stored


@dataclass(frozen=True, slots=True)
class Work:
    """An import: its batches, the progress callback, and the actor."""

    batches: Batches
    progress: Progress
    actor: Actor


def run_import(
    database: Database,
    batches: Batches,
    checkpoint: str | None,
    progress: Progress,
    actor: Actor = UNKNOWN_ACTOR,
) -> ImportReport:
    """Store all batches and index them. `batches(n)` gives them without the first n records.

    Each batch comes with the number of its records; `progress` is called with that number once it is stored.
    The history of a transcript that is replaced names the `actor`. Whatever
    ends the import early, what it stored stays and a later import finishes its index.
    """
    finish_dead_imports(database)
    run = begin_run(database, checkpoint)
    try:
        with PostingSorter() as sorter:
            report = store_batches(database, run, Work(batches, progress, actor), sorter)
            index_run(database, run, sorter, after=None)
            close_run(database, run)
    except BaseException:
        with suppress(StoreUnavailable):
            release_run(database, run)
        raise
    return report


def store_batches(database: Database, run: Run, work: Work, sorter: PostingSorter) -> ImportReport:
    """Store the quotes of all batches and collect their fingerprints."""
    report = ImportReport(records=run.resumed, resumed=run.resumed)
    word_codes, names = WordCodes(), KnownNames()
    if run.resumed:
        work.progress(run.resumed)
    for records, sources in work.batches(run.resumed):
        batch = Batch.encode(sources, word_codes)
        with database.write() as connection:
            written = write_batch(connection, batch, names, work.actor)
            record_batch(connection, run, records, written)
        sorter.add(written.postings)
        report = replace(
            report,
            records=report.records + records,
            quotes_added=report.quotes_added + written.added,
            duplicates=report.duplicates + written.duplicates,
            quotes_removed=report.quotes_removed + written.removed,
        )
        work.progress(records)
    return report


def begin_run(database: Database, checkpoint: str | None) -> Run:
    """Record that an import has begun or is resumed."""
    owner = name_process()
    with database.write() as connection:
        if checkpoint is not None:
            idle = select(imports.c.id, imports.c.records).where(
                imports.c.checkpoint == checkpoint, imports.c.owner == NOBODY
            )
            found = connection.execute(idle).first()
            if found is not None:
                run = Run(found.id, owner, found.records)
                connection.execute(
                    update(imports).where(imports.c.id == run.id).values(mark_seen(connection, owner))
                )
                return run
        started = {"checkpoint": checkpoint, "records": 0, **mark_seen(connection, owner)}
        made = connection.execute(insert(imports).values(started).returning(imports.c.id))
        return Run(made.scalar_one(), owner, 0)


def record_batch(connection: Connection, run: Run, records: int, written: Written) -> None:
    """Record what a batch stored, in its transaction."""
    note_progress(connection, run, {"records": imports.c.records + records})
    if written.added:
        last_id = written.first_id + written.added - 1
        connection.execute(
            insert(import_ranges).values(first_id=written.first_id, last_id=last_id, import_id=run.id)
        )


def index_run(database: Database, run: Run, sorter: PostingSorter, after: int | None) -> None:
    """Insert the collected fingerprints, only those after `after`."""
    for part in sorter.parts():
        behind = part if after is None else part[part > after]
        for ordered in split_slices(behind):
            with database.write() as connection:
                note_progress(connection, run, {"indexed_upto": int(ordered[-1])})
                add_slice(connection, ordered)
                record_change(connection, 0)


def close_run(database: Database, run: Run) -> None:
    """Delete the row of a complete import."""
    with database.write() as connection:
        note_progress(connection, run, {"indexed_upto": None})
        connection.execute(delete(import_ranges).where(import_ranges.c.import_id == run.id))
        connection.execute(delete(imports).where(imports.c.id == run.id))


def release_run(database: Database, run: Run) -> None:
    """Leave an import to the next process that imports."""
    with database.write() as connection:
        mine = (imports.c.id == run.id) & (imports.c.owner == run.owner)
        connection.execute(update(imports).where(mine).values(owner=NOBODY, seen_at=0.0))


def finish_dead_imports(database: Database) -> int:
    """Index what imports that died left unindexed; how many quotes that were.

    A dead import that has a checkpoint keeps its row, so that the same import goes on behind it.
    """
    finished = 0
    for import_id, seen in find_dead_imports(database):
        run = adopt_run(database, import_id, seen)
        if run is None:  # another process was faster
            continue
        with PostingSorter() as sorter:
            after = resort_run(database, run, sorter)
            index_run(database, run, sorter, after)
        finished += settle_run(database, run)
    return finished


def find_dead_imports(database: Database) -> list[tuple[int, str]]:
    """Imports with work left whose process is gone, each with the owner it had."""
    unfinished = imports.c.id.in_(select(import_ranges.c.import_id)) | (imports.c.owner != NOBODY)
    with database.read() as connection:
        now = read_now(connection)
        rows = connection.execute(select(imports.c.id, imports.c.owner, imports.c.seen_at).where(unfinished))
        return [(row.id, row.owner) for row in rows if is_dead(row.owner, now - row.seen_at)]


def adopt_run(database: Database, import_id: int, former_owner: str) -> Run | None:
    """Take over the import of a dead process, unless another process has."""
    owner = name_process()
    dead = (imports.c.id == import_id) & (imports.c.owner == former_owner)
    with database.write() as connection:
        taken = connection.execute(update(imports).where(dead).values(mark_seen(connection, owner)))
        return Run(import_id, owner, 0) if taken.rowcount else None


def resort_run(database: Database, run: Run, sorter: PostingSorter) -> int | None:
    """Make a dead import's fingerprints again from the stored texts; up to where it had inserted them."""
    word_codes = WordCodes()
    with database.read() as connection:
        triples = writes_trigrams(connection)
        after = connection.execute(select(imports.c.indexed_upto).where(imports.c.id == run.id)).scalar()
        mine = import_ranges.c.import_id == run.id
        bounds = select(import_ranges.c.first_id, import_ranges.c.last_id).where(mine)
        ranges = connection.execute(bounds).all()
        for first_id, last_id in ranges:
            wanted = select(quotes.c.id, quotes.c.text).where(quotes.c.id.between(first_id, last_id))
            rows = connection.execute(wanted.order_by(quotes.c.id)).all()
            encoded = encode_texts((row.text for row in rows), word_codes)
            ids = np.array([row.id for row in rows], dtype=np.int64)
            sorter.add(find_postings(encoded.codes, encoded.lengths, ids, triples))
    return int(after) if after is not None else None


def settle_run(database: Database, run: Run) -> int:
    """Note that an adopted import's index is complete; how many quotes it had stored."""
    mine = import_ranges.c.import_id == run.id
    size = func.coalesce(func.sum(import_ranges.c.last_id - import_ranges.c.first_id + 1), 0)
    with database.write() as connection:
        note_progress(connection, run, {"indexed_upto": None})
        indexed = int(connection.execute(select(size).where(mine)).scalar_one())
        connection.execute(delete(import_ranges).where(mine))
        goes_on = imports.c.checkpoint.is_not(None)
        connection.execute(delete(imports).where(imports.c.id == run.id, ~goes_on))
        connection.execute(update(imports).where(imports.c.id == run.id).values(owner=NOBODY, seen_at=0.0))
    return indexed


def note_progress(connection: Connection, run: Run, values: dict[str, object]) -> None:
    """Write down how far a run came. Raises StoreUnavailable if another process took it for dead."""
    mine = (imports.c.id == run.id) & (imports.c.owner == run.owner)
    noted = connection.execute(
        update(imports).where(mine).values({**values, **mark_seen(connection, run.owner)})
    )
    if not noted.rowcount:
        raise StoreUnavailable(
            "another process took over this import, which wrote nothing for too long; start it again"
        )


def mark_seen(connection: Connection, owner: str) -> dict[str, object]:
    """The columns that say who is at work and was recently."""
    return {"owner": owner, "seen_at": read_now(connection)}


def is_dead(owner: str, silent_s: float) -> bool:
    """Whether the process behind an import is gone, which wrote nothing for so long."""
    return owner == NOBODY or silent_s > SILENT_S or is_gone(owner)


def batch_transcripts(records: Iterable[Transcript]) -> Iterator[tuple[int, list[SourceDraft]]]:
    """Transcripts in batches of about `BATCH` quotes, with the number of transcripts in each."""
    count, size, sources = 0, 0, dict[int, SourceDraft]()
    for transcript in records:
        source = draft_transcript(transcript)
        if source.key in sources:  # the same URI twice: the later one replaces, so it must come in later
            yield count, list(sources.values())
            count, size, sources = 0, 0, {}
        sources[source.key] = source
        count, size = count + 1, size + len(source.drafts)
        if size >= BATCH:
            yield count, list(sources.values())
            count, size, sources = 0, 0, {}
    if count:
        yield count, list(sources.values())


def batch_quotes(records: Iterable[QuoteImport]) -> Iterator[tuple[int, list[SourceDraft]]]:
    """Quotes in batches of `BATCH`, with the number of records in each."""
    iterator = iter(records)
    while batch := list(islice(iterator, BATCH)):
        yield len(batch), draft_quotes(batch)
