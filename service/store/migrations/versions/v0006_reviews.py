"""Human decisions, and the events that a dashboard follows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

RUNNING_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
#: How a stored analysis would say so. Within an article's own words quotation marks are escaped.
FABRICATED = '"fidelity":"fabricated"'


def upgrade() -> None:
    """Make the tables, and let no analysis say what only a person may."""
    make_reviews()
    make_events()
    for table in ("articles", "article_versions"):
        keep_from_saying_fabricated(table)


def make_reviews() -> None:
    """The queue, and the record of what became of each."""
    op.create_table(
        "reviews",
        sa.Column("number", RUNNING_NUMBER, primary_key=True),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("article_id", sa.String(32), nullable=False),
        sa.Column("article_version", sa.Integer(), nullable=False),
        sa.Column("quote_id", sa.String(20), nullable=False),
        sa.Column("subject", sa.String(32), nullable=False),
        sa.Column("basis", sa.String(32), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("urgency", sa.SmallInteger(), nullable=False),
        sa.Column("skips", sa.Integer(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("engine", sa.Text(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("machine_fidelity", sa.String(20), nullable=False),
        sa.Column("machine_attribution", sa.String(20), nullable=False),
        sa.Column("holder", sa.Text()),
        sa.Column("holder_name", sa.Text()),
        sa.Column("leased_until", sa.Float(), nullable=False),
        sa.Column("human_fidelity", sa.String(20)),
        sa.Column("human_attribution", sa.String(20)),
        sa.Column("decision", sa.Text()),
        sa.Column("decided_by", sa.Text()),
        sa.Column("decided_key", sa.Text()),
        sa.Column("decided_at", sa.Float()),
        sa.Column("decided_on", sa.Integer()),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.Float(), nullable=False),
        sa.CheckConstraint(
            "machine_fidelity NOT IN ('fabricated', 'true', 'false')",
            name="reviews_no_machine_says_fabricated",
        ),
        sa.CheckConstraint("state IN ('open', 'decided', 'superseded')", name="reviews_state"),
        sa.CheckConstraint(
            "(state = 'decided') = (human_fidelity IS NOT NULL AND decided_by IS NOT NULL)",
            name="reviews_somebody_decided",
        ),
    )
    op.create_index("reviews_id", "reviews", ["id"], unique=True)
    op.create_index("reviews_queue", "reviews", ["state", "urgency", "skips", "number"])
    op.create_index("reviews_article", "reviews", ["article_id", "state"])
    op.create_index("reviews_subject", "reviews", ["subject", "state"])
    op.create_index("reviews_decided", "reviews", ["decided_on"])
    op.create_table(
        "review_history",
        sa.Column("number", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("review_id", sa.String(32), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_index("review_history_review", "review_history", ["review_id", "number"])


def make_events() -> None:
    """The log of events."""
    op.create_table(
        "event_state",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("last", sa.BigInteger(), nullable=False),
    )
    op.execute(sa.text("INSERT INTO event_state (id, last) VALUES (1, 0)"))
    op.create_table(
        "events",
        sa.Column("number", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("type", sa.String(64), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
    )


def keep_from_saying_fabricated(table: str) -> None:
    """Have the database refuse an analysis by which a machine says that words were made up.

    PostgreSQL checks what is written from now on, without reading the table; SQLite cannot add a constraint
    to a table that is there, and gets triggers.
    """
    name = f"{table}_no_machine_says_fabricated"
    if op.get_bind().dialect.name == "postgresql":
        check = f"strpos(analysis, '{FABRICATED}') = 0"
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({check}) NOT VALID")
        return
    for event in ("INSERT", "UPDATE OF analysis"):
        op.execute(
            f"CREATE TRIGGER {name}_{event.split()[0].lower()} BEFORE {event} ON {table}"
            f" WHEN instr(NEW.analysis, '{FABRICATED}') > 0"
            " BEGIN SELECT RAISE(ABORT, 'only a person may say fabricated'); END"
        )
