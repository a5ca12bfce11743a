"""The use cases of the current app, for views."""

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
    """A JSON response with these bytes, and the header Cache-Status if it came from the cache."""
    response = Response(body, content_type="application/json")
    if cached is not None:
        response.headers["Cache-Status"] = cached.header
        g.cache_answer = cached
    return response
