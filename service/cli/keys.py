"""`verbatim keys`: the keys of the HTTP API."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import click

from service.cli.examples import examples
from service.cli.stores import current_store
from service.store.keys import KeyRecord
from service.usecases.api_keys import SCOPES, KeyRing

DAY = "%Y-%m-%d"


@click.group(
    epilog=examples("verbatim keys create --name CMS --scope write --scope read", "verbatim keys list")
)
def keys() -> None:
    """API keys: make one, list them, revoke one."""


@keys.command(
    "create",
    epilog=examples(
        "verbatim keys create --name CMS --scope write --scope read",
        'verbatim keys create --name "Ann Marlow" --scope read --scope check --scope review --expires 90',
    ),
)
@click.option("--name", required=True, help="Who will use it; shown in lists and beside reviews.")
@click.option("--scope", "scopes", multiple=True, required=True, type=click.Choice(SCOPES))
@click.option("--expires", metavar="DAYS|DATE", help="Such as 90, or 2027-01-31, its last day (UTC).")
def create_key(name: str, scopes: tuple[str, ...], expires: str | None) -> None:
    """Make a key and print it, this once: it cannot be shown again.

    read: what is stored. check: judge quotations and articles without storing. write: store too (implies
    check). sources: import, change and retract what quotations are held against. review: confirm and
    correct. admin: everything.
    """
    until = read_expiry(expires, datetime.now(UTC)) if expires else None
    with current_store() as store:
        new = KeyRing(store.keys).create(name, scopes, until)
    click.echo(describe(new.record, datetime.now(UTC)), err=True)
    click.echo("Keep it well, it is not shown again:", err=True)
    click.echo(new.token)


@keys.command("list", epilog=examples("verbatim keys list"))
def list_keys() -> None:
    """All keys by their public ids, without their secrets."""
    now = datetime.now(UTC)
    with current_store() as store:
        records = KeyRing(store.keys).find_all()
    for record in records:
        click.echo(describe(record, now))
    if not records:
        click.echo("no keys yet", err=True)


@keys.command("revoke", epilog=examples("verbatim keys revoke abcdefghij"))
@click.argument("key_id", metavar="ID")
def revoke_key(key_id: str) -> None:
    """Revoke a key. Servers refuse it within two seconds."""
    with current_store() as store:
        record = KeyRing(store.keys).revoke(key_id)
    click.echo(describe(record, datetime.now(UTC)), err=True)


def describe(record: KeyRecord, now: datetime) -> str:
    """One line of a list."""
    used = f"used {record.last_used_at:{DAY}}" if record.last_used_at else "never used"
    parts = [record.id, state_of(record, now), f"made {record.created_at:{DAY}}", used]
    return "  ".join([*parts, ",".join(record.scopes), record.name])


def state_of(record: KeyRecord, now: datetime) -> str:
    """Whether the key is good, and until when."""
    if record.revoked_at:
        return f"revoked {record.revoked_at:{DAY}}"
    if record.expires_at is None:
        return "valid"
    return f"{'expired' if record.expires_at <= now else 'until'} {record.expires_at:%Y-%m-%dT%H:%MZ}"


def read_expiry(text: str, now: datetime) -> datetime:
    """A number of days from now, or the end of a day in UTC."""
    if text.isascii() and text.isdigit() and 1 <= len(text) <= 5:
        return now + timedelta(days=int(text))
    try:
        return datetime.strptime(text, DAY).replace(tzinfo=UTC) + timedelta(days=1)
    except (ValueError, OverflowError):
        raise click.BadParameter(
            "give a number of days or a date, YYYY-MM-DD", param_hint="--expires"
        ) from None
