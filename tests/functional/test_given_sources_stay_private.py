"""No word of a source that came with a request is left anywhere when the request is over."""

import json

import pytest
import redis
from sqlalchemy import create_engine, text

from service.usecases.api_keys import KeyRing
from tests.functional.test_no_secret_in_logs import logging_to, wait_until_up
from tests.functional.test_service import call
from tests.servers import find_free_port, running_postgres, running_redis
from tests.stores import open_migrated

#: A word of each member of a source; none stands in the draft.
WORDS = {
    "title": "xylographer",
    "uri": "quinquereme",
    "speaker": "Borborygm",
    "text": "floccinaucinihil",
    "turn": "tatterdemalion",
    "broken": "galligaskins",
}
DRAFT = {
    "uri": "urn:draft",
    "body_text": (
        "“In March there were forty passengers a night on the old bus through the valley,” Tomas Hale said.\n\n"
        "“Nobody rode the bus through the valley after eleven in the evening,” Hale said."
    ),
}
SOURCES = [
    {
        "title": f"The {WORDS['title']}",
        "uri": f"https://{WORDS['uri']}.example/",
        "text": (
            f"{WORDS['speaker']}: Tell us of the {WORDS['text']}.\n"
            "TOMAS HALE: In March there were fourteen passengers a night on the old bus through the valley."
        ),
    },
    {
        "turns": [
            {"speaker": "TOMAS HALE", "text": f"The {WORDS['turn']} waits."},
            {"speaker": WORDS["speaker"], "text": "Nobody rode the bus through the valley after eleven in the evening."},
        ]
    },
]  # fmt: skip


@pytest.fixture(scope="module")
def left(tmp_path_factory):
    """What a server that logs all it can, its Redis and its PostgreSQL hold after requests with sources."""
    with running_redis() as redis_server, running_postgres() as postgres:
        environment = {
            "DATABASE_URL": postgres.url,
            "REDIS_URL": redis_server.url,
            "LOG_LEVEL": "DEBUG",
            "ACCESS": "locked",
        }
        store = open_migrated(postgres.url)
        token = KeyRing(store.keys).create("all", ["admin"]).token
        store.close()
        log = tmp_path_factory.mktemp("logs") / "web"
        url = f"http://127.0.0.1:{find_free_port()}"
        environment["PORT"] = url.rsplit(":", 1)[1]
        answers = {}
        with logging_to(log, "serve", environment):
            wait_until_up(url)
            answers = ask(url, {"Authorization": f"Bearer {token}"})
            held = {"redis": dump_redis(redis_server.url), "database": dump_database(postgres.url)}
        yield (
            answers,
            {**held, "log": log.read_text(), "redis log": redis_server.log.read_text(errors="replace")},
        )


def ask(url, key):
    """Every way of sending sources, and the answers."""
    article = {**DRAFT, "sources": SOURCES}
    broken = [*SOURCES, {"text": "{" + WORDS["broken"], "format": "whisper"}]
    return {
        "stored": call(f"{url}/v1/articles", article, **key),
        "not stored": call(f"{url}/v1/articles", {**article, "store": False}, **key),
        "async": call(f"{url}/v1/articles", {**article, "store": False}, **key, Prefer="respond-async"),
        "named": call(f"{url}/v1/articles", article, **key, **{"Idempotency-Key": "one"}),
        "broken": call(f"{url}/v1/articles", {**DRAFT, "sources": broken}, **key),
        "check": call(f"{url}/v1/check", {"quote": DRAFT["body_text"], "sources": SOURCES}, **key),
        "again": call(f"{url}/v1/check", {"quote": DRAFT["body_text"], "sources": SOURCES}, **key),
        "batch": call(f"{url}/v1/batches", [article], **key),
        "article": call(f"{url}/v1/articles", DRAFT, **key),
    }


def dump_redis(url):
    """All keys with what they hold."""
    client = redis.Redis.from_url(url)
    return "\n".join(f"{key!r} {client.dump(key)!r}" for key in client.scan_iter())


def dump_database(url):
    """All rows of all tables."""
    engine = create_engine(url)
    names = text("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
    rows = []
    with engine.connect() as connection:
        for name in connection.execute(names).scalars():
            rows += [f"{name} {tuple(row)!r}" for row in connection.execute(text(f'SELECT * FROM "{name}"'))]
    engine.dispose()
    return "\n".join(rows)


def test_the_sources_were_read_and_decided(left):
    answers, _ = left
    for name in ("stored", "not stored", "async"):
        status, _, body = answers[name]
        assert status == 200, body
        quotes = json.loads(body)["quotes"]
        assert [quote["verdict"]["label"] for quote in quotes] == ["changed", "wrong_person"]
        assert WORDS["speaker"] in body.decode()
    assert answers["named"][0] == 422
    assert answers["broken"][0] == 422


def test_a_batch_takes_no_sources(left):
    answers, _ = left
    status, _, body = answers["batch"]
    assert status == 202
    assert json.loads(body)["items"][0]["problem"]["errors"][0]["pointer"] == "/sources"


@pytest.mark.parametrize("what", sorted(WORDS))
def test_nothing_of_them_is_left(left, what):
    _, held = left
    assert [where for where, all_of_it in held.items() if WORDS[what].lower() in all_of_it.lower()] == []


def test_what_was_sent_beside_them_is_there(left):
    _, held = left
    assert "forty passengers" in held["database"]
    assert "fourteen passengers" not in held["database"]
    assert held["log"].count('"event": "request"') >= 9
