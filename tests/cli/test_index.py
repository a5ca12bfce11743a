"""`verbatim index trigrams`: once for a store, and its command says so."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from service.cli import commands
from service.store import open_store
from tests.store.material import SPEECH


def test_triples_are_indexed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path}/store.sqlite3"
    monkeypatch.setenv("DATABASE_URL", url)
    store = open_store(url, migrate=True)
    store.import_transcripts([SPEECH])
    assert not store.stats().trigrams
    first, second = (CliRunner().invoke(commands, ["index", "trigrams"]) for _ in range(2))
    assert (first.exit_code, first.stderr) == (0, "7 quotes indexed\n")
    assert (second.exit_code, second.stderr) == (0, "the triples are indexed already\n")
    assert store.stats().trigrams
    assert store.find_evidence("Nobody had planned for ice")
    store.close()
