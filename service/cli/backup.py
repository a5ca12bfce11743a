"""`verbatim backup` and `verbatim restore`: the whole store in one file, and back."""

from __future__ import annotations

import os
from pathlib import Path

import click

from service.cli.examples import examples
from service.settings import read_settings
from service.store.maintenance.backup import back_up, restore


@click.command(epilog=examples("verbatim backup monday.backup"))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Write the whole store to a file.

    It may be in use meanwhile. An existing file is never overwritten.

    SQLite: a database file of its own. PostgreSQL: a dump in pg_dump's custom format; pg_dump must be on the
    PATH, no older than the server.
    """
    size = back_up(read_settings(os.environ).database_url, file)
    click.echo(f"{file}: {size:,} bytes", err=True)


@click.command(
    "restore",
    epilog=examples("verbatim restore monday.backup", "verbatim restore --replace monday.backup"),
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--replace", is_flag=True, help="Lose what the store holds now.")
def restore_command(file: Path, replace: bool) -> None:
    """Replace the store by a backup.

    The backup in FILE is migrated and verified: all of it takes the place of the store, or nothing.

    A store that holds anything is left alone unless --replace is given.
    """
    restored = restore(read_settings(os.environ).database_url, file, replace=replace)
    click.echo(f"{restored.quotes:,} quotes and {restored.articles:,} articles are back", err=True)
    if restored.findings:
        raise click.ClickException("the store does not hold together:\n" + "\n".join(restored.findings))
    click.echo("the store was read through, and holds together", err=True)
