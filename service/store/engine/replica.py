"""Reads on a copy of the database that may lag behind it, and no read that would show it.

The primary says which generation the store is at; a read goes to the replica only where that one has come as
far. So an answer is never made of older evidence than its cache key says, and whoever has written something
finds it. A replica that is behind, away or another store costs speed and nothing else: the primary answers.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Final, Literal, TypeVar

from sqlalchemy import Connection

from service.errors import MigrationDue, StoreUnavailable
from service.store.engine.database import Database
from service.store.engine.generation import GenerationWatch
from service.store.state import Generation, read_generation

RETRY_S: Final = 5.0  # how long nobody asks a replica that was away

ReplicaState = Literal["none", "ok", "behind", "away", "foreign"]
T = TypeVar("T")
log = logging.getLogger(__name__)


class Replica:
    """The copy: how far it has come, and whether it is there."""

    def __init__(self, url: str) -> None:
        self.database: Final = Database(url)
        self._lock: Final = threading.Lock()
        self._state: ReplicaState = "ok"
        self._ask_from = 0.0  # monotonic

    @property
    def state(self) -> ReplicaState:
        """As it was when it was last asked."""
        return self._state

    def is_to_be_asked(self) -> bool:
        """Whether a read may try it. Where it was away, one reader at a time finds out whether it is back."""
        with self._lock:
            now = time.monotonic()
            if now < self._ask_from:
                return False
            if self._state in ("away", "foreign"):
                self._ask_from = now + RETRY_S
            return True

    def has_reached(
        self, connection: Connection, least: Generation, ask_primary: Callable[[], Generation]
    ) -> bool:
        """Whether it holds all that the store held at that generation, and nothing of another history.

        What is read on the connection afterwards is no older: a replica only moves forward. One that is ahead
        of what this process knew has to agree with the primary as it is now: after a rollback of the primary
        it may hold changes that are gone.
        """
        found = Generation.parse(read_generation(connection))
        if found.store == least.store and found.changes > least.changes:
            least = ask_primary()
        if found.store != least.store or (found.changes == least.changes and found.token != least.token):
            self.note("foreign")
            return False
        self.note("ok" if found == least else "behind")
        return found == least

    def note(self, state: ReplicaState) -> None:
        """Remember how it was found; the log hears of a change between there and away."""
        with self._lock:
            former, self._state = self._state, state
            self._ask_from = time.monotonic() + RETRY_S if state in ("away", "foreign") else 0.0
        if former != state and state in ("away", "foreign"):
            reason = "does not answer" if state == "away" else "is a copy of another store"
            log.warning("the read replica %s: the primary answers instead", reason)
        elif former in ("away", "foreign"):
            log.warning("the read replica is back")


class Reader:
    """Where reads that need much work go: to the replica while it can be trusted, else to the primary."""

    def __init__(self, primary: Database, replica_url: str | None = None) -> None:
        self._primary: Final = primary
        self._watch: Final = GenerationWatch(primary)
        self._replica: Final = Replica(replica_url) if replica_url else None
        self._lock: Final = threading.Lock()
        self._seen: Generation | None = None

    @property
    def replica_state(self) -> ReplicaState:
        """How the replica was found last; "none" where there is none."""
        return self._replica.state if self._replica else "none"

    def read_generation(self) -> str:
        """The store's generation by the primary. No later read of this process sees an older one."""
        generation = self._look()
        if self._replica and self._is_older(Generation.parse(generation)):
            # Another thread has seen a newer one meanwhile, or the primary was rolled back: asked again, it
            # tells which, since what it says now cannot be older than what was seen before.
            generation = self._look()
        if self._replica:
            with self._lock:
                self._seen = Generation.parse(generation)
        return generation

    def _look(self) -> str:
        generation = self._watch.look()
        if generation is None:
            with self._primary.read() as connection:
                generation = read_generation(connection)
        return generation

    def _is_older(self, generation: Generation) -> bool:
        seen = self._seen
        return seen is not None and seen.store == generation.store and seen.changes > generation.changes

    def _ask_primary(self) -> Generation:
        return Generation.parse(self.read_generation())

    def run(self, read: Callable[[Connection], T]) -> T:
        """What `read` finds in the store, no older than the generation that this process asked for last.

        It may be called twice: where the replica fails on the way, the primary is asked.
        """
        if self._replica and self._replica.is_to_be_asked():
            least = self._least()
            try:
                with self._replica.database.read() as connection:
                    if self._replica.has_reached(connection, least, self._ask_primary):
                        return read(connection)
            except (StoreUnavailable, MigrationDue):
                self._replica.note("away")
        with self._primary.read() as connection:
            return read(connection)

    def run_newest(self, read: Callable[[Connection], T]) -> T:
        """The same, as new as the primary is by now: for what answers without asking for a generation."""
        if self._replica:
            self.read_generation()
        return self.run(read)

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """A connection for a read that takes long, an export say, as new as the primary at its start.

        Where the replica fails on the way, so does the read: part of it may be used already.
        """
        with ExitStack() as stack:
            connection = self._enter_replica(stack) if self._replica else None
            yield connection or stack.enter_context(self._primary.read())

    def _enter_replica(self, stack: ExitStack) -> Connection | None:
        """A connection to the replica, None where it will not do."""
        self.read_generation()
        if not (self._replica and self._replica.is_to_be_asked()):
            return None
        try:
            connection = stack.enter_context(self._replica.database.read())
            if self._replica.has_reached(connection, self._least(), self._ask_primary):
                return connection
        except (StoreUnavailable, MigrationDue):
            self._replica.note("away")
        stack.close()
        return None

    def close(self) -> None:
        """Close the connections that are its own."""
        self._watch.close()
        if self._replica:
            self._replica.database.close()

    def _least(self) -> Generation:
        """What a replica must have reached."""
        return self._seen or self._ask_primary()
