"""A random token for each generation, and the secret that authenticates cached answers."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and fill them. The former release knows neither, and goes on without."""
    op.add_column("store_state", sa.Column("token", sa.String(32), nullable=False, server_default=""))
    op.add_column("store_state", sa.Column("cache_secret", sa.String(64), nullable=False, server_default=""))
    filled = sa.text("UPDATE store_state SET token = :token, cache_secret = :secret")
    op.execute(filled.bindparams(token=secrets.token_hex(8), secret=secrets.token_hex(32)))


def downgrade() -> None:
    """Take the columns away."""
    op.drop_column("store_state", "cache_secret")
    op.drop_column("store_state", "token")
