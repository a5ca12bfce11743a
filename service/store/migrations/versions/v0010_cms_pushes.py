"""The order of what content management systems push."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of what content management systems sent."""
    op.create_table(
        "cms_articles",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("moment", sa.Float(), nullable=False),
        sa.Column("withdrawn", sa.SmallInteger(), nullable=False),
    )
    op.create_table(
        "cms_messages",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("taken_at", sa.Float(), nullable=False),
    )


def downgrade() -> None:
    """Take the tables away."""
    op.drop_table("cms_messages")
    op.drop_table("cms_articles")
