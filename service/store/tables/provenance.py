"""What was said and where: sources, speakers, quotes with their fingerprints, articles, imports."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
)

from service.store.tables.columns import Day, Moment, metadata

# One row. Every write transaction locks it first, so that writers go one after the other on both databases.
state = Table(
    "store_state",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(32), nullable=False),  # random, so that two stores never share a cache key
    Column("generation", BigInteger, nullable=False),  # raised by every change of quotes
    Column("token", String(32), nullable=False),  # random, of that generation: a store rolled back has others
    Column("cache_secret", String(64), nullable=False),  # authenticates cached answers, hexadecimal
    Column("next_quote_id", BigInteger, nullable=False),
    Column("quotes", BigInteger, nullable=False),
    Column(
        "trigrams", Integer, nullable=False
    ),  # state.TRIGRAMS_…: whether triples of words are indexed as well
)

sources = Table(
    "sources",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uri", Text, nullable=False),
    Column("key", BigInteger, nullable=False),  # hash of URI and way in: URIs may be too long for an index
    Column("title", Text, nullable=False),
    Column("publisher", Text, nullable=False),
    Column("published_at", Day, nullable=False),
    Column("kind", Text, nullable=False),
    Column("content_hash", BigInteger),  # of a transcript's turns: the same again adds nothing
    Column("class", String(10), key="evidence_class"),  # what it proves; null if an older program wrote it
    # The first source that it shares an address or nearly all its text with; null for most.
    Column("origin_id", Integer),
    Column("machine", SmallInteger),  # 1: transcribed by a machine
    Index("sources_key", "key", unique=True),
    Index("sources_origin", "origin_id"),
)

# Speakers as sources name them. `surname` finds candidates; whether two names agree is decided elsewhere.
speaker_names = Table(
    "speaker_names",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("key", BigInteger, nullable=False),  # hash of the name
    Column("surname", String(64), nullable=False),
    Index("speaker_names_key", "key", unique=True),
    Index("speaker_names_surname", "surname"),
)

# The surnames under which each of them is looked up: several of a double one, whichever way it is written.
speaker_surnames = Table(
    "speaker_surnames",
    metadata,
    Column("surname", String(64), primary_key=True),
    Column("speaker_id", Integer, ForeignKey("speaker_names.id"), primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

quotes = Table(
    "quotes",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("key", BigInteger, nullable=False),  # the public id: hash of source, position and text
    Column("source_id", Integer, ForeignKey("sources.id"), nullable=False),
    Column("turn", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    Column("speaker_id", Integer, ForeignKey("speaker_names.id")),
    Column("day", Day, nullable=False),
    Column("form", SmallInteger, nullable=False),
    Column("family", BigInteger, nullable=False),  # hash of the words: the same words share it
    Column("passages", Text),  # "12-34,40-60": what stands in quotation marks within a mixed quotation
    Column("second_hand", SmallInteger, nullable=False),
    Column("text", Text, nullable=False),
    Column("words", LargeBinary, nullable=False),  # two bytes a word, for reranking
    Column("start_s", Float),  # of the turn within the source's recording
    Column("end_s", Float),
    Index("quotes_key", "key", unique=True),
    Index("quotes_place", "source_id", "position"),
    Index("quotes_family", "family", "day"),
    Index("quotes_speaker", "speaker_id", "day"),
    Index("quotes_day", "day"),
)

# Fingerprint and quote in one number (`service.matching.retrieval.fingerprints`), the table's primary key:
# looking one up is a scan of a range of rows on SQLite, an index-only scan on PostgreSQL.
postings = Table(
    "postings",
    metadata,
    Column("posting", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
)

# Only of fingerprints that COMMON quotes or more share; all others count as rare.
frequencies = Table(
    "fingerprint_frequencies",
    metadata,
    Column("hash", BigInteger, primary_key=True, autoincrement=False),
    Column("frequency", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# A family whose words are a variant of another's: all variants point to the family they were first found by.
variants = Table(
    "variants",
    metadata,
    Column("family", BigInteger, primary_key=True, autoincrement=False),
    Column("head", BigInteger, nullable=False),
    Index("variants_head", "head"),
    sqlite_with_rowid=False,
)

articles = Table(
    "articles",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("uri", Text),
    Column("source_id", Integer, ForeignKey("sources.id"), nullable=False),
    Column("headline", Text),
    Column("byline", Text),
    Column("publisher", Text),
    Column("published_at", Moment),
    Column("language", Text),
    Column("text_hash", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("analysis", Text, nullable=False),
    Column("engine", Text, nullable=False),
    Column("policy", Text, nullable=False),
    Column("generation", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("status", String(10)),  # "draft", or published
)

# The smallest hashes of an article's runs of words: what nearly the same text is found by.
article_sketches = Table(
    "article_sketches",
    metadata,
    Column("hash", BigInteger, primary_key=True, autoincrement=False),
    Column("source_id", Integer, ForeignKey("sources.id"), primary_key=True, autoincrement=False),
    Index("article_sketches_source", "source_id"),
    sqlite_with_rowid=False,
)

article_versions = Table(
    "article_versions",
    metadata,
    Column("article_id", String(32), ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("text_hash", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("analysis", Text, nullable=False),
    Column("engine", Text, nullable=False),
    Column("policy", Text, nullable=False),
    Column("generation", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
)

# An import under way. It goes on where it was killed: `records` were read, and of the fingerprints of its
# quotes (`import_ranges`) those up to `indexed_upto` are in the table.
imports = Table(
    "imports",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("checkpoint", Text),  # names what is imported, so that the same again goes on
    Column("records", Integer, nullable=False),
    Column("indexed_upto", BigInteger),
    Column("owner", Text, nullable=False),  # host:pid of the process at work
    Column("seen_at", Float, nullable=False),  # seconds since 1970
)

import_ranges = Table(
    "import_ranges",
    metadata,
    Column("first_id", Integer, primary_key=True, autoincrement=False),
    Column("last_id", Integer, nullable=False),
    Column("import_id", Integer, ForeignKey("imports.id"), nullable=False),
)
