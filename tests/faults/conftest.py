"""What the fault tests share."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from service.store import open_store
from tests.apps import running_app
from tests.faults.running import WebService, serving


@pytest.fixture(scope="module")
def whole_app(tmp_path_factory, redis_url) -> Iterator[Flask]:
    """An app in this process with everything on: queue, webhooks, no limits on how often it is asked."""
    url = f"sqlite:///{tmp_path_factory.mktemp('whole')}/store.sqlite3"
    with running_app(url, redis_url=redis_url, webhook_keys=("0123456789abcdef" * 4,)) as app:
        yield app


@pytest.fixture
def findings() -> Callable[[str], list[str]]:
    """What does not hold together in a store."""

    def verify(url: str) -> list[str]:
        store = open_store(url)
        try:
            return list(store.verify())
        finally:
            store.close()

    return verify


@pytest.fixture
def serve(request, tmp_path) -> Callable[..., WebService]:
    """A maker of services that end with the test. `serve(DATABASE_URL=…)`."""

    def start(**settings: str) -> WebService:
        running = serving(tmp_path, **settings)
        server = running.__enter__()
        request.addfinalizer(lambda: running.__exit__(None, None, None))
        return server

    return start
