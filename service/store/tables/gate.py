"""Which labels hold an article back from publication, and the articles published nevertheless."""

from __future__ import annotations

from sqlalchemy import Column, Float, Index, Integer, String, Table, Text

from service.store.tables.columns import metadata
from service.store.tables.delivery import RUNNING_NUMBER

# Every version that there was; the newest one applies. Rows are only added.
gate_policies = Table(
    "gate_policies",
    metadata,
    Column("version", RUNNING_NUMBER, primary_key=True, autoincrement=False),
    Column("rules", Text, nullable=False),  # JSON
    Column("by", Text, nullable=False),
    Column("key_id", Text, nullable=False),
    Column("at", Float, nullable=False),  # seconds since 1970
)

# Rows are only added. The article need not be stored here.
gate_overrides = Table(
    "gate_overrides",
    metadata,
    Column("number", RUNNING_NUMBER, primary_key=True),
    Column("id", String(32), nullable=False),
    Column("article_id", Text),
    Column("uri", Text),
    Column("headline", Text),
    Column("publisher", Text),
    Column("decision", String(8), nullable=False),
    Column("labels", Text, nullable=False),  # JSON: those that held it
    Column("policy", Integer, nullable=False),  # the version that was applied; 0: the one built in
    Column("reason", Text, nullable=False),
    Column("person", Text),  # as the CMS names who published
    Column("by", Text, nullable=False),
    Column("key_id", Text, nullable=False),
    Column("at", Float, nullable=False),
    Index("gate_overrides_id", "id", unique=True),
)
