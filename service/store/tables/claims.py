"""Published fact-checks, and what they are found by: words, and bits of their meaning."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table, Text

from service.store.tables.columns import Day, metadata

# One row. `revision` is raised by every change; processes see by it what they have to read again.
factcheck_state = Table(
    "factcheck_state",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("revision", BigInteger, nullable=False),
    Column("factchecks", Integer, nullable=False),
    Column("next_id", Integer, nullable=False),
    Column("next_segment", Integer, nullable=False),
    Column("encoder", String(32), nullable=False),  # whose vectors are stored; "" where there are none
)

factchecks = Table(
    "factchecks",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("key", BigInteger, nullable=False),  # the public id: hash of address and number
    Column("page", BigInteger, nullable=False),  # hash of the address
    Column("number", Integer, nullable=False),  # of the claim on its page
    Column("content_hash", BigInteger, nullable=False),
    Column("url", Text, nullable=False),
    Column("claim", Text, nullable=False),
    Column("claimant", Text),
    Column("claimed_on", Day, nullable=False),
    Column("title", Text),
    Column("publisher", Text),
    Column("site", Text, nullable=False),
    Column("reviewed_on", Day, nullable=False),
    Column("rating", Text),
    Column("language", Text),
    Column("vectors", LargeBinary, nullable=False),  # of claim and title, a signed byte a dimension
    Index("factchecks_key", "key", unique=True),
    Index("factchecks_page", "page", "number"),
)

# What a process keeps in memory of each fact-check, and nothing else, so that reading all of it is quick.
# One that was withdrawn stays, with no words: processes have to learn that it is gone.
factcheck_index = Table(
    "factcheck_index",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("revision", BigInteger, nullable=False),
    Column("length", Integer, nullable=False),  # words
    Column("day", Day, nullable=False),  # of claim or review, whichever is newer
    Column("reviewed_on", Day, nullable=False),
    Column("site", BigInteger, nullable=False),  # hash of the host
    Column("language", BigInteger, nullable=False),  # hash of the primary language
    Column("codes", LargeBinary, nullable=False),  # a bit a dimension, of claim and title
    Index("factcheck_index_revision", "revision"),
)

# Which fact-checks have a word: each import adds a segment, as search engines do.
factcheck_postings = Table(
    "factcheck_postings",
    metadata,
    Column("term", BigInteger, primary_key=True, autoincrement=False),  # hash of the word's stem
    Column("segment", Integer, primary_key=True, autoincrement=False),
    Column("size", Integer, nullable=False),
    Column("entries", LargeBinary, nullable=False),  # four bytes each: 4 bits how often, 28 bits which
    sqlite_with_rowid=False,
)
