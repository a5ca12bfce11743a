"""What the views call, made once by the app and found again in a request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import Response, current_app

from service.cache import Cache, CacheAnswer
from service.queue import JobQueue
from service.store import Store
from service.usecases.analyse import Analyser
from service.usecases.check import Checker
from service.usecases.readiness import ReadinessProbe

EXTENSION = "verbatim"


@dataclass(frozen=True, slots=True)
class Services:
    """The use cases of one app, with the store and the cache beneath them."""

    store: Store
    cache: Cache
    queue: JobQueue | None  # None without Redis
    analyser: Analyser
    checker: Checker
    readiness: ReadinessProbe


def services() -> Services:
    """The current app's services."""
    return cast(Services, current_app.extensions[EXTENSION])


def answer_json(body: bytes, cached: CacheAnswer | None = None) -> Response:
    """A JSON response of ready-made bytes, saying how the cache took part."""
    response = Response(body, content_type="application/json")
    if cached is not None:
        response.headers["Cache-Status"] = cached.header
    return response
