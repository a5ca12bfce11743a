"""Stores to test on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.store import Store, open_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store in an SQLite file."""
    opened = open_store(f"sqlite:///{tmp_path}/store.sqlite3", migrate=True)
    yield opened
    opened.close()
