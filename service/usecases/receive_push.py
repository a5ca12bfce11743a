"""Receive what a CMS pushes: analyse or delete the article, at once or as a job.

A signature tells who wrote a message, not when: a recorded message can be sent again, and a CMS that retries
may send messages out of order. So each message counts once, and one that is older than the last is ignored.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from service.errors import NotFound
from service.store import Store
from service.store.pushes import PushedState, PushStore
from service.store.records import article_id
from service.usecases.articles.analyse_article import Analyser
from service.usecases.articles.analysis import Article
from service.usecases.background.accept_jobs import JobAcceptor

Outcome = Literal["queued", "analysed", "removed", "ignored"]


@dataclass(frozen=True, slots=True)
class PushMessage:
    """A signed message about an article: the SHA-256 of its body, and when the CMS changed it."""

    article: str
    digest: str
    changed_at: datetime | None
    withdraws: bool


@dataclass(frozen=True, slots=True)
class PushOrder:
    """Decides which messages are processed. Raises StoreUnavailable."""

    store: PushStore
    clock: Callable[[], float] = time.time

    def find_objection(self, message: PushMessage) -> str | None:
        """Why a message changes nothing; None if it is to be processed."""
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
        """Remember a message that was processed.

        A message without a time gets that of the last one, so that no two clocks are compared.
        """
        now = self.clock()
        if message.changed_at is not None:
            moment = message.changed_at.timestamp()
        else:
            state = self.store.find(message.article)
            moment = state.moment if state else now
        self.store.record(message.article, message.digest, PushedState(moment, message.withdraws), now)


@dataclass(frozen=True, slots=True)
class PushedArticle:
    """An article as a CMS pushed it. `digest` is the SHA-256 of the message, `owner` names the CMS.

    `body` is the article as the JSON request of an analysis, and `load` reads it; both are None if the
    article was withdrawn.
    """

    uri: str
    digest: str
    changed_at: datetime | None
    owner: str
    body: str | None = None
    load: Callable[[], Article] | None = None


@dataclass(frozen=True, slots=True)
class PushResult:
    """The outcome of a push: the article's address as it is stored, its id, its job, why it was ignored."""

    outcome: Outcome
    uri: str
    article: str
    job: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class PushReceiver:
    """Does what pushes ask for, as jobs if there is a queue. Raises StoreUnavailable, Overloaded."""

    store: Store
    analyser: Analyser
    jobs: JobAcceptor | None
    order: PushOrder

    def receive(self, push: PushedArticle) -> PushResult:
        """Analyse or delete an article, unless the message was processed before or is out of date."""
        uri = self.store.find_known_address(push.uri)
        message = PushMessage(article_id(uri, ""), push.digest, push.changed_at, push.body is None)
        if objection := self.order.find_objection(message):
            return PushResult("ignored", uri, message.article, reason=objection)
        result = self._process(push, uri, message.article)
        self.order.record(message)  # only now: a CMS sends again what failed
        return result

    def _process(self, push: PushedArticle, uri: str, article: str) -> PushResult:
        if self.jobs is not None:
            if push.body is None:
                job = self.jobs.accept_removal(uri, push.owner)
            else:
                job = self.jobs.accept_article(push.body, uri, push.owner)
            return PushResult("queued", uri, article, job=job.id)
        if push.load is None:
            try:
                self.store.delete_article(article)
            except NotFound:
                return PushResult("ignored", uri, article, reason="there is no such article")
            return PushResult("removed", uri, article)
        self.analyser.analyse(push.load())
        return PushResult("analysed", uri, article)
