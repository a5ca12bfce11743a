"""What every backend is held to: stores on each kind of database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from service.store import Store
from tests.stores import open_migrated


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """An empty store."""
    opened = open_migrated(database_url)
    yield opened
    opened.close()
