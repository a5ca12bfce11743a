"""Published fact-checks in the store: written a batch at a time, found by words and by meaning."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, Final

import numpy as np
from sqlalchemy import (
    BigInteger,
    BindParameter,
    Connection,
    Integer,
    Select,
    bindparam,
    func,
    select,
    type_coerce,
)

from service.claims.drafting import FactcheckDraft, texts_of
from service.claims.encoder import DIMENSIONS, Bytes, Floats
from service.claims.factcheck import Factcheck
from service.claims.index import (
    FIELDS,
    ClaimIndex,
    Filter,
    IndexedClaim,
    Posting,
    find_best,
    weigh_term,
)
from service.store.engine.batch_sql import select_by_keys, split_chunks
from service.store.engine.compiled_queries import SIZES, Build, number_list, run_compiled
from service.store.engine.database import Database
from service.store.events.publish import publish_event
from service.store.factchecks.writing import (
    ImportedFactchecks,
    change_encoder,
    key_of,
    page_key,
    replace_vectors,
    write_factchecks,
)
from service.store.tables import factcheck_index, factcheck_postings, factcheck_state, factchecks

MAX_POSTINGS: Final = 50_000  # read for one question, the rarest words first
READ_AT_ONCE: Final = 5_000
SHOWN: Final = [factchecks.c[member.name] for member in fields(Factcheck)]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A fact-check that may review the claim in question."""

    factcheck: Factcheck
    vectors: Bytes  # [2, 384]: claim, title


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for: words as term numbers, and the meaning as a unit vector."""

    terms: Sequence[int]
    vector: Floats
    encoder: str  # whose meaning it is: with another one's vectors only words count
    wanted: Filter = field(default_factory=Filter)


class FactcheckStore:
    """Fact-checks in a database. Thread-safe."""

    def __init__(self, database: Database) -> None:
        self._database: Final = database
        self._lock: Final = threading.Lock()
        self._revision = 0
        self._encoder = ""
        self._index = ClaimIndex.empty()

    def count(self) -> int:
        """How many there are."""
        with self._database.read() as connection:
            return int(connection.execute(select(factcheck_state.c.factchecks)).scalar_one())

    def encoder(self) -> str:
        """The fingerprint of the encoder that made the stored vectors; "" while there are none."""
        with self._database.read() as connection:
            return str(connection.execute(select(factcheck_state.c.encoder)).scalar_one())

    def save(self, drafts: Sequence[FactcheckDraft], encoder: str) -> ImportedFactchecks:
        """Store fact-checks, each in place of what the same address held before. One transaction."""
        with self._database.write() as connection:
            imported = write_factchecks(connection, drafts, encoder)
            counts = Counter[str](imported.outcomes)
            counted = {
                "added": counts["added"],
                "changed": counts["changed"],
                "withdrawn": imported.withdrawn,
            }
            if any(counted.values()):
                publish_event(connection, "factchecks.imported", counted, time.time())
            return imported

    def find_vectors(self, wanted: Sequence[Factcheck], encoder: str) -> list[bytes | None]:
        """For each the stored vectors, where the very same texts are stored with that encoder's."""
        keys = [key_of(factcheck) for factcheck in wanted]
        table = factchecks.c
        statement = select(table.key, table.claim, table.title, table.vectors)
        with self._database.read() as connection:
            if connection.execute(select(factcheck_state.c.encoder)).scalar_one() != encoder:
                return [None] * len(wanted)
            rows = {row.key: row for row in select_by_keys(connection, statement, table.key, keys)}
        found: list[bytes | None] = []
        for key, factcheck in zip(keys, wanted, strict=True):
            row = rows.get(key)
            same = row is not None and (row.claim, row.title or row.claim) == texts_of(factcheck)
            found.append(bytes(row.vectors) if row is not None and same else None)
        return found

    def replace_vectors(self, drafts: Sequence[FactcheckDraft]) -> None:
        """Replace stored vectors; the texts stay. Call it before `set_encoder`."""
        with self._database.write() as connection:
            replace_vectors(connection, drafts)

    def set_encoder(self, encoder: str) -> None:
        """Record the encoder of the stored vectors."""
        with self._database.write() as connection:
            change_encoder(connection, encoder)

    def iterate(self) -> Iterator[list[Factcheck]]:
        """All fact-checks, some thousand at a time, by internal number."""
        after = 0
        while True:
            with self._database.read() as connection:
                statement = select(factchecks).where(factchecks.c.id > after).order_by(factchecks.c.id)
                rows = connection.execute(statement.limit(READ_AT_ONCE)).all()
            if not rows:
                return
            yield [read_factcheck(row) for row in rows]
            after = rows[-1].id

    def find_page(self, url: str) -> list[Factcheck]:
        """The fact-checks of one address, in order."""
        statement = select(factchecks).where(factchecks.c.page == page_key(url)).order_by(factchecks.c.number)
        with self._database.read() as connection:
            return [read_factcheck(row) for row in connection.execute(statement)]

    def find_candidates(self, question: Question, count: int) -> list[Candidate]:
        """The `count` fact-checks that share most words and meaning with the question, best first."""
        with self._database.read() as connection:
            index = self._refresh(connection)
            if not len(index):
                return []
            postings = read_postings(connection, question.terms, index.claims)
            vector = question.vector if self._encoder == question.encoder else None
            places = index.retrieve(postings, vector, index.allowed(question.wanted), count)
            ids = (places + 1).tolist()
            found = {row[0]: row for row in run_by_numbers(connection, build_candidates, ids)}
        return [
            read_candidate(found[number], with_meaning=vector is not None)
            for number in ids
            if number in found
        ]

    def find_newest(self, wanted: Filter, offset: int, limit: int) -> list[Factcheck]:
        """The fact-checks that pass the filter, the newest first."""
        with self._database.read() as connection:
            index = self._refresh(connection)
            mask = index.allowed(wanted)
            places = find_best(index.numbers[1], mask, offset + limit)[offset:]
            ids = [int(place) + 1 for place in places]
            found = select_by_keys(connection, select(factchecks), factchecks.c.id, ids)
            rows = {row.id: row for row in found}
        return [read_factcheck(rows[number]) for number in ids if number in rows]

    def _refresh(self, connection: Connection) -> ClaimIndex:
        """The index as of the connection's state of the store: what has changed is read again."""
        ((revision, encoder),) = run_compiled(connection, build_state, 0, {})
        if revision == self._revision:
            return self._index
        with self._lock:
            if revision < self._revision:  # a transaction older than what another thread has read
                return self._index
            columns = [column for column in factcheck_index.c if column.name != "revision"]
            behind = select(*(_raw(column) for column in columns)).where(
                factcheck_index.c.revision > self._revision, factcheck_index.c.revision <= revision
            )
            rows = [IndexedClaim(*row) for row in connection.execute(behind)]
            self._index, self._encoder = self._index.updated(rows), encoder
            self._revision = revision
            return self._index


def _raw(column: Any) -> Any:
    """A column whose values come as the database has them: days as numbers."""
    return type_coerce(column, Integer) if column.name in ("day", "reviewed_on") else column


def read_postings(connection: Connection, terms: Sequence[int], claims: int) -> list[Posting]:
    """For each word that is stored its IDF and entries, the rarest first, `MAX_POSTINGS` in all."""
    sizes = {term: int(size) for term, size in run_by_numbers(connection, build_sizes, terms)}
    chosen: list[int] = []
    left = MAX_POSTINGS
    for term in sorted(sizes, key=lambda number: sizes[number]):
        left -= sizes[term]
        if left < 0 and chosen:
            break
        chosen.append(term)
    parts: dict[int, list[bytes]] = {}
    for term, entries in run_by_numbers(connection, build_entries, chosen):
        parts.setdefault(term, []).append(entries)
    return [
        (weigh_term(claims, sizes[term]), np.frombuffer(b"".join(parts[term]), "<u4").astype(np.uint32))
        for term in chosen
        if term in parts
    ]


def run_by_numbers(connection: Connection, build: Build, numbers: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    """The rows of all numbers, whatever their order."""
    for chunk in split_chunks(numbers, SIZES[-1]):
        size, parameters = number_list("number", chunk)
        yield from run_compiled(connection, build, size, parameters)


def build_state(_: int) -> Select[Any]:
    """The revision of the store, and whose vectors it has."""
    return select(factcheck_state.c.revision, factcheck_state.c.encoder)


def build_sizes(size: int) -> Select[Any]:
    """How many entries so many terms have."""
    table = factcheck_postings.c
    chosen = select(table.term, func.sum(table.size)).where(table.term.in_(_numbered(size)))
    return chosen.group_by(table.term)


def build_entries(size: int) -> Select[Any]:
    """The entries of so many terms, segment by segment."""
    table = factcheck_postings.c
    return select(table.term, table.entries).where(table.term.in_(_numbered(size)))


def build_candidates(size: int) -> Select[Any]:
    """What is known of so many fact-checks, by id."""
    table = factchecks.c
    return select(table.id, table.vectors, *SHOWN).where(table.id.in_(_numbered(size)))


def _numbered(size: int) -> list[BindParameter[int]]:
    return [bindparam(f"number_{number}", type_=BigInteger) for number in range(size)]


def read_candidate(row: tuple[Any, ...], *, with_meaning: bool) -> Candidate:
    """A raw row of `build_candidates`; where its vectors are another encoder's, they are zeros."""
    values = dict(zip((column.name for column in SHOWN), row[2:], strict=True))
    for name in ("claimed_on", "reviewed_on"):
        values[name] = date.fromordinal(values[name]) if values[name] else None
    stored = row[1] if with_meaning else bytes(FIELDS * DIMENSIONS)
    return Candidate(Factcheck(**values), np.frombuffer(stored, np.int8).reshape(FIELDS, DIMENSIONS))


def read_factcheck(row: Any) -> Factcheck:
    """A row as a fact-check."""
    return Factcheck(
        url=row.url,
        claim=row.claim,
        number=row.number,
        claimant=row.claimant,
        claimed_on=row.claimed_on,
        title=row.title,
        publisher=row.publisher,
        reviewed_on=row.reviewed_on,
        rating=row.rating,
        language=row.language,
    )
