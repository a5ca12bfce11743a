"""`verbatim import`: transcripts, earlier quotes, published fact-checks and speakers into the store."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import BinaryIO

import click
from marshmallow import Schema

from schemas.factchecks import ClaimReviewLineSchema
from schemas.imports import QuoteImportSchema, TranscriptSchema
from schemas.speakers import SpeakerInputSchema
from service.cli.actor import find_actor
from service.cli.examples import examples
from service.cli.importing.claimreviews import import_claimreviews
from service.cli.importing.speakers import import_speakers
from service.cli.lines import Reader, end_with, is_packed, open_input, progress_bar
from service.cli.stores import current_store
from service.settings import read_settings
from service.store import Store
from service.store.maintenance.transfer import import_rows

SCHEMAS: dict[str, type[Schema]] = {
    "transcripts": TranscriptSchema,
    "quotes": QuoteImportSchema,
    "claimreviews": ClaimReviewLineSchema,
    "speakers": SpeakerInputSchema,
}
STORE = "store"


@click.command(
    "import",
    epilog=examples(
        "verbatim import quotes quotes.ndjson",
        "verbatim import transcripts speeches.ndjson.gz",
        "verbatim import claimreviews claimreviews.ndjson",
        "verbatim import speakers - < speakers.ndjson",
        "verbatim import store everything.ndjson.gz",
    )
    + """

\b
A line of each, in JSON:
  quotes       {"text","speaker","said_at","source":{"uri","title","publisher","published_at","kind"}}
  transcripts  {"uri","title","kind","publisher","published_at","turns":[{"speaker","text"}]}
  speakers     {"name","aliases":[…],"roles":[{"title","from","to"}],"ids":{"wikidata"}}
  claimreviews schema.org ClaimReview, or one whole feed
  store        what `verbatim export --all` prints, into an empty store""",
)
@click.argument("kind", type=click.Choice(sorted([*SCHEMAS, STORE])))
@click.argument("file")
def import_command(kind: str, file: str) -> None:
    """Add quotes, transcripts, fact-checks, speakers.

    FILE holds a record of JSON a line, gzip or not; - is standard input. Running it again adds nothing; a
    run that was cut off goes on where it stopped. A bad line is reported by its number and left out, the
    rest is kept; the exit status is then 1.
    """
    with current_store(to_grow=True) as store, open_input(file) as stream:
        if kind == STORE:
            import_store(store, stream)
            return
        size = None if file == "-" or is_packed(file) else Path(file).stat().st_size
        if kind == "claimreviews":
            end_with(import_claimreviews(store, stream, size))
            return
        if kind == "speakers":
            end_with(import_speakers(store, stream, size))
            return
        checkpoint = None if file == "-" else f"{kind}:{digest_of(file)}"
        reader = import_stream(store, kind, stream, size, checkpoint)
    end_with(reader)


def import_store(store: Store, stream: BinaryIO) -> None:
    """Fill an empty store with an export of a whole one, and verify it."""
    count = import_rows(read_settings(os.environ).database_url, stream)
    click.echo(f"{count:,} rows read, all that the export counts", err=True)
    findings = list(store.verify())
    if findings:
        raise click.ClickException("the store does not hold together:\n" + "\n".join(findings))
    click.echo("the store was read through, and holds together", err=True)


def digest_of(file: str) -> str:
    """SHA-256 of a file's bytes: the same file again is the same import, and goes on where it was cut off."""
    with Path(file).open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def import_stream(
    store: Store, kind: str, stream: BinaryIO, size: int | None = None, checkpoint: str | None = None
) -> Reader:
    """Import the records of a stream of `size` bytes, and say what was done."""
    reader = Reader(SCHEMAS[kind]())
    with progress_bar(f"import {kind}", "B", size) as bar:
        reader.progress = bar.update
        records = reader.records(stream)
        run = store.import_transcripts if kind == "transcripts" else store.import_quotes
        report = run(records, checkpoint=checkpoint, actor=find_actor())
    resumed = f" ({report.resumed:,} by the run that was cut off)" if report.resumed else ""
    click.echo(
        f"{report.records:,} {kind} read{resumed}: {report.quotes_added:,} quotes added, "
        f"{report.duplicates:,} were there already",
        err=True,
    )
    return reader
