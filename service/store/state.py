"""The row of the store's state, and the number of its rows."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, Select, func, select, update

from service.matching.models import Searched
from service.store.engine.compiled_queries import run_compiled
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


@dataclass(frozen=True, slots=True)
class Generation:
    """A state of a store's quotes. Two of one store with the same token are the same; their number of changes
    orders them only as long as the store was not rolled back."""

    store: str
    changes: int
    token: str

    @classmethod
    def parse(cls, generation: str) -> Generation:
        """From the form `name.changes.token` that cache keys carry. Former releases stored no token."""
        store, changes, token = (*generation.split("."), "")[:3]
        return cls(store, int(changes), token)

    def __str__(self) -> str:
        return f"{self.store}.{self.changes}.{self.token}"


def read_generation(connection: Connection) -> str:
    """The store's name, the number of changes of its quotes, and the last one's token. Part of cache keys.

    A store that is rolled back and changed again comes to the same number with another token.
    """
    row = connection.execute(select(state.c.name, state.c.generation, state.c.token)).one()
    return str(Generation(row.name, row.generation, row.token))


def read_cache_secret(connection: Connection) -> bytes:
    """The secret that authenticates cached answers. It is in the database, never in Redis."""
    return bytes.fromhex(connection.execute(select(state.c.cache_secret)).scalar_one())


def record_change(connection: Connection, quotes_added: int) -> None:
    """Count a change of quotes, in the transaction that makes it. `quotes_added` may be negative."""
    values = {"generation": state.c.generation + 1, "token": secrets.token_hex(8)}
    connection.execute(update(state).values(quotes=state.c.quotes + quotes_added, **values))


def reserve_ids(connection: Connection, count: int) -> int:
    """Reserve `count` consecutive quote ids; returns the first."""
    first = connection.execute(select(state.c.next_quote_id)).scalar_one()
    connection.execute(update(state).values(next_quote_id=first + count))
    return int(first)


def writes_trigrams(connection: Connection) -> bool:
    """Whether new quotes have triples of words indexed as well."""
    return bool(connection.execute(select(state.c.trigrams)).scalar_one() != TRIGRAMS_OFF)


def read_searched(connection: Connection) -> Searched:
    """What there is to search: so many quotes, up to that day."""
    ((number, day, factchecks),) = run_compiled(connection, build_searched_query, 1, {})
    return Searched(quotes=number, until=date.fromordinal(day) if day else None, factchecks=factchecks)


def build_searched_query(_: int) -> Select[Any]:
    """The number of quotes, the last day, and the number of fact-checks."""
    until = select(func.max(quotes.c.day)).scalar_subquery()
    factchecks = select(factcheck_state.c.factchecks).scalar_subquery()
    return select(state.c.quotes, until, factchecks)


def read_size(connection: Connection) -> int:
    """The size of the database on disk, in bytes."""
    if connection.dialect.name != "sqlite":
        return int(connection.execute(select(func.pg_database_size(func.current_database()))).scalar_one())
    sizes = [
        connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in ("page_count", "page_size")
    ]
    return int(sizes[0]) * int(sizes[1])


def read_stats(connection: Connection) -> StoreStats:
    """The number of rows of each kind."""

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
