"""API keys. A key itself is never stored, only its hash."""

from __future__ import annotations

from sqlalchemy import Column, String, Table, Text

from service.store.tables.columns import Moment, metadata

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", String(10), primary_key=True),  # the public half of a key
    Column("name", Text, nullable=False),
    Column("scopes", Text, nullable=False),  # "check read"
    Column("digest", String(64), nullable=False),  # SHA-256 of the whole key, in hexadecimal
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("revoked_at", Moment),
    Column("last_used_at", Moment),  # to the hour or so
)
