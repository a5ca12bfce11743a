"""Work that was accepted and is still to be done: jobs, batches of them, and news for webhooks."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
)

from service.store.tables.columns import metadata

#: A running number that SQLite and PostgreSQL give by themselves.
RUNNING_NUMBER = BigInteger().with_variant(Integer, "sqlite")

# Times here are seconds since 1970: they are compared and added to, not shown to people as they are.

batches = Table(
    "batches",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("owner", Text, nullable=False),  # the principal that made it, and that alone may see it
    Column("total", Integer, nullable=False),
    Column("done", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("finished_at", Float),
    Index("batches_finished", "finished_at"),
)

# This table is the truth about background work; Redis only says that there is some. A job is taken under a
# lease: who does not renew it in time (a killed worker) loses the job to the next one that asks.
jobs = Table(
    "jobs",
    metadata,
    Column("number", RUNNING_NUMBER, primary_key=True),
    Column("id", String(32), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("owner", Text, nullable=False),
    Column("batch_id", String(32), ForeignKey("batches.id", ondelete="CASCADE")),
    Column("position", Integer, nullable=False),  # in its batch, from 0
    Column("subject", String(64), nullable=False),  # jobs about the same article are done in order
    Column("priority", SmallInteger, nullable=False),  # lower goes first
    Column("body", Text, nullable=False),  # what was sent, as JSON; emptied when it is over
    Column("status", String(8), nullable=False),  # queued, running, done, failed
    Column("attempts", Integer, nullable=False),
    Column("deaths", Integer, nullable=False),  # attempts whose worker was not heard of again
    Column("due_at", Float, nullable=False),
    Column("lease", String(32)),
    Column("leased_until", Float),
    Column("article_id", String(32)),
    Column("version", Integer),
    Column("answer", Text),  # only of an article that is not stored
    Column("problem", Text),  # problem details, as JSON
    Column("correlation", Text),  # the ids of the request that left it, as JSON
    Column("created_at", Float, nullable=False),
    Column("finished_at", Float),
    Index("jobs_id", "id", unique=True),
    Index("jobs_due", "status", "priority", "number"),
    Index("jobs_subject", "subject", "number"),
    Index("jobs_batch", "batch_id", "position"),
    Index("jobs_finished", "finished_at"),
)

webhooks = Table(
    "webhooks",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("owner", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("events", Text, nullable=False),  # types, separated by spaces, one at either end
    Column("salt", String(64), nullable=False),  # the secret is made of it and of a key that is not here
    Column("key_id", String(16), nullable=False),  # which key
    Column("created_at", Float, nullable=False),
    Column("disabled_at", Float),
    Column("failing_since", Float),  # of the first failure after the last success
    Column("failures", Integer, nullable=False),  # in a row
    Column("resting_until", Float, nullable=False),  # nothing is sent before
    Column("leased_until", Float, nullable=False),  # one process at a time sends to it
    Column("attempted_at", Float, nullable=False),
)

# A row for each event and each webhook that is subscribed to its type. The event's row stays for as long.
webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    Column("number", RUNNING_NUMBER, primary_key=True),
    Column("id", String(48), nullable=False),  # the webhook-id header, the same for every attempt
    Column("webhook_id", String(32), ForeignKey("webhooks.id", ondelete="CASCADE"), nullable=False),
    Column("event_number", BigInteger, ForeignKey("events.number", ondelete="CASCADE"), nullable=False),
    Column("status", String(10), nullable=False),  # pending, delivered, failed
    Column("attempts", Integer, nullable=False),
    Column("due_at", Float, nullable=False),
    Column("answered", Integer),  # HTTP status of the last answer
    Column("reason", Text),  # why the last attempt failed
    Column("attempted_at", Float),
    Column("finished_at", Float),
    Index("webhook_deliveries_id", "id", unique=True),
    Index("webhook_deliveries_due", "webhook_id", "status", "due_at"),
    Index("webhook_deliveries_webhook", "webhook_id", "number"),
    Index("webhook_deliveries_finished", "finished_at"),
    Index("webhook_deliveries_event", "event_number"),
)

# The next two were used by the former version, and are still written by its processes while an installation
# is updated. Workers move their rows (service.store.events.move_deliveries); a later release drops them.
webhook_events = Table(
    "webhook_events",
    metadata,
    Column("number", RUNNING_NUMBER, primary_key=True),
    Column("type", String(64), nullable=False),
    Column("payload", Text, nullable=False),  # the body that is sent
    Column("created_at", Float, nullable=False),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("number", RUNNING_NUMBER, primary_key=True),
    Column("id", String(48), nullable=False),
    Column("webhook_id", String(32), ForeignKey("webhooks.id", ondelete="CASCADE"), nullable=False),
    Column(
        "event_number", BigInteger, ForeignKey("webhook_events.number", ondelete="CASCADE"), nullable=False
    ),
    Column("status", String(10), nullable=False),  # pending, delivered, failed
    Column("attempts", Integer, nullable=False),
    Column("due_at", Float, nullable=False),
    Column("answered", Integer),  # the last answer's HTTP status
    Column("reason", Text),  # why the last attempt failed
    Column("attempted_at", Float),
    Column("finished_at", Float),
    Index("deliveries_id", "id", unique=True),
    Index("deliveries_due", "webhook_id", "status", "due_at"),
    Index("deliveries_webhook", "webhook_id", "number"),
    Index("deliveries_finished", "finished_at"),
    Index("deliveries_event", "event_number"),
)

# Requests that carry an Idempotency-Key, and what they were answered. One that is under way holds a lease:
# who does not renew it (a killed process) leaves the key to the same request sent again.
idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("id", String(64), primary_key=True),  # hash of the caller and the key
    Column("fingerprint", String(64), nullable=False),  # hash of the request
    Column("lease", Text, nullable=False),  # names the run that holds it, host and process in it
    Column("leased_until", Float, nullable=False),
    Column("status", SmallInteger),  # of the answer; null while the request is under way
    Column("headers", Text),  # of the answer, a JSON object
    Column("body", LargeBinary),  # of the answer, compressed (zlib)
    Column("expires_at", Float, nullable=False),
    Index("idempotency_keys_expiry", "expires_at"),
)

# What content management systems pushed. An article goes forward only, and a message counts once.
cms_articles = Table(
    "cms_articles",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("moment", Float, nullable=False),  # when the CMS changed it last
    Column("withdrawn", SmallInteger, nullable=False),
)

cms_messages = Table(
    "cms_messages",
    metadata,
    Column("digest", String(64), primary_key=True),  # SHA-256 of the body
    Column("taken_at", Float, nullable=False),
)
