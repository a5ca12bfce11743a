"""The middleware before all views: proxies, authentication, rate limits and safe headers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

import structlog
from flask import Flask

from service.cache.open_cache import open_quota_counter
from service.logs import is_terminal
from service.settings import ACCESS_MEANS, Settings
from service.usecases.api_keys import KeyRing
from service.web.http.authentication import Authenticator
from service.web.http.rate_limits import RateLimits, add_rate_limit_headers
from service.web.http.scopes import EXTENSION, admit
from service.web.middleware.cached_response import RecentAnswerMiddleware
from service.web.middleware.cors import allow_origins
from service.web.middleware.proxies import TrustedProxies

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HEADERS: Final[Mapping[str, str]] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    # Pages of CORS_ORIGINS use CORS, which this does not affect; no page can embed an answer.
    "Cross-Origin-Resource-Policy": "same-origin",
}
SAFE: Final = tuple((name.lower(), (name, value)) for name, value in HEADERS.items())
HSTS: Final = ("strict-transport-security", ("Strict-Transport-Security", "max-age=31536000"))
#: Answers contain unpublished text and depend on the key: no shared cache may store them.
OWN_ANSWER: Final = ("cache-control", ("Cache-Control", "private, no-cache"))

log = structlog.get_logger("verbatim.access")


def guard(app: Flask, settings: Settings, keys: KeyRing) -> None:
    """Add authentication, trusted proxies and safe headers to an app, so that refusals are observed too."""
    limits = RateLimits.of(settings, open_quota_counter(settings.redis_url))
    app.extensions[EXTENSION] = Authenticator(settings.access, keys, limits)
    app.before_request(admit)
    app.after_request(add_rate_limit_headers)
    allow_origins(app, settings.cors_origins)
    safe = SafeHeaders(RecentAnswerMiddleware(app))
    app.wsgi_app = TrustedProxies(safe, settings.forwarded_allow_ips)  # type: ignore[method-assign]
    if not is_terminal():  # `verbatim serve` has reported it
        tell = log.warning if settings.access == "open" else log.info
        tell("access", mode=settings.access, meaning=ACCESS_MEANS[settings.access])


class SafeHeaders:
    """Sets the headers of every answer, unless its view has set them.

    As pairs in the WSGI layer: in Flask's hooks they take a fifth of the time of
    an answer from the cache.
    """

    def __init__(self, app: WSGIApplication) -> None:
        self._app: Final = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            given = {name.lower() for name, _ in headers}
            headers.extend(pair for name, pair in SAFE if name not in given)
            if environ["wsgi.url_scheme"] == "https" and HSTS[0] not in given:
                headers.append(HSTS[1])
            path = environ.get("PATH_INFO", "")
            is_api = path.startswith("/v1") or path.startswith("//")  # which is redirected to /v1
            if is_api and OWN_ANSWER[0] not in given:
                headers.append(OWN_ANSWER[1])
            return start_response(status, headers, exc_info)

        return self._app(environ, start)
