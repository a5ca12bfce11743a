"""The statements of a person, under all names in sources."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, func, select

from service.matching.retrieval.fingerprints import (
    encode_word,
    hash_words,
    rank_string,
    split_words,
    unpack_ranks,
)
from service.matching.retrieval.ranking import is_variant
from service.store.engine.database import Database
from service.store.quotes.repeats import LEAST_SOURCES, LEAST_WORDS
from service.store.quotes.search import (
    MAX_READ,
    MAX_WORDS,
    READ_AT_ONCE,
    build_listing,
    build_quotes,
    find_rarest_word,
    format_cursor,
    parse_cursor,
    read_quote,
)
from service.store.quotes.writing import find_speakers
from service.store.records import StoredQuote
from service.store.retrieval.candidates import (
    KEEP_DATED,
    FrequencyCache,
    said_day,
)
from service.store.retrieval.fingerprint_search import find_candidates
from service.store.tables import UNKNOWN_DAY, quotes

MOST_NAMES: Final = 5_000  # of the surnames of one person
MOST_ALIKE: Final = 40  # statements that are compared with one
MOST_TALLIED: Final = 20_000  # statements that are read to find what comes again
MOST_TALLIED_NAMES: Final = 100

Accepts = Callable[[int, date | None], bool]  # whether a name means the person on a day


@dataclass(frozen=True, slots=True)
class SpeakerName:
    """A speaker's name as sources have it, with its internal number."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Said:
    """A quote with the data to compare it."""

    number: int
    family: int
    quote: StoredQuote


@dataclass(frozen=True, slots=True)
class RepeatedWords:
    """The same words of one person in several sources: the first of those quotes, and when they were said."""

    said: Said
    sources: int
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """The conditions of a search for statements."""

    names: Collection[int]
    accepts: Accepts
    words: str | None = None
    since: date | None = None
    until: date | None = None


class StatementStore:
    """Statements by person. Thread-safe."""

    def __init__(self, database: Database, frequencies: FrequencyCache) -> None:
        self._database: Final = database
        self._frequencies: Final = frequencies

    def find_names(self, names: Iterable[str]) -> list[SpeakerName]:
        """All names in sources that share a surname with one of the names."""
        with self._database.read() as connection:
            return [SpeakerName(*found) for found in find_speakers(connection, names, MOST_NAMES)]

    def find_page(self, wanted: Wanted, cursor: str | None, limit: int) -> tuple[list[Said], str | None]:
        """Statements, the newest first, undated ones last; and where the next page begins.

        Raises InvalidInput for a bad cursor. A page may be short while there is a next, as in a search.
        """
        place = parse_cursor(cursor) if cursor else None
        codes = [encode_word(word) for word in split_words(wanted.words or "")[:MAX_WORDS]]
        if not wanted.names or (wanted.words and not codes):
            return [], None
        with self._database.read() as connection:
            ids, after = _walk(connection, wanted, codes, place, limit)
            said = read_said(connection, ids)
        return said, after

    def find_repeated(self, wanted: Wanted, most: int) -> list[RepeatedWords]:
        """The person's words that most sources have, several at the least; of the newest `MOST_TALLIED`
        statements, and words too few to be told from formulas aside."""
        with self._database.read() as connection:
            return _tally(connection, wanted, most)

    def find_alike(self, said: Said, names: Collection[int], accepts: Accepts) -> list[Said]:
        """Other statements of the same person that share nearly all words with one, in the order of time.

        At most `MOST_ALIKE`: those that share most, and of the same words the earliest.
        """
        words = split_words(said.quote.text)
        codes = [encode_word(word) for word in words]
        ranks = rank_string(codes)
        with self._database.read() as connection:
            found, _ = find_candidates(connection, codes, self._frequencies.get(connection), KEEP_DATED)
            near = [
                one.id
                for one in found
                if one.speaker_id is not None
                and one.speaker_id in names
                and one.id != said.number
                and accepts(one.speaker_id, _date(one.day))
                and is_variant(ranks, one.words)
            ]
            same = _find_same(connection, hash_words(words), names)
            own = [one for one, name, day in same if one != said.number and accepts(name, day)]
            alike = read_said(connection, list(dict.fromkeys([*own, *near]))[:MOST_ALIKE])
        return sorted(alike, key=lambda one: (one.quote.said_at or date.max, one.number))


def _walk(
    connection: Connection, wanted: Wanted, codes: Sequence[int], place: tuple[int, int] | None, limit: int
) -> tuple[list[int], str | None]:
    """Numbers of the wanted quotes from a place on, and the cursor behind them."""
    conditions: list[Any] = [quotes.c.speaker_id.in_(sorted(wanted.names))]
    if wanted.since:
        conditions.append(said_day >= wanted.since.toordinal())
    if wanted.until:
        conditions.append(said_day.between(UNKNOWN_DAY + 1, wanted.until.toordinal()))
    rarest = find_rarest_word(connection, list(codes))
    needed = set(rank_string(codes))
    found: list[int] = []
    read = 0
    while read < MAX_READ:
        listing = build_listing(conditions, rarest, place, READ_AT_ONCE).add_columns(quotes.c.speaker_id)
        rows = connection.execute(listing).all()
        for row in rows:
            if needed <= set(unpack_ranks(row.words)) and wanted.accepts(
                row.speaker_id, _date(row.day_number)
            ):
                if len(found) == limit and place is not None:
                    return found, format_cursor(*place)
                found.append(row.id)
            place = (row.day_number, row.id)
        read += len(rows)
        if len(rows) < READ_AT_ONCE:
            return found, None
    return found, format_cursor(*place) if place else None


def _tally(connection: Connection, wanted: Wanted, most: int) -> list[RepeatedWords]:
    seen: dict[int, dict[int, tuple[int, int]]] = {}  # by family: source, then day and number
    left = MOST_TALLIED
    columns = quotes.c.id, quotes.c.family, quotes.c.source_id, said_day, func.length(quotes.c.words)
    for name in sorted(wanted.names)[:MOST_TALLIED_NAMES]:
        listing = select(*columns).where(quotes.c.speaker_id == name).order_by(quotes.c.day.desc())
        for number, family, source, day, size in connection.execute(listing.limit(left)):
            left -= 1
            if size >= 2 * LEAST_WORDS and wanted.accepts(name, _date(day)):
                places = seen.setdefault(family, {})
                places[source] = min(places.get(source, (day, number)), (day, number))
        if left <= 0:
            break
    repeated = [places for places in seen.values() if len(places) >= LEAST_SOURCES]
    repeated.sort(key=lambda places: (-len(places), min(places.values())))
    chosen = [sorted(places.values(), key=_undated_last) for places in repeated[:most]]
    said = {one.number: one for one in read_said(connection, [places[0][1] for places in chosen])}
    return [
        RepeatedWords(said[places[0][1]], len(places), _date(places[0][0]), _date(max(places)[0]))
        for places in chosen
        if places[0][1] in said
    ]


def _undated_last(place: tuple[int, int]) -> tuple[bool, int, int]:
    return place[0] == UNKNOWN_DAY, *place


def _find_same(
    connection: Connection, family: int, names: Collection[int]
) -> list[tuple[int, int, date | None]]:
    """Number, name and day of a person's quotes of the same words, the earliest first."""
    mine = (quotes.c.family == family) & quotes.c.speaker_id.in_(sorted(names))
    listing = select(quotes.c.id, quotes.c.speaker_id, quotes.c.day).where(mine)
    rows = connection.execute(listing.order_by(quotes.c.day, quotes.c.id).limit(MOST_ALIKE + 1)).all()
    return [(row.id, row.speaker_id, row.day) for row in rows]


def read_said(connection: Connection, ids: Sequence[int]) -> list[Said]:
    """The quotes with these numbers, in their order."""
    rows = {row.id: row for row in connection.execute(build_quotes().where(quotes.c.id.in_(ids)))}
    return [Said(one, rows[one].family, read_quote(rows[one])) for one in ids if one in rows]


def _date(ordinal: int) -> date | None:
    return date.fromordinal(ordinal) if ordinal else None
