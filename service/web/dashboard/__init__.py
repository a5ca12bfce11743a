"""The desk: pages for people who would rather look than read JSON, rendered here (docs/adr/0016-desk.md)."""

from __future__ import annotations

from flask import Flask

from service.settings import Settings
from service.web.dashboard.page import blueprint, csrf
from service.web.dashboard.pages import (  # noqa: F401 - their views register themselves
    article,
    bookmarklet,
    check,
    lookup,
    overview,
    quote,
    search,
    sign_in,
    sources,
    speaker,
)
from service.web.dashboard.review import agreement, views  # noqa: F401 - as above
from service.web.dashboard.session import keep_sessions


def open_desk(app: Flask, settings: Settings) -> None:
    """Put the desk into an app."""
    keep_sessions(app, settings.session_secret)
    app.config.update(
        WTF_CSRF_CHECK_DEFAULT=False,  # the API has no cookies to be abused; pages.admit checks the desk's
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session
        WTF_CSRF_SSL_STRICT=False,  # pages.admit looks at where a request comes from, by better headers
        MAX_FORM_MEMORY_SIZE=settings.max_body_bytes,
    )
    csrf.init_app(app)
    app.register_blueprint(blueprint)
