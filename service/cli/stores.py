"""Commands about the store itself: what it holds, its schema, its content."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

import click

from schemas.answers import encode_json, present
from schemas.quotes import StoredQuoteSchema
from service.cli.lines import progress_bar, write_line
from service.errors import MigrationDue
from service.settings import read_settings
from service.store import Store, open_current_store, open_store


@contextmanager
def current_store() -> Iterator[Store]:
    """The store that the environment names, with its schema as this code needs it.

    An SQLite file is created and migrated on the way; raises MigrationDue for a PostgreSQL database that
    needs `verbatim migrate`.
    """
    settings = read_settings(os.environ)
    store = open_current_store(settings.database_url, settings.database_read_url)
    try:
        if store.migration_due():
            raise MigrationDue("the database schema is not up to date: run `verbatim migrate` first")
        yield store
    finally:
        store.close()


@click.command()
def migrate() -> None:
    """Bring the database's schema up to date. Safe to run again."""
    store = open_store(read_settings(os.environ).database_url)
    try:
        store.migrate()
    finally:
        store.close()
    click.echo("the database schema is up to date", err=True)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--verify", is_flag=True, help="Read everything and tell what does not hold together.")
def stats(as_json: bool, verify: bool) -> None:
    """What the store holds."""
    with current_store() as store:
        members = asdict(store.stats())
        findings = list(store.verify()) if verify else []
    if findings:
        raise click.ClickException("the store does not hold together:\n" + "\n".join(findings))
    if as_json:
        write_line(encode_json({**members, "until": members["until"] and str(members["until"])}))
        return
    for name, value in members.items():
        shown = f"{value:,}" if isinstance(value, int) else str(value if value is not None else "-")
        click.echo(f"{name.replace('_', ' '):<16}{shown:>16}")


@click.command()
def export() -> None:
    """Print every stored quote as a line of JSON."""
    schema = StoredQuoteSchema()
    with current_store() as store, progress_bar("export", "quote") as bar:
        for quote in store.export_quotes():
            write_line(present(schema, quote))
            bar.update(1)
