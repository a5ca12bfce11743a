"""Import of a stream of lines: some are stored together, with a result for each."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from service.errors import Fault, MigrationDue, StoreUnavailable
from service.store import ImportedQuote, ImportedTranscript, Store
from service.store.sources.records import UNKNOWN_ACTOR, Actor

Kind = Literal["quotes", "transcripts"]
Outcome = ImportedQuote | ImportedTranscript
LINES_AT_ONCE: Final = 5_000  # in one transaction: some tenths of a second
BYTES_AT_ONCE: Final = 4_000_000
WAIT_S: Final = 0.25  # a line is stored that soon, where the sender takes its time


class InputBroken(Exception):
    """The stream cannot be read further; the message says why. Earlier lines count."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line that was read: its number from 1, its size in bytes, and a record or what is wrong with it."""

    number: int
    size: int
    record: Any = None
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome of a line: an outcome, or the faults for which it was refused."""

    number: int
    outcome: Outcome | None
    faults: tuple[Fault, ...]


@dataclass(slots=True)
class Summary:
    """How an import ended. `lines` were read, blank ones among them; `broken` says why it stopped early."""

    lines: int = 0
    added: int = 0
    duplicates: int = 0
    refused: int = 0
    broken: str | None = None

    def count(self, results: Sequence[Result]) -> None:
        """Count the results of the records that were imported."""
        for result in results:
            if result.outcome is None:
                self.refused += 1
            elif result.outcome.added:
                self.added += 1
            else:
                self.duplicates += 1
            self.lines = result.number


@dataclass(slots=True)
class Batch:
    """Lines that wait to be stored."""

    lines: list[Line] = field(default_factory=list)
    size: int = 0
    since: float = 0.0

    def add(self, line: Line) -> None:
        """Add a line."""
        if not self.lines:
            self.since = time.monotonic()
        self.lines.append(line)
        self.size += line.size

    def is_due(self, paused: bool) -> bool:
        """Whether the lines are to be stored now."""
        if not self.lines:
            return False
        full = len(self.lines) >= LINES_AT_ONCE or self.size >= BYTES_AT_ONCE
        return full or paused or time.monotonic() - self.since > WAIT_S

    def take(self) -> list[Line]:
        """The lines; the batch is empty afterwards."""
        taken, self.lines, self.size = self.lines, [], 0
        return taken


def finish_dead_imports(store: Store) -> threading.Thread | None:
    """Index, in a thread, what was stored by imports whose process was killed, such as at a server's start.

    Where the database does not answer now, the next import does it.
    """

    def finish() -> None:
        with suppress(StoreUnavailable):
            store.finish_imports()

    try:
        if not store.has_dead_imports():
            return None
    except (StoreUnavailable, MigrationDue):
        return None
    thread = threading.Thread(target=finish, name="finish-imports", daemon=True)
    thread.start()
    return thread


@dataclass(frozen=True, slots=True)
class RecordImporter:
    """Imports quotes and transcripts into one store."""

    store: Store

    def check_store(self) -> None:
        """Raise StoreUnavailable if the store does not answer: before the answer to a stream begins."""
        self.store.generation()

    def import_lines(
        self,
        kind: Kind,
        lines: Iterable[Line | None],
        summary: Summary,
        actor: Actor = UNKNOWN_ACTOR,
    ) -> Iterator[list[Result]]:
        """Store the records of lines, and give the results of each transaction once it is committed.

        None among the lines says that nothing came for a while. The history of a transcript that is replaced
        names the `actor`. `summary` is complete when the iterator ends;
        it ends early, without an exception, where the stream breaks (InputBroken) or the database goes away.
        """
        try:
            with self.store.import_session(actor) as session:
                add = session.add_quotes if kind == "quotes" else session.add_transcripts
                for batch in gather_batches(lines, summary):
                    results = store_batch(add, batch)
                    summary.count(results)
                    yield results
                session.settle()
        except StoreUnavailable:
            summary.broken = "the store does not answer any more; send what has no result here again"


def gather_batches(lines: Iterable[Line | None], summary: Summary) -> Iterator[list[Line]]:
    """The lines in batches that are stored together; if the stream breaks, those before it."""
    batch = Batch()
    try:
        for line in lines:
            if line is not None:
                batch.add(line)
            if batch.is_due(paused=line is None):
                yield batch.take()
    except InputBroken as error:
        summary.broken = str(error)
    if batch.lines:
        yield batch.take()


def store_batch(add: Callable[[list[Any]], Sequence[Outcome]], batch: Sequence[Line]) -> list[Result]:
    """Store the records of lines in one transaction."""
    records = [line.record for line in batch if not line.faults]
    outcomes = iter(add(records) if records else ())
    return [Result(line.number, None if line.faults else next(outcomes), line.faults) for line in batch]
