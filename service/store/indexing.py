"""Keeping fingerprints and their frequencies in step with the quotes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from service.matching.fingerprints import (
    Codes,
    WordCodes,
    encode_texts,
    fingerprint_batch,
)
from service.store.bulk import insert_pairs, select_by_keys, split_chunks
from service.store.state import writes_trigrams
from service.store.tables import fingerprints, frequencies

COMMON: Final = 32  # quotes; the frequency of a fingerprint in fewer is not kept
SLICE: Final = 200_000  # pairs in one transaction of a bulk import: well under a second


def sort_pairs(hashes: Codes, owners: Codes) -> tuple[Codes, Codes]:
    """The pairs in the table's order, each once."""
    order = np.lexsort((owners, hashes))
    hashes, owners = hashes[order], owners[order]
    fresh = np.ones(len(hashes), dtype=bool)
    fresh[1:] = (hashes[1:] != hashes[:-1]) | (owners[1:] != owners[:-1])
    return hashes[fresh], owners[fresh]


def split_slices(hashes: Codes, owners: Codes) -> Iterator[tuple[Codes, Codes]]:
    """Sorted pairs in slices of about `SLICE`; all pairs of one fingerprint are in one slice."""
    start = 0
    while start < len(hashes):
        end = min(start + SLICE, len(hashes))
        end = int(np.searchsorted(hashes, hashes[end - 1], side="right"))
        yield hashes[start:end], owners[start:end]
        start = end


def add_slice(connection: Connection, hashes: Codes, owners: Codes) -> None:
    """Insert a slice of sorted pairs that covers a range of fingerprints densely (a bulk import).

    Frequencies stay exact, but for fingerprints that the slice adds one quote to when the range was not
    empty: looking each of those up would cost more than the index, and the next import settles them.
    """
    first, last = int(hashes[0]), int(hashes[-1])
    within = fingerprints.c.hash.between(first, last)
    was_empty = connection.execute(select(fingerprints.c.hash).where(within).limit(1)).first() is None
    insert_pairs(connection, hashes, owners)
    distinct, counts = np.unique(hashes, return_counts=True)
    known = select(frequencies.c.hash).where(frequencies.c.hash.between(first, last))
    kept = set(connection.execute(known).scalars())
    _count_known(connection, kept, distinct, counts, 1)
    if was_empty:
        common = counts >= COMMON
        totals = zip(distinct[common].tolist(), counts[common].tolist(), strict=True)
        _keep(connection, list(totals))
    else:
        doubtful = [hash_ for hash_ in distinct[counts > 1].tolist() if hash_ not in kept]
        _count_doubtful(connection, doubtful)


def add_few(connection: Connection, hashes: Codes, owners: Codes) -> None:
    """Insert the sorted pairs of a few quotes. Frequencies stay exact."""
    if not len(hashes):
        return
    insert_pairs(connection, hashes, owners)
    distinct, counts = np.unique(hashes, return_counts=True)
    kept = _find_kept(connection, distinct.tolist())
    _count_known(connection, kept, distinct, counts, 1)
    _count_doubtful(connection, [hash_ for hash_ in distinct.tolist() if hash_ not in kept])


def remove_fingerprints(connection: Connection, texts: Sequence[tuple[int, str]]) -> None:
    """Delete the fingerprints of quotes, given their ids and texts."""
    encoded = encode_texts((text for _, text in texts), WordCodes())
    ids = np.array([quote_id for quote_id, _ in texts], dtype=np.int64)
    hashes, owners = sort_pairs(
        *fingerprint_batch(encoded.codes, encoded.lengths, ids, writes_trigrams(connection))
    )
    statement = delete(fingerprints).where(
        fingerprints.c.hash == bindparam("pair_hash"), fingerprints.c.quote == bindparam("pair_quote")
    )
    pairs = zip(hashes.tolist(), owners.tolist(), strict=True)
    rows = [{"pair_hash": hash_, "pair_quote": quote} for hash_, quote in pairs]
    if rows:
        connection.execute(statement, rows)
    distinct, counts = np.unique(hashes, return_counts=True)
    kept = _find_kept(connection, distinct.tolist())
    _count_known(connection, kept, distinct, counts, -1)


def _find_kept(connection: Connection, hashes: Sequence[int]) -> set[int]:
    rows = select_by_keys(connection, select(frequencies.c.hash), frequencies.c.hash, hashes)
    return {row.hash for row in rows}


def _count_known(connection: Connection, kept: set[int], distinct: Codes, counts: Codes, sign: int) -> None:
    """Raise or lower the frequencies that are kept."""
    pairs = zip(distinct.tolist(), counts.tolist(), strict=True)
    rows = [{"known": hash_, "by": sign * count} for hash_, count in pairs if hash_ in kept]
    statement = (
        update(frequencies)
        .where(frequencies.c.hash == bindparam("known"))
        .values(frequency=frequencies.c.frequency + bindparam("by"))
    )
    if rows:
        connection.execute(statement, rows)


def _count_doubtful(connection: Connection, hashes: Sequence[int]) -> None:
    """Count fingerprints whose frequency is not kept, and keep it where it has become common."""
    size = func.count()
    for chunk in split_chunks(hashes):
        statement = (
            select(fingerprints.c.hash, size)
            .where(fingerprints.c.hash.in_(chunk))
            .group_by(fingerprints.c.hash)
            .having(size >= COMMON)
        )
        _keep(connection, [(hash_, count) for hash_, count in connection.execute(statement)])


def _keep(connection: Connection, totals: Sequence[tuple[int, int]]) -> None:
    if totals:
        rows = [{"hash": hash_, "frequency": count} for hash_, count in totals]
        connection.execute(insert(frequencies), rows)
