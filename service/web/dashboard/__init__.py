"""The dashboard: server-rendered pages for people (docs/adr/0016-dashboard.md)."""

from __future__ import annotations

from flask import Flask

from service.settings import Settings
from service.web.dashboard.page import blueprint, csrf
from service.web.dashboard.pages import (  # noqa: F401 - their views register themselves
    account,
    add_sources,
    article,
    articles,
    bookmarklet,
    check,
    help,
    invitation,
    lookup,
    oidc,
    overview,
    people,
    quote,
    search,
    shared,
    sign_in,
    source,
    sources,
    speaker,
)
from service.web.dashboard.review import agreement, views  # noqa: F401 - as above
from service.web.dashboard.session import keep_sessions
from service.web.dashboard.sign_off import views as sign_off_views  # noqa: F401 - as above


def register_dashboard(app: Flask, settings: Settings) -> None:
    """Register the dashboard with an app."""
    keep_sessions(app, settings.session_secret)
    app.config.update(
        WTF_CSRF_CHECK_DEFAULT=False,  # page.admit checks the forms; the API has no cookies
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session
        WTF_CSRF_SSL_STRICT=False,  # page.admit checks the origin
        MAX_FORM_MEMORY_SIZE=settings.max_body_bytes,
    )
    csrf.init_app(app)
    app.register_blueprint(blueprint)
