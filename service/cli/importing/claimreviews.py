"""`verbatim import claimreviews`: NDJSON, or one document as publishers offer it, into the store."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO, Final

import click

from schemas.factchecks import ClaimReviewLineSchema
from schemas.strict_json import read_line
from service.claims.factcheck import Factcheck
from service.cli.lines import MAX_LINE_BYTES, Readable, Reader, progress_bar
from service.store import Store
from service.usecases.find_factchecks import SAVED_AT_ONCE, FactcheckImporter

MAX_DOCUMENT_BYTES: Final = 512_000_000


def import_claimreviews(store: Store, stream: BinaryIO, size: int | None) -> Reader:
    """Import the fact-checks of a stream of `size` bytes, and say what was done."""
    importer = FactcheckImporter(store.factchecks)
    reader = Reader(ClaimReviewLineSchema())
    outcomes = Counter[str]()
    with progress_bar("import claimreviews", "B", size) as bar:
        reader.progress = bar.update
        waiting: list[Factcheck] = []
        for factchecks in read_factchecks(reader, join_document(stream)):
            waiting += factchecks
            if len(waiting) >= SAVED_AT_ONCE:
                outcomes.update(outcome for _, outcome in importer.save(waiting))
                waiting = []
        outcomes.update(outcome for _, outcome in importer.save(waiting))
    total, added, changed = outcomes.total(), outcomes["added"], outcomes["changed"]
    click.echo(
        f"{total:,} fact-checks read: {added:,} added, {changed:,} changed, "
        f"{outcomes['unchanged']:,} were there already",
        err=True,
    )
    return reader


def read_factchecks(reader: Reader, stream: Readable) -> Iterator[tuple[Factcheck, ...]]:
    """The fact-checks of each line; what had to be refused of a line is reported."""
    for reading in reader.records(stream):
        for fault in reading.faults:
            reader.report(reader.number, f"{fault.pointer}: {fault.detail}")
        yield reading.factchecks


def join_document(stream: BinaryIO) -> Readable:
    """The stream; where it is one document over many lines, that document as a single line."""
    first = stream.readline(MAX_LINE_BYTES)
    start = first.strip()
    if start[:1] not in (b"{", b"[") or start[-1:] in (b"}", b"]"):
        return Chained(first, stream)
    document = first + stream.read(MAX_DOCUMENT_BYTES)
    if is_json(document):
        return io.BytesIO(b" ".join(document.splitlines()))
    return Chained(document, stream)  # line by line, each with its own fault


class Chained:
    """Bytes that were read already, and the stream behind them."""

    def __init__(self, first: bytes, rest: BinaryIO) -> None:
        self._first: Final = io.BytesIO(first)
        self._rest: Final = rest

    def readline(self, size: int, /) -> bytes:
        """The next line, at most `size` bytes of it."""
        line = self._first.readline(size)
        if line.endswith(b"\n") or len(line) == size:
            return line
        return line + self._rest.readline(size - len(line))


def is_json(text: bytes) -> bool:
    """Whether this is a JSON value by itself."""
    try:
        read_line(text)
    except (ValueError, RecursionError):
        return False
    return True
