"""The use cases of a process, made of the store and the cache that its settings name.

The web application, workers and commands have them from here; none of these imports another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from schemas.answers import present_analysis, present_check
from service.cache import Cache, MeteredCache, open_cache
from service.cache.recent_answers import RecentAnswers
from service.outbound import Network, parse_networks
from service.queue import JobQueue
from service.settings import Settings
from service.store import Store, open_current_store
from service.usecases.articles.analyse_article import Analyser
from service.usecases.articles.article_limits import ArticleLimits
from service.usecases.background.accept_jobs import JobAcceptor
from service.usecases.background.deliver_webhooks import SigningKeys
from service.usecases.background.follow_events import EventFeed
from service.usecases.check_quote import Checker
from service.usecases.push_order import PushOrder
from service.usecases.readiness import ReadinessProbe
from service.usecases.readiness_parts import readiness_parts
from service.usecases.reviews.reviews import ReviewService
from service.usecases.search.overview import OverviewService
from service.usecases.search.publishers import PublisherDirectory


@dataclass(frozen=True, slots=True)
class Background:
    """What is done later, and told to others, and what others may tell us."""

    jobs: JobAcceptor | None  # None without Redis
    signing: SigningKeys | None  # None where no webhooks are sent
    networks: tuple[Network, ...]  # that webhooks may be in though they are not public
    secrets: Mapping[str, bytes]  # by the system that may push articles with it
    pushes: PushOrder
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
    feed: EventFeed
    overview: OverviewService
    publishers: PublisherDirectory
    recent: RecentAnswers = field(default_factory=RecentAnswers, kw_only=True)


def build_services(settings: Settings, bound: Callable[[Cache], Cache] | None = None) -> Services:
    """The use cases. `bound` wraps the cache in what limits how much is computed at a time."""
    store = open_current_store(settings.database_url, settings.database_read_url)
    opened = open_cache(settings.redis_url, settings.cache_ttl_s, secret=store.cache_secret)
    cache: Cache = MeteredCache(opened)
    if bound is not None:
        cache = bound(cache)
    queue = JobQueue(settings.redis_url) if settings.redis_url else None
    return Services(
        store=store,
        cache=cache,
        queue=queue,
        analyser=Analyser(
            store, cache, present_analysis, ArticleLimits(settings.max_text_chars, settings.max_judged_quotes)
        ),
        checker=Checker(store, cache, present_check),
        readiness=ReadinessProbe(readiness_parts(store, cache, queue)),
        background=build_background(settings, store, queue),
        reviews=ReviewService(store.reviews),
        feed=EventFeed(store.events),
        overview=OverviewService(store),
        publishers=PublisherDirectory(store.sources),
    )


def build_background(settings: Settings, store: Store, queue: JobQueue | None) -> Background:
    """What is done later and told to others, as far as the settings allow it."""
    doors = {"superdesk": settings.superdesk_secret, "wordpress": settings.wordpress_secret}
    keys = tuple(key.encode() for key in settings.webhook_keys)
    return Background(
        jobs=JobAcceptor(store, queue) if queue is not None else None,
        signing=SigningKeys(keys) if keys else None,
        networks=parse_networks(settings.webhook_networks),
        pushes=PushOrder(store.pushes),
        secrets={name: secret.encode() for name, secret in doors.items() if secret},
        batch_max_bytes=settings.batch_max_bytes,
        article_max_bytes=settings.max_body_bytes,
    )
