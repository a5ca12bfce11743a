"""The parts that readiness checks, and the check of each."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from typing import Final

import structlog

from service.cache import Cache
from service.errors import MigrationDue, VerbatimError
from service.extraction.tagger.tagger import TAGGER
from service.queue import JobQueue
from service.store import Store
from service.store.engine.write_probe import WriteFault
from service.usecases.readiness import Part, PartState

BELIEVED_S: Final = 10.0

log = structlog.get_logger("verbatim.readiness")


def readiness_parts(store: Store, cache: Cache, queue: JobQueue | None = None) -> Mapping[str, Part]:
    """The store, without which nothing is answered; the cache, without which all takes longer; the model.

    And a read replica and a queue, where there is one.
    """
    parts = {
        "store": Part(lambda: ask_store(store), is_vital=True),
        "writes": Part(WriteCheck(store).ask),
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


class WriteCheck:
    """Whether the store can be written. A success is believed for `BELIEVED_S`, as each check is a commit."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.monotonic) -> None:
        self._store: Final = store
        self._clock: Final = clock
        self._good_until = -math.inf
        self._fault: WriteFault | None = None

    def ask(self) -> PartState:
        """The state; it is logged when it changes."""
        if self._clock() < self._good_until:
            return PartState("ok", "ok")
        fault = self._store.find_write_fault()
        if fault is not None and fault.explanation != (self._fault and self._fault.explanation):
            log.error("store_not_writable", reason=fault.explanation, **fault.cause)
        elif fault is None and self._fault is not None:
            log.info("store_writable_again")
        self._fault = fault
        if fault is not None:
            return PartState("degraded", fault.explanation)
        self._good_until = self._clock() + BELIEVED_S
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
