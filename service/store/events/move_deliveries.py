"""Moves deliveries out of the tables of the former version, `deliveries` and `webhook_events`.

While an installation is updated, processes of the former version go on writing to the former tables. So the
rows are moved by a worker now and then, not once by the migration. Remove this module, and the tables, when
no process of version 0.1 can be running any more.
"""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, delete, exists, insert, select, update

from service.store.tables import deliveries, event_state, events, webhook_deliveries, webhook_events, webhooks

MOST_AT_ONCE = 1_000  # events in a transaction


def move_deliveries(connection: Connection, now: float) -> int:
    """Move up to `MOST_AT_ONCE` events with their deliveries; the number of events that were moved.

    An event is left alone while a process sends to one of its webhooks. Moved events belong to an owner, so
    that `/v1/events` and the overview, which have seen them already, do not show them again.
    """
    is_in_use = (
        exists()
        .where(deliveries.c.event_number == webhook_events.c.number)
        .where(deliveries.c.webhook_id == webhooks.c.id, webhooks.c.leased_until > now)
    )
    wanted = select(webhook_events).where(~is_in_use).order_by(webhook_events.c.number).limit(MOST_AT_ONCE)
    rows = connection.execute(wanted).all()
    if not rows:
        return 0
    raised = update(event_state).values(last=event_state.c.last + len(rows))
    last: int = connection.execute(raised.returning(event_state.c.last)).scalar_one()
    numbers = {row.number: number for number, row in enumerate(rows, last - len(rows) + 1)}
    connection.execute(insert(events), [make_event(row, numbers[row.number]) for row in rows])
    names = [name for name in webhook_deliveries.c.keys() if name != "number"]  # noqa: SIM118  a collection
    moved = select(*(deliveries.c[name] for name in names)).where(deliveries.c.event_number.in_(numbers))
    copies = [
        {**row._mapping, "event_number": numbers[row.event_number]}
        for row in connection.execute(moved.order_by(deliveries.c.number))
    ]
    if copies:
        connection.execute(insert(webhook_deliveries), copies)
    connection.execute(delete(deliveries).where(deliveries.c.event_number.in_(numbers)))
    connection.execute(delete(webhook_events).where(webhook_events.c.number.in_(numbers)))
    return len(rows)


def make_event(row: Any, number: int) -> dict[str, Any]:
    """The row of the event log for an event of the former version."""
    data = json.dumps(json.loads(row.payload)["data"], ensure_ascii=False, separators=(",", ":"))
    return {"number": number, "type": row.type, "data": data, "created_at": row.created_at, "owner": ""}
