"""`verbatim import speakers`: twice adds nothing, updates in place, bad lines by number and reason."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.cli.importing.imports import import_command
from service.store import open_store

ANA = {
    "name": "Ana Duarte",
    "aliases": ["Ana M. Duarte"],
    "roles": [{"title": "Mayor of Alba", "from": "2001-01-01", "to": None}],
    "ids": {"wikidata": "Q100"},
}
MAYOR, JUDGE = ({"name": "Kim Lee", "roles": [{"title": title}]} for title in ("Mayor", "Judge"))


@pytest.fixture
def database_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = f"sqlite:///{tmp_path}/store.sqlite3"
    monkeypatch.setenv("DATABASE_URL", url)
    return url


def run(path: Path, *records: object, status: int = 0) -> Result:
    text = "\n".join(one if isinstance(one, str) else json.dumps(one) for one in records).encode()
    path.write_bytes(gzip.compress(text) if path.suffix == ".gz" else text)
    result = CliRunner().invoke(import_command, ["speakers", str(path)])
    assert result.exit_code == status, result.output
    return result


def test_twice_adds_nothing_and_changes_come_in_place(database_url: str, tmp_path: Path):
    file = tmp_path / "people.ndjson.gz"
    assert "3 speakers read: 3 added, 0 changed, 0 were there" in run(file, ANA, MAYOR, JUDGE).output
    assert "3 speakers read: 0 added, 0 changed, 3 were there" in run(file, ANA, MAYOR, JUDGE).output
    assert (
        "3 speakers read: 0 added, 1 changed, 2 were" in run(file, ANA | {"aliases": []}, MAYOR, JUDGE).output
    )
    store = open_store(database_url)
    try:
        (ana,) = store.people.search("duarte", None, None, 5).items
        assert (ana.person.aliases, ana.version, store.people.count()) == ((), 2, 3)
        (entry, _) = store.people.history(ana.id, None, 5).items
        assert (entry.action, entry.actor) == ("imported", "verbatim import")
    finally:
        store.close()


def test_a_bad_line_is_reported_by_number_and_reason(database_url: str, tmp_path: Path):
    lines = [
        ANA,
        "",
        "{broken",
        {"name": ""},
        {"name": "X", "ids": {"wikidata": 7}},
        MAYOR,
        JUDGE,
        ["a list"],
    ]
    result = run(tmp_path / "people.ndjson", *lines, {"name": "Kim Lee"}, status=1)
    assert "3 speakers read" not in result.output
    assert "4 speakers read: 3 added" in result.output
    for told in (
        "line 3: not valid JSON",
        "line 4: /name: Must not be empty",
        "line 5: /ids/wikidata: Not a valid string",
        "line 8: ",
        "5 bad line(s) left out",
    ):
        assert told in result.output


def test_who_may_be_several_is_reported(database_url: str, tmp_path: Path):
    run(tmp_path / "people.ndjson", MAYOR, JUDGE)
    result = run(tmp_path / "more.ndjson", {"name": "Kim Lee"}, ANA, status=1)
    assert "line 1: several known speakers may be meant: p" in result.output
    assert "1 bad line(s) left out" in result.output
