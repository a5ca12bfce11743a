"""What stands before all views: proxies believed, keys and limits asked for, safe headers set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import structlog
from flask import Flask, Response, request

from service.cache.opening import open_quota_counter
from service.settings import AccessMode, Settings
from service.usecases.keys import KeyRing
from service.web.access import EXTENSION, Door, admit
from service.web.cors import allow_origins
from service.web.limits import RateLimits, tell_standing
from service.web.proxies import TrustedProxies

HEADERS: Final[Mapping[str, str]] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
}
HSTS: Final = "max-age=31536000"
#: Answers hold unpublished text and depend on the key: no cache on the way may keep them.
OWN_ANSWER: Final = "private, no-cache"
TOLD: Final[Mapping[AccessMode, str]] = {
    "locked": "locked: every request of the API needs a key (verbatim keys create)",
    "local": "open without keys to programs of this machine only; what comes through a proxy needs a key",
    "open": "OPEN: whoever reaches this server may read, write and delete without a key",
}

log = structlog.get_logger("verbatim.access")


def guard(app: Flask, settings: Settings, keys: KeyRing) -> None:
    """Put an app behind its door. To be called after what watches requests, so that refusals are seen."""
    limits = RateLimits.of(settings, open_quota_counter(settings.redis_url))
    app.extensions[EXTENSION] = Door(settings.access_mode, keys, limits)
    app.before_request(admit)
    app.after_request(secure)
    app.after_request(tell_standing)
    allow_origins(app, settings.cors_origins)
    app.wsgi_app = TrustedProxies(app.wsgi_app, settings.forwarded_allow_ips)  # type: ignore[method-assign]
    log.info("access", mode=settings.access_mode, meaning=TOLD[settings.access_mode])


def secure(response: Response) -> Response:
    """Set the headers that every answer carries."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", HSTS)
    if request.path.startswith("/v1"):
        response.headers.setdefault("Cache-Control", OWN_ANSWER)
    return response
