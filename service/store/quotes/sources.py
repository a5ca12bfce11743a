"""Lists of sources, and how many each publisher has.

Sources have no index but their id, which grows as they are stored, so lists run from the newest id down.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, Integer, func, literal, select, type_coerce

from service.matching.models import EvidenceClass
from service.store.engine.cursor import CursorCodec
from service.store.engine.database import Database
from service.store.sources.records import Retraction
from service.store.sources.rows import build_source, id_of, origin_of, retraction_of, way_in_of
from service.store.tables import UNKNOWN_DAY, quotes, retracted_quotes, sources

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
    """The conditions of a list of sources. `publisher` is the name as it is stored."""

    publisher: str | None = None
    kind: str | None = None
    words: str | None = None  # that stand in the title or the address, in any case of letters
    evidence_class: EvidenceClass | None = None
    since: date | None = None  # undated sources are left out
    until: date | None = None
    retracted: bool | None = None
    with_articles: bool = True


@dataclass(frozen=True, slots=True)
class ListedSource:
    """A source in a list, with as many of its quotes as were counted, retracted ones too."""

    id: str
    uri: str
    title: str
    publisher: str
    published_at: date | None
    kind: str
    evidence_class: EvidenceClass
    quotes: int
    format: str | None = None  # None: imported
    machine: bool = False
    created_at: datetime | None = None
    updated_at: datetime | None = None
    retraction: Retraction | None = None

    @property
    def has_more(self) -> bool:
        """Whether there are more quotes than were counted."""
        return self.quotes > MOST_COUNTED


@dataclass(frozen=True, slots=True)
class SourcePage:
    """Some of the sources that were asked for; `next_cursor` asks for more, None if there are none."""

    items: tuple[ListedSource, ...]
    next_cursor: str | None


class SourceListing:
    """Lists of the sources of one database. Methods raise StoreUnavailable if it does not answer."""

    def __init__(self, database: Database) -> None:
        self._database = database

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
    return build_source().where(sources.c.id < below).order_by(sources.c.id.desc()).limit(limit)


def fits(row: Any, wanted: SourceSearch, needle: str) -> bool:
    """Whether a source is one of those that are asked for; `needle` are the words, case folded."""
    facts = (
        (wanted.publisher, row.publisher),
        (wanted.kind, row.kind),
        (wanted.evidence_class, origin_of(row).evidence_class),
        (wanted.retracted, row.kept_retracted_at is not None),
    )
    if any(asked is not None and asked != found for asked, found in facts):
        return False
    if not is_between(row.published_at, wanted.since, wanted.until):
        return False
    if needle and needle not in row.title.casefold() and needle not in row.uri.casefold():
        return False
    return wanted.with_articles or way_in_of(row) != "article"


def is_between(day: date | None, since: date | None, until: date | None) -> bool:
    """Whether a day lies between two others; a day that is not known lies between none."""
    if day is None:
        return since is None and until is None
    return (since is None or day >= since) and (until is None or day <= until)


def count_quotes(connection: Connection, rows: Sequence[Any]) -> tuple[ListedSource, ...]:
    """The sources with how many quotes each has."""
    return tuple(
        ListedSource(
            id_of(row),
            row.uri,
            row.title,
            row.publisher,
            row.published_at,
            row.kind,
            origin_of(row).evidence_class or "report",
            count_some(connection, row.id),
            row.kept_format,
            bool(row.machine),
            row.kept_created_at,
            row.kept_updated_at,
            retraction_of(row),
        )
        for row in rows
    )


def count_some(connection: Connection, source_id: int) -> int:
    """How many quotes a source has, `MOST_COUNTED` + 1 at the most."""
    found = 0
    for table in (quotes, retracted_quotes):
        some = select(literal(1)).where(table.c.source_id == source_id).limit(MOST_COUNTED + 1)
        found += int(connection.execute(select(func.count()).select_from(some.subquery())).scalar_one())
    return min(found, MOST_COUNTED + 1)


def _date(ordinal: int | None) -> date | None:
    return date.fromordinal(ordinal) if ordinal else None
