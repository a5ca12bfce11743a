"""Webhooks and what is delivered to them: who wants to hear of what, and how telling them went."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import Connection, and_, delete, exists, func, insert, select, update

from service.errors import NotFound
from service.store.engine.database import Database
from service.store.records import storable
from service.store.tables import deliveries, webhook_events, webhooks

DeliveryStatus = Literal["pending", "delivered", "failed"]

DISABLED: Final = "the webhook was disabled"


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """A webhook to keep. Its secret is made of `salt` and of a key that `key_id` names, kept elsewhere."""

    owner: str
    url: str
    events: tuple[str, ...]
    salt: str
    key_id: str


@dataclass(frozen=True, slots=True)
class WebhookRecord:
    """A webhook. Times are seconds since 1970."""

    id: str
    owner: str
    url: str
    events: tuple[str, ...]
    salt: str
    key_id: str
    created_at: float
    disabled_at: float | None
    failing_since: float | None
    failures: int  # in a row


@dataclass(frozen=True, slots=True)
class DueDelivery:
    """News to be told now, by us."""

    number: int
    id: str  # the webhook-id header
    payload: str
    attempts: int  # this one included
    webhook: WebhookRecord


@dataclass(frozen=True, slots=True)
class Attempt:
    """How an attempt went, and what follows: another one at `retry_at` or none; a rest, or the end."""

    ok: bool
    answered: int | None = None
    reason: str | None = None
    retry_at: float | None = None
    rest_until: float = 0.0
    disable: bool = False


@dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """A line of the delivery log."""

    number: int
    id: str
    type: str
    status: DeliveryStatus
    attempts: int
    answered: int | None
    reason: str | None
    created_at: float
    attempted_at: float | None
    due_at: float


class WebhookStore:
    """Webhooks and deliveries in a database."""

    def __init__(self, database: Database) -> None:
        self._database: Final = database

    def add(self, new: NewWebhook, now: float) -> WebhookRecord:
        """Keep a webhook."""
        webhook_id = f"w{secrets.token_hex(12)}"
        values = {
            "id": webhook_id,
            "owner": new.owner,
            "url": new.url,
            "events": f" {' '.join(new.events)} ",
            "salt": new.salt,
            "key_id": new.key_id,
            "created_at": now,
            "failures": 0,
            "resting_until": 0.0,
            "leased_until": 0.0,
            "attempted_at": 0.0,
        }
        with self._database.change() as connection:
            connection.execute(insert(webhooks).values(values))
        return self.get(webhook_id)

    def get(self, webhook_id: str, owner: str | None = None) -> WebhookRecord:
        """A webhook, where it is the owner's (None: whoever's). Raises NotFound."""
        with self._database.read() as connection:
            row = connection.execute(select(webhooks).where(webhooks.c.id == storable(webhook_id))).first()
        if row is None or owner not in (None, row.owner):
            raise NotFound("no webhook has this id")
        return read_webhook(row)

    def find_all(self, owner: str | None = None) -> list[WebhookRecord]:
        """The owner's webhooks, or everybody's, oldest first."""
        wanted = select(webhooks).order_by(webhooks.c.created_at, webhooks.c.id)
        if owner is not None:
            wanted = wanted.where(webhooks.c.owner == owner)
        with self._database.read() as connection:
            return [read_webhook(row) for row in connection.execute(wanted)]

    def remove(self, webhook_id: str, owner: str | None = None) -> None:
        """Forget a webhook, with what was to be told to it. Raises NotFound."""
        self.get(webhook_id, owner)
        with self._database.change() as connection:
            connection.execute(delete(deliveries).where(deliveries.c.webhook_id == webhook_id))
            connection.execute(delete(webhooks).where(webhooks.c.id == webhook_id))

    def enable(self, webhook_id: str, owner: str | None = None) -> WebhookRecord:
        """Send to a webhook again that was disabled, or is resting. Raises NotFound."""
        self.get(webhook_id, owner)
        values = {"disabled_at": None, "failing_since": None, "failures": 0, "resting_until": 0.0}
        with self._database.change() as connection:
            connection.execute(update(webhooks).where(webhooks.c.id == webhook_id).values(values))
        return self.get(webhook_id)

    def list_deliveries(self, webhook_id: str, before: int | None, limit: int) -> list[DeliveryRecord]:
        """The delivery log of a webhook, newest first, below the number `before`."""
        names = [name for name in DeliveryRecord.__dataclass_fields__ if name not in ("type", "created_at")]
        wanted = (
            select(
                *(deliveries.c[name] for name in names), webhook_events.c.type, webhook_events.c.created_at
            )
            .join_from(deliveries, webhook_events)
            .where(deliveries.c.webhook_id == webhook_id)
            .order_by(deliveries.c.number.desc())
            .limit(limit)
        )
        if before is not None:
            wanted = wanted.where(deliveries.c.number < before)
        with self._database.read() as connection:
            return [DeliveryRecord(**row._mapping) for row in connection.execute(wanted)]

    def claim(self, now: float, lease_s: float) -> DueDelivery | None:
        """Take the next delivery that is due; None where there is none.

        One at a time to each webhook, to those that answer before those that fail.
        """
        with self._database.read() as connection:  # mostly there is nothing, and SQLite has one writer only
            if connection.execute(build_next_webhook(now, lock=False)).first() is None:
                return None
        with self._database.change() as connection:
            hook = connection.execute(build_next_webhook(now)).first()
            if hook is None:
                return None
            row = connection.execute(build_first_due(hook.id, now)).one()
            taken = {"leased_until": now + lease_s, "attempted_at": now}
            connection.execute(update(webhooks).where(webhooks.c.id == hook.id).values(taken))
            counted = {"attempts": row.attempts + 1, "attempted_at": now}
            connection.execute(update(deliveries).where(deliveries.c.number == row.number).values(counted))
        return DueDelivery(row.number, row.id, row.payload, row.attempts + 1, read_webhook(hook))

    def record(self, delivery: DueDelivery, attempt: Attempt, now: float) -> None:
        """Say how an attempt went."""
        over = attempt.ok or attempt.retry_at is None
        values = {
            "status": "delivered" if attempt.ok else "failed" if over else "pending",
            "answered": attempt.answered,
            "reason": attempt.reason,
            "due_at": now if attempt.retry_at is None else attempt.retry_at,
            "finished_at": now if over else None,
        }
        hook = webhooks.c.id == delivery.webhook.id
        with self._database.change() as connection:
            connection.execute(
                update(deliveries).where(deliveries.c.number == delivery.number).values(values)
            )
            state: dict[str, Any] = {"failures": 0, "failing_since": None, "resting_until": 0.0}
            if not attempt.ok:
                state = {
                    "failures": webhooks.c.failures + 1,
                    "failing_since": func.coalesce(webhooks.c.failing_since, now),
                    "resting_until": attempt.rest_until,
                }
            connection.execute(update(webhooks).where(hook).values(leased_until=0.0, **state))
            if attempt.disable:
                disable(connection, delivery.webhook.id, now)

    def count_pending(self) -> int:
        """How many deliveries are still to be made."""
        with self._database.read() as connection:
            statement = select(func.count()).select_from(deliveries).where(deliveries.c.status == "pending")
            return int(connection.execute(statement).scalar_one())

    def purge(self, before: float) -> int:
        """Forget deliveries that were over before that time, and the news that nobody is still to be told."""
        with self._database.change() as connection:
            gone = connection.execute(delete(deliveries).where(deliveries.c.finished_at < before)).rowcount
            told = ~exists().where(deliveries.c.event_number == webhook_events.c.number)
            connection.execute(delete(webhook_events).where(webhook_events.c.created_at < before, told))
            return gone


def read_webhook(row: Any) -> WebhookRecord:
    """A webhook's row as a record."""
    values: dict[str, Any] = {name: getattr(row, name) for name in WebhookRecord.__dataclass_fields__}
    return WebhookRecord(**values | {"events": tuple(row.events.split())})


def build_next_webhook(now: float, lock: bool = True) -> Any:
    """The webhook to send to next: one that something is due for, and that nobody sends to."""
    due = exists().where(
        deliveries.c.webhook_id == webhooks.c.id,
        deliveries.c.status == "pending",
        deliveries.c.due_at <= now,
    )
    free = and_(
        webhooks.c.disabled_at.is_(None), webhooks.c.resting_until <= now, webhooks.c.leased_until <= now
    )
    order: Sequence[Any] = (webhooks.c.failures > 0, webhooks.c.attempted_at)
    found = select(webhooks).where(free, due).order_by(*order).limit(1)
    return found.with_for_update(skip_locked=True) if lock else found


def build_first_due(webhook_id: str, now: float) -> Any:
    """What is due for a webhook the longest."""
    return (
        select(deliveries.c.number, deliveries.c.id, deliveries.c.attempts, webhook_events.c.payload)
        .join_from(deliveries, webhook_events)
        .where(
            deliveries.c.webhook_id == webhook_id,
            deliveries.c.status == "pending",
            deliveries.c.due_at <= now,
        )
        .order_by(deliveries.c.due_at, deliveries.c.number)
        .limit(1)
    )


def disable(connection: Connection, webhook_id: str, now: float) -> None:
    """Stop sending to a webhook; what was to be told to it has failed."""
    connection.execute(update(webhooks).where(webhooks.c.id == webhook_id).values(disabled_at=now))
    pending = and_(deliveries.c.webhook_id == webhook_id, deliveries.c.status == "pending")
    values = {"status": "failed", "reason": DISABLED, "finished_at": now}
    connection.execute(update(deliveries).where(pending).values(values))
