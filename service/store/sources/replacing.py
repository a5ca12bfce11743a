"""What replacing the contents of a source leaves behind: its former contents in its history, and reviews."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, Row, update

from service.matching.review_triage import EVIDENCE_CHANGED
from service.store.reviews.evidence_changes import review_evidence
from service.store.sources.history import Done, add_entry
from service.store.sources.records import Actor, Touched, write_turns
from service.store.sources.reliance import describe_touched, find_relying
from service.store.sources.rows import build_source, id_of, read_kept_turns, read_keys, utc_now
from service.store.tables import kept_sources, sources


def note_replacement(connection: Connection, source_id: int, actor: Actor) -> Touched:
    """Keep what a source says before it is replaced, and open reviews of the verdicts that rest on it.

    To be called before its quotes are removed, in the same transaction. What was kept of a file that it was
    read from does not hold for what comes now.
    """
    row = connection.execute(build_source().where(sources.c.id == source_id)).one()
    now = utc_now()
    relying = find_relying(connection, row.uri, read_keys(connection, source_id), whole=True)
    reviews = review_evidence(connection, relying, EVIDENCE_CHANGED, id_of(row), now.timestamp())
    touched = describe_touched(relying, reviews)
    former = describe_contents(connection, row)
    add_entry(connection, id_of(row), Done("replaced", actor, now, former=former, verdicts=touched.verdicts))
    mine = kept_sources.c.source_id == source_id
    values = {"turns": None, "format": None, "notes": "[]", "updated_at": now}
    raised = {"revision": kept_sources.c.revision + 1}
    connection.execute(update(kept_sources).where(mine).values({**values, **raised}))
    return touched


def describe_contents(connection: Connection, row: Row[Any]) -> dict[str, Any]:
    """All that a source says, as its history keeps it."""
    turns, _ = read_kept_turns(connection, row)
    return {
        "title": row.title,
        "uri": row.uri,
        "publisher": row.publisher,
        "kind": row.kind,
        "published_at": row.published_at.isoformat() if row.published_at else None,
        "turns": json.loads(write_turns(turns)),
    }
