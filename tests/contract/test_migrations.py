"""Migrations while the service runs: old code beside a newer schema, several who migrate, busy tables."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from service.store import open_store
from service.store.engine import schema
from tests.apps import ROOT, post_article, running_app
from tests.store.material import SPEECH, make_article

NEXT = f"{int(schema.HEAD) + 1:04}"
NEXT_MIGRATION = f'''
import sqlalchemy as sa
from alembic import op

revision = "{NEXT}"
down_revision = "{schema.HEAD}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("things_to_come", sa.Column("id", sa.Integer(), primary_key=True))
    op.add_column("quotes", sa.Column("mood", sa.Text(), nullable=True))
    op.add_column("articles", sa.Column("rank", sa.Integer(), nullable=False, server_default="0"))
'''
#: What an expanding migration has no use for: old code would meet less than it knows.
CONTRACTING = {"drop_table", "drop_column", "alter_column", "rename_table", "drop_constraint"}
VERSIONS = sorted((schema.MIGRATIONS / "versions").glob("v*.py"))


@pytest.fixture
def release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Makes this process the next program, which has one migration more, or this one again."""
    migrations = tmp_path / "migrations"
    shutil.copytree(schema.MIGRATIONS, migrations)
    (migrations / "versions" / f"v{NEXT}_next.py").write_text(NEXT_MIGRATION)
    ours = schema.HEAD, schema.MIGRATIONS

    def become(which: str) -> None:
        head, where = (NEXT, migrations) if which == "next" else ours
        monkeypatch.setattr(schema, "HEAD", head)
        monkeypatch.setattr(schema, "MIGRATIONS", where)

    return become


def migrate(url: str) -> bool:
    store = open_store(url)
    try:
        return store.migrate()
    finally:
        store.close()


@pytest.mark.parametrize(
    ("revision", "is_older"),
    [(None, True), ("0001", True), (schema.HEAD, False), (NEXT, False), ("9999", False)],
)
def test_only_an_older_schema_is_due(revision: str | None, is_older: bool) -> None:
    assert schema.is_older(revision) == is_older


def test_a_database_one_revision_ahead_is_served(database_url: str, release: Callable[[str], None]) -> None:
    migrate(database_url)
    release("next")
    assert migrate(database_url), "one migration was due"
    release("ours")
    assert not migrate(database_url), "the older program leaves it as it is"
    with running_app(database_url) as app:
        client = app.test_client()
        assert client.get("/readyz").status_code == 200
        answer = post_article(client, "“We will dredge the harbour this year,” Ann Marlow said.")
        assert client.get(f"/v1/articles/{answer['id']}").get_json() == answer
        assert len(client.get("/v1/quotes?q=harbour").get_json()["quotes"]) == 1
    store = open_store(database_url)
    assert store.import_transcripts([SPEECH]).quotes_added == 7
    assert store.find_evidence("Nobody had planned for ice")
    store.close()


def test_old_code_works_on_while_the_new_schema_comes(
    database_url: str, release: Callable[[str], None]
) -> None:
    """Readers and writers that were there before, with their connections and prepared statements."""
    migrate(database_url)
    store = open_store(database_url)
    store.import_transcripts([SPEECH])
    finished = threading.Event()

    def work(number: int) -> int:
        done = 0
        while not finished.is_set() or done < 5:
            assert store.find_evidence("Nobody had planned for ice")
            article = make_article(
                (f"The pier {number} closes for the {done}th time", "Ana"), uri=f"urn:{number}"
            )
            assert store.save_article(article).changed
            assert store.get_article(store.save_article(article).id).version == done + 1
            done += 1
        return done

    with ThreadPoolExecutor(3) as pool:
        workers = [pool.submit(work, number) for number in range(3)]
        release("next")
        assert migrate(database_url)
        finished.set()
        assert all(future.result() >= 5 for future in workers)
    assert sum(1 for _ in store.export_quotes()) == 7 + 3
    store.close()


def test_a_migration_gives_way_to_those_who_come_after_it(
    postgres_database: Callable[[], str], release: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long read holds the table. The migration waits for it, but nobody else waits for the migration."""
    url = postgres_database()
    migrate(url)
    monkeypatch.setattr(schema, "TABLE_LOCK_TIMEOUT", "50ms")
    store = open_store(url)
    store.import_transcripts([SPEECH])
    release("next")
    engine = create_engine(url)
    with engine.connect() as reader, ThreadPoolExecutor(1) as pool:
        reader.execute(text("SELECT count(*) FROM quotes"))  # and its transaction stays open
        migrating = pool.submit(migrate, url)
        for _ in range(20):
            assert store.find_evidence("Nobody had planned for ice")
        assert not migrating.done()
        reader.rollback()
        assert migrating.result()
    engine.dispose()
    assert store.find_evidence("Nobody had planned for ice")
    store.close()


def test_several_machines_may_migrate_at_once(postgres_database: Callable[[], str]) -> None:
    url = postgres_database()
    command = [sys.executable, "-m", "service.cli", "migrate"]
    environment = {**os.environ, "DATABASE_URL": url}
    machines = [
        subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    for machine in machines:
        _, said = machine.communicate(timeout=120)
        assert (machine.returncode, said) == (0, "the database schema is up to date\n")
    store = open_store(url)
    assert not store.migration_due()
    assert store.save_article(make_article(("The pier is closed for good", "Ana"))).created
    store.close()


def test_a_failed_migration_leaves_the_former_schema(
    database_url: str, release: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    migrate(database_url)
    release("next")
    broken = schema.MIGRATIONS / "versions" / f"v{NEXT}_next.py"
    broken.write_text(NEXT_MIGRATION + "    raise RuntimeError('power cut')\n")
    with pytest.raises(RuntimeError, match="power cut"):
        migrate(database_url)
    release("ours")
    with running_app(database_url) as app:
        assert app.test_client().get("/readyz").status_code == 200
    broken.write_text(NEXT_MIGRATION)
    release("next")
    assert migrate(database_url)


def contracting_calls(source: str) -> set[str]:
    """What `upgrade` takes away or changes."""
    (upgrade,) = (
        node
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef) and node.name == "upgrade"
    )
    called = (node.func for node in ast.walk(upgrade) if isinstance(node, ast.Call))
    return {name.attr for name in called if isinstance(name, ast.Attribute)} & CONTRACTING


@pytest.mark.parametrize("path", VERSIONS, ids=lambda path: path.stem)
def test_migrations_only_add_unless_they_say_why_not(path: Path) -> None:
    source = path.read_text()
    assert not contracting_calls(source) or "CONTRACTS = " in source, "see docs/adr/0010-machines.md"


def test_a_migration_that_takes_away_is_noticed() -> None:
    assert contracting_calls("def upgrade():\n    op.drop_column('quotes', 'words')") == {"drop_column"}
    assert contracting_calls(NEXT_MIGRATION) == set()
