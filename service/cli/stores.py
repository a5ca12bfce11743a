"""Commands about the store itself: what it holds, its schema, its content."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

import click

from schemas.answers import encode_json, present
from schemas.quotes import StoredQuoteSchema
from service import preflight
from service.cli.examples import examples
from service.cli.lines import progress_bar, write_line
from service.cli.status import show_bytes
from service.errors import MigrationDue, SettingsError
from service.settings import read_settings
from service.store import Store, open_current_store, open_store
from service.store.maintenance.transfer import export_rows


@contextmanager
def current_store(to_grow: bool = False) -> Iterator[Store]:
    """The store that the environment names, with its schema as this code needs it.

    An SQLite file is created and migrated on the way; raises MigrationDue for a PostgreSQL database that
    needs `verbatim migrate`. Raises SettingsError if the database is not there or, for what makes the
    store grow, where its disk is full.
    """
    settings = read_settings(os.environ)
    check_place(settings.database_url, to_grow)
    store = open_current_store(settings.database_url, settings.database_read_url, settings.synchronous)
    try:
        if store.migration_due():
            raise MigrationDue("the database schema is not up to date: run `verbatim migrate` first")
        yield store
    finally:
        store.close()


def check_place(url: str, to_grow: bool) -> None:
    """Raise SettingsError if no store can be at a database URL, before anything is made there."""
    file = preflight.sqlite_file(url)
    fault = preflight.check_database(url)
    if fault and file is not None and file.exists() and not to_grow and fault == preflight.check_space(file):
        return  # a full disk can be read
    if fault:
        raise SettingsError(fault)


@click.command(
    epilog=examples(
        "verbatim migrate",
        "DATABASE_URL=postgresql+psycopg://me:secret@db/verbatim verbatim migrate",
    )
)
def migrate() -> None:
    """Bring the database's schema up to date. Safe to run again."""
    url = read_settings(os.environ).database_url
    check_place(url, to_grow=True)
    store = open_store(url)
    try:
        store.migrate()
    finally:
        store.close()
    click.echo("the database schema is up to date", err=True)


@click.command(epilog=examples("verbatim stats", "verbatim stats --json", "verbatim stats --verify"))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--verify", is_flag=True, help="Read everything and tell what does not hold together.")
def stats(as_json: bool, verify: bool) -> None:
    """Where the store is, how large, and what it holds."""
    url = read_settings(os.environ).database_url
    with current_store() as store:
        members, size = asdict(store.stats()), store.size_bytes()
        findings = list(store.verify()) if verify else []
    if findings:
        raise click.ClickException("the store does not hold together:\n" + "\n".join(findings))
    if as_json:
        place = {"store": preflight.describe_url(url), "bytes": size}
        write_line(encode_json({**members, "until": members["until"] and str(members["until"]), **place}))
        return
    click.echo(f"{preflight.describe_url(url)}, {show_bytes(size)}\n")
    for name, value in members.items():
        shown = f"{value:,}" if isinstance(value, int) else str(value if value is not None else "-")
        click.echo(f"{name.replace('_', ' '):<16}{shown:>16}")
    if sys.stdout.isatty():
        click.echo(f"\nNext: {suggest_next(members['quotes'])}")


def suggest_next(quotes: int) -> str:
    """The next commands to suggest for a store with so many quotes."""
    if not quotes:
        return "verbatim sample load (46 quotes to try it on), or verbatim import quotes FILE"
    return 'verbatim check "the words of a quotation", or verbatim serve'


@click.command(
    epilog=examples(
        "verbatim export > quotes.ndjson",
        "verbatim export | gzip > quotes.ndjson.gz",
        "verbatim export --all | DATABASE_URL=postgresql+psycopg://… verbatim import store -",
    )
)
@click.option("--all", "everything", is_flag=True, help="Everything, for `verbatim import store`.")
def export(everything: bool) -> None:
    """Print every stored quote as a line of JSON.

    With --all, print all that a store holds: articles, sources, retractions, reviews, people, keys, jobs.
    It may contain unpublished articles and the hashes of API keys.
    """
    schema = StoredQuoteSchema()
    with current_store() as store, progress_bar("export", "row" if everything else "quote") as bar:
        if everything:
            for line in export_rows(read_settings(os.environ).database_url):
                sys.stdout.buffer.write(line)
                bar.update(1)
            sys.stdout.buffer.flush()
            return
        for quote in store.export_quotes():
            write_line(present(schema, quote))
            bar.update(1)
