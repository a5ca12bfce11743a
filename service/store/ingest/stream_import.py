"""Import of a stream: records are stored in small batches, with an outcome for each.

It does in steps what `service.store.ingest.bulk_import` does at once: each batch is a transaction
that keeps its quotes; every so often, and at the end, their fingerprints are indexed, and only then are they
found by their words. A session that dies is finished by the next import, like any other.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Self

from service.errors import StoreUnavailable
from service.matching.retrieval.fingerprints import WordCodes
from service.store.engine.database import Database
from service.store.ingest.bulk_import import (
    Run,
    begin_run,
    close_run,
    finish_dead_imports,
    index_run,
    record_batch,
    release_run,
)
from service.store.ingest.external_sort import PostingSorter
from service.store.ingest.quote_drafts import draft_quotes, draft_transcript, source_key
from service.store.quotes.writing import Batch, KnownNames, Written, write_batch
from service.store.records import QuoteImport, Transcript, format_key, quote_key, storable
from service.store.retrieval.candidates import FrequencyCache
from service.store.sources.records import UNKNOWN_ACTOR, Actor

SETTLE_QUOTES: Final = 100_000  # not yet indexed; more would need more memory
SETTLE_S: Final = 20.0  # the longest that a stored quote cannot be found by its words, while others come in


@dataclass(frozen=True, slots=True)
class ImportedQuote:
    """The outcome of a quote: its public id, and whether it is new."""

    id: str
    added: bool


@dataclass(frozen=True, slots=True)
class ImportedTranscript:
    """The outcome of a transcript: how many sentences are new, were there, or went with its former text."""

    uri: str
    added: int
    duplicates: int
    removed: int


class ImportSession:
    """An import that records are handed to. Use it as a context; not for several threads at a time.

    Methods raise StoreUnavailable if the database does not answer; the session is over then. What an
    earlier call returned is kept whatever happens later.
    """

    def __init__(self, database: Database, frequencies: FrequencyCache, actor: Actor = UNKNOWN_ACTOR) -> None:
        self._database: Final = database
        self._frequencies: Final = frequencies
        self._actor: Final = actor  # whom the history of a replaced transcript names
        self._run: Run | None = None  # begun by the first batch, and again by the first after each settling
        self._begun_at = 0.0
        self._sorter = PostingSorter()
        self._start_anew()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Index what was stored, also when the stream broke off; what that fails at, the next import does."""
        try:
            self.settle()
        except StoreUnavailable:
            self._abandon()
        except BaseException:
            self._abandon()
            raise

    def add_quotes(self, records: Sequence[QuoteImport]) -> list[ImportedQuote]:
        """Store quotes in one transaction; an outcome for each, in order. Of equal ones the first is new."""
        batch = Batch.encode(draft_quotes(records), self._word_codes)
        [written] = self._write([batch])
        # Of a source that is stored under another spelling of its address the keys are known only now.
        spelled = {source.key: source.record.uri for source in batch.sources}
        fresh = set(written.keys)
        outcomes = []
        for record in records:
            uri = spelled[source_key("quotes", record.source.uri)]
            key = quote_key(uri, 0, storable(record.text))
            outcomes.append(ImportedQuote(format_key(key), key in fresh))
            fresh.discard(key)
        return outcomes

    def add_transcripts(self, records: Sequence[Transcript]) -> list[ImportedTranscript]:
        """Store transcripts in one transaction, in order; one that is there with another text is replaced."""
        batches = [Batch.encode([draft_transcript(record)], self._word_codes) for record in records]
        sources = [batch.sources[0].key for batch in batches]
        if not self._transcripts.isdisjoint(sources):  # what is replaced must not be indexed afterwards
            self.settle()
        if len(set(sources)) < len(sources):
            return [outcome for record in records for outcome in self.add_transcripts([record])]
        written = self._write(batches)
        self._transcripts.update(sources)
        return [
            ImportedTranscript(record.source.uri, one.added, one.duplicates, one.removed)
            for record, one in zip(records, written, strict=True)
        ]

    def settle(self) -> None:
        """Index what was stored, so that it is found by its words."""
        if self._run is None:
            return
        index_run(self._database, self._run, self._sorter, after=None)
        close_run(self._database, self._run)
        self._start_anew()

    def _write(self, batches: list[Batch]) -> list[Written]:
        run = self._begin()
        with self._database.write() as connection:
            written = []
            for batch in batches:
                written.append(write_batch(connection, batch, self._names, self._actor))
                record_batch(connection, run, 1, written[-1])
        for one in written:
            self._sorter.add(one.postings)
            self._unsettled += one.added
        if self._unsettled >= SETTLE_QUOTES or time.monotonic() - self._begun_at > SETTLE_S:
            self.settle()
        return written

    def _begin(self) -> Run:
        if self._run is None:
            finish_dead_imports(self._database)
            self._run = begin_run(self._database, None)
            self._begun_at = time.monotonic()
        return self._run

    def _abandon(self) -> None:
        if self._run is not None:
            with suppress(StoreUnavailable):
                release_run(self._database, self._run)
        self._start_anew()

    def _start_anew(self) -> None:
        """Reset the run and its caches, so that memory does not grow with the stream."""
        if self._run is not None:
            self._sorter.close()
            self._frequencies.forget()
        self._run = None
        self._unsettled = 0  # quotes
        self._transcripts = set[int]()  # keys of those that the run stored
        self._sorter = PostingSorter()
        self._word_codes = WordCodes()
        self._names = KnownNames()
