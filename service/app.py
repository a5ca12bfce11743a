"""The web application: the use cases and the views."""

from __future__ import annotations

from flask import Flask

import service
from service.logs import configure_logs
from service.settings import Settings
from service.telemetry.tracing import configure_tracing
from service.usecases.api_keys import KeyRing
from service.usecases.import_records import finish_dead_imports
from service.web.api import (
    article_work,
    articles,
    batches,
    bulk,
    check,
    cms_hooks,
    docs,
    events,
    factchecks,
    health,
    jobs,
    metrics,
    policy,
    quotes,
    reviews,
    sign_offs,
    sources,
    speakers,
    webhooks,
)
from service.web.dashboard import register_dashboard
from service.web.http.openapi import ProblemApi
from service.web.http.overload import EXTENSION as GATES
from service.web.http.overload import GatedCache, Gates
from service.web.http.problems import register_errors
from service.web.http.scopes import BEARER
from service.web.middleware.request_log import observe_requests
from service.web.middleware.stack import guard
from service.web.services import EXTENSION
from service.wiring import build_services

API_BLUEPRINTS = (
    articles.blueprint,
    article_work.blueprint,
    policy.blueprint,
    bulk.blueprint,
    check.blueprint,
    quotes.blueprint,
    factchecks.blueprint,
    speakers.blueprint,
    sources.blueprint,
    jobs.blueprint,
    batches.blueprint,
    webhooks.blueprint,
    reviews.blueprint,
    sign_offs.blueprint,
    events.blueprint,
    cms_hooks.blueprint,
    health.blueprint,
)


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
        IMPORT_MAX_BYTES=settings.import_max_bytes,
        BUFFER_MAX_BYTES=settings.buffer_max_bytes,
        CLIENT_TIMEOUT_S=settings.client_timeout_s,
        API_TITLE="Verbatim",
        API_VERSION=service.__version__,
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/",
        API_SPEC_OPTIONS={"info": {"description": service.__doc__, "license": {"name": "MIT"}}},
    )
    app.json.sort_keys = False  # type: ignore[attr-defined]
    gates = app.extensions[GATES] = Gates(settings.max_computing, settings.max_waiting, settings.max_streams)
    served = app.extensions[EXTENSION] = build_services(
        settings,
        lambda cache: GatedCache(cache, gates.computing),
        lambda cache: GatedCache(cache, gates.checking),
    )
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
