"""Who may come to the dashboard: somebody of this machine, and somebody of a newsroom, where everybody has a key."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.apps import running_app
from tests.web.dashboard.visitor import Visitor


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """At a server that needs no key from this machine."""
    return Visitor(app)


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A server that lets nobody in without a key; the tests of a file share it, each with keys of its own."""
    directory = tmp_path_factory.mktemp("locked")
    with running_app(f"sqlite:///{directory}/s.sqlite3", access="locked", rate_limit_address=0) as app:
        yield app


@pytest.fixture
def guest(locked: Flask) -> Visitor:
    """At that server, not signed in."""
    return Visitor(locked)
