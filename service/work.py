"""What a worker does, by the names that jobs carry. Services are wired once in the worker's process."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

from schemas.articles import ArticleInputSchema
from service.app import build_services
from service.settings import read_settings
from service.web.services import Services


@cache
def worker_services() -> Services:
    """The worker's own store, cache and use cases."""
    return build_services(read_settings(os.environ))


def analyse_article(body: dict[str, Any]) -> dict[str, Any]:
    """Analyse the article that a request with `Prefer: respond-async` left. Doing it twice stores it once."""
    answer = worker_services().analyser.analyse(ArticleInputSchema().load(body))
    return {"analysis": answer.value.decode()}
