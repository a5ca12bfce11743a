"""The parts that readiness checks, and the check of each."""

from __future__ import annotations

from collections.abc import Mapping

from service.cache import Cache
from service.errors import MigrationDue, VerbatimError
from service.extraction.tagger.tagger import TAGGER
from service.queue import JobQueue
from service.store import Store
from service.usecases.readiness import Part, PartState


def readiness_parts(store: Store, cache: Cache, queue: JobQueue | None = None) -> Mapping[str, Part]:
    """The store, without which nothing is answered; the cache, without which all takes longer; the model.

    And a read replica and a queue, where there is one.
    """
    parts = {
        "store": Part(lambda: ask_store(store), is_vital=True),
        "cache": Part(lambda: ask_cache(cache)),
        "model": Part(ask_model),
    }
    if store.has_replica:
        parts["replica"] = Part(lambda: ask_replica(store))
    if queue is not None:
        parts["queue"] = Part(lambda: ask_queue(queue))
    return parts


def ask_queue(queue: JobQueue) -> PartState:
    """Whether workers can be notified. Without notifications they poll, and start jobs a little later."""
    is_there = queue.depth() is not None
    return PartState("ok" if is_there else "degraded", "redis ok" if is_there else "redis unavailable")


def ask_store(store: Store) -> PartState:
    """Whether the database answers and its schema is the one this program needs."""
    try:
        store.ping()
        if store.migration_due():
            return PartState("unavailable", "migration due")
    except MigrationDue:
        return PartState("unavailable", "migration due")
    except VerbatimError:
        return PartState("unavailable", "unavailable")
    return PartState("ok", "ok")


def ask_cache(cache: Cache) -> PartState:
    """Whether the cache is available."""
    return PartState("ok" if cache.ping() else "degraded", cache.describe())


def ask_replica(store: Store) -> PartState:
    """Whether the read replica is available. Being slightly behind is normal."""
    state = store.ask_replica()
    return PartState("ok" if state in ("ok", "behind") else "degraded", state)


def ask_model() -> PartState:
    """Whether the tagger is in memory; it is loaded by the first article."""
    return PartState("ok", "loaded" if TAGGER.is_loaded else "not loaded yet")
