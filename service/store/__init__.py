"""The store: sources, quotes, fingerprints and articles, in SQLite or PostgreSQL, by the same code."""

from __future__ import annotations

from service.settings import Synchronous
from service.store.ingest.stream_import import ImportedQuote, ImportedTranscript, ImportSession
from service.store.records import (
    ArticleRecord,
    ImportReport,
    Lineage,
    Page,
    Precondition,
    QuoteImport,
    QuoteRecord,
    SavedArticle,
    Sighting,
    SourceRecord,
    StoredArticle,
    StoredQuote,
    StoredVersion,
    StoreStats,
    Transcript,
    Turn,
    VersionPage,
)
from service.store.store import Store

__all__ = [
    "ArticleRecord",
    "ImportReport",
    "ImportSession",
    "ImportedQuote",
    "ImportedTranscript",
    "Lineage",
    "Page",
    "Precondition",
    "QuoteImport",
    "QuoteRecord",
    "SavedArticle",
    "Sighting",
    "SourceRecord",
    "Store",
    "StoreStats",
    "StoredArticle",
    "StoredQuote",
    "StoredVersion",
    "Transcript",
    "Turn",
    "VersionPage",
    "open_current_store",
    "open_store",
]


def open_store(
    url: str, *, migrate: bool = False, read_url: str | None = None, synchronous: Synchronous = "full"
) -> Store:
    """The store of a database URL, `sqlite:///…` or `postgresql+psycopg://…`.

    With `migrate`, its schema is brought up to date first; an SQLite file is made where there is none.
    With `read_url`, a replica does the reading that takes work, whenever it is as new as it has to be.
    `synchronous`: see `Database`.
    Raises SettingsError for another URL, StoreUnavailable where the database does not answer.
    """
    store = Store(url, read_url, synchronous)
    if migrate:
        store.migrate()
    return store


def open_current_store(url: str, read_url: str | None = None, synchronous: Synchronous = "full") -> Store:
    """The store of a database URL, with its schema up to date.

    An SQLite file is this service's own and is made or brought up to date at once. A PostgreSQL database may
    serve others, still on the old code: `verbatim migrate` does it when the operator says so.
    """
    return open_store(url, migrate=url.startswith("sqlite:"), read_url=read_url, synchronous=synchronous)
