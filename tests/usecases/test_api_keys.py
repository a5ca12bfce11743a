"""Keys: what is made, what is believed, and for how long."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from service.errors import InvalidInput, StoreUnavailable
from service.store import Store
from service.store.records import hash_token
from service.usecases import api_keys as keys
from service.usecases.api_keys import SCOPES, KeyRing
from tests.stores import open_migrated


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_migrated(f"sqlite:///{tmp_path}/s.sqlite3")
    yield opened
    opened.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ring(store: Store, clock: Clock) -> KeyRing:
    return KeyRing(store.keys, clock)


def test_a_key_is_long_random_and_known_by_its_prefix(ring: KeyRing) -> None:
    tokens = {ring.create("a", ["read"]).token for _ in range(50)}
    assert len(tokens) == 50
    assert all(re.fullmatch(r"vb_[a-z2-7]{10}_[a-z2-7]{40}", token) for token in tokens)
    assert 5 * keys.SECRET_LENGTH >= 160  # bits
    assert len({character for token in tokens for character in token[14:]}) == 32


def test_whose_it_is(ring: KeyRing) -> None:
    new = ring.create(" cms ", ["write", "read", "read"])
    asking = ring.verify(new.token)
    assert asking is not None
    assert (asking.name, asking.key_id) == ("cms", new.record.id)
    assert new.record.scopes == ("read", "write")


@pytest.mark.parametrize(
    ("given", "may"),
    [
        (["read"], {"read"}),
        (["check"], {"check"}),
        (["write"], {"write", "check"}),
        (["review"], {"review"}),
        (["admin"], set(SCOPES)),
        (["read", "review"], {"read", "review"}),
    ],
)
def test_what_scopes_imply(ring: KeyRing, given: list[str], may: set[str]) -> None:
    asking = ring.verify(ring.create("a", given).token)
    assert asking is not None
    assert {scope for scope in SCOPES if asking.may(scope)} == may


@pytest.mark.parametrize(
    ("name", "scopes", "days", "pointer"),
    [
        ("", ["read"], None, "/name"),
        ("a\nb", ["read"], None, "/name"),
        ("a" * 201, ["read"], None, "/name"),
        ("a", [], None, "/scopes"),
        ("a", ["root"], None, "/scopes"),
        ("a", ["read"], -1, "/expires"),
    ],
)
def test_a_key_that_cannot_be(
    ring: KeyRing, name: str, scopes: list[str], days: int | None, pointer: str
) -> None:
    expires = None if days is None else datetime.now(UTC) + timedelta(days=days)
    with pytest.raises(InvalidInput) as caught:
        ring.create(name, scopes, expires)
    assert [fault.pointer for fault in caught.value.faults] == [pointer]


def test_nothing_else_is_believed(ring: KeyRing) -> None:
    token = ring.create("a", ["admin"]).token
    other = ring.create("b", ["read"]).token
    wrong = [
        "",
        "vb_",
        token[:-1],
        token + "a",
        token.upper(),
        token[:-1] + ("a" if token[-1] != "a" else "b"),
        token[:14] + other[14:],  # another key's secret
        token[3:],
        hash_token(token),  # what the database holds opens nothing
        "vb_aaaaaaaaaa_" + "a" * 40,
        "\ud800",
        token + "\n",
    ]
    assert [ring.verify(text) for text in wrong] == [None] * len(wrong)


def test_an_expired_key_ends_on_time_though_it_is_remembered(
    ring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    until = datetime.now(UTC) + timedelta(days=1)
    token = ring.create("a", ["read"], until).token
    assert ring.verify(token)

    class Later(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return until

    monkeypatch.setattr(keys, "datetime", Later)
    assert ring.verify(token) is None


def test_a_key_revoked_elsewhere_is_refused_after_two_seconds(
    store: Store, ring: KeyRing, clock: Clock
) -> None:
    new = ring.create("a", ["read"])
    assert ring.verify(new.token)
    KeyRing(store.keys).revoke(new.record.id)
    clock.now += 1.9
    assert ring.verify(new.token), "it is believed so long without asking"
    clock.now += 0.1
    assert ring.verify(new.token) is None
    assert ring.is_right(new.token), "it is the whole of a key, though one that ended"


def test_a_key_revoked_here_is_refused_at_once(ring: KeyRing) -> None:
    new = ring.create("a", ["read"])
    assert ring.verify(new.token)
    ring.revoke(new.token)  # the whole key does as well as its id
    assert ring.verify(new.token) is None


def test_the_database_is_asked_once_in_two_seconds(
    ring: KeyRing, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = ring.create("a", ["read"]).token
    asked = []
    find = ring._store.find
    monkeypatch.setattr(ring._store, "find", lambda key_id: asked.append(key_id) or find(key_id))
    for _ in range(100):
        clock.now += 0.1
        assert ring.verify(token)
    assert 4 <= len(asked) <= 6


def test_what_is_remembered_is_bounded(ring: KeyRing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "REMEMBERED", 3)
    ring = KeyRing(ring._store)
    tokens = [ring.create(str(number), ["read"]).token for number in range(6)]
    assert all(ring.verify(token) for token in tokens)
    assert [hash_token(token) in ring._verified for token in tokens] == [False] * 3 + [True] * 3


def test_its_use_is_noted_now_and_then_and_never_in_the_way(
    store: Store, ring: KeyRing, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = ring.create("a", ["read"])
    noted = []
    note_use = store.keys.note_use

    def note(key_id: str, at: datetime) -> None:
        noted.append(key_id)
        if len(noted) == 1:
            raise StoreUnavailable("somebody writes")
        note_use(key_id, at)

    monkeypatch.setattr(store.keys, "note_use", note)
    for _ in range(50):
        clock.now += 1.0
        assert ring.verify(new.token)
    assert len(noted) == 1, "not tried again at once"
    monkeypatch.setattr(keys, "USE_RETRIED_AFTER", timedelta(0))
    fresh = KeyRing(store.keys, clock)
    for _ in range(50):
        clock.now += 1.0
        assert fresh.verify(new.token)
    assert len(noted) == 2
    (record,) = ring.find_all()
    assert record.last_used_at is not None
