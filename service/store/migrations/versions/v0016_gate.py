"""Policies for publication, and the articles published against them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

RUNNING_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables. Without a policy the one that is built in applies."""
    op.create_table(
        "gate_policies",
        sa.Column("version", RUNNING_NUMBER, primary_key=True, autoincrement=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
    )
    op.create_table(
        "gate_overrides",
        sa.Column("number", RUNNING_NUMBER, primary_key=True),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("article_id", sa.Text()),
        sa.Column("uri", sa.Text()),
        sa.Column("headline", sa.Text()),
        sa.Column("publisher", sa.Text()),
        sa.Column("decision", sa.String(8), nullable=False),
        sa.Column("labels", sa.Text(), nullable=False),
        sa.Column("policy", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("person", sa.Text()),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
    )
    op.create_index("gate_overrides_id", "gate_overrides", ["id"], unique=True)
