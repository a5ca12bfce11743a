"""The versions of the policy for publication, and what was published against it. Rows are only added."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row, insert, select

from service.errors import PreconditionFailed
from service.store.engine.database import Database
from service.store.records import storable
from service.store.reviews.audit import NewEntry, add_entry
from service.store.reviews.records import Reviewer
from service.store.tables import gate_overrides, gate_policies

POLICY_SUBJECT: Final = "policy"  # of its entries in the record
NEWEST: Final = select(gate_policies).order_by(gate_policies.c.version.desc())


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """A version of the policy: its rules as JSON members, who set them and when (seconds since 1970)."""

    version: int
    rules: Mapping[str, Any]
    by: str
    key_id: str
    at: float


@dataclass(frozen=True, slots=True)
class NewOverride:
    """An article that somebody publishes although it is held, or publishes unchecked, and why."""

    decision: str
    labels: tuple[str, ...]
    policy: int
    reason: str
    article_id: str | None = None
    uri: str | None = None
    headline: str | None = None
    publisher: str | None = None
    person: str | None = None  # as the CMS names who published


@dataclass(frozen=True, slots=True)
class Override:
    """An override as it was recorded."""

    number: int
    id: str
    given: NewOverride
    by: str
    key_id: str
    at: float


@dataclass(frozen=True, slots=True)
class OverridePage:
    """Overrides, the newest first; `next_before` is the number to go on below, if there are more."""

    items: tuple[Override, ...]
    next_before: int | None


class GateStore:
    """Policies and overrides. Methods raise StoreUnavailable if the database does not answer."""

    def __init__(self, database: Database) -> None:
        self._database: Final = database

    def find_policy(self) -> PolicyVersion | None:
        """The policy that applies; None while nobody has set one."""
        with self._database.read() as connection:
            row = connection.execute(NEWEST.limit(1)).first()
        return _policy(row) if row else None

    def list_policies(self, limit: int) -> list[PolicyVersion]:
        """The versions of the policy, the newest first."""
        with self._database.read() as connection:
            return [_policy(row) for row in connection.execute(NEWEST.limit(limit))]

    def set_policy(
        self, rules: Mapping[str, Any], who: Reviewer, now: float, expected: int | None = None
    ) -> PolicyVersion:
        """Add a version; the same rules again add none.

        `expected` is the version that is to be replaced. Raises PreconditionFailed if it is another one.
        """
        written = json.dumps(rules, sort_keys=True, ensure_ascii=False)
        with self._database.write() as connection:
            row = connection.execute(NEWEST.limit(1)).first()
            version = row.version if row else 0
            if expected is not None and expected != version:
                raise PreconditionFailed("somebody else changed the policy meanwhile; read it again")
            if row is not None and row.rules == written:
                return _policy(row)
            made = PolicyVersion(version + 1, rules, who.name, who.owner, now)
            values = {
                "version": made.version,
                "rules": written,
                "by": made.by,
                "key_id": made.key_id,
                "at": now,
            }
            connection.execute(insert(gate_policies).values(values))
            details = {"version": made.version, "rules": dict(rules)}
            add_entry(
                connection, POLICY_SUBJECT, NewEntry("policy_changed", who.name, who.owner, details), now
            )
        return made

    def add_override(self, given: NewOverride, who: Reviewer, now: float) -> Override:
        """Record that an article is published against the policy, and why."""
        override_id = f"o{secrets.token_hex(12)}"
        columns = {
            "id": override_id,
            "article_id": _storable(given.article_id),
            "uri": _storable(given.uri),
            "headline": _storable(given.headline),
            "publisher": _storable(given.publisher),
            "decision": given.decision,
            "labels": json.dumps(given.labels),
            "policy": given.policy,
            "reason": storable(given.reason),
            "person": _storable(given.person),
            "by": who.name,
            "key_id": who.owner,
            "at": now,
        }
        details = {
            name: columns[name] for name in ("article_id", "uri", "decision", "policy", "reason", "person")
        }
        with self._database.write() as connection:
            number = connection.execute(
                insert(gate_overrides).values(columns).returning(gate_overrides.c.number)
            ).scalar_one()
            entry = NewEntry("gate_overridden", who.name, who.owner, details)
            add_entry(connection, override_id, entry, now)
        return Override(number, override_id, given, who.name, who.owner, now)

    def list_overrides(self, before: int | None, limit: int) -> OverridePage:
        """The overrides, the newest first, those with a number below `before`."""
        wanted = select(gate_overrides).order_by(gate_overrides.c.number.desc()).limit(limit + 1)
        if before is not None:
            wanted = wanted.where(gate_overrides.c.number < before)
        with self._database.read() as connection:
            rows = connection.execute(wanted).all()
        items = tuple(map(_override, rows[:limit]))
        return OverridePage(items, items[-1].number if len(rows) > limit else None)


def _storable(text: str | None) -> str | None:
    return None if text is None else storable(text)


def _policy(row: Row[Any]) -> PolicyVersion:
    return PolicyVersion(row.version, json.loads(row.rules), row.by, row.key_id, row.at)


def _override(row: Row[Any]) -> Override:
    given = NewOverride(
        row.decision, tuple(json.loads(row.labels)), row.policy, row.reason,
        row.article_id, row.uri, row.headline, row.publisher, row.person,
    )  # fmt: skip
    return Override(row.number, row.id, given, row.by, row.key_id, row.at)
