"""Backup and restore on both databases, also while the store is in use, and what must not be restored."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, text

from service.cli import commands
from service.errors import InvalidInput, StoreUnavailable
from service.store import ArticleRecord, Store, open_store
from service.store.maintenance import backup, postgres_dump
from service.store.maintenance.backup import back_up, restore
from tests.servers import postgres_programs
from tests.store.material import SPEECH, make_article, read_sentences
from tests.stores import make_migrated, open_migrated

Make = Callable[[], str]


@pytest.fixture(autouse=True)
def _tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """pg_dump and its kin come from the wheel that the tests' server comes from."""
    monkeypatch.setenv("PATH", f"{postgres_programs()}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture(params=["sqlite", "postgresql"])
def make_url(request: pytest.FixtureRequest, tmp_path: Path) -> Make:
    """Makes databases of one kind: each call names a new empty one."""
    if request.param == "postgresql":
        made: Make = request.getfixturevalue("postgres_database")
        return made
    numbers = iter(range(100))
    return lambda: f"sqlite:///{tmp_path}/store-{next(numbers)}.sqlite3"


@pytest.fixture
def url(make_url: Make) -> str:
    return make_url()


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """A store with seven quotes of a speech and an article."""
    opened = open_migrated(url)
    opened.import_transcripts([SPEECH])
    opened.save_article(told(("The pier is closed for good", "Ana")))
    yield opened
    opened.close()


def told(*quotes: tuple[str, str], uri: str = "urn:article") -> ArticleRecord:
    """An article whose analysis tells of its quotes, as those of the service do."""
    verdict = {"fidelity": "no_match", "changes": [], "attribution": "unresolved", "time": "undated"}
    told = [
        {
            "id": f"q{number:016x}",
            "content": {"text": quote},
            "speaker": {"name": speaker, "confidence": 1.0},
            "verdict": verdict,
        }
        for number, (quote, speaker) in enumerate(quotes)
    ]
    analysis = json.dumps({"quotes": told})
    return replace(make_article(*quotes, uri=uri), analysis=analysis)


def content(store: Store) -> tuple[object, ...]:
    """All that can be told apart from outside, but for the generation."""
    articles = tuple(store.iterate_articles())
    return tuple(store.export_quotes()), articles, replace(store.stats(), generation="")


def content_of(url: str) -> tuple[object, ...]:
    store = open_store(url)
    try:
        return content(store)
    finally:
        store.close()


def test_what_is_backed_up_comes_back(store: Store, url: str, make_url: Make, tmp_path: Path) -> None:
    file = tmp_path / "store.backup"
    assert back_up(url, file) == file.stat().st_size > 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600, "there may be unpublished articles in it"
    other = make_url()
    restored = restore(other, file)
    assert (restored.quotes, restored.articles, restored.findings) == (8, 1, ())
    assert content_of(other) == content(store)
    opened = open_store(other)
    assert opened.find_evidence("Nobody had planned for ice")
    assert opened.save_article(told(("It opens again in May", "Bo"), uri="urn:new")).created
    opened.close()
    assert sorted(path.name for path in tmp_path.iterdir() if "backup" in path.name) == ["store.backup"]


def test_a_restored_store_shares_no_generation_with_its_future(
    store: Store, url: str, tmp_path: Path
) -> None:
    """Else a cache would answer from what was stored after the backup."""
    file = tmp_path / "store.backup"
    back_up(url, file)
    store.save_article(told(("This will be forgotten", "Ana"), uri="urn:lost"))
    future = store.generation()
    restore(url, file, replace=True)
    assert not store.find_quotes("forgotten").items
    store.save_article(told(("This comes instead", "Ana"), uri="urn:instead"))
    assert store.generation().partition(".")[0] != future.partition(".")[0]


def test_a_store_that_holds_anything_is_left_alone(
    store: Store, url: str, make_url: Make, tmp_path: Path
) -> None:
    file = tmp_path / "store.backup"
    back_up(url, file)
    other = make_url()
    full = open_migrated(other)
    full.save_article(told(("They keep the old bridge", "Bo"), uri="urn:bridge"))
    before = content(full)
    with pytest.raises(InvalidInput, match="not empty: use --replace"):
        restore(other, file)
    assert content(full) == before
    assert restore(other, file, replace=True).quotes == 8
    assert content(full) == content(store), "a process that has it open sees the restored store"
    assert list(full.verify()) == []
    full.close()


def test_an_empty_store_may_be_restored_into(store: Store, url: str, make_url: Make, tmp_path: Path) -> None:
    file = tmp_path / "store.backup"
    back_up(url, file)
    other = make_url()
    make_migrated(other)
    assert restore(other, file).quotes == 8


def test_backups_under_load_are_whole(store: Store, url: str, make_url: Make, tmp_path: Path) -> None:
    """While articles are stored and an import runs: each backup has all that was acknowledged before it."""
    finished = threading.Event()
    acknowledged: list[str] = []

    def write() -> None:
        number = 0
        while not finished.is_set():
            quote = f"They close pier number {number} for good"
            acknowledged.append(store.save_article(told((quote, "Ana"), uri=f"urn:{number}")).id)
            number += 1

    def load() -> int:
        other = open_store(url)
        added = other.import_quotes(read_sentences(1_500)).quotes_added
        other.close()
        return added

    with ThreadPoolExecutor(2) as pool:
        writing, loading = pool.submit(write), pool.submit(load)
        try:
            taken = []
            while not (loading.done() and len(taken) > 2):
                file = tmp_path / f"{len(taken)}.backup"
                due = set(acknowledged)
                back_up(url, file)
                taken.append((file, due))
        finally:
            finished.set()
        writing.result()
        assert loading.result() == 1_500
    for file, due in (taken[0], taken[len(taken) // 2], taken[-1]):
        other = make_url()
        restored = restore(other, file)
        opened = open_store(other)
        opened.finish_imports()  # the import that was under way is one that died, as far as the backup knows
        assert due <= {article.id for article in opened.iterate_articles()}
        assert list(opened.verify()) == []
        assert restored.articles >= len(due)
        opened.close()


def test_nothing_is_overwritten_by_a_backup(store: Store, url: str, tmp_path: Path) -> None:
    file = tmp_path / "store.backup"
    file.write_text("something else")
    with pytest.raises(InvalidInput, match="exists already"):
        back_up(url, file)
    assert file.read_text() == "something else"


def test_an_empty_database_is_no_store(make_url: Make, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no store to back up"):
        back_up(make_url(), tmp_path / "store.backup")
    assert not list(tmp_path.glob("*backup*"))


def test_a_place_that_cannot_be_written_is_told(store: Store, url: str, tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="cannot be written"):
        back_up(url, tmp_path / "nowhere" / "store.backup")


@pytest.mark.parametrize("kept", [0.0, 0.1, 0.6, 0.97])
def test_a_backup_that_was_cut_short_changes_nothing(
    kept: float, store: Store, url: str, tmp_path: Path
) -> None:
    file = tmp_path / "store.backup"
    back_up(url, file)
    with file.open("r+b") as stream:
        stream.truncate(int(kept * file.stat().st_size))
    before = content(store)
    with pytest.raises((InvalidInput, StoreUnavailable)):
        restore(url, file, replace=True)
    assert content(store) == before
    assert list(store.verify()) == []


def test_what_is_no_backup_is_refused(store: Store, url: str, tmp_path: Path) -> None:
    before = content(store)
    note = tmp_path / "note.txt"
    note.write_text("Bring milk")
    foreign = tmp_path / "foreign.sqlite3"
    with sqlite3.connect(foreign) as connection:
        connection.execute("CREATE TABLE recipes (id INTEGER)")
    connection.close()
    for file in (note, foreign):
        with pytest.raises(InvalidInput, match=r"is not a backup|is a backup of a SQLite store"):
            restore(url, file, replace=True)
    assert content(store) == before


def test_a_backup_of_the_other_kind_is_refused(
    tmp_path: Path, postgres_database: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    urls = (f"sqlite:///{tmp_path}/a.sqlite3", postgres_database())
    for number, url in enumerate(urls):
        make_migrated(url)
        back_up(url, tmp_path / f"{number}.backup")
    with pytest.raises(InvalidInput, match="of a PostgreSQL store, and DATABASE_URL names SQLite"):
        restore(urls[0], tmp_path / "1.backup")
    with pytest.raises(InvalidInput, match="of a SQLite store, and DATABASE_URL names PostgreSQL"):
        restore(urls[1], tmp_path / "0.backup")


def test_a_backup_of_a_newer_program_is_refused(store: Store, url: str, tmp_path: Path) -> None:
    file = tmp_path / "store.backup"
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE things_to_come (id INTEGER)"))
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(InvalidInput, match="newer version"):
        back_up(url, file)


def test_a_restore_that_fails_at_its_end_changes_nothing(
    postgres_database: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, file = postgres_database(), tmp_path / "store.backup"
    store = open_migrated(url)
    store.import_transcripts([SPEECH])
    back_up(url, file)
    store.save_article(told(("The pier is closed for good", "Ana")))
    before = content(store)
    load = postgres_dump.load_tables
    monkeypatch.setattr(backup, "load_tables", lambda *arguments: load(*arguments[:3], "SELECT 1 / 0;"))
    with pytest.raises(StoreUnavailable, match=r"nothing changed.*division by zero"):
        restore(url, file, replace=True)
    assert content(store) == before
    store.close()


def test_the_password_is_no_argument(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool = tmp_path / "pg_dump"
    tool.write_text('#!/bin/sh\necho "$@" > "$0.arguments"\necho "$PGPASSWORD" > "$0.password"\n')
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    url = "postgresql+psycopg://ann:h%40nter2@db.example:5433/verbatim?sslmode=require"
    postgres_dump.dump_tables(url, ["quotes"], tmp_path / "out")
    arguments = tool.with_name("pg_dump.arguments").read_text()
    assert "nter2" not in arguments
    assert "--dbname=postgresql://ann@db.example:5433/verbatim?sslmode=require" in arguments
    assert tool.with_name("pg_dump.password").read_text() == "h@nter2\n"


def test_without_the_tools_it_says_what_to_install(
    postgres_database: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = postgres_database()
    make_migrated(url)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StoreUnavailable, match="pg_dump is not on the PATH: install"):
        back_up(url, tmp_path / "store.backup")


def test_the_two_commands(store: Store, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    file = str(tmp_path / "store.backup")
    done = CliRunner().invoke(commands, ["backup", file])
    assert (done.exit_code, done.stderr) == (0, f"{file}: {Path(file).stat().st_size:,} bytes\n")
    refused = CliRunner().invoke(commands, ["restore", file])
    assert isinstance(refused.exception, InvalidInput)
    done = CliRunner().invoke(commands, ["restore", "--replace", file])
    assert (done.exit_code, done.stderr) == (
        0,
        "8 quotes and 1 articles are back\nthe store was read through, and holds together\n",
    )
