"""Stored accounts of people, and the links by which they choose a password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from service.errors import Conflict, NotFound
from service.store.engine.database import Database
from service.store.tables.accounts import account_links, accounts


@dataclass(frozen=True, slots=True)
class AccountRecord:
    """A person who signs in. `password` is the hash, None until one is chosen; sessions that began under
    another `session_number` have ended."""

    id: str
    name: str
    email: str
    role: str
    password: str | None
    issuer: str | None
    subject: str | None
    session_number: int
    created_at: datetime
    disabled_at: datetime | None = None
    last_sign_in_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LinkRecord:
    """A link by which a person chooses a password, by the hash of its token."""

    digest: str
    account_id: str
    created_at: datetime
    expires_at: datetime


class AccountStore:
    """The accounts of one database. Methods raise StoreUnavailable if it does not answer."""

    def __init__(self, database: Database) -> None:
        self._database: Final = database

    def add(self, record: AccountRecord, link: LinkRecord | None = None) -> None:
        """Keep a new account, with its invitation. Raises Conflict if the e-mail address has an account."""
        with self._database.write() as connection:
            if _find(connection, accounts.c.email == record.email) is not None:
                raise Conflict(f"{record.email} has an account already")
            members = {column: getattr(record, column) for column in accounts.c.keys()}  # noqa: SIM118
            connection.execute(insert(accounts).values(members))
            if link is not None:
                _replace_link(connection, link)

    def find(self, account_id: str) -> AccountRecord | None:
        """The account of that id."""
        return self._find(accounts.c.id == account_id)

    def find_by_email(self, email: str) -> AccountRecord | None:
        """The account of an e-mail address in lower case."""
        return self._find(accounts.c.email == email)

    def find_by_subject(self, issuer: str, subject: str) -> AccountRecord | None:
        """The account of a person at an OpenID Connect provider."""
        return self._find((accounts.c.issuer == issuer) & (accounts.c.subject == subject))

    def find_by_link(self, digest: str, now: datetime) -> AccountRecord | None:
        """The account of a link that has not ended."""
        with self._database.read() as connection:
            account_id = connection.execute(_living_link(digest, now)).scalar()
            return _find(connection, accounts.c.id == account_id) if account_id else None

    def find_all(self) -> list[AccountRecord]:
        """All accounts, the oldest first."""
        with self._database.read() as connection:
            rows = connection.execute(select(accounts).order_by(accounts.c.created_at, accounts.c.id))
            return [AccountRecord(**row) for row in rows.mappings()]

    def has_any(self) -> bool:
        """Whether there is any account."""
        with self._database.read() as connection:
            return connection.execute(select(accounts.c.id).limit(1)).first() is not None

    def count_admins(self) -> int:
        """How many accounts are administrators' and not disabled."""
        enabled = (accounts.c.role == "admin") & accounts.c.disabled_at.is_(None)
        with self._database.read() as connection:
            return connection.execute(select(func.count()).where(enabled)).scalar_one()

    def change(self, account_id: str, *, ends_sessions: bool = False, **members: Any) -> AccountRecord:
        """Change members of an account, and end its sessions if told so. Raises NotFound."""
        values = dict(members)
        if ends_sessions:
            values["session_number"] = accounts.c.session_number + 1
        with self._database.write() as connection:
            return _change(connection, account_id, values)

    def add_link(self, link: LinkRecord) -> None:
        """Keep a link; those that the account had end."""
        with self._database.write() as connection:
            _replace_link(connection, link)

    def use_link(self, digest: str, password: str, now: datetime) -> AccountRecord:
        """Set the password of the link's account; the link and all sessions end. Raises NotFound if the link
        has ended, also if another request used it at the same time."""
        with self._database.write() as connection:
            account_id = connection.execute(_living_link(digest, now)).scalar()
            if account_id is None:
                raise NotFound("no such link")
            connection.execute(delete(account_links).where(account_links.c.account_id == account_id))
            values = {"password": password, "session_number": accounts.c.session_number + 1}
            return _change(connection, account_id, values)

    def end_links(self, account_id: str) -> None:
        """End the links of an account."""
        with self._database.write() as connection:
            connection.execute(delete(account_links).where(account_links.c.account_id == account_id))

    def _find(self, which: ColumnElement[bool]) -> AccountRecord | None:
        with self._database.read() as connection:
            return _find(connection, which)


def _find(connection: Connection, which: ColumnElement[bool]) -> AccountRecord | None:
    row = connection.execute(select(accounts).where(which)).mappings().first()
    return AccountRecord(**row) if row else None


def _change(connection: Connection, account_id: str, values: dict[str, Any]) -> AccountRecord:
    connection.execute(update(accounts).where(accounts.c.id == account_id).values(values))
    changed = _find(connection, accounts.c.id == account_id)
    if changed is None:
        raise NotFound("no such person")
    return changed


def _living_link(digest: str, now: datetime) -> Any:
    """The account of a link, which is not disabled."""
    return (
        select(account_links.c.account_id)
        .join(accounts, accounts.c.id == account_links.c.account_id)
        .where(
            account_links.c.digest == digest,
            account_links.c.expires_at > now,
            accounts.c.disabled_at.is_(None),
        )
    )


def _replace_link(connection: Connection, link: LinkRecord) -> None:
    connection.execute(delete(account_links).where(account_links.c.account_id == link.account_id))
    members = {column: getattr(link, column) for column in account_links.c.keys()}  # noqa: SIM118
    connection.execute(insert(account_links).values(members))
