"""A read replica by real streaming replication: used when it can be trusted, and never seen when it cannot."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date

import psycopg
import pytest
from sqlalchemy.engine import make_url

from service.store import QuoteImport, Store, open_store
from service.store.engine import replica
from service.store.state import Generation
from tests.apps import running_app
from tests.processes import wait_until
from tests.servers import PostgresStandby, running_postgres, running_standby
from tests.store.material import LATER, SPEECH, make_article
from tests.stores import make_migrated, open_migrated

PATIENCE_S = 60.0
NEWS = QuoteImport("The tunnel under the bay will open to trains next spring", "Ana", date(2003, 1, 2), LATER)
WORDS = "The tunnel under the bay will open to trains"


@pytest.fixture(scope="module")
def standby() -> Iterator[PostgresStandby]:
    with running_postgres() as primary, running_standby(primary) as server:
        yield server


@pytest.fixture
def database(standby: PostgresStandby, request: pytest.FixtureRequest) -> str:
    """The URL of a migrated database on the primary, which the standby has too."""
    name = f"d{abs(hash(request.node.name)):x}"
    server = make_url(standby.primary.url)
    with connecting(standby.primary.url) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    url = server.set(database=name).render_as_string(hide_password=False)
    make_migrated(url)
    catch_up(standby, standby.url)
    return url


@pytest.fixture
def store(standby: PostgresStandby, database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setattr(replica, "RETRY_S", 0.2)
    opened = open_store(database, read_url=standby.url_of(database))
    opened.import_transcripts([SPEECH])
    catch_up(standby, database)
    yield opened
    opened.close()


@contextmanager
def connecting(url: str) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        yield connection


def catch_up(standby: PostgresStandby, url: str) -> None:
    """Wait until the standby has replayed all that the primary has written."""
    with connecting(standby.primary.url) as primary, connecting(standby.url) as copy:
        (place,) = primary.execute("SELECT pg_current_wal_lsn()").fetchone() or ("",)
        deadline = time.monotonic() + PATIENCE_S
        while copy.execute("SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", (place,)).fetchone() != (True,):
            assert time.monotonic() < deadline, "the standby does not follow"
            time.sleep(0.01)


@contextmanager
def lagging(standby: PostgresStandby) -> Iterator[None]:
    """What is written meanwhile does not show on the standby."""
    with connecting(standby.url) as copy:
        copy.execute("SELECT pg_wal_replay_pause()")
        while copy.execute("SELECT pg_get_wal_replay_pause_state()").fetchone() != ("paused",):
            time.sleep(0.01)
        try:
            yield
        finally:
            copy.execute("SELECT pg_wal_replay_resume()")


def count_searches(url: str) -> int:
    """How many sessions in a database have looked for words last."""
    with connecting(url) as connection:
        found = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND query ~ 'quotes.words|sources.title'"
        ).fetchone()
    assert found is not None
    return int(str(found[0]))


def test_a_replica_that_keeps_up_does_the_reading(
    standby: PostgresStandby, store: Store, database: str
) -> None:
    reader = open_store(database, read_url=standby.url_of(database))
    reader.generation()
    assert reader.find_evidence("Nobody had planned for ice")
    assert reader.find_quotes("insurers").items
    quote = next(iter(reader.export_quotes()))
    assert reader.get_quote(quote.id) == quote
    assert reader.provenance(quote.id).quote == quote
    assert reader.replica_state == "ok"
    assert count_searches(standby.url_of(database)) > 0
    reader.close()


def test_a_write_is_found_at_once_however_far_the_replica_is_behind(
    standby: PostgresStandby, store: Store, database: str
) -> None:
    with lagging(standby):
        assert store.import_quotes([NEWS]).quotes_added == 1
        raw = open_store(standby.url_of(database))
        assert not raw.find_evidence(WORDS), "the standby itself does not have it"
        raw.close()
        store.generation()
        assert store.find_evidence(WORDS)
        assert [found.text for found in store.find_quotes("tunnel").items] == [NEWS.text]
        assert sum(1 for _ in store.export_quotes()) == 8
        assert store.replica_state == "behind"
    catch_up(standby, database)
    store.generation()
    assert store.find_evidence(WORDS)
    assert store.replica_state == "ok"


def test_another_process_sees_what_this_one_wrote(
    standby: PostgresStandby, store: Store, database: str
) -> None:
    other = open_store(database, read_url=standby.url_of(database))
    other.generation()
    assert not other.find_quotes("pier").items
    with lagging(standby):
        store.save_article(make_article(("The pier is closed for good", "Ana")))
        assert len(other.find_quotes("pier").items) == 1
    other.close()


def test_readiness_tells_a_replica_that_is_away(
    standby: PostgresStandby, store: Store, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running_app(database, database_read_url=f"{database}_nowhere") as app:
        away = app.test_client().get("/readyz")
    with running_app(database, database_read_url=standby.url_of(database)) as app:
        there = app.test_client().get("/readyz")
    assert (away.status_code, away.get_json()["replica"], there.get_json()["replica"]) == (200, "away", "ok")
    assert "replica" in away.get_json()["degraded"]
    assert "replica" not in there.get_json()["degraded"]


def test_no_answer_is_cached_under_a_newer_generation_than_its_evidence(
    standby: PostgresStandby, store: Store, database: str, redis_empty_url: str
) -> None:
    check = {"quote": NEWS.text}
    replicated = {"database_read_url": standby.url_of(database), "redis_url": redis_empty_url}
    with running_app(database, **replicated) as app:
        client = app.test_client()

        def ask() -> tuple[str, bool]:
            response = client.post("/v1/check", json=check)
            return response.get_json()["verdict"]["fidelity"], "; hit" in response.headers["Cache-Status"]

        assert [ask(), ask()] == [("no_match", False), ("no_match", True)]
        with lagging(standby):
            store.import_quotes([NEWS])
            assert [ask(), ask()] == [("verbatim", False), ("verbatim", True)]
        catch_up(standby, database)
        assert ask() == ("verbatim", True)


def test_a_replica_that_is_killed_is_not_missed_and_is_taken_up_again(
    standby: PostgresStandby, store: Store, database: str
) -> None:
    finished = threading.Event()

    def read() -> int:
        done = 0
        while not finished.is_set():
            store.generation()
            assert store.find_evidence("Nobody had planned for ice")
            assert store.find_quotes("insurers").items
            done += 1
        return done

    with ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(read) for _ in range(4)]
        wait_until(lambda: store.replica_state == "ok")
        standby.kill()
        wait_until(lambda: store.replica_state == "away")
        standby.restart()
        wait_until(lambda: store.replica_state == "ok")
        finished.set()
        assert all(future.result() > 0 for future in readers)


def test_a_writer_finds_what_it_wrote_while_the_replica_stumbles(
    standby: PostgresStandby, store: Store, database: str
) -> None:
    """Each of four machines stores an article and looks for it, while the standby stops and goes on."""
    stores = [open_store(database, read_url=standby.url_of(database)) for _ in range(4)]
    finished = threading.Event()

    def write_and_look(number: int) -> None:
        for round_ in range(8):
            word = f"harbour{number}x{round_}"
            stores[number].save_article(
                make_article((f"They will close {word} for good", "Ana"), uri=f"urn:{word}")
            )
            assert len(stores[(number + 1) % 4].find_quotes(word).items) == 1, "another machine is asked"
            stores[number].generation()
            assert stores[number].find_evidence(f"They will close {word} for good")

    def stumble() -> None:
        while not finished.is_set():
            with lagging(standby):
                time.sleep(0.1)
            time.sleep(0.1)

    with ThreadPoolExecutor(5) as pool:
        stumbling = pool.submit(stumble)
        writers = [pool.submit(write_and_look, number) for number in range(4)]
        try:
            assert [writer.result() for writer in writers] == [None] * 4
        finally:
            finished.set()
        stumbling.result()
    for one in stores:
        one.close()


def test_a_copy_of_another_store_is_never_read(standby: PostgresStandby, store: Store, database: str) -> None:
    with connecting(standby.primary.url) as connection:
        connection.execute(f'CREATE DATABASE "{make_url(database).database}_other"')
    other = f"{database}_other"
    with open_and_close(other) as stranger:
        stranger.import_quotes([NEWS])
    misled = open_store(database, read_url=other)
    misled.generation()
    assert not misled.find_evidence(WORDS)
    assert misled.replica_state == "foreign"
    misled.close()


def test_a_replica_that_has_not_seen_the_migration_is_not_asked(standby: PostgresStandby) -> None:
    with connecting(standby.primary.url) as connection:
        connection.execute("CREATE DATABASE young")
    catch_up(standby, standby.url)
    url = make_url(standby.primary.url).set(database="young").render_as_string(hide_password=False)
    with lagging(standby):
        store = open_migrated(url, read_url=standby.url_of(url))
        store.import_transcripts([SPEECH])
        assert store.find_quotes("insurers").items
        assert store.replica_state == "away"
        store.close()


@contextmanager
def open_and_close(url: str) -> Iterator[Store]:
    store = open_migrated(url)
    yield store
    store.close()


def test_a_generation_is_read_as_it_is_written_and_as_former_releases_stored_it() -> None:
    assert Generation.parse("abc.12.f00") == Generation("abc", 12, "f00")
    assert Generation.parse("abc.12") == Generation("abc", 12, "")
    assert str(Generation("abc", 12, "f00")) == "abc.12.f00"


def test_without_a_replica_there_is_none(postgres_database: Callable[[], str]) -> None:
    with open_and_close(postgres_database()) as store:
        store.import_transcripts([SPEECH])
        assert store.find_quotes("insurers").items
        assert store.replica_state == "none"


def test_after_a_failover_the_service_goes_on_and_lost_words_are_not_in_its_cache(
    standby: PostgresStandby, database: str
) -> None:
    """The last test of these servers: the primary is killed, and the standby takes its place.

    The database URL names both. What the standby had received is there; what it had not is gone, and so are
    cached answers about it.
    """
    ports = standby.primary.port, standby.port
    hosts = "&".join(f"host=127.0.0.1:{port}" for port in ports)
    name = make_url(database).database
    both = f"postgresql+psycopg://postgres@/{name}?{hosts}&target_session_attrs=read-write"
    kept = {"quote": "We will dredge the harbour before the next winter comes"}
    lost = {"quote": "The ferry will cost nothing for pupils from Monday on"}
    with running_app(both) as app:
        client = app.test_client()

        def publish(quote: dict[str, str], uri: str) -> None:
            body = {"body_text": f"“{quote['quote']},” Ann Marlow said.", "uri": uri}
            assert client.post("/v1/articles", json=body).status_code == 200

        def is_found(quote: dict[str, str]) -> bool:
            answer = client.post("/v1/check", json=quote)
            assert answer.status_code == 200
            return bool(answer.json["matches"])

        publish(kept, "urn:kept")
        catch_up(standby, database)
        with connecting(standby.url) as copy:
            copy.execute("ALTER SYSTEM SET primary_conninfo = ''")
            copy.execute("SELECT pg_reload_conf()")
            wait_until(
                lambda: copy.execute("SELECT count(*) FROM pg_stat_wal_receiver").fetchone() == (0,),
                "the end of the replication",
            )
        publish(lost, "urn:lost")
        assert is_found(kept)
        assert is_found(lost)

        standby.primary.kill()
        assert client.get("/readyz").status_code == 503
        assert client.post("/v1/check", json=lost).status_code == 503, "the store is asked for its generation"
        with connecting(standby.url) as copy:
            copy.execute("SELECT pg_promote()")
        wait_until(lambda: client.get("/readyz").status_code == 200, "the service on the new primary")
        assert is_found(kept)
        assert not is_found(lost)
        publish(lost, "urn:again")
        assert is_found(lost)
