"""`verbatim people`: who may sign in at the dashboard."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime

import click

from service.cli.examples import examples
from service.cli.stores import current_store
from service.errors import NotFound
from service.settings import read_settings
from service.store import Store
from service.store.accounts import AccountRecord
from service.usecases.accounts import ROLES, Accounts, NewLink

DAY = "%Y-%m-%d"
ADDRESS = click.option(
    "--address", metavar="URL", help="Where people reach the dashboard; HOST and PORT unless given."
)


@click.group(
    epilog=examples(
        'verbatim people add "Ann Marlow" ann@example.org --role admin',
        "verbatim people disable ann@example.org",
    )
)
def people() -> None:
    """People who sign in at the dashboard. Programs use keys (verbatim keys)."""


@people.command("add", epilog=examples('verbatim people add "Ann Marlow" ann@example.org --role admin'))
@click.argument("name")
@click.argument("email")
@click.option("--role", type=click.Choice(ROLES), default="reporter", show_default=True)
@ADDRESS
def add_person(name: str, email: str, role: str, address: str | None) -> None:
    """Add a person and print the link by which they choose a password, this once.

    reader: read. reporter: read, check, store drafts. editor: also sign off, review and add sources (for
    fact-checkers). admin: everything.
    """
    with current_store() as store:
        show_link(Accounts(store.accounts).invite(name, email, role), address)


@people.command("list", epilog=examples("verbatim people list"))
def list_people() -> None:
    """All people, by their ids."""
    with current_store() as store:
        records = Accounts(store.accounts).find_all()
    for record in records:
        click.echo(describe(record))
    if not records:
        click.echo("nobody yet", err=True)


@people.command("invite", epilog=examples("verbatim people invite ann@example.org"))
@click.argument("who", metavar="EMAIL|ID")
@ADDRESS
def invite_again(who: str, address: str | None) -> None:
    """Print a new invitation of somebody who has not chosen a password. Links made before end."""
    print_new_link(who, address)


@people.command("reset", epilog=examples("verbatim people reset ann@example.org"))
@click.argument("who", metavar="EMAIL|ID")
@ADDRESS
def reset_password(who: str, address: str | None) -> None:
    """Print a link to choose a new password. The old one is valid until then."""
    print_new_link(who, address)


@people.command("disable", epilog=examples("verbatim people disable ann@example.org"))
@click.argument("who", metavar="EMAIL|ID")
def disable_person(who: str) -> None:
    """Sign a person out everywhere, within two seconds, and let them in no more."""
    change_person(who, Accounts.disable)


@people.command("enable", epilog=examples("verbatim people enable ann@example.org"))
@click.argument("who", metavar="EMAIL|ID")
def enable_person(who: str) -> None:
    """Let a disabled person in again."""
    change_person(who, Accounts.enable)


@people.command("role", epilog=examples("verbatim people role ann@example.org editor"))
@click.argument("who", metavar="EMAIL|ID")
@click.argument("role", type=click.Choice(ROLES))
def set_role(who: str, role: str) -> None:
    """Change what a person may do."""
    change_person(who, lambda accounts, account_id: accounts.set_role(account_id, role))


def change_person(who: str, change: Callable[[Accounts, str], AccountRecord]) -> None:
    """Change an account and print its line."""
    with current_store() as store:
        record = change(Accounts(store.accounts), find_person(store, who))
    click.echo(describe(record), err=True)


def print_new_link(who: str, address: str | None) -> None:
    """Make a link for a person and print it."""
    with current_store() as store:
        show_link(Accounts(store.accounts).renew_link(find_person(store, who)), address)


def find_person(store: Store, who: str) -> str:
    """The id of a person by id or e-mail address. Raises NotFound."""
    accounts = Accounts(store.accounts)
    found = accounts.find_by_email(who) if "@" in who else accounts.get(who)
    if found is None:
        raise NotFound("no such person")
    return found.id


def show_link(link: NewLink, address: str | None) -> None:
    """Print a link, its person and its end."""
    settings = read_settings(os.environ)
    base = (address or f"http://{settings.host}:{settings.port}").rstrip("/")
    click.echo(describe(link.account), err=True)
    until = f"{link.expires_at:%Y-%m-%d %H:%M} UTC"
    click.echo(f"Send them this link. It works once, until {until}, and is not shown again:", err=True)
    click.echo(f"{base}/invitation/{link.token}")


def describe(record: AccountRecord) -> str:
    """One line of a list."""
    now = datetime.now(UTC)
    state = "invited" if record.password is None and record.subject is None else "valid"
    if record.disabled_at is not None and record.disabled_at <= now:
        state = f"disabled {record.disabled_at:{DAY}}"
    last = record.last_sign_in_at
    seen = f"signed in {last:{DAY}}" if last else "never signed in"
    return "  ".join([record.id, state, seen, record.role, f"{record.name} <{record.email}>"])
