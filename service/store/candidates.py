"""Recall: which stored quotes share rare fingerprints with a text."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Connection,
    Float,
    Integer,
    Select,
    bindparam,
    column,
    func,
    select,
    type_coerce,
    values,
)

from service.matching.fingerprints import (
    find_pairs,
    find_triples,
    unpack_ranks,
    word_range,
)
from service.matching.ranking import UNKNOWN_FREQUENCY, Weighted, choose_fingerprints
from service.store.bulk import select_by_keys
from service.store.state import TRIGRAMS_ON
from service.store.tables import UNKNOWN_DAY, fingerprints, frequencies, quotes, state

KEEP: Final = 50  # candidates that are reranked
KEEP_DATED: Final = 400  # the same where later ones are still to be taken out
REFRESH_S: Final = 30.0  # how long frequencies are used before asking whether they changed
MAX_FREQUENCIES: Final = 250_000  # held in memory; of rarer fingerprints the database is asked
MAX_DAY: Final = 1 << 30  # behind every date
KEEP_SAME: Final = 10  # sightings of exactly the same words
said_day: Final = type_coerce(quotes.c.day, Integer)
FOUND: Final = (
    quotes.c.id,
    quotes.c.words,
    quotes.c.source_id,
    quotes.c.position,
    quotes.c.speaker_id,
    said_day.label("day"),
)
GROWTH: Final = 0.05  # a store that grew by this share has its frequencies read anew


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate's row, as far as ranking and placing it needs."""

    id: int
    words: str
    source_id: int
    position: int
    speaker_id: int | None
    day: int


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
        """Read anew at the next query."""
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


def plan_lookup(connection: Connection, codes: Sequence[int], known: Frequencies) -> list[Weighted]:
    """The fingerprints of a text to look up, rarest first; none for a text of one word."""
    hashes = find_pairs(codes)
    if known.trigrams:
        hashes += find_triples(codes)
    table = known.table
    if known.floor > UNKNOWN_FREQUENCY:
        unknown = [hash_ for hash_ in hashes if hash_ not in table]
        table = table | dict(_read_frequencies(connection, unknown))
    return choose_fingerprints(
        hashes, lambda hash_: table.get(hash_, UNKNOWN_FREQUENCY), len(codes), known.quotes
    )


def find_candidates(
    connection: Connection, codes: Sequence[int], known: Frequencies, keep: int
) -> list[Found]:
    """The `keep` quotes that share most with a text, by summed inverse document frequency.

    A text of one word finds quotes with that word; one whose only fingerprint is common, some that share it.
    """
    if not codes:
        return []
    chosen = plan_lookup(connection, codes, known)
    if len(chosen) < 2:
        first, last = (chosen[0].hash, chosen[0].hash) if chosen else word_range(codes[0])
        return read_found(connection, build_range_query(), {"first": first, "last": last, "keep": keep})
    parameters: dict[str, Any] = {"keep": keep}
    for number, one in enumerate(chosen):
        parameters[f"hash_{number}"], parameters[f"weight_{number}"] = one.hash, one.weight
    return read_found(connection, build_candidate_query(len(chosen)), parameters)


def find_same_words(
    connection: Connection, family: int, until: int | None, speakers: Sequence[int]
) -> list[Found]:
    """Quotes of exactly the same words: the earliest, then those of the given speakers, then undated ones."""
    dated = build_family_query().where(said_day > UNKNOWN_DAY)
    if until is not None:
        dated = dated.where(said_day <= until)
    parameters = {"family": family, "keep": KEEP_SAME}
    found = read_found(connection, dated, parameters)
    if len(found) == KEEP_SAME and speakers:
        found += read_found(connection, dated.where(quotes.c.speaker_id.in_(speakers)), parameters)
    if until is None and len(found) < KEEP_SAME:
        undated = build_family_query().where(said_day == UNKNOWN_DAY)
        found += read_found(connection, undated, parameters)
    return found


def read_found(connection: Connection, statement: Any, parameters: dict[str, Any]) -> list[Found]:
    """The candidates that a query selects."""
    return [
        Found(row[0], unpack_ranks(row[1]), *row[2:]) for row in connection.execute(statement, parameters)
    ]


@lru_cache(maxsize=64)
def build_candidate_query(count: int) -> Select[Any]:
    """The quotes with the greatest sum of `weight_i` over the `hash_i` they have; best first."""
    wanted = (
        values(column("hash", BigInteger), column("weight", Float), name="wanted")
        .data(
            [
                (bindparam(f"hash_{i}", type_=BigInteger), bindparam(f"weight_{i}", type_=Float))
                for i in range(count)
            ]
        )
        .cte("wanted")
    )
    score = func.sum(wanted.c.weight)
    best = (
        select(fingerprints.c.quote, score.label("score"))
        .join_from(wanted, fingerprints, fingerprints.c.hash == wanted.c.hash)
        .group_by(fingerprints.c.quote)
        .order_by(score.desc(), fingerprints.c.quote)
        .limit(bindparam("keep", type_=Integer))
        .subquery("best")
    )
    return select(*FOUND).join_from(best, quotes, quotes.c.id == best.c.quote)


@lru_cache(maxsize=1)
def build_range_query() -> Select[Any]:
    """Some quotes with a fingerprint in a range."""
    some = (
        select(fingerprints.c.quote)
        .distinct()
        .where(fingerprints.c.hash.between(bindparam("first"), bindparam("last")))
        .limit(bindparam("keep", type_=Integer))
        .subquery("some")
    )
    return select(*FOUND).join_from(some, quotes, quotes.c.id == some.c.quote)


@lru_cache(maxsize=1)
def build_family_query() -> Select[Any]:
    """The quotes of a family, by day."""
    return (
        select(*FOUND)
        .where(quotes.c.family == bindparam("family"))
        .order_by(quotes.c.day)
        .limit(bindparam("keep", type_=Integer))
    )


def _read_frequencies(connection: Connection, hashes: Sequence[int]) -> Iterator[tuple[int, int]]:
    columns = select(frequencies.c.hash, frequencies.c.frequency)
    for row in select_by_keys(connection, columns, frequencies.c.hash, hashes):
        yield row.hash, row.frequency
