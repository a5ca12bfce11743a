"""Reads from a replica, and from the primary where the replica is behind.

The primary gives the current generation; a read uses the replica only if that has reached it. So evidence is
never older than the generation in the cache key, and a client finds what it has written. If the replica is
behind, unavailable or of another store, the primary answers; nothing but time is lost.
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

RETRY_S: Final = 5.0  # before an unavailable replica is tried again

ReplicaState = Literal["none", "ok", "behind", "away", "foreign"]
T = TypeVar("T")
log = logging.getLogger(__name__)


class Replica:
    """The replica: its last known state."""

    def __init__(self, url: str) -> None:
        self.database: Final = Database(url)
        self._lock: Final = threading.Lock()
        self._state: ReplicaState = "ok"
        self._ask_from = 0.0  # monotonic

    @property
    def state(self) -> ReplicaState:
        """The state that was found last."""
        return self._state

    def is_to_be_asked(self) -> bool:
        """Whether a read may try the replica. If it was unavailable, one reader at a time tries again."""
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
        """Whether the replica has reached a generation and has no changes of another history.

        Later reads of the connection are no older: a replica only moves forward. One that is ahead of what
        this process knew is compared with the present primary: if that was rolled back, the replica may have
        changes that are lost.
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
        """Remember the state; log when the replica becomes unavailable or available."""
        with self._lock:
            former, self._state = self._state, state
            self._ask_from = time.monotonic() + RETRY_S if state in ("away", "foreign") else 0.0
        if former != state and state in ("away", "foreign"):
            reason = "does not answer" if state == "away" else "is a copy of another store"
            log.warning("the read replica %s: the primary answers instead", reason)
        elif former in ("away", "foreign"):
            log.warning("the read replica is back")


class Reader:
    """Runs expensive reads on the replica if it is up to date, else on the primary."""

    def __init__(self, primary: Database, replica_url: str | None = None) -> None:
        self._primary: Final = primary
        self._watch: Final = GenerationWatch(primary)
        self._replica: Final = Replica(replica_url) if replica_url else None
        self._lock: Final = threading.Lock()
        self._seen: Generation | None = None

    @property
    def replica_state(self) -> ReplicaState:
        """The state of the replica that was found last; "none" without a replica."""
        return self._replica.state if self._replica else "none"

    def read_generation(self) -> str:
        """The generation of the primary. No later read of this process sees an older one."""
        generation = self._look()
        if self._replica and self._is_older(Generation.parse(generation)):
            # Another thread has read a newer one meanwhile, or the primary was rolled back. A second read
            # tells which, since it cannot be older than what was seen before.
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
        """The result of `read`, no older than the generation that this process read last.

        `read` is called again on the primary if the replica fails.
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
        """As `run`, but no older than this call, for reads without a generation."""
        if self._replica:
            self.read_generation()
        return self.run(read)

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """A connection for a long read, such as an export, no older than this call.

        If the replica fails meanwhile, so does the read, since a part of it may have been used.
        """
        with ExitStack() as stack:
            connection = self._enter_replica(stack) if self._replica else None
            yield connection or stack.enter_context(self._primary.read())

    def _enter_replica(self, stack: ExitStack) -> Connection | None:
        """A connection to the replica, None if it cannot be used."""
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
        """Close the connections to the replica."""
        self._watch.close()
        if self._replica:
            self._replica.database.close()

    def _least(self) -> Generation:
        """The generation that the replica must have reached."""
        return self._seen or self._ask_primary()
