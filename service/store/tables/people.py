"""The registry of speakers: who is known, by what they are found, and every state that they had."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
)

from service.store.tables.columns import metadata

# One row. `revision` is raised by every change; processes see by it what they have to read again.
people_state = Table(
    "people_state",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("revision", BigInteger, nullable=False),
    Column("people", Integer, nullable=False),  # active ones
    Column("next_id", Integer, nullable=False),
    Column("next_operation", BigInteger, nullable=False),
)

people = Table(
    "people",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("key", BigInteger, nullable=False),  # the public id
    Column("version", Integer, nullable=False),
    Column("status", SmallInteger, nullable=False),  # PeopleStore's STATUSES: active, merged, removed
    Column("merged_into", Integer),  # whose they are now; that one may be merged in its turn
    Column("wikidata", String(24)),
    Column("person", Text, nullable=False),  # as JSON
    Column("imported", Text),  # what the last import said of them, as JSON: the rest was put by hand
    Column("import_hash", BigInteger),  # of that: the same again changes nothing
    Column("created_at", Float, nullable=False),  # seconds since 1970
    Column("updated_at", Float, nullable=False),
    Index("people_key", "key", unique=True),
    Index("people_wikidata", "wikidata"),
    Index("people_import", "import_hash"),
)

# Hashes of names, surnames, roles and identifiers of active people (`service.people.naming`).
person_keys = Table(
    "person_keys",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("person_id", Integer, ForeignKey("people.id"), primary_key=True, autoincrement=False),
    Index("person_keys_person", "person_id"),
    sqlite_with_rowid=False,
)

# Words of names and roles, for searching. By code point on both databases, so that a beginning is a range.
person_words = Table(
    "person_words",
    metadata,
    Column("word", String(64).with_variant(String(64, collation="C"), "postgresql"), primary_key=True),
    Column("person_id", Integer, ForeignKey("people.id"), primary_key=True, autoincrement=False),
    Index("person_words_person", "person_id"),
    sqlite_with_rowid=False,
)

# Append-only: each state of each person, and the operation that brought it about.
person_journal = Table(
    "person_journal",
    metadata,
    Column("person_id", Integer, ForeignKey("people.id"), primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("operation", BigInteger, nullable=False),  # a merge and a split touch two people
    Column("action", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("note", Text),
    Column("undoes", BigInteger),  # the operation that was taken back
    Column("at", Float, nullable=False),
    Column("state", Text, nullable=False),  # as JSON: status, merged_into, person
    Index("person_journal_operation", "operation"),
)
