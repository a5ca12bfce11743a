"""What people decide about verdicts, the record of it, and the events that a dashboard follows."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Float,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
)

from service.store.tables.columns import Day, metadata
from service.store.tables.delivery import RUNNING_NUMBER

# A quotation whose verdict a person is to look at. It outlives its article where it was decided, so there is
# no foreign key. What only a person may say, no machine's column can hold.
reviews = Table(
    "reviews",
    metadata,
    Column("number", RUNNING_NUMBER, primary_key=True),
    Column("id", String(32), nullable=False),
    Column("article_id", String(32), nullable=False),
    Column("article_version", Integer, nullable=False),
    Column("quote_id", String(20), nullable=False),  # as the newest version that has the quotation names it
    Column("subject", String(32), nullable=False),  # hash of source, words and speaker: any version's
    Column("basis", String(32), nullable=False),  # hash of the axes of the verdict
    Column("state", String(10), nullable=False),  # open, decided, superseded
    Column("rules", Text, nullable=False),  # why, separated by spaces, one at either end; most urgent first
    Column("urgency", SmallInteger, nullable=False),  # 1 is looked at first
    Column("skips", Integer, nullable=False),
    Column(
        "quote", Text, nullable=False
    ),  # the quotation as it was analysed, JSON; "" where it was forgotten
    Column("engine", Text, nullable=False),
    Column("policy", Text, nullable=False),
    Column("machine_fidelity", String(20), nullable=False),
    Column("machine_attribution", String(20), nullable=False),
    Column("holder", Text),  # whose turn it is (key id), until the lease ends
    Column("holder_name", Text),
    Column("leased_until", Float, nullable=False),  # seconds since 1970; 0 if nobody has it
    Column("human_fidelity", String(20)),
    Column("human_attribution", String(20)),
    Column("decision", Text),  # JSON
    Column("decided_by", Text),  # name of the key
    Column("decided_key", Text),
    Column("decided_at", Float),
    Column("decided_on", Day),  # the same in days (UTC), to be counted by
    Column("revision", Integer, nullable=False),  # raised by every change
    Column("opened_at", Float, nullable=False),
    CheckConstraint(
        "machine_fidelity NOT IN ('fabricated', 'true', 'false')", name="reviews_no_machine_says_fabricated"
    ),
    CheckConstraint("state IN ('open', 'decided', 'superseded')", name="reviews_state"),
    CheckConstraint(
        "(state = 'decided') = (human_fidelity IS NOT NULL AND decided_by IS NOT NULL)",
        name="reviews_somebody_decided",
    ),
    Index("reviews_id", "id", unique=True),
    Index("reviews_queue", "state", "urgency", "skips", "number"),
    Index("reviews_article", "article_id", "state"),
    Index("reviews_subject", "subject", "state"),
    Index("reviews_decided", "decided_on"),
)

# Only ever added to. Each entry's hash covers the former entry's, so that none can be changed or taken out
# without all later ones showing it.
review_history = Table(
    "review_history",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("review_id", String(32), nullable=False),
    Column("entry", Text, nullable=False),  # JSON in the form of RFC 8785, the very bytes that are hashed
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index("review_history_review", "review_id", "number"),
)

# One row. A transaction that publishes an event increments `last` and locks the row until it commits. So the
# numbers of events are committed in ascending order, without gaps.
event_state = Table(
    "event_state",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("last", BigInteger, nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("type", String(64), nullable=False),
    Column("data", Text, nullable=False),  # JSON
    Column("created_at", Float, nullable=False),
    Column("owner", Text),  # the only one whose webhooks may get the event; null: all may, and `/v1/events`
)
