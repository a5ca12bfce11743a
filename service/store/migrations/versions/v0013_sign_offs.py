"""What people say of each quotation of a stored article."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

RUNNING_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables of sign-offs."""
    op.create_table(
        "sign_offs",
        sa.Column("number", RUNNING_NUMBER, primary_key=True),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("article_id", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(20)),
        sa.Column("note", sa.Text()),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("correction", sa.Text()),
        sa.Column("corrected", sa.Text()),
        sa.Column("machine", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], ondelete="CASCADE"),
        sa.CheckConstraint(
            "status IN ('right', 'fix', 'confirmed_by_phone', 'cannot_be_confirmed', 'ignore')",
            name="sign_offs_status",
        ),
        sa.CheckConstraint("(correction IS NULL) = (corrected IS NULL)", name="sign_offs_corrected"),
    )
    op.create_index("sign_offs_id", "sign_offs", ["id"], unique=True)
    op.create_index("sign_offs_subject", "sign_offs", ["article_id", "subject"], unique=True)
    op.create_table(
        "evidence_files",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("article_id", sa.String(32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], ondelete="CASCADE"),
    )
    op.create_index("evidence_files_article", "evidence_files", ["article_id"])
