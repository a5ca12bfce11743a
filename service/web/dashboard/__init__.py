"""The dashboard: server-rendered pages for people (docs/adr/0016-dashboard.md)."""

from __future__ import annotations

from http import HTTPStatus

from flask import Flask, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as WerkzeugResponse

from service.settings import Settings
from service.web.dashboard import error_pages
from service.web.dashboard.page import blueprint, csrf, offer, render, set_headers
from service.web.dashboard.pages import (  # noqa: F401 - their views register themselves
    add_sources,
    article,
    articles,
    bookmarklet,
    check,
    help,
    lookup,
    overview,
    problems,
    publication,
    quote,
    search,
    shared,
    source,
    sources,
    speaker,
)
from service.web.dashboard.pages.accounts import (  # noqa: F401 - as above
    account,
    invitation,
    oidc,
    people,
    sign_in,
)
from service.web.dashboard.review import agreement, views  # noqa: F401 - as above
from service.web.dashboard.session import keep_sessions
from service.web.dashboard.sign_off import views as sign_off_views  # noqa: F401 - as above
from service.web.http.problems import answer_http_error


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
    app.register_error_handler(HTTPStatus.NOT_FOUND, answer_unknown_address)


def answer_unknown_address(error: HTTPException) -> WerkzeugResponse:
    """404: a page for a browser that asks for an address that there is not, else problem details."""
    if request.blueprint == blueprint.name:
        return error_pages.present_http_error(error)
    if request.path.lstrip("/").startswith("v1") or "text/html" not in request.headers.get("Accept", ""):
        return answer_http_error(error)
    offered = offer() | {"csrf_token": str}  # a page without forms begins no session
    return set_headers(
        render(
            "dashboard/error.html",
            title="There is no such page",
            status=HTTPStatus.NOT_FOUND,
            detail="The address was mistyped, or the page was removed.",
            faults=(),
            **offered,
        )
    )
