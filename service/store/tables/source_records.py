"""What is kept of sources beside their quotes: how they came in, who changed them, what was retracted."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
)

from service.store.tables.columns import Day, Moment, metadata
from service.store.tables.delivery import RUNNING_NUMBER

# Of sources that were added one by one, and of imported ones that were changed or retracted by hand.
kept_sources = Table(
    "kept_sources",
    metadata,
    Column("source_id", Integer, ForeignKey("sources.id"), primary_key=True, autoincrement=False),
    Column("id", String(17), nullable=False),  # the public id: it stays where the address changes
    Column("format", String(16)),  # of the file; null for an imported source
    Column("turns", Text),  # JSON; null: as the quotes have them
    Column("notes", Text, nullable=False),  # JSON
    Column("revision", Integer, nullable=False),  # raised by every change
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("added_by", Text, nullable=False),  # name of the key, or of who ran the command
    Column("added_key", String(10)),
    Column("retracted_at", Moment),
    Column("retracted_by", Text),
    Column("retraction", Text),  # the reason
    Index("kept_sources_id", "id", unique=True),
)

# Only ever added to, but for the words of a removed source.
source_history = Table(
    "source_history",
    metadata,
    Column("number", RUNNING_NUMBER, primary_key=True),
    Column("source", String(17), nullable=False),  # the public id; it outlives the source
    Column("action", String(20), nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", Text, nullable=False),
    Column("key_id", String(10)),
    Column("reason", Text),
    Column("former", Text),  # JSON: the changed members as they were
    Column("verdicts", Integer, nullable=False),  # stored verdicts that rested on it
    Index("source_history_source", "source", "number"),
)

# Quotes that are no evidence any more, as their rows were: what a retraction is undone from.
retracted_quotes = Table(
    "retracted_quotes",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("source_id", Integer, ForeignKey("sources.id"), nullable=False),
    Column("turn", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    Column("speaker_id", Integer, ForeignKey("speaker_names.id")),
    Column("day", Day, nullable=False),
    Column("form", SmallInteger, nullable=False),
    Column("passages", Text),
    Column("second_hand", SmallInteger, nullable=False),
    Column("text", Text, nullable=False),
    Column("start_s", Float),
    Column("end_s", Float),
    Column("at", Moment),  # of a quote retracted by itself; null: with its source
    Column("by", Text),
    Column("reason", Text),
    Index("retracted_quotes_source", "source_id"),
    sqlite_with_rowid=False,
)

# Which articles' newest analyses show a source at an address among their matches.
article_evidence = Table(
    "article_evidence",
    metadata,
    Column("address", BigInteger, primary_key=True, autoincrement=False),  # hash, all spellings alike
    Column("article_id", String(32), primary_key=True),
    Index("article_evidence_article", "article_id"),
    sqlite_with_rowid=False,
)
