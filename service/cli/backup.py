"""`verbatim backup` and `verbatim restore`: the whole store in one file, and back."""

from __future__ import annotations

import os
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

import click

from service.cli.examples import examples
from service.errors import VerbatimError
from service.settings import read_settings
from service.store import open_store
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
@click.option("--keep-revocations", is_flag=True, help="Revoke the keys again that are revoked now.")
def restore_command(file: Path, replace: bool, keep_revocations: bool) -> None:
    """Replace the store by a backup.

    The backup in FILE is migrated and verified: all of it takes the place of the store, or nothing.

    A store that holds anything is left alone unless --replace is given.
    """
    url = read_settings(os.environ).database_url
    revoked = find_revoked(url)
    restored = restore(url, file, replace=replace)
    click.echo(f"{restored.quotes:,} quotes and {restored.articles:,} articles are back", err=True)
    settle_revocations(url, revoked, keep_revocations)
    if restored.findings:
        raise click.ClickException("the store does not hold together:\n" + "\n".join(restored.findings))
    click.echo("the store was read through, and holds together", err=True)


def find_revoked(url: str) -> set[str]:
    """The ids of the keys that are revoked in the store; none if it is empty or cannot be read."""
    with suppress(VerbatimError), closing(open_store(url)) as store:
        return {key.id for key in store.keys.find_all() if key.revoked_at is not None}
    return set()


def settle_revocations(url: str, revoked: set[str], keep: bool) -> None:
    """Revoke again the keys that were revoked before the restore and are valid in the backup, or warn."""
    with closing(open_store(url)) as store:
        living = [key for key in store.keys.find_all() if key.id in revoked and key.revoked_at is None]
        for key in living if keep else ():
            store.keys.revoke(key.id, datetime.now(UTC))
    if not living:
        return
    names = ", ".join(f"{key.name} ({key.id})" for key in living)
    if keep:
        click.echo(f"revoked again: {names}", err=True)
    else:
        click.echo(
            f"WARNING: keys that were revoked after this backup are valid again: {names}. "
            "Revoke them with `verbatim keys revoke ID`, or restore with --keep-revocations",
            err=True,
        )
