"""Pushes of a CMS in order: what is older than what came before, or came before, changes nothing.

A signature says who wrote a message and not when: whoever recorded one could send it again, and a CMS that
tries again later may overtake itself. So each message counts once, and each article goes forward only.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from service.store.pushes import PushedState, PushStore


@dataclass(frozen=True, slots=True)
class PushMessage:
    """A signed message about an article: the SHA-256 of its body, and when the CMS changed it."""

    article: str
    digest: str
    changed_at: datetime | None
    withdraws: bool


@dataclass(frozen=True, slots=True)
class PushOrder:
    """Decides what is taken. Raises StoreUnavailable."""

    store: PushStore
    clock: Callable[[], float] = time.time

    def find_objection(self, message: PushMessage) -> str | None:
        """Why a message changes nothing; None if it is to be taken."""
        if self.store.was_taken(message.digest):
            return "this very message was taken before"
        state = self.store.find(message.article)
        if state is None:
            return None
        moment = message.changed_at.timestamp() if message.changed_at else None
        if moment is not None and moment < state.moment:
            return "it is older than what was pushed before"
        if state.withdrawn and not message.withdraws and (moment is None or moment <= state.moment):
            return "the article was withdrawn, and this is not newer"
        return None

    def record(self, message: PushMessage) -> None:
        """Remember a message once what it asks for is safe.

        Without a moment of its own it stands where the last one stood: then no two clocks are compared.
        """
        now = self.clock()
        if message.changed_at is not None:
            moment = message.changed_at.timestamp()
        else:
            state = self.store.find(message.article)
            moment = state.moment if state else now
        self.store.record(message.article, message.digest, PushedState(moment, message.withdraws), now)
