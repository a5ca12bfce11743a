"""Reading stored sources: their rows, and their turns as they were read or as their quotes have them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, insert, select, union_all, update

from service.errors import NotFound, PreconditionFailed
from service.matching.models import Origin
from service.matching.sources import evidence_class_of
from service.sources.models import SourceTurn
from service.store.ingest.quote_drafts import source_key
from service.store.records import Precondition, format_key, parse_key
from service.store.sources.records import (
    UNKNOWN_ACTOR,
    Actor,
    RetractedQuote,
    Retraction,
    StoredSource,
    WayIn,
    format_source_id,
    parse_source_id,
    read_turns,
)
from service.store.tables import articles, kept_sources, quotes, retracted_quotes, sources, speaker_names

MOST_QUOTES: Final = 50_000  # of one source that are read; a stored file has fewer
WAYS_IN: Final[tuple[WayIn, ...]] = ("transcript", "quotes", "article")
_KEPT: Final = tuple(column for column in kept_sources.c if column.name != "source_id")


def build_source() -> Select[Any]:
    """Sources with what is kept of them; the members of `kept_sources` are named `kept_…`."""
    kept = (column.label(f"kept_{column.name}") for column in _KEPT)
    return select(sources, *kept).join_from(
        sources, kept_sources, kept_sources.c.source_id == sources.c.id, isouter=True
    )


def get_row(connection: Connection, public_id: str) -> Row[Any]:
    """The row of a source. Raises NotFound."""
    key = parse_source_id(public_id)
    if key is not None:
        row = connection.execute(build_source().where(kept_sources.c.id == public_id)).one_or_none()
        if row is None:
            unchanged = build_source().where(sources.c.key == key, kept_sources.c.id.is_(None))
            row = connection.execute(unchanged).one_or_none()
        if row is not None:
            return row
    raise NotFound("no source has this id")


def find_place(connection: Connection, quote_id: str) -> tuple[str, int]:
    """The id of the source of a quote, retracted or not, and the number of its turn. Raises NotFound."""
    key = parse_key(quote_id)
    for table in (quotes, retracted_quotes):
        place = select(table.c.source_id, table.c.turn).where(table.c.key == key)
        found = connection.execute(place).one_or_none() if key is not None else None
        if found is not None:
            row = connection.execute(build_source().where(sources.c.id == found.source_id)).one()
            return id_of(row), found.turn
    raise NotFound("no quote has this id")


def revision_of(row: Row[Any]) -> str:
    """What every change of a source changes: the first part of its entity tag."""
    return f"{row.kept_revision or 0}-{(row.content_hash or 0) & 0xFFFF_FFFF:08x}"


def get_checked(connection: Connection, public_id: str, precondition: Precondition | None) -> Row[Any]:
    """The row of a source that a writer is about to change. Raises NotFound, PreconditionFailed."""
    row = get_row(connection, public_id)
    if precondition is not None and not precondition.holds(revision_of(row)):
        raise PreconditionFailed("the source was changed since: its ETag is another; read it again")
    return row


def id_of(row: Row[Any]) -> str:
    """The public id of a source, by its row."""
    return row.kept_id or format_source_id(row.key)


def way_in_of(row: Row[Any]) -> WayIn:
    """How a source came in."""
    for way in WAYS_IN:
        if row.key == source_key(way, row.uri):
            return way
    return "transcript" if row.content_hash is not None else "quotes"


def find_article_id(connection: Connection, source_id: int) -> str | None:
    """The id of the article whose quotations a source consists of, None where it is none's."""
    wanted = select(articles.c.id).where(articles.c.source_id == source_id)
    found: str | None = connection.execute(wanted.limit(1)).scalar()
    return found


def origin_of(row: Row[Any]) -> Origin:
    """A source as evidence shows it."""
    evidence_class = row.evidence_class or evidence_class_of(row.kind) or "report"
    return Origin(
        row.uri,
        row.title,
        row.publisher,
        row.published_at,
        row.kind,
        evidence_class,
        machine=bool(row.machine),
    )


def retraction_of(row: Row[Any]) -> Retraction | None:
    """Why a source was retracted, None where it was not."""
    if row.kept_retracted_at is None:
        return None
    return Retraction(row.kept_retracted_at, row.kept_retracted_by or "", row.kept_retraction or "")


def read_source(connection: Connection, row: Row[Any]) -> StoredSource:
    """A source with its turns."""
    way_in = way_in_of(row)
    turns, has_more = read_kept_turns(connection, row)
    return StoredSource(
        id_of(row),
        origin_of(row),
        way_in,
        turns,
        row.kept_format,
        bool(row.machine),
        tuple(json.loads(row.kept_notes or "[]")),
        revision_of(row),
        row.kept_created_at,
        row.kept_updated_at,
        row.kept_added_by,
        retraction_of(row),
        read_retracted(connection, row.id),
        find_article_id(connection, row.id) if way_in == "article" else None,
        has_more,
    )


def read_kept_turns(connection: Connection, row: Row[Any]) -> tuple[tuple[SourceTurn, ...], bool]:
    """The turns of a source, and whether it has more than were read."""
    if row.kept_turns is not None:
        return read_turns(row.kept_turns), False
    return join_turns(connection, row.id)


def join_turns(connection: Connection, source_id: int) -> tuple[tuple[SourceTurn, ...], bool]:
    """Turns made of a source's quotes, retracted ones too: the sentences of each, with a space between."""
    tables = [
        select(
            table.c.turn, table.c.position, table.c.text, table.c.start_s, table.c.end_s,
            speaker_names.c.name,
        )
        .join_from(table, speaker_names, table.c.speaker_id == speaker_names.c.id, isouter=True)
        .where(table.c.source_id == source_id)
        for table in (quotes, retracted_quotes)
    ]  # fmt: skip
    both = union_all(*tables).subquery("both")
    ordered = select(both).order_by(both.c.position).limit(MOST_QUOTES + 1)
    rows = connection.execute(ordered).all()
    turns = [join_turn(list(group)) for _, group in groupby(rows[:MOST_QUOTES], attrgetter("turn", "name"))]
    return tuple(turns), len(rows) > MOST_QUOTES


def join_turn(rows: Sequence[Row[Any]]) -> SourceTurn:
    """A turn of the quotes that it was split into."""
    text = " ".join(row.text for row in rows)
    return SourceTurn(rows[0].name, text, rows[0].start_s, rows[-1].end_s)


def read_retracted(connection: Connection, source_id: int) -> tuple[RetractedQuote, ...]:
    """The quotes of a source that were retracted one by one, in their order."""
    wanted = (
        select(retracted_quotes, speaker_names.c.name)
        .join_from(
            retracted_quotes, speaker_names, retracted_quotes.c.speaker_id == speaker_names.c.id, isouter=True
        )
        .where(retracted_quotes.c.source_id == source_id, retracted_quotes.c.at.is_not(None))
        .order_by(retracted_quotes.c.position)
    )
    return tuple(
        RetractedQuote(
            format_key(row.key),
            row.text,
            row.name,
            row.turn,
            Retraction(row.at, row.by or "", row.reason or ""),
        )
        for row in connection.execute(wanted)
    )


def read_keys(connection: Connection, source_id: int) -> set[int]:
    """The keys of all quotes of a source, retracted ones too."""
    return {
        key
        for table in (quotes, retracted_quotes)
        for key in connection.execute(select(table.c.key).where(table.c.source_id == source_id)).scalars()
    }


def find_retracted_sources(connection: Connection, source_ids: Iterable[int]) -> set[int]:
    """Which of the sources are retracted."""
    wanted = select(kept_sources.c.source_id).where(
        kept_sources.c.source_id.in_(list(source_ids)), kept_sources.c.retracted_at.is_not(None)
    )
    return set(connection.execute(wanted).scalars())


def keep_row(
    connection: Connection, row: Row[Any], now: datetime, values: dict[str, Any], actor: Actor = UNKNOWN_ACTOR
) -> None:
    """Change what is kept of a source; what was imported is kept from now on."""
    if row.kept_id is not None:
        mine = kept_sources.c.source_id == row.id
        changed = {**values, "revision": kept_sources.c.revision + 1, "updated_at": now}
        connection.execute(update(kept_sources).where(mine).values(changed))
        return
    begun = {
        "source_id": row.id,
        "id": format_source_id(row.key),
        "notes": "[]",
        "revision": 1,
        "created_at": now,
        "updated_at": now,
        "added_by": actor.name,
        "added_key": actor.key_id,
    }
    connection.execute(insert(kept_sources).values({**begun, **values}))


def utc_now() -> datetime:
    """The time of a change, in UTC."""
    return datetime.now(UTC)
