"""Webhooks, and the deliveries of events to them: what is due, and how each attempt ended."""

from __future__ import annotations

import json
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    delete,
    exists,
    func,
    insert,
    not_,
    or_,
    select,
    update,
)

from service.errors import Conflict, NotFound
from service.store.engine.database import Database
from service.store.events.log import prune_log
from service.store.events.move_deliveries import move_deliveries
from service.store.records import storable
from service.store.tables import event_state, events, webhook_deliveries, webhooks

DeliveryStatus = Literal["pending", "delivered", "failed"]

MAX_WEBHOOKS: Final = 20  # of one owner
MAX_PER_HOST: Final = 2  # deliveries under way to one host, over the webhooks of all keys
DISABLED: Final = "the webhook was disabled"


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """A webhook to add. Its secret is derived from `salt` and the signing key with the id `key_id`."""

    owner: str
    url: str
    events: tuple[str, ...]
    salt: str
    key_id: str


@dataclass(frozen=True, slots=True)
class WebhookRecord:
    """A stored webhook. Times are seconds since 1970."""

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
    """A delivery that this process has claimed. `payload` is the body to send, JSON."""

    number: int
    id: str  # the webhook-id header
    payload: str
    attempts: int  # with this one
    webhook: WebhookRecord


@dataclass(frozen=True, slots=True)
class Attempt:
    """The outcome of an attempt, and what follows it. Times are seconds since 1970.

    `retry_at` is None after the last attempt. The webhook gets no delivery before `rest_until`, and none at
    all if `disable` is set.
    """

    ok: bool
    answered: int | None = None  # HTTP status
    reason: str | None = None
    retry_at: float | None = None
    rest_until: float = 0.0
    disable: bool = False


@dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """A delivery as the delivery log shows it. Times are seconds since 1970."""

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
    """The webhooks of a database. Methods raise StoreUnavailable if it does not answer."""

    def __init__(self, database: Database) -> None:
        self._database: Final = database

    def add(self, new: NewWebhook, now: float) -> WebhookRecord:
        """Add a webhook. Raises Conflict if its owner has `MAX_WEBHOOKS` already."""
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
        own = select(func.count()).select_from(webhooks).where(webhooks.c.owner == new.owner)
        with self._database.change() as connection:
            if connection.execute(own).scalar_one() >= MAX_WEBHOOKS:
                raise Conflict(f"a key has at most {MAX_WEBHOOKS} webhooks")
            connection.execute(insert(webhooks).values(values))
        return self.get(webhook_id)

    def get(self, webhook_id: str, owner: str | None = None) -> WebhookRecord:
        """A webhook of the owner (None: of any owner). Raises NotFound."""
        with self._database.read() as connection:
            row = connection.execute(select(webhooks).where(webhooks.c.id == storable(webhook_id))).first()
        if row is None or owner not in (None, row.owner):
            raise NotFound("no webhook has this id")
        return read_webhook(row)

    def find_all(self, owner: str | None = None) -> list[WebhookRecord]:
        """The webhooks of the owner (None: of every owner), oldest first."""
        wanted = select(webhooks).order_by(webhooks.c.created_at, webhooks.c.id)
        if owner is not None:
            wanted = wanted.where(webhooks.c.owner == owner)
        with self._database.read() as connection:
            return [read_webhook(row) for row in connection.execute(wanted)]

    def remove(self, webhook_id: str, owner: str | None = None) -> None:
        """Delete a webhook and its deliveries. Raises NotFound."""
        self.get(webhook_id, owner)
        with self._database.change() as connection:
            connection.execute(
                delete(webhook_deliveries).where(webhook_deliveries.c.webhook_id == webhook_id)
            )
            connection.execute(delete(webhooks).where(webhooks.c.id == webhook_id))

    def enable(self, webhook_id: str, owner: str | None = None) -> WebhookRecord:
        """Deliver to a webhook again that was disabled or failed of late. Raises NotFound."""
        self.get(webhook_id, owner)
        values = {"disabled_at": None, "failing_since": None, "failures": 0, "resting_until": 0.0}
        with self._database.change() as connection:
            connection.execute(update(webhooks).where(webhooks.c.id == webhook_id).values(values))
        return self.get(webhook_id)

    def list_deliveries(self, webhook_id: str, before: int | None, limit: int) -> list[DeliveryRecord]:
        """Deliveries to a webhook, newest first; those with a number below `before`, if one is given."""
        names = [name for name in DeliveryRecord.__dataclass_fields__ if name not in ("type", "created_at")]
        columns = [webhook_deliveries.c[name] for name in names]
        wanted = (
            select(*columns, events.c.type, events.c.created_at)
            .join_from(webhook_deliveries, events)
            .where(webhook_deliveries.c.webhook_id == webhook_id)
            .order_by(webhook_deliveries.c.number.desc())
            .limit(limit)
        )
        if before is not None:
            wanted = wanted.where(webhook_deliveries.c.number < before)
        with self._database.read() as connection:
            return [DeliveryRecord(**row._mapping) for row in connection.execute(wanted)]

    def claim(self, now: float, lease_s: float) -> DueDelivery | None:
        """Claim the next due delivery for `lease_s` seconds; None if no delivery is due.

        A webhook has at most one claimed delivery at a time, a host `MAX_PER_HOST`. Webhooks without failures
        go first.
        """
        with self._database.read() as connection:  # usually nothing is due, and SQLite has a single writer
            busy = find_busy_hosts(connection, now)
            if connection.execute(build_next_webhook(now, busy, lock=False)).first() is None:
                return None
        with self._database.change() as connection:
            hook = connection.execute(build_next_webhook(now, find_busy_hosts(connection, now))).first()
            if hook is None:
                return None
            row = connection.execute(build_first_due(hook.id, now)).one()
            taken = {"leased_until": now + lease_s, "attempted_at": now}
            connection.execute(update(webhooks).where(webhooks.c.id == hook.id).values(taken))
            counted = {"attempts": row.attempts + 1, "attempted_at": now}
            connection.execute(
                update(webhook_deliveries).where(webhook_deliveries.c.number == row.number).values(counted)
            )
        payload = build_payload(row.type, row.created_at, row.data)
        return DueDelivery(row.number, row.id, payload, row.attempts + 1, read_webhook(hook))

    def record(self, delivery: DueDelivery, attempt: Attempt, now: float) -> None:
        """Record the outcome of an attempt and end the claim."""
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
            this = webhook_deliveries.c.number == delivery.number
            connection.execute(update(webhook_deliveries).where(this).values(values))
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

    def purge(self, before: float) -> int:
        """Delete the deliveries that ended before that time, and old events that were kept for them.

        Returns the number of deliveries.
        """
        ended = webhook_deliveries.c.finished_at < before
        with self._database.change() as connection:
            gone = connection.execute(delete(webhook_deliveries).where(ended)).rowcount
            prune_log(connection, connection.execute(select(event_state.c.last)).scalar_one())
            return gone

    def move_former(self, now: float) -> int:
        """Move deliveries out of the tables of the former version; the number of events that were moved."""
        moved = 0
        while True:
            with self._database.change() as connection:
                batch = move_deliveries(connection, now)
            if not batch:
                return moved
            moved += batch


def read_webhook(row: Any) -> WebhookRecord:
    """The record of a row of `webhooks`."""
    values: dict[str, Any] = {name: getattr(row, name) for name in WebhookRecord.__dataclass_fields__}
    return WebhookRecord(**values | {"events": tuple(row.events.split())})


def build_payload(kind: str, created_at: float, data: str) -> str:
    """The JSON body of a delivery. The same event always has the same body."""
    timestamp = datetime.fromtimestamp(created_at, UTC).isoformat(timespec="milliseconds")
    body = {"type": kind, "timestamp": timestamp.replace("+00:00", "Z"), "data": json.loads(data)}
    return json.dumps(body, ensure_ascii=False)


def find_busy_hosts(connection: Connection, now: float) -> list[str]:
    """The hosts with as many deliveries under way as they may have. There is one for each worker at most."""
    claimed = connection.execute(select(webhooks.c.url).where(webhooks.c.leased_until > now)).scalars()
    counts = Counter(urlsplit(url).hostname or "" for url in claimed)
    return sorted(host for host, count in counts.items() if count >= MAX_PER_HOST)


def is_at(host: str) -> ColumnElement[bool]:
    """Whether the URL of a webhook names a host: a `/`, a port or nothing follows it."""
    url = func.lower(webhooks.c.url)
    after = f"://{host}"
    return or_(
        url.contains(f"{after}/", autoescape=True),
        url.contains(f"{after}:", autoescape=True),
        url.endswith(after, autoescape=True),
    )


def build_next_webhook(now: float, busy: Sequence[str] = (), lock: bool = True) -> Any:
    """A query for the webhook to deliver to next: one with a due delivery, no claimed one, and a host that is
    not busy."""
    due = exists().where(
        webhook_deliveries.c.webhook_id == webhooks.c.id,
        webhook_deliveries.c.status == "pending",
        webhook_deliveries.c.due_at <= now,
    )
    free = and_(
        webhooks.c.disabled_at.is_(None), webhooks.c.resting_until <= now, webhooks.c.leased_until <= now
    )
    order: Sequence[Any] = (webhooks.c.failures > 0, webhooks.c.attempted_at)
    elsewhere = [not_(is_at(host)) for host in busy]
    found = select(webhooks).where(free, due, *elsewhere).order_by(*order).limit(1)
    return found.with_for_update(skip_locked=True) if lock else found


def build_first_due(webhook_id: str, now: float) -> Any:
    """A query for the delivery to a webhook that has been due longest."""
    delivery = webhook_deliveries.c
    return (
        select(
            delivery.number, delivery.id, delivery.attempts, events.c.type, events.c.created_at, events.c.data
        )
        .join_from(webhook_deliveries, events)
        .where(
            delivery.webhook_id == webhook_id,
            delivery.status == "pending",
            delivery.due_at <= now,
        )
        .order_by(delivery.due_at, delivery.number)
        .limit(1)
    )


def disable(connection: Connection, webhook_id: str, now: float) -> None:
    """Stop delivering to a webhook. Its pending deliveries fail."""
    connection.execute(update(webhooks).where(webhooks.c.id == webhook_id).values(disabled_at=now))
    delivery = webhook_deliveries.c
    pending = and_(delivery.webhook_id == webhook_id, delivery.status == "pending")
    values = {"status": "failed", "reason": DISABLED, "finished_at": now}
    connection.execute(update(webhook_deliveries).where(pending).values(values))
