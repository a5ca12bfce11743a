"""Requests under keys, on every database: one begins, the others wait, replay or are refused."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select, update

from service.store import Store, open_store
from service.store.idempotency import Begun, KeptAnswer, Mismatched, Replayed, UnderWay
from service.store.tables import idempotency_keys as keys

ANSWER = KeptAnswer(201, {"Content-Type": "application/json"}, b'{"said":"\xc2\xbbno\xc2\xab"}' * 50)


def change_rows(store: Store, **values: object) -> None:
    """Make time pass, or a machine go away."""
    with store._database.write() as connection:
        connection.execute(update(keys).values(values))


def count_rows(store: Store) -> int:
    with store._database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(keys)).scalar_one())


def begin(store: Store, caller: str = "desk", key: str = "k", fingerprint: str = "f") -> Begun:
    begun = store.idempotency.begin(caller, key, fingerprint)
    assert isinstance(begun, Begun), begun
    return begun


def test_an_answer_is_given_again_to_its_caller_only(store: Store) -> None:
    assert store.idempotency.complete(begin(store), ANSWER)
    again = store.idempotency.begin("desk", "k", "f")
    assert again == Replayed(ANSWER)
    assert store.idempotency.begin("desk", "k", "other") == Mismatched()
    begin(store, caller="other desk")
    begin(store, caller="des", key="kk")  # the two are not run together


def test_a_request_under_way_is_not_begun_again(store: Store) -> None:
    begun = begin(store)
    found = store.idempotency.begin("desk", "k", "f")
    assert isinstance(found, UnderWay)
    assert 0 < found.seconds <= 60
    assert store.idempotency.begin("desk", "k", "other") == Mismatched()
    store.idempotency.release(begun)
    begin(store)


def test_a_released_key_takes_another_request(store: Store) -> None:
    store.idempotency.release(begin(store))
    begin(store, fingerprint="other")


def test_a_lease_that_ran_out_is_taken_over_and_its_holder_changes_nothing(store: Store) -> None:
    late = begin(store)
    change_rows(store, leased_until=time.time() - 1)
    mine = begin(store)
    assert not store.idempotency.renew(late)
    assert not store.idempotency.complete(late, KeptAnswer(200, {}, b"late"))
    store.idempotency.release(late)
    assert store.idempotency.renew(mine)
    assert store.idempotency.complete(mine, ANSWER)
    assert store.idempotency.begin("desk", "k", "f") == Replayed(ANSWER)


def test_the_request_of_a_killed_process_is_begun_again_at_once(store: Store, database_url: str) -> None:
    code = (
        "import os, sys; from service.store import open_store;"
        "print(open_store(sys.argv[1]).idempotency.begin('desk', 'k', 'f')); sys.stdout.flush(); os._exit(9)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, database_url], capture_output=True, text=True, check=False
    )
    assert (done.returncode, "Begun" in done.stdout) == (9, True), done.stderr
    begin(store)


def test_a_process_of_another_machine_is_waited_for(store: Store) -> None:
    begin(store)
    change_rows(store, lease="999999:x:another-machine")
    assert isinstance(store.idempotency.begin("desk", "k", "f"), UnderWay)


def test_an_answer_expires_and_is_taken_out_on_the_way(store: Store) -> None:
    for number in range(5):
        store.idempotency.complete(begin(store, key=f"old {number}"), ANSWER)
    change_rows(store, expires_at=time.time() - 1)
    begin(store, fingerprint="other")
    assert count_rows(store) == 1


def test_of_many_at_once_one_begins(database_url: str) -> None:
    stores = [open_store(database_url) for _ in range(4)]
    barrier = threading.Barrier(8)

    def ask(number: int) -> str:
        barrier.wait()
        return type(stores[number % 4].idempotency.begin("desk", "k", "f")).__name__

    with ThreadPoolExecutor(8) as pool:
        outcomes = sorted(pool.map(ask, range(8)))
    assert outcomes == ["Begun"] + ["UnderWay"] * 7
    for store in stores:
        store.close()


def test_a_request_under_a_key_waits_for_no_import(postgres_database: Callable[[], str]) -> None:
    """On PostgreSQL, writers of quotes wait for each other; what is kept under a key has no part in quotes."""
    url = postgres_database()
    store = open_store(url, migrate=True)
    others = threading.Event()

    def take_and_answer() -> bool:
        begun = begin(store)
        done = store.idempotency.renew(begun) and store.idempotency.complete(begun, ANSWER)
        store.idempotency.release(begin(store, key="other"))
        others.set()
        return done

    with ThreadPoolExecutor(1) as pool, store._database.write():  # as an import holds it
        answered = pool.submit(take_and_answer)
        assert others.wait(20), "the keys waited for the writer"
        assert answered.result(20)
    store.close()


def test_expired_keys_are_tidied_by_many_at_once(store: Store) -> None:
    for number in range(40):
        store.idempotency.complete(begin(store, key=f"old {number}"), ANSWER)
    change_rows(store, expires_at=time.time() - 1)
    barrier = threading.Barrier(8)

    def ask(number: int) -> None:
        barrier.wait()
        begin(store, key=f"old {number}" if number % 2 else f"new {number}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ask, range(8)))
    begin(store, key="last")
    assert count_rows(store) == 9
