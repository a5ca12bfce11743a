"""What the views call, made once by the app and found again in a request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from flask import Response, current_app, g

from service.cache import Cache, CacheAnswer
from service.cache.recent_answers import RecentAnswers
from service.outbound import Network
from service.queue import JobQueue
from service.store import Store
from service.usecases.articles.analyse_article import Analyser
from service.usecases.background.accept_jobs import JobAcceptor
from service.usecases.background.deliver_webhooks import SigningKeys
from service.usecases.background.follow_events import Feed
from service.usecases.check_quote import Checker
from service.usecases.readiness import ReadinessProbe
from service.usecases.reviews.reviews import ReviewService
from service.usecases.search.overview import OverviewService
from service.usecases.search.publishers import PublisherDirectory

EXTENSION = "verbatim"


@dataclass(frozen=True, slots=True)
class Background:
    """What is done later, and told to others, and what others may tell us."""

    jobs: JobAcceptor | None  # None without Redis
    signing: SigningKeys | None  # None where no webhooks are sent
    networks: tuple[Network, ...]  # that webhooks may be in though they are not public
    secrets: Mapping[str, bytes]  # by the system that may push articles with it
    batch_max_bytes: int
    article_max_bytes: int


@dataclass(frozen=True, slots=True)
class Services:
    """The use cases of one app, with the store and the cache beneath them."""

    store: Store
    cache: Cache
    queue: JobQueue | None  # None without Redis
    analyser: Analyser
    checker: Checker
    readiness: ReadinessProbe
    background: Background
    reviews: ReviewService
    feed: Feed
    overview: OverviewService
    publishers: PublisherDirectory
    recent: RecentAnswers = field(default_factory=RecentAnswers, kw_only=True)


def services() -> Services:
    """The current app's services."""
    return cast(Services, current_app.extensions[EXTENSION])


def answer_json(body: bytes, cached: CacheAnswer | None = None) -> Response:
    """A JSON response of ready-made bytes, saying how the cache took part."""
    response = Response(body, content_type="application/json")
    if cached is not None:
        response.headers["Cache-Status"] = cached.header
        g.cache_answer = cached
    return response
