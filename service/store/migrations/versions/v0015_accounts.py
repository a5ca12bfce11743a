"""People who sign in, and the links by which they choose a password."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "accounts",
        sa.Column("id", sa.String(10), primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("password", sa.Text()),
        sa.Column("issuer", sa.Text()),
        sa.Column("subject", sa.Text()),
        sa.Column("session_number", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("disabled_at", sa.DateTime()),
        sa.Column("last_sign_in_at", sa.DateTime()),
    )
    op.create_index("accounts_email", "accounts", ["email"], unique=True)
    op.create_index("accounts_subject", "accounts", ["issuer", "subject"], unique=True)
    op.create_table(
        "account_links",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column(
            "account_id", sa.String(10), sa.ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
    )
    op.create_index("account_links_account", "account_links", ["account_id"])
