"""People who sign in, and the links by which they choose a password. Of both only hashes are kept."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from service.store.tables.columns import Moment, metadata

accounts = Table(
    "accounts",
    metadata,
    Column("id", String(10), primary_key=True),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),  # in lower case
    Column("role", String(20), nullable=False),
    Column("password", Text),  # hashed by Argon2id; null until it is chosen
    Column("issuer", Text),  # of the OpenID Connect provider, with the subject there
    Column("subject", Text),
    Column("session_number", Integer, nullable=False),  # sessions that began under another have ended
    Column("created_at", Moment, nullable=False),
    Column("disabled_at", Moment),
    Column("last_sign_in_at", Moment),
    Index("accounts_email", "email", unique=True),
    Index("accounts_subject", "issuer", "subject", unique=True),
)

account_links = Table(
    "account_links",
    metadata,
    Column("digest", String(64), primary_key=True),  # SHA-256 of the token, in hexadecimal
    Column("account_id", String(10), ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Index("account_links_account", "account_id"),
)
