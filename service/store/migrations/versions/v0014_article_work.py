"""Who works on which article, comments on its quotations, and links by which it is shared."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

AT_ONCE = 100
RUNNING_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ARTICLES = sa.table("articles", sa.column("id"), sa.column("analysis"))
WORK = sa.table(
    "article_work", sa.column("article_id"), sa.column("quotes"), sa.column("signed"), sa.column("severity")
)


def upgrade() -> None:
    """Make the tables, and count the quotations of stored articles."""
    op.create_table(
        "article_work",
        sa.Column(*article_column(), primary_key=True),
        sa.Column("owner", sa.Text()),
        sa.Column("owner_name", sa.Text()),
        sa.Column("assignee", sa.Text()),
        sa.Column("assignee_name", sa.Text()),
        sa.Column("quotes", sa.Integer(), nullable=False),
        sa.Column("signed", sa.Integer(), nullable=False),
        sa.Column("severity", sa.SmallInteger(), nullable=False),
    )
    op.create_index("article_work_owner", "article_work", ["owner"])
    op.create_index("article_work_assignee", "article_work", ["assignee"])
    op.create_table(
        "quote_comments",
        sa.Column("number", RUNNING_NUMBER, primary_key=True),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column(*article_column(), nullable=False),
        sa.Column("subject", sa.String(32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
    )
    op.create_index("quote_comments_id", "quote_comments", ["id"], unique=True)
    op.create_index("quote_comments_article", "quote_comments", ["article_id", "number"])
    op.create_table(
        "share_links",
        sa.Column("number", RUNNING_NUMBER, primary_key=True),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column(*article_column(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("expires_at", sa.Float(), nullable=False),
        sa.Column("revoked_at", sa.Float()),
    )
    op.create_index("share_links_digest", "share_links", ["digest"], unique=True)
    op.create_index("share_links_article", "share_links", ["article_id", "number"])
    count_quotes(op.get_bind())


def article_column() -> tuple[str, sa.String, sa.ForeignKey]:
    """The name, type and target of the column that refers to an article."""
    return "article_id", sa.String(32), sa.ForeignKey("articles.id", ondelete="CASCADE")


def count_quotes(connection: sa.Connection) -> None:
    """A row for each article. Nothing was signed off before there were sign-offs."""
    last = ""
    page = sa.select(ARTICLES).order_by(ARTICLES.c.id).limit(AT_ONCE)
    while rows := connection.execute(page.where(ARTICLES.c.id > last)).all():
        counted = []
        for row in rows:
            quotes = json.loads(row.analysis).get("quotes", [])
            worst = max((quote.get("verdict", {}).get("severity", 1) for quote in quotes), default=0)
            counted.append({"article_id": row.id, "quotes": len(quotes), "signed": 0, "severity": worst})
        connection.execute(sa.insert(WORK), counted)
        last = rows[-1].id
