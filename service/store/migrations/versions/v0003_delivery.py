"""Idempotent requests, batches and webhooks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

RUNNING_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables of batches, jobs, webhooks, deliveries and repeated requests."""
    make_idempotency_keys()
    op.create_table(
        "batches",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("finished_at", sa.Float()),
    )
    op.create_index("batches_finished", "batches", ["finished_at"])
    op.create_table(
        "jobs",
        sa.Column("number", RUNNING_NUMBER, primary_key=True),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("batch_id", sa.String(32), sa.ForeignKey("batches.id", ondelete="CASCADE")),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("status", sa.String(8), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("deaths", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.Float(), nullable=False),
        sa.Column("lease", sa.String(32)),
        sa.Column("leased_until", sa.Float()),
        sa.Column("article_id", sa.String(32)),
        sa.Column("version", sa.Integer()),
        sa.Column("answer", sa.Text()),
        sa.Column("problem", sa.Text()),
        sa.Column("correlation", sa.Text()),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("finished_at", sa.Float()),
    )
    op.create_index("jobs_id", "jobs", ["id"], unique=True)
    op.create_index("jobs_due", "jobs", ["status", "priority", "number"])
    op.create_index("jobs_subject", "jobs", ["subject", "number"])
    op.create_index("jobs_batch", "jobs", ["batch_id", "position"])
    op.create_index("jobs_finished", "jobs", ["finished_at"])
    op.create_table(
        "webhooks",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("events", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(64), nullable=False),
        sa.Column("key_id", sa.String(16), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("disabled_at", sa.Float()),
        sa.Column("failing_since", sa.Float()),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("resting_until", sa.Float(), nullable=False),
        sa.Column("leased_until", sa.Float(), nullable=False),
        sa.Column("attempted_at", sa.Float(), nullable=False),
    )
    op.create_table(
        "webhook_events",
        sa.Column("number", RUNNING_NUMBER, primary_key=True),
        sa.Column("type", sa.String(64), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
    )
    op.create_table(
        "deliveries",
        sa.Column("number", RUNNING_NUMBER, primary_key=True),
        sa.Column("id", sa.String(48), nullable=False),
        sa.Column(
            "webhook_id", sa.String(32), sa.ForeignKey("webhooks.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column(
            "event_number",
            sa.BigInteger(),
            sa.ForeignKey("webhook_events.number", ondelete="CASCADE"),
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
    op.create_index("deliveries_id", "deliveries", ["id"], unique=True)
    op.create_index("deliveries_due", "deliveries", ["webhook_id", "status", "due_at"])
    op.create_index("deliveries_webhook", "deliveries", ["webhook_id", "number"])
    op.create_index("deliveries_finished", "deliveries", ["finished_at"])
    op.create_index("deliveries_event", "deliveries", ["event_number"])


def make_idempotency_keys() -> None:
    """Requests that may be sent again, and their answers."""
    op.create_table(
        "idempotency_keys",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("lease", sa.Text(), nullable=False),
        sa.Column("leased_until", sa.Float(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=True),
        sa.Column("headers", sa.Text(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("expires_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("idempotency_keys_expiry", "idempotency_keys", ["expires_at"])
