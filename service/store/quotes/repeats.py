"""Quotes that come again: in how many sources the same words were seen lately, and where they come from."""

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

#: A source, or the one that it shares its text with: what is copied is one source.
ORIGIN: Final = func.coalesce(sources.c.origin_id, quotes.c.source_id)
MOST_READ: Final = 20_000  # quotes, the newest of the window
LEAST_WORDS: Final = 6  # shorter words come again by themselves
LEAST_SOURCES: Final = 2
MOST_FAMILIES: Final = 300  # of those that came again, the ones in most sources
MOST_RELATIVES: Final = 2_000  # families that belong to those that are shown
RECORD: Final = "record"  # its formulas come again by themselves; a quote is what others repeat


@dataclass(frozen=True, slots=True)
class Window:
    """Days to look at, both included, and how many quotes of them were read: the newest, if not all."""

    since: date
    until: date
    read: int = 0
    is_partial: bool = False


@dataclass(frozen=True, slots=True)
class Spread:
    """The same words in several sources. `first` is the earliest of them and of all that they are akin to;
    `is_variant` says that it has other words. `days` counts sources by day, of days that have some."""

    quote: StoredQuote
    first: StoredQuote
    is_variant: bool
    sources: int
    days: tuple[tuple[date, int], ...]


@dataclass(frozen=True, slots=True)
class Repeats:
    """What came again in a window, most sources first; `kin` are those that have another wording too."""

    window: Window
    spreads: tuple[Spread, ...]
    kin: tuple[Spread, ...]


@dataclass(frozen=True, slots=True)
class Family:
    """A family with the sources it was seen in, and the family it belongs to."""

    id: int
    head: int
    sources: int
    newest: int  # number of its newest quote in the window


def find_repeats(connection: Connection, window: Window, most: int) -> Repeats:
    """What came again in a window of days: up to `most` quotes, and as many that have another wording."""
    rows = connection.execute(build_window(window)).all()
    families = find_families(connection, rows)
    kin_of = find_kin(connection, families)
    kin = [family for family in families if len(kin_of[family.head]) > 1][:most]
    shown = families[:most]
    wanted = {family.id: family for family in (*shown, *kin)}
    spreads = read_spreads(connection, list(wanted.values()), kin_of, window)
    return Repeats(
        Window(window.since, window.until, len(rows), len(rows) == MOST_READ),
        tuple(spreads[family.id] for family in shown if family.id in spreads),
        tuple(spreads[family.id] for family in kin if family.id in spreads),
    )


def build_window(window: Window) -> Select[Any]:
    """The newest quotes of a window, so many at the most."""
    within = said_day.between(window.since.toordinal(), window.until.toordinal())
    columns = quotes.c.id, quotes.c.family, ORIGIN, func.length(quotes.c.words).label("size")
    # By day alone, as the index has it: to order a day's quotes too, PostgreSQL would read all of that day.
    return select(*columns).join(sources).where(within).order_by(quotes.c.day.desc()).limit(MOST_READ)


def find_families(connection: Connection, rows: Iterable[Any]) -> list[Family]:
    """The families among rows of a window, newest first, that several sources have and not records alone;
    most sources first."""
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
    told = [family for family in some if not outside.isdisjoint(seen[family])]
    pointed = select_by_keys(connection, select(variants), variants.c.family, told)
    head_of = {row.family: row.head for row in pointed}
    return [Family(family, head_of.get(family, family), len(seen[family]), newest[family]) for family in told]


def find_outside(connection: Connection, source_ids: Iterable[int]) -> set[int]:
    """Those of the sources that are no records."""
    wanted = select(sources.c.id).where(sources.c.evidence_class.is_distinct_from(RECORD))
    return {row.id for row in select_by_keys(connection, wanted, sources.c.id, sorted(source_ids))}


def find_kin(connection: Connection, families: Sequence[Family]) -> dict[int, set[int]]:
    """By the head of each family: all families that belong to it, the head among them."""
    kin: dict[int, set[int]] = {family.head: {family.head} for family in families}
    related = select(variants.c.head, variants.c.family).limit(MOST_RELATIVES)
    for row in select_by_keys(connection, related, variants.c.head, list(kin)):
        kin[row.head].add(row.family)
    return kin


def read_spreads(
    connection: Connection, families: Sequence[Family], kin_of: dict[int, set[int]], window: Window
) -> dict[int, Spread]:
    """What is shown of families, by family."""
    heads = {family.head for family in families}
    firsts = find_first_days(connection, {one for head in heads for one in kin_of[head]})
    days = count_days(connection, [family.id for family in families], window)
    newest = select_by_keys(connection, build_quotes(), quotes.c.id, [family.newest for family in families])
    shown = {row.family: read_quote(row) for row in newest}
    origins: dict[int, Row[Any]] = {}
    spreads = {}
    for family in families:
        known = [(firsts[one], one != family.head, one) for one in kin_of[family.head] if one in firsts]
        if not known or family.id not in shown:
            continue  # removed since
        day, _, first = min(known)
        if first not in origins:
            origins[first] = find_first(connection, first, day)
        spreads[family.id] = Spread(
            shown[family.id],
            read_quote(origins[first]),
            first != family.id,
            family.sources,
            tuple(sorted(days.get(family.id, {}).items())),
        )
    return spreads


def find_first_days(connection: Connection, families: Iterable[int]) -> dict[int, int]:
    """The first known day of each family."""
    dated = select(quotes.c.family, func.min(said_day).label("first")).where(said_day > UNKNOWN_DAY)
    found = select_by_keys(connection, dated.group_by(quotes.c.family), quotes.c.family, sorted(families))
    return {row.family: row.first for row in found}


def find_first(connection: Connection, family: int, day: int) -> Row[Any]:
    """A family's quote of its first day: of several the one that was stored first."""
    wanted = build_quotes().where(quotes.c.family == family, said_day == day)
    return connection.execute(wanted.order_by(quotes.c.id).limit(1)).one()


def count_days(connection: Connection, families: Sequence[int], window: Window) -> dict[int, dict[date, int]]:
    """By family and day, how many sources had it."""
    count = func.count(ORIGIN.distinct()).label("sources")
    counted = (
        select(quotes.c.family, quotes.c.day, count)
        .join(sources)
        .where(said_day.between(window.since.toordinal(), window.until.toordinal()))
        .group_by(quotes.c.family, quotes.c.day)
    )
    days: dict[int, dict[date, int]] = {}
    for row in select_by_keys(connection, counted, quotes.c.family, families):
        days.setdefault(row.family, {})[row.day] = row.sources
    return days
