"""The use cases as views find them: made once by the app, found again in a request."""

from __future__ import annotations

from typing import cast

from flask import Response, current_app, g

from service.cache import CacheAnswer
from service.wiring import Services

EXTENSION = "verbatim"


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
