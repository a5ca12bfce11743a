"""The tables, for SQLite and PostgreSQL alike. Migrations create them; a test compares the two.

A module for each area; all belong to one `metadata`, so every area has to be imported here.
"""

from service.store.tables.access import api_keys
from service.store.tables.accounts import account_links, accounts
from service.store.tables.article_work import article_work, quote_comments, share_links
from service.store.tables.claims import factcheck_index, factcheck_postings, factcheck_state, factchecks
from service.store.tables.columns import UNKNOWN_DAY, Day, Moment, metadata
from service.store.tables.delivery import (
    batches,
    cms_articles,
    cms_messages,
    deliveries,
    idempotency_keys,
    jobs,
    webhook_deliveries,
    webhook_events,
    webhooks,
)
from service.store.tables.gate import gate_overrides, gate_policies
from service.store.tables.people import people, people_state, person_journal, person_keys, person_words
from service.store.tables.provenance import (
    article_sketches,
    article_versions,
    articles,
    frequencies,
    import_ranges,
    imports,
    postings,
    quotes,
    sources,
    speaker_names,
    speaker_surnames,
    state,
    variants,
)
from service.store.tables.reviews import event_state, events, review_history, reviews
from service.store.tables.sign_offs import evidence_files, sign_offs
from service.store.tables.source_records import (
    article_evidence,
    kept_sources,
    retracted_quotes,
    source_history,
)

__all__ = [
    "UNKNOWN_DAY",
    "Day",
    "Moment",
    "account_links",
    "accounts",
    "api_keys",
    "article_evidence",
    "article_sketches",
    "article_versions",
    "article_work",
    "articles",
    "batches",
    "cms_articles",
    "cms_messages",
    "deliveries",
    "event_state",
    "events",
    "evidence_files",
    "factcheck_index",
    "factcheck_postings",
    "factcheck_state",
    "factchecks",
    "frequencies",
    "gate_overrides",
    "gate_policies",
    "idempotency_keys",
    "import_ranges",
    "imports",
    "jobs",
    "kept_sources",
    "metadata",
    "people",
    "people_state",
    "person_journal",
    "person_keys",
    "person_words",
    "postings",
    "quote_comments",
    "quotes",
    "retracted_quotes",
    "review_history",
    "reviews",
    "share_links",
    "sign_offs",
    "source_history",
    "sources",
    "speaker_names",
    "speaker_surnames",
    "state",
    "variants",
    "webhook_deliveries",
    "webhook_events",
    "webhooks",
]
