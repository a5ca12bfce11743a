"""The registry of speakers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and the one row of their state."""
    op.create_table(
        "people_state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("next_id", sa.Integer(), nullable=False),
        sa.Column("next_operation", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.Column("merged_into", sa.Integer(), nullable=True),
        sa.Column("wikidata", sa.String(length=24), nullable=True),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("imported", sa.Text(), nullable=True),
        sa.Column("import_hash", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("updated_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("people_key", "people", ["key"], unique=True)
    op.create_index("people_wikidata", "people", ["wikidata"], unique=False)
    op.create_index("people_import", "people", ["import_hash"], unique=False)
    op.create_table(
        "person_keys",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"]),
        sa.PrimaryKeyConstraint("key", "person_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("person_keys_person", "person_keys", ["person_id"], unique=False)
    word = sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql")
    op.create_table(
        "person_words",
        sa.Column("word", word, nullable=False),
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"]),
        sa.PrimaryKeyConstraint("word", "person_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("person_words_person", "person_words", ["person_id"], unique=False)
    op.create_table(
        "person_journal",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("operation", sa.BigInteger(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("undoes", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"]),
        sa.PrimaryKeyConstraint("person_id", "version"),
    )
    op.create_index("person_journal_operation", "person_journal", ["operation"], unique=False)
    op.execute(
        "INSERT INTO people_state (id, revision, people, next_id, next_operation) VALUES (1, 1, 0, 1, 1)"
    )


def downgrade() -> None:
    """Drop the tables of the registry of speakers."""
    for table in ("person_journal", "person_words", "person_keys", "people", "people_state"):
        op.drop_table(table)
