"""The store's one row of state, and how much the store holds."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, func, select, update

from service.matching.models import Searched
from service.store.records import StoreStats
from service.store.tables import (
    articles,
    factcheck_state,
    import_ranges,
    quotes,
    sources,
    speaker_names,
    state,
)

TRIGRAMS_OFF: Final = 0
TRIGRAMS_BUILDING: Final = 1  # written, not yet read
TRIGRAMS_ON: Final = 2


def read_generation(connection: Connection) -> str:
    """The store's name and the number of changes its quotes have seen; part of every cache key."""
    row = connection.execute(select(state.c.name, state.c.generation)).one()
    return f"{row.name}.{row.generation}"


def record_change(connection: Connection, quotes_added: int) -> None:
    """Count a change of quotes, in the transaction that makes it. `quotes_added` may be negative."""
    connection.execute(
        update(state).values(generation=state.c.generation + 1, quotes=state.c.quotes + quotes_added)
    )


def reserve_ids(connection: Connection, count: int) -> int:
    """The first of `count` quote ids in a row that were never used."""
    first = connection.execute(select(state.c.next_quote_id)).scalar_one()
    connection.execute(update(state).values(next_quote_id=first + count))
    return int(first)


def writes_trigrams(connection: Connection) -> bool:
    """Whether new quotes have triples of words indexed as well."""
    return bool(connection.execute(select(state.c.trigrams)).scalar_one() != TRIGRAMS_OFF)


def read_searched(connection: Connection) -> Searched:
    """What there is to search: so many quotes, up to that day."""
    until = select(func.max(quotes.c.day)).scalar_subquery()
    factchecks = select(factcheck_state.c.factchecks).scalar_subquery()
    row = connection.execute(select(state.c.quotes, until, factchecks)).one()
    return Searched(quotes=row[0], until=row[1], factchecks=row[2])


def read_stats(connection: Connection) -> StoreStats:
    """How much there is of everything."""

    def count(table: object, *conditions: object) -> int:
        statement = select(func.count()).select_from(table).where(*conditions)  # type: ignore[arg-type]
        return int(connection.execute(statement).scalar_one())

    searched = read_searched(connection)
    pending = select(func.sum(import_ranges.c.last_id - import_ranges.c.first_id + 1))
    return StoreStats(
        quotes=searched.quotes,
        sources=count(sources),
        transcripts=count(sources, sources.c.content_hash.is_not(None)),
        articles=count(articles),
        factchecks=searched.factchecks,
        speakers=count(speaker_names),
        until=searched.until,
        generation=read_generation(connection),
        pending=int(connection.execute(pending).scalar() or 0),
        trigrams=connection.execute(select(state.c.trigrams)).scalar_one() == TRIGRAMS_ON,
    )
