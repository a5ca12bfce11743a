"""What is kept of sources beside their quotes, and which analyses show which source."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from service.matching.retrieval.fingerprints import hash_words
from service.store.addresses import address_key

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

AT_ONCE = 100
ARTICLES = sa.table("articles", sa.column("id", sa.String), sa.column("analysis", sa.Text))
EVIDENCE = sa.table(
    "article_evidence", sa.column("address", sa.BigInteger), sa.column("article_id", sa.String)
)


def upgrade() -> None:
    """Make the tables, and list the evidence of the stored analyses."""
    op.add_column("sources", sa.Column("machine", sa.SmallInteger(), nullable=True))
    make_kept_sources()
    make_history()
    make_retracted_quotes()
    op.create_table(
        "article_evidence",
        sa.Column("address", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("article_id", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("address", "article_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("article_evidence_article", "article_evidence", ["article_id"])
    list_evidence(op.get_bind())


def make_kept_sources() -> None:
    """The table of sources that were added or changed one by one."""
    op.create_table(
        "kept_sources",
        sa.Column("source_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("id", sa.String(17), nullable=False),
        sa.Column("format", sa.String(16), nullable=True),
        sa.Column("turns", sa.Text(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("added_key", sa.String(10), nullable=True),
        sa.Column("retracted_at", sa.DateTime(), nullable=True),
        sa.Column("retracted_by", sa.Text(), nullable=True),
        sa.Column("retraction", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"]),
        sa.PrimaryKeyConstraint("source_id"),
    )
    op.create_index("kept_sources_id", "kept_sources", ["id"], unique=True)


def make_history() -> None:
    """The table of what was done to sources."""
    op.create_table(
        "source_history",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
        sa.Column("source", sa.String(17), nullable=False),
        sa.Column("action", sa.String(20), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("key_id", sa.String(10), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("former", sa.Text(), nullable=True),
        sa.Column("verdicts", sa.Integer(), nullable=False),
    )
    op.create_index("source_history_source", "source_history", ["source", "number"])


def make_retracted_quotes() -> None:
    """The table of quotes that are no evidence any more."""
    op.create_table(
        "retracted_quotes",
        sa.Column("key", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("speaker_id", sa.Integer(), nullable=True),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("form", sa.SmallInteger(), nullable=False),
        sa.Column("passages", sa.Text(), nullable=True),
        sa.Column("second_hand", sa.SmallInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("start_s", sa.Float(), nullable=True),
        sa.Column("end_s", sa.Float(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=True),
        sa.Column("by", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"]),
        sa.ForeignKeyConstraint(["speaker_id"], ["speaker_names.id"]),
        sa.PrimaryKeyConstraint("key"),
        sqlite_with_rowid=False,
    )
    op.create_index("retracted_quotes_source", "retracted_quotes", ["source_id"])


def list_evidence(connection: sa.Connection) -> None:
    """Note for every stored analysis the addresses of the sources that it shows."""
    last = ""
    page = sa.select(ARTICLES).order_by(ARTICLES.c.id).limit(AT_ONCE)
    while rows := connection.execute(page.where(ARTICLES.c.id > last)).all():
        found = [
            {"address": address, "article_id": row.id}
            for row in rows
            for address in {hash_words((address_key(uri),)) for uri in find_addresses(row.analysis)}
        ]
        if found:
            connection.execute(sa.insert(EVIDENCE), found)
        last = rows[-1].id


def find_addresses(analysis: str) -> Iterator[str]:
    """The addresses of the sources that an analysis shows."""
    told: Any = json.loads(analysis)
    for quote in told.get("quotes", []):
        for match in quote.get("matches", []):
            yield match["source"]["uri"].encode("utf-8", "replace").decode()
