"""Who may come to the desk: somebody of this machine, and somebody of a newsroom, where everybody has a key."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.apps import running_app
from tests.web.desk.visitor import Visitor


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """At a server that needs no key from this machine."""
    return Visitor(app)


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[Flask]:
    """A server that lets nobody in without a key."""
    with running_app(f"sqlite:///{tmp_path}/locked.sqlite3", access="locked") as app:
        yield app


@pytest.fixture
def guest(locked: Flask) -> Visitor:
    """At that server, not signed in."""
    return Visitor(locked)
