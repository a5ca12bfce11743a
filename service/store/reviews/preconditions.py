"""Preconditions of changes to reviews."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from service.errors import Conflict, Fault, InvalidInput, PreconditionFailed
from service.store.records import ANY, parse_key
from service.store.reviews.analysis_sync import basis_of, subject_of
from service.store.reviews.records import Decision, Reviewer
from service.store.tables import articles, quotes, sources


def check_revision(row: Row[Any], expected: frozenset[str] | None) -> None:
    """Raise PreconditionFailed if the review was changed since it was read, by the revision in its tag."""
    if expected is None or ANY in expected:
        return
    if str(row.revision) not in {tag.partition(".")[0] for tag in expected}:
        raise PreconditionFailed("the review was changed since: its ETag is another; read it again")


def refuse_unless_open(row: Row[Any]) -> None:
    """Raise Conflict unless a review is open."""
    if row.state == "decided":
        raise Conflict(f"this review was decided by {row.decided_by}; a decision is undone before another")
    if row.state != "open":
        raise Conflict("this review was superseded: the article is analysed otherwise by now, or deleted")


def refuse_others(row: Row[Any], who: Reviewer, now: float) -> None:
    """Raise Conflict if another person has claimed a review."""
    if row.leased_until > now and row.holder != who.owner:
        until = datetime.fromtimestamp(row.leased_until, UTC).isoformat(timespec="seconds")
        raise Conflict(f"{row.holder_name} has claimed this review until {until.replace('+00:00', 'Z')}")


def refuse_unknown_quotes(connection: Connection, decision: Decision) -> None:
    """Raise InvalidInput if the evidence refers to quotes that are not stored."""
    if faults := tuple(find_unknown_quotes(connection, [link.quote_id for link in decision.evidence])):
        raise InvalidInput("the evidence is not there", faults)


def find_unknown_quotes(connection: Connection, quote_ids: Sequence[str | None]) -> Iterator[Fault]:
    """A fault for each piece of evidence that refers to a quote that is not stored; None refers to none."""
    for place, quote_id in enumerate(quote_ids):
        if quote_id is None:
            continue
        key = parse_key(quote_id)
        found = None if key is None else connection.execute(select(quotes.c.id).where(quotes.c.key == key))
        if found is None or found.first() is None:
            yield Fault(f"/evidence/{place}/quote_id", "No stored quote has this id.")


def is_repeated(row: Row[Any], who: Reviewer, decision: Decision) -> bool:
    """Whether the same person made the same decision, as when a request is repeated."""
    if row.state != "decided" or row.decided_key != who.owner:
        return False
    return bool(json.loads(row.decision) == decision.members())


def still_holds(connection: Connection, row: Row[Any]) -> bool:
    """Whether the newest version of the article has the quotation with the verdict of the review."""
    wanted = select(articles.c.analysis, sources.c.uri).join_from(articles, sources)
    found = connection.execute(wanted.where(articles.c.id == row.article_id)).first()
    if found is None:
        return False
    quotes = json.loads(found.analysis).get("quotes", [])
    return any(
        subject_of(found.uri, quote) == row.subject and basis_of(quote) == row.basis for quote in quotes
    )
