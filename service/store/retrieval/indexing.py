"""Insertion and removal of postings, with the frequencies of fingerprints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
from sqlalchemy import (
    BigInteger,
    Connection,
    Select,
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    select,
    union_all,
    update,
)

from service.matching.retrieval.fingerprints import (
    ID_BITS,
    Codes,
    WordCodes,
    encode_texts,
    find_postings,
    posting_range,
    sort_distinct,
)
from service.store.engine.batch_sql import insert_postings, select_by_keys, split_chunks
from service.store.engine.compiled_queries import SIZES, number_ranges, run_compiled
from service.store.state import writes_trigrams
from service.store.tables import frequencies, postings

COMMON: Final = 32  # quotes; the frequency of a fingerprint in fewer is not kept
SLICE: Final = 200_000  # postings in one transaction of a bulk import: well under a second


def split_slices(ordered: Codes, size: int = SLICE) -> Iterator[Codes]:
    """Sorted postings in slices of about `size`; all postings of one fingerprint are in one slice."""
    start = 0
    while start < len(ordered):
        last = int(ordered[min(start + size, len(ordered)) - 1])
        end = int(np.searchsorted(ordered, posting_range(last >> ID_BITS)[1], side="right"))
        yield ordered[start:end]
        start = end


def add_slice(connection: Connection, ordered: Codes) -> None:
    """Insert a slice of sorted postings that covers a range of fingerprints densely (a bulk import).

    Frequencies stay exact, except fingerprints that the slice adds one quote to when the range was not
    empty: looking each of those up would cost more than the index, and the next import settles them.
    """
    first, last = int(ordered[0]) >> ID_BITS, int(ordered[-1]) >> ID_BITS
    within = postings.c.posting.between(*posting_range(first, last))
    was_empty = connection.execute(select(postings.c.posting).where(within).limit(1)).first() is None
    insert_postings(connection, ordered)
    distinct, counts = np.unique(ordered >> ID_BITS, return_counts=True)
    known = select(frequencies.c.hash).where(frequencies.c.hash.between(first, last))
    kept = set(connection.execute(known).scalars())
    _change_frequencies(connection, kept, distinct, counts)
    if was_empty:
        common = counts >= COMMON
        _keep(connection, list(zip(distinct[common].tolist(), counts[common].tolist(), strict=True)))
    else:
        _count_untracked(connection, [hash_ for hash_ in distinct[counts > 1].tolist() if hash_ not in kept])


def add_few(connection: Connection, ordered: Codes) -> None:
    """Insert the sorted postings of a few quotes. Frequencies stay exact."""
    if not len(ordered):
        return
    insert_postings(connection, ordered)
    distinct, counts = np.unique(ordered >> ID_BITS, return_counts=True)
    kept = _find_kept(connection, distinct.tolist())
    _change_frequencies(connection, kept, distinct, counts)
    _count_untracked(connection, [hash_ for hash_ in distinct.tolist() if hash_ not in kept])


def remove_postings(connection: Connection, texts: Sequence[tuple[int, str]]) -> None:
    """Delete the postings of quotes, given their ids and texts."""
    encoded = encode_texts((text for _, text in texts), WordCodes())
    ids = np.array([quote_id for quote_id, _ in texts], dtype=np.int64)
    gone = sort_distinct(find_postings(encoded.codes, encoded.lengths, ids, writes_trigrams(connection)))
    if not len(gone):
        return
    statement = delete(postings).where(postings.c.posting == bindparam("gone"))
    connection.execute(statement, [{"gone": posting} for posting in gone.tolist()])
    distinct, counts = np.unique(gone >> ID_BITS, return_counts=True)
    _change_frequencies(connection, _find_kept(connection, distinct.tolist()), distinct, -counts)


def build_count_query(size: int) -> Select[Any]:
    """For each i the number of postings from `first_i` to `last_i`."""
    counts: list[Any] = [
        select(literal_column(str(number)).label("number"), func.count().label("count"))
        .select_from(postings)
        .where(
            postings.c.posting.between(
                bindparam(f"first_{number}", type_=BigInteger), bindparam(f"last_{number}", type_=BigInteger)
            )
        )
        for number in range(size)
    ]
    return select(union_all(*counts).subquery("counts"))


def _find_kept(connection: Connection, hashes: Sequence[int]) -> set[int]:
    rows = select_by_keys(connection, select(frequencies.c.hash), frequencies.c.hash, hashes)
    return {row.hash for row in rows}


def _change_frequencies(connection: Connection, kept: set[int], distinct: Codes, changes: Codes) -> None:
    """Add `changes` to the stored frequencies of the fingerprints `distinct` that are in `kept`."""
    pairs = zip(distinct.tolist(), changes.tolist(), strict=True)
    rows = [{"known": hash_, "by": change} for hash_, change in pairs if hash_ in kept]
    statement = (
        update(frequencies)
        .where(frequencies.c.hash == bindparam("known"))
        .values(frequency=frequencies.c.frequency + bindparam("by"))
    )
    if rows:
        connection.execute(statement, rows)


def _count_untracked(connection: Connection, hashes: Sequence[int]) -> None:
    """Count fingerprints whose frequency is not kept, and keep it where it has become common."""
    totals: list[tuple[int, int]] = []
    for chunk in split_chunks(hashes, SIZES[-1]):
        size, parameters = number_ranges([posting_range(hash_) for hash_ in chunk])
        counted = run_compiled(connection, build_count_query, size, parameters)
        totals += [(chunk[number], count) for number, count in counted if count >= COMMON]
    _keep(connection, totals)


def _keep(connection: Connection, totals: Sequence[tuple[int, int]]) -> None:
    if totals:
        rows = [{"hash": hash_, "frequency": count} for hash_, count in totals]
        connection.execute(insert(frequencies), rows)
