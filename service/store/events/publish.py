"""Publishes events: one row in the event log, and a delivery for each webhook that is subscribed to its type.

Both are written in the transaction of the change that the event reports. The event's number comes from a row
that stays locked until that transaction ends. A sequence would not do: on PostgreSQL a larger number could
be committed before a smaller one, and a reader that has seen the larger one would miss the other.
"""

from __future__ import annotations

import json
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, Literal, get_args

from sqlalchemy import Connection, exists, insert, or_, select, update

from service.store.events.log import find_floor, prune_log
from service.store.records import ArticleRecord, SavedArticle
from service.store.tables import event_state, events, webhook_deliveries, webhooks
from service.store.tables.access import api_keys

EventType = Literal[
    "article.analysed",
    "article.rejudged",
    "article.deleted",
    "review.opened",
    "review.claimed",
    "review.skipped",
    "review.released",
    "review.decided",
    "review.reopened",
    "review.superseded",
    "sign_off.changed",
    "factchecks.imported",
    "batch.finished",
]
#: Types that concern one owner only; `/v1/events` does not show them.
OWNED_TYPES: Final[tuple[EventType, ...]] = ("batch.finished",)
STREAM_TYPES: Final[tuple[EventType, ...]] = tuple(
    kind for kind in get_args(EventType) if kind not in OWNED_TYPES
)
WEBHOOK_TYPES: Final[tuple[EventType, ...]] = ("article.analysed", "article.deleted", "batch.finished")


def publish_event(
    connection: Connection, kind: EventType, data: Mapping[str, Any], now: float, owner: str | None = None
) -> int:
    """Publish an event in the current transaction and return its number.

    An event with an `owner` goes to the webhooks of that owner only. Publish as late in the transaction as
    possible: other publishers wait from here until it ends.
    """
    return publish_events(connection, kind, [data], now, owner)


def publish_events(
    connection: Connection,
    kind: EventType,
    data: Sequence[Mapping[str, Any]],
    now: float,
    owner: str | None = None,
) -> int:
    """Publish at least one event of the same type and return the number of the last."""
    subscribers = find_subscribers(connection, kind, owner, now)
    raised = update(event_state).values(last=event_state.c.last + len(data))
    last: int = connection.execute(raised.returning(event_state.c.last)).scalar_one()
    first = last - len(data) + 1
    rows = [
        {
            "number": number,
            "type": kind,
            "data": json.dumps(dict(each), ensure_ascii=False, separators=(",", ":")),
            "created_at": now,
            "owner": owner,
        }
        for number, each in enumerate(data, first)
    ]
    connection.execute(insert(events), rows)
    if subscribers:
        deliveries = [
            make_delivery(webhook, number, now)
            for number in range(first, last + 1)
            for webhook in subscribers
        ]
        connection.execute(insert(webhook_deliveries), deliveries)
    if find_floor(last) > find_floor(first - 1):
        prune_log(connection, last, former=first - 1)
    return last


def find_subscribers(connection: Connection, kind: EventType, owner: str | None, now: float) -> Sequence[str]:
    """The ids of the webhooks, of the `owner` only if there is one, that are subscribed to a type.

    Webhooks of a revoked or expired key are left out.
    """
    if kind not in WEBHOOK_TYPES:
        return ()
    has_ended = or_(
        api_keys.c.revoked_at.is_not(None), api_keys.c.expires_at <= datetime.fromtimestamp(now, UTC)
    )
    key_has_ended = exists().where(api_keys.c.id == webhooks.c.owner, has_ended)
    wanted = select(webhooks.c.id).where(
        webhooks.c.disabled_at.is_(None), webhooks.c.events.contains(f" {kind} "), ~key_has_ended
    )
    if owner is not None:
        wanted = wanted.where(webhooks.c.owner == owner)
    return connection.execute(wanted).scalars().all()


def make_delivery(webhook_id: str, event_number: int, now: float) -> dict[str, Any]:
    """The row of a delivery that is due at once."""
    return {
        "id": f"msg_{secrets.token_hex(16)}",
        "webhook_id": webhook_id,
        "event_number": event_number,
        "status": "pending",
        "attempts": 0,
        "due_at": now,
    }


def describe_article(record: ArticleRecord, saved: SavedArticle) -> dict[str, Any]:
    """The data of `article.analysed`: the article's address and version, and its quotations by label."""
    quotes = json.loads(record.analysis)["quotes"]
    verdicts = [quote["verdict"] for quote in quotes]
    fidelity = Counter(verdict["fidelity"] for verdict in verdicts)
    labels = Counter(verdict["label"] for verdict in verdicts if "label" in verdict)
    return {
        "id": saved.id,
        "uri": record.uri,
        "version": saved.version,
        "created": saved.created,
        "quotes": len(quotes),
        "status": record.status,
        "labels": dict(sorted(labels.items())),
        "severity": max((verdict["severity"] for verdict in verdicts if "severity" in verdict), default=0),
        "fidelity": dict(sorted(fidelity.items())),
    }
