"""Directories of other users' servers are left alone: the system does not let them be looked into."""

from __future__ import annotations

from pathlib import Path

from service.telemetry import slots


def test_a_directory_that_may_not_be_looked_into_does_not_stop_the_start(tmp_path, monkeypatch):
    foreign = tmp_path / f"{slots.PREFIX}foreign"
    foreign.mkdir()
    (foreign / "server.lock").touch()
    real = Path.exists

    def exists(path: Path, **options: bool) -> bool:
        if path.parent == foreign:
            raise PermissionError(13, "Permission denied")
        return real(path, **options)

    monkeypatch.setattr(Path, "exists", exists)
    slots.sweep(tmp_path)
    assert foreign.is_dir()
