"""Who works on which article, comments on its quotations, and links by which it is shared."""

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

from service.store.tables.columns import metadata
from service.store.tables.delivery import RUNNING_NUMBER

# One row for each article: who brought it, who is to sign it off, and the counts that lists are sorted by.
article_work = Table(
    "article_work",
    metadata,
    Column("article_id", String(32), ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("owner", Text),  # key id; null where nobody is known
    Column("owner_name", Text),
    Column("assignee", Text),
    Column("assignee_name", Text),
    Column("quotes", Integer, nullable=False),
    Column("signed", Integer, nullable=False),  # of these, as in the newest version
    Column("severity", SmallInteger, nullable=False),  # the worst of the newest version
    Index("article_work_owner", "owner"),
    Index("article_work_assignee", "assignee"),
)

quote_comments = Table(
    "quote_comments",
    metadata,
    Column("number", RUNNING_NUMBER, primary_key=True),
    Column("id", String(32), nullable=False),
    Column("article_id", String(32), ForeignKey("articles.id", ondelete="CASCADE"), nullable=False),
    Column("subject", String(32), nullable=False),  # as of sign-offs
    Column("text", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("key_id", Text, nullable=False),
    Column("at", Float, nullable=False),  # seconds since 1970
    Index("quote_comments_id", "id", unique=True),
    Index("quote_comments_article", "article_id", "number"),
)

# Only a hash of the token is kept, so that nobody who reads the table can open the link.
share_links = Table(
    "share_links",
    metadata,
    Column("number", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True),
    Column("id", String(32), nullable=False),
    Column("article_id", String(32), ForeignKey("articles.id", ondelete="CASCADE"), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("by", Text, nullable=False),
    Column("key_id", Text, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("expires_at", Float, nullable=False),
    Column("revoked_at", Float),
    Index("share_links_digest", "digest", unique=True),
    Index("share_links_article", "article_id", "number"),
)
