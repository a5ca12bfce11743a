"""Stores to test on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.store import Store
from tests.stores import open_migrated


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store in an SQLite file."""
    opened = open_migrated(f"sqlite:///{tmp_path}/store.sqlite3")
    yield opened
    opened.close()
