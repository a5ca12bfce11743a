"""Queries of retrieval: frequencies, postings, candidates."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, NamedTuple

import numpy as np
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Integer,
    Select,
    Text,
    bindparam,
    cast,
    exists,
    func,
    literal_column,
    select,
    type_coerce,
)

from service.matching.models import EvidenceClass
from service.matching.retrieval.fingerprints import (
    ID_MASK,
    posting_range,
    unpack_ranks,
)
from service.matching.retrieval.ranking import (
    Ids,
    Weighted,
    choose_fingerprints,
)
from service.matching.sources import evidence_class_of
from service.store.engine.batch_sql import select_by_keys, split_chunks
from service.store.engine.compiled_queries import SIZES, number_list, number_ranges, number_rows, run_compiled
from service.store.state import TRIGRAMS_ON
from service.store.tables import UNKNOWN_DAY, frequencies, postings, quotes, sources, state

UNKNOWN_FREQUENCY: Final = 8  # of a fingerprint too rare to have its frequency kept
COMMA: Final[Any] = literal_column("','")  # as a bound value it would be expanded at each execution
PHRASE_READ: Final = 20_000  # postings of the rarest of a fragment's fingerprints that are looked through
KEEP: Final = 50  # candidates that are reranked
KEEP_DATED: Final = 400  # the same where later ones are still to be taken out
PRIMARY: Final = ("record", "statement")  # classes that prove what was said
READ_AT_ONCE: Final = 1_000  # candidates whose class is asked for
MOST_RANKED: Final = 20_000  # candidates among which records are looked for behind many reports
REFRESH_S: Final = 30.0  # how long frequencies are used before asking whether they changed
MAX_FREQUENCIES: Final = 250_000  # held in memory; of rarer fingerprints the database is asked
MAX_DAY: Final = 1 << 30  # behind every date
KEEP_SAME: Final = 10  # sightings of exactly the same words
posted_quote: Final[Any] = postings.c.posting.op("&")(literal_column(str(ID_MASK)))
said_day: Final = type_coerce(quotes.c.day, Integer)
NOWHERE: Final[Ids] = np.empty(0, dtype=np.int64)
GROWTH: Final = 0.05  # a store that grew by this share has its frequencies read again


class Found(NamedTuple):
    """A candidate with the columns that ranking needs."""

    id: int
    words: str
    source_id: int
    position: int
    speaker_id: int | None
    day: int
    evidence_class: EvidenceClass
    origin_id: int | None  # of a source that shares its address or text with an earlier one

    @property
    def is_report(self) -> bool:
        """Whether its source is a report."""
        return self.evidence_class == "report"


@dataclass(frozen=True, slots=True)
class Frequencies:
    """In how many quotes each common fingerprint occurs."""

    table: dict[int, int]
    floor: int  # all fingerprints at least that common are in the table
    quotes: int
    trigrams: bool
    read_at: float


class FrequencyCache:
    """The frequencies of one process, read seldom: they move slowly and only steer the search."""

    def __init__(self) -> None:
        self._current: Frequencies | None = None
        self._reading = threading.Lock()

    def forget(self) -> None:
        """Read again at the next query."""
        self._current = None

    def get(self, connection: Connection) -> Frequencies:
        """The frequencies, at most `REFRESH_S` behind the store's growth."""
        current = self._current
        if current is not None and time.monotonic() - current.read_at < REFRESH_S:
            return current
        with self._reading:
            if self._current is current:
                self._current = refresh_frequencies(connection, current)
            return self._current or refresh_frequencies(connection, None)


def refresh_frequencies(connection: Connection, former: Frequencies | None) -> Frequencies:
    """The frequencies as they are now, or the former ones where the store hardly grew."""
    row = connection.execute(select(state.c.quotes, state.c.trigrams)).one()
    now, trigrams = time.monotonic(), row.trigrams == TRIGRAMS_ON
    if former is not None and trigrams == former.trigrams:
        grown = abs(row.quotes - former.quotes)
        if grown <= GROWTH * former.quotes:
            return Frequencies(former.table, former.floor, former.quotes, trigrams, now)
    commonest = (
        select(frequencies.c.hash, frequencies.c.frequency)
        .order_by(frequencies.c.frequency.desc())
        .limit(MAX_FREQUENCIES)
    )
    table = {row.hash: row.frequency for row in connection.execute(commonest)}
    floor = min(table.values()) if len(table) == MAX_FREQUENCIES else 0
    return Frequencies(table, floor, row.quotes, trigrams, now)


def weigh_fingerprints(
    connection: Connection, hashes: Sequence[int], words: int, known: Frequencies
) -> list[Weighted]:
    """The fingerprints of a text to look up, rarest first."""
    table = known.table
    if known.floor > UNKNOWN_FREQUENCY:
        unknown = [hash_ for hash_ in hashes if hash_ not in table]
        table = table | dict(_read_frequencies(connection, unknown))
    return choose_fingerprints(hashes, lambda hash_: table.get(hash_, UNKNOWN_FREQUENCY), words, known.quotes)


def read_postings(connection: Connection, hashes: Sequence[int]) -> dict[int, Ids]:
    """For each fingerprint the ids of the quotes that have it."""
    size, parameters = number_ranges([posting_range(hash_) for hash_ in hashes])
    rows = run_compiled(connection, build_postings_query, size, parameters)
    # Decimal numbers with commas between: reading thousands of rows one by one costs more than all the rest.
    lists = {hashes[number]: np.fromstring(ids, dtype=np.int64, sep=",") for number, ids in rows if ids}
    return dict.fromkeys(hashes, NOWHERE) | lists


def read_range(connection: Connection, postings_from_to: tuple[int, int], most: int) -> list[int]:
    """At most so many of the quotes that have a posting in a range."""
    first, last = postings_from_to
    wanted = {"first": first, "last": last, "most": most}
    return [row[0] for row in run_compiled(connection, build_range_query, 1, wanted)]


def read_first(connection: Connection, postings_from_to: tuple[int, int], most: int) -> list[int]:
    """The first so many of the quotes that have a fingerprint, given its range of postings."""
    first, last = postings_from_to
    wanted = {"first": first, "last": last, "most": most}
    return [row[0] for row in run_compiled(connection, build_first_query, 1, wanted)]


def find_phrase(connection: Connection, rarest: int, hashes: Sequence[int], keep: int) -> list[int]:
    """Quotes that have all of a few fingerprints: for fragments of which none is rare."""
    first, last = posting_range(rarest)
    size, parameters = number_list("first", [posting_range(hash_)[0] for hash_ in hashes if hash_ != rarest])
    wanted = {"rarest_first": first, "rarest_last": last, "most": PHRASE_READ, "keep": keep, **parameters}
    return [row[0] for row in run_compiled(connection, build_phrase_query, size, wanted)]


def find_same_words(
    connection: Connection, family: int, until: int | None, speakers: Sequence[int]
) -> list[Found]:
    """Quotes of exactly the same words: the earliest, then those of the given speakers, then the earliest in
    records and statements, then undated ones."""
    last = MAX_DAY if until is None else until
    dated = build_family_query().where(said_day.between(UNKNOWN_DAY + 1, last))
    parameters = {"family": family, "keep": KEEP_SAME}
    ids = list(connection.execute(dated, parameters).scalars())
    if len(ids) == KEEP_SAME and speakers:
        theirs = dated.where(quotes.c.speaker_id.in_(speakers))
        ids += connection.execute(theirs, parameters).scalars()
    if len(ids) >= KEEP_SAME:
        primary = dated.join(sources, sources.c.id == quotes.c.source_id)
        ids += connection.execute(primary.where(sources.c.evidence_class.in_(PRIMARY)), parameters).scalars()
    if until is None and len(ids) < KEEP_SAME:
        undated = build_family_query().where(said_day == UNKNOWN_DAY)
        ids += connection.execute(undated, parameters).scalars()
    return read_found(connection, ids)


def read_found(connection: Connection, ids: Sequence[int]) -> list[Found]:
    """The candidates with these ids; those deleted in the meantime are missing."""
    found: list[Found] = []
    for chunk in split_chunks(ids, SIZES[-1]):
        size, parameters = number_list("id", chunk)
        rows = run_compiled(connection, build_found_query, size, parameters)
        found += map(read_candidate, rows)
    return found


def read_candidate(row: Sequence[Any]) -> Found:
    """A row of `build_found_query`."""
    evidence_class = row[6] or class_of(row[7])
    return Found(row[0], unpack_ranks(row[1]), row[2], row[3], row[4], row[5], evidence_class, row[8])


def class_of(kind: str) -> EvidenceClass:
    """The class of a source that an older version stored without one."""
    return evidence_class_of(kind) or "report"


def find_primary(connection: Connection, ids: Sequence[int], keep: int) -> list[int]:
    """The first `keep` of the given quotes that are in records and statements."""
    primary: list[int] = []
    columns = select(quotes.c.id).join(sources).where(sources.c.evidence_class.in_(PRIMARY))
    for chunk in split_chunks(ids, READ_AT_ONCE):
        there = set(connection.execute(columns.where(quotes.c.id.in_(chunk))).scalars())
        primary += [one for one in chunk if one in there]
        if len(primary) >= keep:
            break
    return primary[:keep]


def build_postings_query(size: int) -> Select[Any]:
    """For each i the ids of the quotes with postings from `first_i` to `last_i`, separated by commas."""
    ranges = number_rows("ranges", size, first=BigInteger, last=BigInteger)
    ids = (
        select(func.aggregate_strings(cast(posted_quote, Text), COMMA))
        .where(postings.c.posting.between(ranges.c.first, ranges.c.last))
        .scalar_subquery()
    )
    return select(ranges.c.number, ids)


def build_range_query(_: int) -> Select[Any]:
    """At most `most` of the quotes with a posting from `first` to `last`."""
    quote = posted_quote.label("quote")
    return select(quote).distinct().where(_is_within()).limit(bindparam("most", type_=Integer))


def build_first_query(_: int) -> Select[Any]:
    """The quotes of the `most` lowest postings from `first` to `last`."""
    lowest = select(posted_quote).where(_is_within()).order_by(postings.c.posting)
    return lowest.limit(bindparam("most", type_=Integer))


def _is_within() -> ColumnElement[bool]:
    first, last = bindparam("first", type_=BigInteger), bindparam("last", type_=BigInteger)
    return postings.c.posting.between(first, last)


def build_phrase_query(size: int) -> Select[Any]:
    """The quotes with all postings `first_i` + id, among the first `most` posted from `rarest_first` on."""
    within = postings.c.posting.between(
        bindparam("rarest_first", type_=BigInteger), bindparam("rarest_last", type_=BigInteger)
    )
    quote = posted_quote.label("quote")
    rarest = select(quote).where(within).limit(bindparam("most", type_=Integer)).subquery("rarest")
    statement = select(rarest.c.quote)
    for number in range(size):
        other = postings.alias(f"other_{number}")
        first = bindparam(f"first_{number}", type_=BigInteger)
        statement = statement.where(exists().where(other.c.posting == first + rarest.c.quote))
    return statement.limit(bindparam("keep", type_=Integer))


def build_found_query(size: int) -> Select[Any]:
    """The quotes `id_i`, as `Found` holds them."""
    ids = [bindparam(f"id_{number}", type_=Integer) for number in range(size)]
    return (
        select(
            quotes.c.id, quotes.c.words, quotes.c.source_id, quotes.c.position, quotes.c.speaker_id,
            quotes.c.day, sources.c.evidence_class, sources.c.kind, sources.c.origin_id,
        )
        .join_from(quotes, sources)
        .where(quotes.c.id.in_(ids))
    )  # fmt: skip


@lru_cache(maxsize=1)
def build_family_query() -> Select[Any]:
    """Ids of the quotes of a family, by day."""
    return (
        select(quotes.c.id)
        .where(quotes.c.family == bindparam("family"))
        .order_by(quotes.c.day)
        .limit(bindparam("keep", type_=Integer))
    )


def _read_frequencies(connection: Connection, hashes: Sequence[int]) -> Iterator[tuple[int, int]]:
    columns = select(frequencies.c.hash, frequencies.c.frequency)
    for row in select_by_keys(connection, columns, frequencies.c.hash, hashes):
        yield row.hash, row.frequency
