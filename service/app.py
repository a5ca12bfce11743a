"""The only place where all is wired: settings to store, cache and use cases, and those to the views."""

from __future__ import annotations

from flask import Flask
from flask_smorest import Api

import service
from schemas.answers import present_analysis, present_check
from schemas.problems import ProblemSchema
from service.cache import Cache, MeteredCache, open_cache
from service.logs import configure_logs
from service.outbound import parse_networks
from service.queue import JobQueue
from service.settings import Settings
from service.store import Store, open_current_store
from service.telemetry.tracing import configure_tracing
from service.usecases.api_keys import KeyRing
from service.usecases.articles.analyse_article import Analyser
from service.usecases.articles.article_limits import ArticleLimits
from service.usecases.background.accept_jobs import JobAcceptor
from service.usecases.background.deliver_webhooks import SigningKeys
from service.usecases.background.follow_events import Feed
from service.usecases.check_quote import Checker
from service.usecases.import_records import finish_dead_imports
from service.usecases.readiness import ReadinessProbe
from service.usecases.readiness_parts import readiness_parts
from service.usecases.reviews.reviews import ReviewService
from service.usecases.search.overview import OverviewService
from service.usecases.search.publishers import PublisherDirectory
from service.web.api import (
    articles,
    batches,
    bulk,
    check,
    docs,
    events,
    factchecks,
    health,
    jobs,
    metrics,
    quotes,
    reviews,
    speakers,
    webhooks,
)
from service.web.api import cms_hooks as hooks
from service.web.dashboard import register_dashboard
from service.web.http.overload import EXTENSION as GATES
from service.web.http.overload import Gate, GatedCache, Gates
from service.web.http.problems import CONTENT_TYPE, register_errors
from service.web.http.scopes import BEARER
from service.web.middleware.request_log import observe_requests
from service.web.middleware.stack import guard
from service.web.services import EXTENSION, Background, Services

API_BLUEPRINTS = (
    articles.blueprint,
    bulk.blueprint,
    check.blueprint,
    quotes.blueprint,
    factchecks.blueprint,
    speakers.blueprint,
    jobs.blueprint,
    batches.blueprint,
    webhooks.blueprint,
    reviews.blueprint,
    events.blueprint,
    hooks.blueprint,
    health.blueprint,
)


class ProblemApi(Api):
    """flask-smorest's API, documenting errors as the problem+json that `register_errors` makes of them."""

    ERROR_SCHEMA = ProblemSchema

    def _register_responses(self) -> None:
        self.DEFAULT_RESPONSE_CONTENT_TYPE = CONTENT_TYPE
        super()._register_responses()
        del self.DEFAULT_RESPONSE_CONTENT_TYPE  # the class's own, application/json, is back


def create_app(settings: Settings) -> Flask:
    """The web application. Opens the store (migrating an SQLite file) and the cache.

    Raises StoreUnavailable only for a database file that cannot be opened; a server that is away is met
    request by request.
    """
    configure_logs(settings.log_level)
    configure_tracing(settings.otel_exporter_otlp_endpoint, service.__version__)
    app = Flask("service", static_folder=None)
    app.config.update(
        MAX_CONTENT_LENGTH=settings.max_body_bytes,
        API_TITLE="Verbatim",
        API_VERSION=service.__version__,
        OPENAPI_VERSION="3.0.3",
        OPENAPI_URL_PREFIX="/",
        API_SPEC_OPTIONS={"info": {"description": service.__doc__, "license": {"name": "MIT"}}},
    )
    app.json.sort_keys = False  # type: ignore[attr-defined]
    gates = app.extensions[GATES] = Gates(settings.max_computing, settings.max_waiting, settings.max_streams)
    served = app.extensions[EXTENSION] = build_services(settings, gates.computing)
    finish_dead_imports(served.store)
    api = ProblemApi(app)
    api.spec.components.security_scheme("key", dict(BEARER))
    for blueprint in API_BLUEPRINTS:
        api.register_blueprint(blueprint)
    app.register_blueprint(docs.blueprint)
    app.register_blueprint(metrics.blueprint)
    register_dashboard(app, settings)
    register_errors(app)
    guard(app, settings, KeyRing(served.store.keys))
    observe_requests(app, settings.forwarded_allow_ips)
    return app


def build_services(settings: Settings, gate: Gate | None = None) -> Services:
    """The use cases over the store and the cache that the settings name; a gate bounds what they compute."""
    store = open_current_store(settings.database_url, settings.database_read_url)
    cache: Cache = MeteredCache(open_cache(settings.redis_url, ttl_s=settings.cache_ttl_s))
    if gate is not None:
        cache = GatedCache(cache, gate)
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
        feed=Feed(store.events),
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
        secrets={name: secret.encode() for name, secret in doors.items() if secret},
        batch_max_bytes=settings.batch_max_bytes,
        article_max_bytes=settings.max_body_bytes,
    )
