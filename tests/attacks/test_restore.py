"""Restoring an older backup does not give revoked keys back unnoticed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from service.store import open_store
from service.usecases.api_keys import KeyRing
from tests.apps import ROOT
from tests.processes import environment
from tests.stores import open_migrated


def test_keys_revoked_since_the_backup(tmp_path: Path) -> None:
    url, backup = f"sqlite:///{tmp_path}/s.sqlite3", tmp_path / "monday.backup"

    def run(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "service.cli", *words],
            cwd=ROOT,
            env={**environment(), "DATABASE_URL": url},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stderr

    def is_revoked() -> bool:
        found = open_store(url)
        try:
            record = found.keys.find(key_id)
            return record is not None and record.revoked_at is not None
        finally:
            found.close()

    store = open_migrated(url)
    key_id = KeyRing(store.keys).create("stolen", ("read",)).record.id
    store.close()
    run("backup", str(backup))
    run("keys", "revoke", key_id)
    assert is_revoked()
    told = run("restore", "--replace", "--keep-revocations", str(backup))
    assert f"revoked again: stolen ({key_id})" in told
    assert is_revoked()
    told = run("restore", "--replace", str(backup))
    assert "WARNING" in told
    assert key_id in told
    assert not is_revoked()
