"""What was stored before policy 2 gets classes, keys of addresses, origins and surnames by migration 0011."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from service.matching.retrieval.fingerprints import hash_words
from service.store import Store, open_store
from service.store.engine import schema
from tests.contract.test_evidence_store import ALTERED, SETTING, WORDS

#: Way in, address, kind; and the kind and class that they come to.
SOURCES = [
    ("transcript", "urn:debate", "transcript", "transcript", "record"),
    ("transcript", "urn:talk", "Ask me anything", "transcript", "record"),
    ("quotes", "urn:news-conference", "news conference", "speech", "record"),
    ("quotes", "urn:list", "quotes", "quotes", "statement"),
    ("quotes", "urn:release", "Press-Release", "press_release", "statement"),
    ("quotes", "urn:podcast", "podcast", "broadcast", "record"),
    ("quotes", "urn:paper", "newspaper", "article", "report"),
    ("quotes", "urn:odd", "tabloid gossip", "article", "report"),
    ("quotes", "http://www.k.example/s/", "speech", "speech", "record"),
    ("quotes", "https://k.example/s?utm_source=x", "speech", "speech", "record"),
    ("article", "https://one.example/a", "article", "article", "report"),
    ("article", "https://two.example/b", "article", "article", "report"),
    ("article", "https://three.example/c", "article", "article", "report"),
]
TEXTS = {
    "https://one.example/a": f"{SETTING} “{WORDS},” Ann Dorr said.",
    "https://two.example/b": f"By our own reporter. {SETTING} “{ALTERED},” Ann Dorr said.",
    "https://three.example/c": "Nobody in the islands had expected a decision of that kind so soon. " * 4,
}


def upgrade(url: str, revision: str) -> None:
    """Bring an empty database to a revision, as that program did."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        Path(str(engine.url.database)).parent.mkdir(parents=True, exist_ok=True)
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS).replace("%", "%%"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()


def fill(url: str) -> None:
    """What a program of policy 1 had stored."""
    engine = create_engine(url)
    with engine.begin() as connection:
        for number, (way_in, uri, kind, *_) in enumerate(SOURCES, 1):
            values = {
                "id": number,
                "uri": uri,
                "key": hash_words((way_in, uri)),
                "kind": kind,
                "hash": number if way_in == "transcript" else None,
            }
            connection.execute(
                text(
                    "INSERT INTO sources (id, uri, key, title, publisher, published_at, kind, content_hash)"
                    " VALUES (:id, :uri, :key, '', '', 0, :kind, :hash)"
                ),
                values,
            )
            if way_in == "article":
                add_article(connection, number, uri)
        for number, name in ((1, "SEN. TOMAS HALE (R-VT)"), (2, "Jana Müller"), (3, "MODERATOR")):
            connection.execute(
                text("INSERT INTO speaker_names (id, name, key, surname) VALUES (:id, :name, :id, '')"),
                {"id": number, "name": name},
            )
    engine.dispose()


def add_article(connection: Any, number: int, uri: str) -> None:
    connection.execute(
        text(
            "INSERT INTO articles (id, uri, source_id, text_hash, text, analysis, engine, policy, generation,"
            " version, created_at, updated_at) VALUES (:id, :uri, :source, '', :text, '{}', 'e', '1', '', 1,"
            " '2024-01-01', '2024-01-01')"
        ),
        {"id": f"a{number}", "uri": uri, "source": number, "text": TEXTS[uri]},
    )


@pytest.fixture
def migrated(empty_database_url: str) -> Iterator[Store]:
    """A store that was filled before the migration."""
    upgrade(empty_database_url, "0010")
    fill(empty_database_url)
    store = open_store(empty_database_url)
    assert store.migrate()
    yield store
    store.close()


def read(store: Store) -> dict[str, Any]:
    with store._database.read() as connection:
        rows = connection.execute(text('SELECT id, uri, key, kind, "class", origin_id FROM sources')).all()
    return {row.uri: row for row in rows}


def test_every_source_gets_a_known_kind_and_its_class(migrated: Store) -> None:
    rows = read(migrated)
    assert SOURCES
    for _, uri, _, kind, evidence_class in SOURCES:
        assert (rows[uri].kind, getattr(rows[uri], "class")) == (kind, evidence_class), uri


def test_spellings_of_one_address_share_the_first_one(migrated: Store) -> None:
    rows = read(migrated)
    first, second = rows["http://www.k.example/s/"], rows["https://k.example/s?utm_source=x"]
    assert first.key == hash_words(("quotes", "https://k.example/s"))
    assert second.origin_id == first.id
    assert migrated.find_own_sources("http://k.example/s") == {first.id}


def test_near_copies_share_an_origin(migrated: Store) -> None:
    rows = read(migrated)
    one, two, three = (rows[uri] for uri in TEXTS)
    assert (one.origin_id, two.origin_id, three.origin_id) == (one.id, one.id, None)
    own = migrated.find_own_sources("https://elsewhere.example", TEXTS["https://one.example/a"])
    assert own == {one.id, two.id}


def test_speakers_are_found_by_their_surnames(migrated: Store) -> None:
    with migrated._database.read() as connection:
        rows = connection.execute(text("SELECT speaker_id FROM speaker_surnames ORDER BY speaker_id")).all()
    assert [row.speaker_id for row in rows] == [1, 2], "a moderator is nobody"
