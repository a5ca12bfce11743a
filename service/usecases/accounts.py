"""People who sign in: invitations, roles, passwords and sessions."""

from __future__ import annotations

import re
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal, cast, get_args

from cachetools import LRUCache

from service.errors import Conflict, Fault, InvalidInput, NotFound
from service.store.accounts import AccountRecord, AccountStore, LinkRecord
from service.store.records import hash_token
from service.usecases.api_keys import ALPHABET, FRESH_S, IMPLIED, MAX_NAME, REMEMBERED, Principal, Scope
from service.usecases.oidc import Identity
from service.usecases.passwords import find_fault, hash_password, is_password

Role = Literal["reader", "reporter", "editor", "admin"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)
#: What each role may do, by the scopes that keys have too.
SCOPES_OF: Final[Mapping[Role, frozenset[Scope]]] = {
    "reader": frozenset({"read"}),
    "reporter": frozenset({"read", "check", "write"}),
    "editor": frozenset({"read", "check", "write", "review", "sources"}),
    "admin": IMPLIED["admin"],
}
ID: Final = re.compile(r"p1[a-z2-7]{8}", re.ASCII)  # no id of a key has a 1
EMAIL: Final = re.compile(r"[^\s@<>\"(),:;\\]{1,64}@[^\s@<>\"(),:;\\]{1,185}")
INVITATION_LASTS: Final = timedelta(days=7)
RESET_LASTS: Final = timedelta(days=1)
LINK_BYTES: Final = 32
MAX_TOKEN: Final = 100


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link by which a person chooses a password. `token` is stored nowhere."""

    token: str
    account: AccountRecord
    expires_at: datetime


class Accounts:
    """Invites people, lets them choose passwords, and tells who a session belongs to.

    A session is looked up in the database at most every `FRESH_S` seconds, so that disabling a person or
    ending their sessions takes effect within that time in every process. All methods raise StoreUnavailable
    if the database is away.
    """

    def __init__(self, store: AccountStore, clock: Callable[[], float] = time.monotonic) -> None:
        self._store: Final = store
        self._clock: Final = clock
        self._lock: Final = threading.Lock()
        self._recalled: Final[LRUCache[str, tuple[AccountRecord, float]]] = LRUCache(REMEMBERED)

    def invite(self, name: str, email: str, role: str) -> NewLink:
        """Add a person, who chooses a password by the link. Raises InvalidInput, Conflict."""
        record = build_account(name, email, role)
        link, token = build_link(record, INVITATION_LASTS)
        self._store.add(record, link)
        return NewLink(token, record, link.expires_at)

    def renew_link(self, account_id: str) -> NewLink:
        """A new link to choose a password; those made before end. The password is valid until another
        is chosen. Raises NotFound, Conflict if the person is disabled."""
        record = self.get(account_id)
        if record.disabled_at is not None:
            raise Conflict("this person is disabled: enable them first")
        link, token = build_link(record, RESET_LASTS if record.password else INVITATION_LASTS)
        self._store.add_link(link)
        return NewLink(token, record, link.expires_at)

    def get(self, account_id: str) -> AccountRecord:
        """A person by their id. Raises NotFound."""
        record = self._store.find(account_id) if ID.fullmatch(account_id) else None
        if record is None:
            raise NotFound("no such person")
        return record

    def find_by_email(self, email: str) -> AccountRecord | None:
        """A person by their e-mail address."""
        return self._store.find_by_email(normalise_email(email))

    def find_all(self) -> list[AccountRecord]:
        """All people who may sign in, and those who are disabled, the oldest account first."""
        return self._store.find_all()

    def has_any(self) -> bool:
        """Whether anybody has an account."""
        return self._store.has_any()

    def find_invited(self, token: str) -> AccountRecord:
        """The person of a link. Raises NotFound if it has ended, was used or never was."""
        found = None
        if len(token) <= MAX_TOKEN:
            found = self._store.find_by_link(hash_token(token), datetime.now(UTC))
        if found is None:
            raise NotFound("This link has ended, or was used already. Ask for a new one.")
        return found

    def accept(self, token: str, password: str) -> AccountRecord:
        """Choose a password by a link, which then ends, as all sessions do. Raises NotFound, InvalidInput."""
        refuse(find_fault(password, (invited := self.find_invited(token)).name, invited.email), "/password")
        used = self._store.use_link(hash_token(token), hash_password(password), datetime.now(UTC))
        return self._forget(used)

    def verify(self, email: str, password: str) -> AccountRecord | None:
        """The person with this address and password; None if there is none, or they are disabled.

        Takes as long for an address without an account. Raises Overloaded.
        """
        found = self.find_by_email(email)
        is_right = is_password(found.password if found else None, password)
        return found if found is not None and is_right and found.disabled_at is None else None

    def admit(self, identity: Identity, roles: Mapping[str, str]) -> AccountRecord | None:
        """The account of somebody who signed in at the provider; None if they are not let in.

        With `roles` (of groups), members of these groups are let in, and have the highest of their roles from
        then on. Without, only who was invited: by the verified address the first time, by the subject after.
        """
        found = self._store.find_by_subject(identity.issuer, identity.subject)
        if found is None and identity.email is not None:
            found = self.find_by_email(identity.email)
            if found is not None and found.subject is not None:
                return None  # the address belongs to somebody else at the provider
        if found is not None and found.disabled_at is not None:
            return None
        given = {roles.get(group) for group in identity.groups}
        held: list[str] = [role for role in ROLES if role in given]
        if roles and not held:
            return None
        if found is None:
            return self._add_member(identity, held[-1]) if held else None
        members: dict[str, Any] = {
            "issuer": identity.issuer,
            "subject": identity.subject,
            "role": (held or [found.role])[-1],
        }
        if any(getattr(found, name) != value for name, value in members.items()):
            return self._forget(self._store.change(found.id, **members))
        return found

    def _add_member(self, identity: Identity, role: str) -> AccountRecord | None:
        """An account of a member of a group; None if the provider tells no verified address."""
        if identity.email is None:
            return None
        name = (identity.name or identity.email)[:MAX_NAME]
        record = build_account(name if name.isprintable() else identity.email, identity.email, role)
        record = replace(record, issuer=identity.issuer, subject=identity.subject)
        self._store.add(record)
        return record

    def note_sign_in(self, account_id: str) -> AccountRecord:
        """Note that somebody signed in, as they are stored now. Raises NotFound."""
        return self._forget(self._store.change(account_id, last_sign_in_at=datetime.now(UTC)))

    def change_password(self, account_id: str, old: str, new: str) -> AccountRecord:
        """Choose another password; all sessions end. Raises InvalidInput if the old one is wrong."""
        record = self.get(account_id)
        if not is_password(record.password, old):
            refuse("This is not your present password.", "/old")
        refuse(find_fault(new, record.name, record.email), "/password")
        self._store.end_links(account_id)
        changed = self._store.change(account_id, ends_sessions=True, password=hash_password(new))
        return self._forget(changed)

    def end_sessions(self, account_id: str) -> AccountRecord:
        """Sign a person out everywhere. Raises NotFound."""
        return self._forget(self._store.change(account_id, ends_sessions=True))

    def disable(self, account_id: str) -> AccountRecord:
        """End a person's sessions and links, and let them in no more. Raises NotFound, Conflict for the last
        administrator."""
        record = self.get(account_id)
        if record.disabled_at is not None:
            return record
        self._keep_an_admin(record)
        self._store.end_links(account_id)
        changed = self._store.change(account_id, ends_sessions=True, disabled_at=datetime.now(UTC))
        return self._forget(changed)

    def enable(self, account_id: str) -> AccountRecord:
        """Let a disabled person in again. Raises NotFound."""
        return self._forget(self._store.change(account_id, disabled_at=None))

    def set_role(self, account_id: str, role: str) -> AccountRecord:
        """Change what a person may do. Raises NotFound, InvalidInput, Conflict for the last administrator."""
        if role not in ROLES:
            refuse(f"Must be one of {', '.join(ROLES)}.", "/role")
        record = self.get(account_id)
        if role != "admin":
            self._keep_an_admin(record)
        return self._forget(self._store.change(account_id, role=role))

    def recall(self, account_id: str, session_number: int) -> Principal | None:
        """The person of a session; None if it has ended or they are disabled."""
        with self._lock:
            known = self._recalled.get(account_id)
        if known is None or self._clock() - known[1] >= FRESH_S:
            read_at = self._clock()
            found = self._store.find(account_id)
            if found is None:
                return None
            known = (found, read_at)
            with self._lock:
                self._recalled[account_id] = known
        record = known[0]
        if record.disabled_at is not None or record.session_number != session_number:
            return None
        return principal_of(record)

    def _keep_an_admin(self, record: AccountRecord) -> None:
        if record.role == "admin" and record.disabled_at is None and self._store.count_admins() <= 1:
            raise Conflict("This is the only administrator: make somebody else one first.")

    def _forget(self, record: AccountRecord) -> AccountRecord:
        with self._lock:
            self._recalled.pop(record.id, None)
        return record


def principal_of(record: AccountRecord) -> Principal:
    """The person as the caller of a request."""
    role = cast(Role, record.role)
    return Principal(record.name, SCOPES_OF.get(role, frozenset()), record.id, role)


def build_account(name: str, email: str, role: str) -> AccountRecord:
    """A new account. Raises InvalidInput."""
    faults = []
    if not name.strip() or len(name) > MAX_NAME or not name.isprintable():
        faults.append(Fault("/name", f"Must be 1 to {MAX_NAME} printable characters."))
    address = normalise_email(email)
    if not EMAIL.fullmatch(address) or not address.isprintable():
        faults.append(Fault("/email", "Must be an e-mail address."))
    if role not in ROLES:
        faults.append(Fault("/role", f"Must be one of {', '.join(ROLES)}."))
    if faults:
        raise InvalidInput("the person cannot be added", tuple(faults))
    account_id = "p1" + "".join(secrets.choice(ALPHABET) for _ in range(8))
    return AccountRecord(account_id, name.strip(), address, role, None, None, None, 0, datetime.now(UTC))


def build_link(record: AccountRecord, lasts: timedelta) -> tuple[LinkRecord, str]:
    """A link for a person, and its token."""
    token, now = secrets.token_urlsafe(LINK_BYTES), datetime.now(UTC)
    return LinkRecord(hash_token(token), record.id, now, now + lasts), token


def normalise_email(email: str) -> str:
    """An e-mail address as it is compared."""
    return email.strip().lower()


def refuse(fault: str | None, pointer: str) -> None:
    """Raise InvalidInput if there is a fault."""
    if fault is not None:
        raise InvalidInput(fault, (Fault(pointer, fault),))
