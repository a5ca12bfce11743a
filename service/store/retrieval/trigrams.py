"""Indexing triples of words too, once a store is so large that short fragments have no rare pair.

`store_state.trigrams` says how far that is: writers add triples from the moment it begins, readers look them
up from the moment it is complete.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from sqlalchemy import delete, select, update

from service.matching.retrieval.fingerprints import WordCodes, encode_texts, find_postings
from service.store.engine.database import Database
from service.store.ingest.bulk_import import Progress
from service.store.ingest.external_sort import PostingSorter
from service.store.retrieval.indexing import add_slice, split_slices
from service.store.state import TRIGRAMS_BUILDING, TRIGRAMS_OFF, TRIGRAMS_ON
from service.store.tables import frequencies, postings, quotes, state

READ_AT_ONCE: Final = 10_000


def add_trigrams(database: Database, progress: Progress) -> int:
    """Index the triples of all quotes; how many quotes that took. One that was killed begins again."""
    with database.write() as connection:
        row = connection.execute(select(state.c.trigrams, state.c.next_quote_id)).one()
        if row.trigrams == TRIGRAMS_ON:
            return 0
        if row.trigrams != TRIGRAMS_OFF:
            connection.execute(delete(postings).where(postings.c.posting < 0))
            connection.execute(delete(frequencies).where(frequencies.c.hash < 0))
        connection.execute(update(state).values(trigrams=TRIGRAMS_BUILDING))
    with PostingSorter() as sorter:
        count = sort_triples(database, row.next_quote_id, sorter, progress)
        for part in sorter.parts():
            for ordered in split_slices(part):
                with database.write() as connection:
                    add_slice(connection, ordered)
    with database.write() as connection:
        connection.execute(update(state).values(trigrams=TRIGRAMS_ON))
    database.tidy()
    return count


def sort_triples(database: Database, end: int, sorter: PostingSorter, progress: Progress) -> int:
    """Sort the triples of all quotes with ids below `end`; returns the number of quotes."""
    word_codes, last, count = WordCodes(), 0, 0
    page = select(quotes.c.id, quotes.c.text).order_by(quotes.c.id).limit(READ_AT_ONCE)
    with database.read() as connection:
        while rows := connection.execute(page.where(quotes.c.id > last, quotes.c.id < end)).all():
            encoded = encode_texts((row.text for row in rows), word_codes)
            ids = np.array([row.id for row in rows], dtype=np.int64)
            new = find_postings(encoded.codes, encoded.lengths, ids, triples=True)
            sorter.add(new[new < 0])
            last, count = rows[-1].id, count + len(rows)
            progress(len(rows))
    return count
