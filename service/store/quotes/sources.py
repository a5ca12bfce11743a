"""Sources: how many each publisher has, and lists of them.

Sources have no index but their id, which grows as they are stored, so lists run from the newest id down.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, Integer, func, literal, select, type_coerce

from service.store.engine.cursor import CursorCodec
from service.store.engine.database import Database
from service.store.tables import UNKNOWN_DAY, quotes, sources

READ_AT_ONCE: Final = 1_000  # sources of a listing
MOST_READ: Final = 20_000  # sources read through for one page; the cursor then goes on from there
MOST_COUNTED: Final = 10_000  # quotes of one source
CURSOR: Final = CursorCodec("sources", int)  # source id
MAX_ID: Final = (1 << 31) - 1
published_day: Final = type_coerce(sources.c.published_at, Integer)


@dataclass(frozen=True, slots=True)
class PublisherCount:
    """The number of a publisher's sources of one kind, the days of the earliest and the latest, and the id of
    the newest."""

    publisher: str
    kind: str
    sources: int
    first: date | None
    last: date | None
    highest: int


@dataclass(frozen=True, slots=True)
class SourceSearch:
    """Which sources are asked for; every condition must hold. `publisher` is the name as it is stored."""

    publisher: str | None = None
    kind: str | None = None
    words: str | None = None  # that stand in the title or the address, in any case of letters


@dataclass(frozen=True, slots=True)
class StoredSource:
    """A source, with as many of its quotes as were counted."""

    uri: str
    title: str
    publisher: str
    published_at: date | None
    kind: str
    quotes: int

    @property
    def has_more(self) -> bool:
        """Whether there are more quotes than were counted."""
        return self.quotes > MOST_COUNTED


@dataclass(frozen=True, slots=True)
class SourcePage:
    """Some of the sources that were asked for; `next_cursor` asks for more, None if there are none."""

    items: tuple[StoredSource, ...]
    next_cursor: str | None


class SourceStore:
    """The sources of one database. Methods raise StoreUnavailable if it does not answer."""

    def __init__(self, database: Database) -> None:
        self._database: Final = database

    def last_id(self) -> int:
        """The id of the newest source, 0 if there is none."""
        with self._database.read() as connection:
            return int(connection.execute(select(func.max(sources.c.id))).scalar() or 0)

    def count_publishers(self, after: int, upto: int) -> list[PublisherCount]:
        """The sources of every publisher by kind, of those with an id above `after` and up to `upto`.

        A million sources take 0.9 s of CPU on SQLite. No index helps on both databases: PostgreSQL's cannot
        hold the longest names.
        """
        dated = func.nullif(published_day, UNKNOWN_DAY)
        counted = select(
            sources.c.publisher,
            sources.c.kind,
            func.count().label("sources"),
            type_coerce(func.min(dated), Integer).label("first"),
            type_coerce(func.max(dated), Integer).label("last"),
            func.max(sources.c.id).label("highest"),
        ).where(sources.c.id > after, sources.c.id <= upto)
        with self._database.read() as connection:
            rows = connection.execute(counted.group_by(sources.c.publisher, sources.c.kind)).all()
        return [
            PublisherCount(
                row.publisher, row.kind, row.sources, _date(row.first), _date(row.last), row.highest
            )
            for row in rows
        ]

    def find_page(
        self, wanted: SourceSearch, cursor: str | None, limit: int, highest: int = MAX_ID
    ) -> SourcePage:
        """Sources, those that came in last first, from the number `highest` down.

        Raises InvalidInput for a bad cursor. A page may be short, even empty, while there is a next: then
        much was read through and little fits.
        """
        below = min(CURSOR.decode(cursor)[0] if cursor else MAX_ID, highest + 1)
        found: list[Any] = []
        read = 0
        needle = wanted.words.casefold() if wanted.words else ""
        with self._database.read() as connection:
            while read < MOST_READ:
                rows = connection.execute(build_listing(below, READ_AT_ONCE)).all()
                for row in rows:
                    below = row.id
                    if fits(row, wanted, needle):
                        found.append(row)
                        if len(found) == limit:
                            return SourcePage(count_quotes(connection, found), CURSOR.encode(below))
                read += len(rows)
                if len(rows) < READ_AT_ONCE:
                    return SourcePage(count_quotes(connection, found), None)
            return SourcePage(count_quotes(connection, found), CURSOR.encode(below))


def build_listing(below: int, limit: int) -> Any:
    """Sources numbered below, from the highest down."""
    return select(sources).where(sources.c.id < below).order_by(sources.c.id.desc()).limit(limit)


def fits(row: Any, wanted: SourceSearch, needle: str) -> bool:
    """Whether a source is one of those that are asked for; `needle` are the words, case folded."""
    if wanted.publisher is not None and row.publisher != wanted.publisher:
        return False
    if wanted.kind is not None and row.kind != wanted.kind:
        return False
    return not needle or needle in row.title.casefold() or needle in row.uri.casefold()


def count_quotes(connection: Connection, rows: Sequence[Any]) -> tuple[StoredSource, ...]:
    """The sources with how many quotes each has."""
    return tuple(
        StoredSource(
            row.uri, row.title, row.publisher, row.published_at, row.kind, count_some(connection, row.id)
        )
        for row in rows
    )


def count_some(connection: Connection, source_id: int) -> int:
    """How many quotes a source has, `MOST_COUNTED` + 1 at the most."""
    some = select(literal(1)).where(quotes.c.source_id == source_id).limit(MOST_COUNTED + 1)
    return int(connection.execute(select(func.count()).select_from(some.subquery())).scalar_one())


def _date(ordinal: int | None) -> date | None:
    return date.fromordinal(ordinal) if ordinal else None
