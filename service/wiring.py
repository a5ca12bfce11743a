"""The use cases of a process, built from its settings: for the web application, workers and commands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from schemas.answers import present_analysis, present_check, present_quote
from service.cache import Cache, MeteredCache, open_cache
from service.cache.recent_answers import RecentAnswers
from service.outbound import Network, parse_networks
from service.queue import JobQueue
from service.settings import Settings
from service.store import Store, open_current_store
from service.usecases.accounts import Accounts
from service.usecases.articles.analyse_article import Analyser
from service.usecases.articles.article_limits import ArticleLimits
from service.usecases.articles.article_work import ArticleWork
from service.usecases.articles.correct_quote import Corrector
from service.usecases.articles.fetch_article import ArticleFetcher
from service.usecases.articles.stored_articles import StoredArticles
from service.usecases.background.accept_jobs import JobAcceptor
from service.usecases.background.deliver_webhooks import SigningKeys
from service.usecases.background.follow_events import EventFeed
from service.usecases.background.job_progress import JobProgress
from service.usecases.background.webhook_subscriptions import WebhookSubscriptions
from service.usecases.check_quote import Checker
from service.usecases.find_factchecks import FactcheckFinder, FactcheckImporter
from service.usecases.import_records import RecordImporter
from service.usecases.oidc import Provider, ProviderSettings
from service.usecases.publication_gate import PublicationGate
from service.usecases.readiness import ReadinessProbe
from service.usecases.readiness_parts import readiness_parts
from service.usecases.receive_push import PushOrder, PushReceiver
from service.usecases.reviews.carry_corrections import CorrectionCarrier
from service.usecases.reviews.reviews import ReviewService
from service.usecases.reviews.settle_review import settle_review
from service.usecases.reviews.sign_offs import SignOffService
from service.usecases.search.overview import OverviewService
from service.usecases.search.publishers import PublisherDirectory
from service.usecases.search.search_site import SiteSearch
from service.usecases.search.stored_quotes import StoredQuotes
from service.usecases.speaker_registry import SpeakerRegistry
from service.usecases.stored_sources import StoredSources


@dataclass(frozen=True, slots=True)
class Background:
    """Jobs, webhooks, and the pushes of content management systems."""

    jobs: JobAcceptor | None  # None without Redis
    progress: JobProgress
    signing: SigningKeys | None  # None if no webhooks are sent
    networks: tuple[Network, ...]  # that webhooks may be in though they are not public
    webhooks: WebhookSubscriptions
    secrets: Mapping[str, bytes]  # by the system that may push articles with it
    pushes: PushReceiver
    batch_max_bytes: int
    article_max_bytes: int


@dataclass(frozen=True, slots=True)
class Services:
    """The use cases of one app, and the store, cache and queue that they use."""

    store: Store
    cache: Cache
    queue: JobQueue | None  # None without Redis
    analyser: Analyser
    fetcher: ArticleFetcher
    checker: Checker
    readiness: ReadinessProbe
    background: Background
    reviews: ReviewService
    sign_offs: SignOffService
    work: ArticleWork
    gate: PublicationGate
    feed: EventFeed
    articles: StoredArticles
    quotes: StoredQuotes
    speakers: SpeakerRegistry
    factchecks: FactcheckFinder
    site_search: SiteSearch
    imports: RecordImporter
    factcheck_imports: FactcheckImporter
    overview: OverviewService
    publishers: PublisherDirectory
    stored_sources: StoredSources
    recent: RecentAnswers
    accounts: Accounts
    provider: Provider | None  # None without OpenID Connect


def build_services(
    settings: Settings,
    bound: Callable[[Cache], Cache] = lambda cache: cache,
    bound_checks: Callable[[Cache], Cache] = lambda cache: cache,
) -> Services:
    """The use cases. `bound` wraps the cache of articles in what limits how much is computed at a time,
    `bound_checks` that of checks."""
    store = open_current_store(settings.database_url, settings.database_read_url, settings.synchronous)
    opened = open_cache(settings.redis_url, settings.cache_ttl_s, secret=store.cache_secret)
    metered = MeteredCache(opened)
    cache = bound(metered)
    queue = JobQueue(settings.redis_url) if settings.redis_url else None
    limits = ArticleLimits(settings.max_text_chars, settings.max_judged_quotes)
    sign_offs = SignOffService(store, Corrector(store, present_quote), store.now, settle_review)
    analyser = Analyser(store, cache, present_analysis, limits, CorrectionCarrier(sign_offs))
    reviews = ReviewService(store.reviews, clock=store.now)
    return Services(
        store=store,
        cache=cache,
        queue=queue,
        analyser=analyser,
        fetcher=ArticleFetcher(settings.fetch_pages, parse_networks(settings.fetch_networks)),
        checker=Checker(store, bound_checks(metered), present_check),
        readiness=ReadinessProbe(readiness_parts(store, cache, queue)),
        background=build_background(settings, analyser, queue),
        reviews=reviews,
        sign_offs=sign_offs,
        work=ArticleWork(store, sign_offs, clock=store.now),
        gate=PublicationGate(store, sign_offs, clock=store.now),
        feed=EventFeed(store.events),
        articles=StoredArticles(store, reviews),
        quotes=StoredQuotes(store, reviews),
        speakers=SpeakerRegistry(store, clock=store.now),
        factchecks=FactcheckFinder(store.factchecks),
        site_search=SiteSearch(store),
        imports=RecordImporter(store),
        factcheck_imports=FactcheckImporter(store.factchecks),
        overview=OverviewService(store),
        publishers=PublisherDirectory(store.sources),
        stored_sources=StoredSources(store.sources),
        recent=RecentAnswers(store.generation),
        accounts=Accounts(store.accounts),
        provider=build_provider(settings),
    )


def build_provider(settings: Settings) -> Provider | None:
    """The OpenID Connect provider, where one is set."""
    if not settings.oidc_issuer or not settings.oidc_client_id or not settings.oidc_client_secret:
        return None
    client = (settings.oidc_client_id, settings.oidc_client_secret)
    named = ProviderSettings(settings.oidc_issuer, *client, settings.oidc_name, settings.oidc_roles)
    return Provider(named)


def build_background(settings: Settings, analyser: Analyser, queue: JobQueue | None) -> Background:
    """Jobs, webhooks and pushes, as far as the settings allow them."""
    store = analyser.store
    push_secrets = {"superdesk": settings.superdesk_secret, "wordpress": settings.wordpress_secret}
    keys = tuple(key.encode() for key in settings.webhook_keys)
    jobs = JobAcceptor(store, queue, settings.queued_max_bytes) if queue is not None else None
    networks = parse_networks(settings.webhook_networks)
    return Background(
        jobs=jobs,
        progress=JobProgress(store),
        signing=SigningKeys(keys) if keys else None,
        networks=networks,
        webhooks=WebhookSubscriptions(store.webhooks, networks, store.now),
        secrets={name: secret.encode() for name, secret in push_secrets.items() if secret},
        pushes=PushReceiver(store, analyser, jobs, PushOrder(store.pushes, store.now)),
        batch_max_bytes=settings.batch_max_bytes,
        article_max_bytes=settings.max_body_bytes,
    )
