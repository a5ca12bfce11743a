"""News for webhooks, written in the transaction that makes them: what happened is told, and nothing else."""

from __future__ import annotations

import json
import secrets
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, Literal, get_args

from sqlalchemy import Connection, exists, insert, select

from service.store.records import ArticleRecord, SavedArticle
from service.store.tables import deliveries, webhook_events, webhooks
from service.store.tables.access import api_keys

EventType = Literal["article.analysed", "article.deleted", "batch.finished"]
EVENT_TYPES: Final[tuple[EventType, ...]] = get_args(EventType)


def record_event(
    connection: Connection,
    kind: EventType,
    describe: Callable[[], Mapping[str, Any]],
    now: float,
    owner: str | None = None,
) -> int:
    """Leave news for every webhook that asked for its kind, of the `owner` only where one is named.

    Webhooks of a key that was revoked hear nothing any more.
    Returns how many there are to tell; where there are none, nothing is described and nothing written.
    """
    shut_out = exists().where(api_keys.c.id == webhooks.c.owner, api_keys.c.revoked_at.is_not(None))
    wanted = select(webhooks.c.id).where(
        webhooks.c.disabled_at.is_(None), webhooks.c.events.contains(f" {kind} "), ~shut_out
    )
    if owner is not None:
        wanted = wanted.where(webhooks.c.owner == owner)
    hooks = connection.execute(wanted).scalars().all()
    if not hooks:
        return 0
    happened = datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    payload = json.dumps({"type": kind, "timestamp": happened, "data": dict(describe())}, ensure_ascii=False)
    made = insert(webhook_events).values(type=kind, payload=payload, created_at=now)
    number = connection.execute(made.returning(webhook_events.c.number)).scalar_one()
    rows = [
        {
            "id": f"msg_{secrets.token_hex(16)}",
            "webhook_id": hook,
            "event_number": number,
            "status": "pending",
            "attempts": 0,
            "due_at": now,
        }
        for hook in hooks
    ]
    connection.execute(insert(deliveries), rows)
    return len(rows)


def describe_article(record: ArticleRecord, saved: SavedArticle) -> dict[str, Any]:
    """What is told of an article: where it is, how many quotations came out how. None of its words."""
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
