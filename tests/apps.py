"""Apps for tests: the real wiring on a store of their own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from service.app import create_app
from service.settings import Settings
from service.usecases.api_keys import KeyRing
from service.web.services import EXTENSION
from tests.selection import corpora_path
from tests.stores import make_migrated

ROOT = Path(__file__).parents[1]
LITHIUM_TALKS = ROOT / "tests" / "texts" / "lithium-talks.md"
SAMPLE_ARTICLE = ROOT / "service" / "sample" / "article.json"


@contextmanager
def running_app(database_url: str, **settings: Any) -> Iterator[Flask]:
    """An app on a migrated store, closed at the end. It asks for no key, unless told otherwise."""
    make_migrated(database_url)
    given: dict[str, Any] = {"access": "open"} | settings
    app = create_app(Settings(database_url=database_url, log_level="ERROR", **given))
    app.testing = False  # a test client then sees what a user would, not the exception
    try:
        yield app
    finally:
        app.extensions[EXTENSION].store.close()


def make_client(app: Flask, name: str, *scopes: str) -> FlaskClient:
    """A client that shows a key of its own, of that name and with these scopes."""
    client = app.test_client()
    keys = KeyRing(app.extensions[EXTENSION].store.keys)
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {keys.create(name, scopes).token}"
    return client


def post_article(client: FlaskClient, body: str, **members: Any) -> Any:
    """The analysis of a plain-text article."""
    response = client.post("/v1/articles", json={"body_text": body, **members})
    assert response.status_code == 200, response.text
    return response.get_json()


def import_record(client: FlaskClient, words: str, speaker: str, day: str, **source: Any) -> None:
    """Have words known as they were spoken, in a speech."""
    line = {
        "text": words,
        "speaker": speaker,
        "said_at": day,
        "source": {"uri": "urn:said", "kind": "speech", "published_at": day, **source},
    }
    response = client.post("/v1/quotes:import", data=json.dumps(line), content_type="application/x-ndjson")
    assert response.status_code == 200, response.text
    assert json.loads(response.data.splitlines()[0])["status"] == "added"


def lithium_talks() -> dict[str, Any]:
    """An invented article, as a request: direct, mixed and reported words, a source behind a source, and what a
    page has around them."""
    return {
        "uri": "https://tollmere-gazette.example/2026/04/13/norland-and-valdoria-begin-talks-on-lithium",
        "headline": "Norland and Valdoria Begin Talks on Lithium Mines, Brandov Envoy Says",
        "publisher": "Tollmere Gazette",
        "published_at": "2026-04-13",
        "body_markdown": LITHIUM_TALKS.read_text(encoding="utf-8"),
    }


def rare_earths() -> dict[str, Any]:
    """The article that the product is first shown with, as a request. It is one of the corpora."""
    return {
        "uri": "https://www.themoscowtimes.com/2025/03/31/a88538",
        "headline": "Russia and U.S. Begin Talks on Rare Earth Metals, Putin Envoy Says",
        "publisher": "The Moscow Times",
        "published_at": "2025-03-31",
        "body_markdown": corpora_path("data/article-rare-earths.md").read_text(encoding="utf-8"),
    }


def sample_article() -> dict[str, Any]:
    """The bundled article, as a request."""
    request: dict[str, Any] = json.loads(SAMPLE_ARTICLE.read_text(encoding="utf-8"))
    return request
