"""What people say of each quotation of a stored article, and the files that they keep as evidence."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)

from service.store.tables.columns import metadata
from service.store.tables.delivery import RUNNING_NUMBER

# The present statement on a quotation, and its correction. Former ones are in the record of reviews
# (`review_history`), under the id of this row. Rows of quotations that later versions do not have are kept.
sign_offs = Table(
    "sign_offs",
    metadata,
    Column("number", RUNNING_NUMBER, primary_key=True),
    Column("id", String(32), nullable=False),
    Column("article_id", String(32), ForeignKey("articles.id", ondelete="CASCADE"), nullable=False),
    Column("subject", String(32), nullable=False),  # hash of words, speaker and occurrence in the article
    Column("version", Integer, nullable=False),  # of the article, when it was said or corrected
    Column("status", String(20)),  # null where nobody has signed off, as after a withdrawal
    Column("note", Text),
    Column("evidence", Text, nullable=False),  # JSON
    Column("correction", Text),  # JSON: speaker, span; null where the machine's reading stands
    Column("corrected", Text),  # JSON: the quotation as corrected and judged again
    Column("machine", Text, nullable=False),  # JSON: speaker, spans and label, as the machine had them
    Column("by", Text, nullable=False),
    Column("key_id", Text, nullable=False),
    Column("at", Float, nullable=False),  # seconds since 1970
    Column("revision", Integer, nullable=False),  # raised by every change
    CheckConstraint(
        "status IN ('right', 'fix', 'confirmed_by_phone', 'cannot_be_confirmed', 'ignore')",
        name="sign_offs_status",
    ),
    CheckConstraint("(correction IS NULL) = (corrected IS NULL)", name="sign_offs_corrected"),
    Index("sign_offs_id", "id", unique=True),
    Index("sign_offs_subject", "article_id", "subject", unique=True),
)

evidence_files = Table(
    "evidence_files",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("article_id", String(32), ForeignKey("articles.id", ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    Column("size", Integer, nullable=False),  # bytes
    Column("digest", String(64), nullable=False),  # SHA-256 of the content
    Column("content", LargeBinary, nullable=False),
    Column("by", Text, nullable=False),
    Column("key_id", Text, nullable=False),
    Column("at", Float, nullable=False),
    Index("evidence_files_article", "article_id"),
)
