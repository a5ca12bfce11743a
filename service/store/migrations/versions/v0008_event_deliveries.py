"""Webhook deliveries that refer to the event log, and events that belong to one owner."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0006"
branch_labels = None
depends_on = None

RUNNING_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the table and the column. The rows of the former tables are moved by workers, not here."""
    op.add_column("events", sa.Column("owner", sa.Text()))
    op.create_table(
        "webhook_deliveries",
        sa.Column("number", RUNNING_NUMBER, primary_key=True),
        sa.Column("id", sa.String(48), nullable=False),
        sa.Column(
            "webhook_id", sa.String(32), sa.ForeignKey("webhooks.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column(
            "event_number",
            sa.BigInteger(),
            sa.ForeignKey("events.number", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.Float(), nullable=False),
        sa.Column("answered", sa.Integer()),
        sa.Column("reason", sa.Text()),
        sa.Column("attempted_at", sa.Float()),
        sa.Column("finished_at", sa.Float()),
    )
    op.create_index("webhook_deliveries_id", "webhook_deliveries", ["id"], unique=True)
    op.create_index("webhook_deliveries_due", "webhook_deliveries", ["webhook_id", "status", "due_at"])
    op.create_index("webhook_deliveries_webhook", "webhook_deliveries", ["webhook_id", "number"])
    op.create_index("webhook_deliveries_finished", "webhook_deliveries", ["finished_at"])
    op.create_index("webhook_deliveries_event", "webhook_deliveries", ["event_number"])
