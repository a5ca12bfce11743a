"""A client that can write to Redis runs no code, forges no answer and restores no deleted evidence."""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.engine import make_url

from service.cache.value_codec import write_frame
from service.queue import KEY
from service.store import QuoteImport, Store, open_store
from service.store.state import Generation
from service.store.tables import state
from tests.apps import running_app
from tests.processes import start_module, wait_until
from tests.store.material import LATER

WORDS = "The tunnel under the bay will open to trains next spring"
OTHERS = "The harbour beside the sea will close to boats next winter"


def quote(text: str) -> QuoteImport:
    return QuoteImport(text, "Ana", date(2003, 1, 2), LATER)


def ask(client: FlaskClient, words: str) -> tuple[str, str]:
    """The fidelity of a check, and the cache's part in it."""
    answer = client.post("/v1/check", json={"quote": words})
    assert answer.status_code == 200, answer.text
    return answer.get_json()["verdict"]["fidelity"], answer.headers["Cache-Status"]


def test_a_planted_job_runs_nothing(tmp_path: Path, redis_empty_url: str) -> None:
    """What RQ would have called, and any other content of the list, only makes the worker look into the store."""
    mark = tmp_path / "pwned"
    planted = json.dumps(["os.system", None, [f"touch {mark}"], {}])
    url = f"sqlite:///{tmp_path}/store.sqlite3"
    open_store(url, migrate=True).close()
    settings = {"DATABASE_URL": url, "REDIS_URL": redis_empty_url, "LOG_LEVEL": "INFO"}
    with redis.Redis.from_url(redis_empty_url) as client:
        client.hset("rq:job:evil", mapping={"data": planted, "origin": "verbatim", "status": "queued"})
        client.sadd("rq:queues", "rq:queue:verbatim")
        client.rpush("rq:queue:verbatim", "evil")
        client.rpush(KEY, "os.system", planted, b"\x80\x04cos\nsystem\n.", "service.worker.wiring.job_runner")
        worker = start_module("service.worker", **settings)
        try:
            wait_until(lambda: client.llen(KEY) == 0, "the worker takes what was planted")
            assert worker.poll() is None, "it goes on"
        finally:
            worker.kill()
            worker.communicate()
    assert not mark.exists()


def verdicts(client: redis.Redis) -> list[bytes]:
    return [key for key in client.keys("verbatim:*:check:*") if not key.endswith(b":lock")]


@pytest.mark.parametrize("secret", [b"", b"a guess", b"0" * 32])
def test_a_forged_verdict_is_not_believed(tmp_path: Path, redis_empty_url: str, secret: bytes) -> None:
    forged = json.dumps({"verdict": {"fidelity": "verbatim"}, "forged": True}).encode()
    url = f"sqlite:///{tmp_path}/store.sqlite3"
    with running_app(url, redis_url=redis_empty_url) as app, redis.Redis.from_url(redis_empty_url) as writer:
        client = app.test_client()
        assert ask(client, WORDS)[0] == "no_match"
        (key,) = verdicts(writer)
        writer.set(key, write_frame(key.decode(), forged, secret))
        fidelity, cache = ask(client, WORDS)
        assert (fidelity, "; hit" in cache) == ("no_match", False)
        assert "; hit" in ask(client, WORDS)[1], "what the service wrote itself is believed again"


def test_a_true_verdict_is_not_believed_of_another_question(tmp_path: Path, redis_empty_url: str) -> None:
    url = f"sqlite:///{tmp_path}/store.sqlite3"
    with running_app(url, redis_url=redis_empty_url) as app, redis.Redis.from_url(redis_empty_url) as writer:
        app.extensions["verbatim"].store.import_quotes([quote(WORDS)])
        client = app.test_client()
        assert ask(client, WORDS)[0] == "verbatim"
        (true,) = verdicts(writer)
        assert ask(client, OTHERS)[0] == "no_match"
        (other,) = set(verdicts(writer)) - {true}
        writer.set(other, writer.get(true))
        fidelity, cache = ask(client, OTHERS)
        assert (fidelity, "; hit" in cache) == ("no_match", False)


def test_another_process_believes_what_this_one_wrote(tmp_path: Path, redis_empty_url: str) -> None:
    url = f"sqlite:///{tmp_path}/store.sqlite3"
    with running_app(url, redis_url=redis_empty_url) as app:
        ask(app.test_client(), WORDS)
    with running_app(url, redis_url=redis_empty_url) as again:
        assert "; hit" in ask(again.test_client(), WORDS)[1]


@contextlib.contextmanager
def opened(url: str) -> Iterator[Store]:
    store = open_store(url, migrate=True)
    try:
        yield store
    finally:
        store.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def snapshots(request: Any, tmp_path: Path) -> tuple[str, Callable[[], None], Callable[[], None]]:
    """A store's URL, what takes a snapshot of it, and what puts the snapshot back, as an operator would."""
    if request.param == "sqlite":
        path, kept = tmp_path / "store.sqlite3", tmp_path / "snapshot.sqlite3"

        def put_back() -> None:
            for beside in ("-wal", "-shm"):
                path.with_name(path.name + beside).unlink(missing_ok=True)
            shutil.copy(kept, path)

        return f"sqlite:///{path}", lambda: shutil.copy(path, kept) and None, put_back
    url = request.getfixturevalue("postgres_database")()
    address = make_url(url)
    name, admin = address.database, address.set(drivername="postgresql", database="postgres")

    def run(*statements: str) -> None:
        with psycopg.connect(admin.render_as_string(hide_password=False), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def take() -> None:
        run(f'CREATE DATABASE "{name}_kept" TEMPLATE "{name}"')

    def put_back() -> None:
        run(f'DROP DATABASE "{name}" WITH (FORCE)', f'ALTER DATABASE "{name}_kept" RENAME TO "{name}"')

    return url, take, put_back


def test_a_store_that_was_rolled_back_finds_no_answer_of_its_former_future(
    snapshots: tuple[str, Callable[[], None], Callable[[], None]], redis_empty_url: str
) -> None:
    url, take, put_back = snapshots
    with opened(url):
        pass
    take()
    with running_app(url, redis_url=redis_empty_url) as app:
        store = app.extensions["verbatim"].store
        store.import_quotes([quote(WORDS)])
        former = Generation.parse(store.generation())
        assert ask(app.test_client(), WORDS)[0] == "verbatim"
        assert "; hit" in ask(app.test_client(), WORDS)[1]
    put_back()
    with running_app(url, redis_url=redis_empty_url) as app:
        store = app.extensions["verbatim"].store
        store.import_quotes([quote(OTHERS)])
        with store._database.write() as connection:  # as after just so many other changes
            connection.execute(update(state).values(generation=former.changes))
        now = Generation.parse(store.generation())
        assert (now.store, now.changes) == (former.store, former.changes), "else there is nothing to confuse"
        fidelity, cache = ask(app.test_client(), WORDS)
        assert (fidelity, "; hit" in cache) == ("no_match", False)
