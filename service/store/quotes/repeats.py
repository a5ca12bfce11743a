"""Repeated quotes: the number of sources with the same words within some days, and the first sighting."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, func, select

from service.store.engine.batch_sql import select_by_keys
from service.store.quotes.search import build_quotes, read_quote
from service.store.records import StoredQuote
from service.store.retrieval.candidates import said_day
from service.store.tables import UNKNOWN_DAY, quotes, sources, variants

#: The id of a source, or of the one that it is a copy of: copies count as one source.
ORIGIN: Final = func.coalesce(sources.c.origin_id, quotes.c.source_id)
MOST_READ: Final = 20_000  # quotes, the newest of the period
LEAST_WORDS: Final = 6  # shorter texts are repeated by chance
LEAST_SOURCES: Final = 2
MOST_FAMILIES: Final = 300  # repeated ones, those in most sources
MOST_RELATED: Final = 2_000  # families with the same head as those that are shown
RECORD: Final = "record"  # not counted alone: set phrases are repeated in every session


@dataclass(frozen=True, slots=True)
class DayRange:
    """A range of days, both included. `read` quotes of it were read; if `is_partial`, only the newest."""

    since: date
    until: date
    read: int = 0
    is_partial: bool = False


@dataclass(frozen=True, slots=True)
class RepeatedQuote:
    """The same words in several sources. `first` is their first sighting, in these or, if `is_variant`, in
    other words. `days` are the days with sources, and how many."""

    quote: StoredQuote
    first: StoredQuote
    is_variant: bool
    sources: int
    days: tuple[tuple[date, int], ...]


@dataclass(frozen=True, slots=True)
class Repeats:
    """The repeated quotes of a period, those in most sources first; `reworded` have another wording too."""

    period: DayRange
    repeated: tuple[RepeatedQuote, ...]
    reworded: tuple[RepeatedQuote, ...]


@dataclass(frozen=True, slots=True)
class Family:
    """Quotes with the same words: in how many sources, and the family with the first wording (`head`)."""

    id: int
    head: int
    sources: int
    newest: int  # number of its newest quote in the period


def find_repeats(connection: Connection, period: DayRange, most: int) -> Repeats:
    """The repeated quotes of a period: up to `most`, and up to `most` that have another wording."""
    rows = connection.execute(build_period(period)).all()
    families = find_families(connection, rows)
    related = find_related(connection, families)
    reworded = [family for family in families if len(related[family.head]) > 1][:most]
    shown = families[:most]
    wanted = {family.id: family for family in (*shown, *reworded)}
    repeated = read_repeated(connection, list(wanted.values()), related, period)
    return Repeats(
        DayRange(period.since, period.until, len(rows), len(rows) == MOST_READ),
        tuple(repeated[family.id] for family in shown if family.id in repeated),
        tuple(repeated[family.id] for family in reworded if family.id in repeated),
    )


def build_period(period: DayRange) -> Select[Any]:
    """A query for the newest quotes of a period, at most `MOST_READ`."""
    within = said_day.between(period.since.toordinal(), period.until.toordinal())
    columns = quotes.c.id, quotes.c.family, ORIGIN, func.length(quotes.c.words).label("size")
    # By day alone, as the index has it: to order a day's quotes too, PostgreSQL would read all of that day.
    return select(*columns).join(sources).where(within).order_by(quotes.c.day.desc()).limit(MOST_READ)


def find_families(connection: Connection, rows: Iterable[Any]) -> list[Family]:
    """The families of rows (newest first) in several sources, not only records; most sources first."""
    newest: dict[int, int] = {}
    seen: dict[int, set[int]] = {}
    for number, family, source, size in rows:
        if size >= 2 * LEAST_WORDS:  # two bytes a word
            newest.setdefault(family, number)
            seen.setdefault(family, set()).add(source)
    repeated = [family for family in seen if len(seen[family]) >= LEAST_SOURCES]
    repeated.sort(key=lambda family: (-len(seen[family]), family))
    some = repeated[:MOST_FAMILIES]
    outside = find_outside(connection, {source for family in some for source in seen[family]})
    kept = [family for family in some if not outside.isdisjoint(seen[family])]
    rows_of_variants = select_by_keys(connection, select(variants), variants.c.family, kept)
    head_of = {row.family: row.head for row in rows_of_variants}
    return [Family(family, head_of.get(family, family), len(seen[family]), newest[family]) for family in kept]


def find_outside(connection: Connection, source_ids: Iterable[int]) -> set[int]:
    """The sources among those given that are not records."""
    wanted = select(sources.c.id).where(sources.c.evidence_class.is_distinct_from(RECORD))
    return {row.id for row in select_by_keys(connection, wanted, sources.c.id, sorted(source_ids))}


def find_related(connection: Connection, families: Sequence[Family]) -> dict[int, set[int]]:
    """By the head of each family: all families with this head, the head included."""
    members: dict[int, set[int]] = {family.head: {family.head} for family in families}
    related = select(variants.c.head, variants.c.family).limit(MOST_RELATED)
    for row in select_by_keys(connection, related, variants.c.head, list(members)):
        members[row.head].add(row.family)
    return members


def read_repeated(
    connection: Connection, families: Sequence[Family], related: dict[int, set[int]], period: DayRange
) -> dict[int, RepeatedQuote]:
    """The repeated quotes of families, by family."""
    heads = {family.head for family in families}
    firsts = find_first_days(connection, {one for head in heads for one in related[head]})
    days = count_days(connection, [family.id for family in families], period)
    newest = select_by_keys(connection, build_quotes(), quotes.c.id, [family.newest for family in families])
    shown = {row.family: read_quote(row) for row in newest}
    origins: dict[int, Row[Any]] = {}
    repeated = {}
    for family in families:
        known = [(firsts[one], one != family.head, one) for one in related[family.head] if one in firsts]
        if not known or family.id not in shown:
            continue  # removed since
        day, _, first = min(known)
        if first not in origins:
            origins[first] = find_first(connection, first, day)
        repeated[family.id] = RepeatedQuote(
            shown[family.id],
            read_quote(origins[first]),
            first != family.id,
            family.sources,
            tuple(sorted(days.get(family.id, {}).items())),
        )
    return repeated


def find_first_days(connection: Connection, families: Iterable[int]) -> dict[int, int]:
    """The first known day of each family."""
    dated = select(quotes.c.family, func.min(said_day).label("first")).where(said_day > UNKNOWN_DAY)
    found = select_by_keys(connection, dated.group_by(quotes.c.family), quotes.c.family, sorted(families))
    return {row.family: row.first for row in found}


def find_first(connection: Connection, family: int, day: int) -> Row[Any]:
    """A family's quote of its first day; of several, the one stored first."""
    wanted = build_quotes().where(quotes.c.family == family, said_day == day)
    return connection.execute(wanted.order_by(quotes.c.id).limit(1)).one()


def count_days(
    connection: Connection, families: Sequence[int], period: DayRange
) -> dict[int, dict[date, int]]:
    """By family and day, how many sources had it."""
    count = func.count(ORIGIN.distinct()).label("sources")
    counted = (
        select(quotes.c.family, quotes.c.day, count)
        .join(sources)
        .where(said_day.between(period.since.toordinal(), period.until.toordinal()))
        .group_by(quotes.c.family, quotes.c.day)
    )
    days: dict[int, dict[date, int]] = {}
    for row in select_by_keys(connection, counted, quotes.c.family, families):
        days.setdefault(row.family, {})[row.day] = row.sources
    return days
