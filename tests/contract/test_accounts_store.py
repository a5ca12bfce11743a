"""Accounts are kept alike by SQLite and PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from service.errors import Conflict, InvalidInput, NotFound
from service.store import Store
from service.usecases.accounts import Accounts

GOOD = "kelp tram Onyx 82"


def test_a_person_is_invited_and_chooses_a_password(store: Store) -> None:
    accounts = Accounts(store.accounts)
    link = accounts.invite(" Ann Marlow ", "Ann@Paper.Example", "editor")
    assert accounts.find_invited(link.token).name == "Ann Marlow"
    assert accounts.verify("ann@paper.example", "") is None
    accepted = accounts.accept(link.token, GOOD)
    assert (accepted.email, accepted.session_number) == ("ann@paper.example", 1)
    found = accounts.verify("ANN@paper.example ", GOOD)
    assert found == accepted
    assert accounts.find_all() == [accepted]
    with pytest.raises(NotFound):
        accounts.find_invited(link.token)


def test_no_token_and_no_password_is_in_the_database(store: Store) -> None:
    accounts = Accounts(store.accounts)
    first = accounts.invite("Ann", "ann@paper.example", "reader")
    accounts.accept(first.token, GOOD)
    second = accounts.renew_link(first.account.id)
    with store._database.read() as connection:
        rows = [*connection.execute(text("SELECT * FROM accounts")).all()]
        rows += connection.execute(text("SELECT * FROM account_links")).all()
    kept = " ".join(str(value) for row in rows for value in row)
    assert len(rows) == 2
    assert not any(secret in kept for secret in (first.token, second.token, GOOD))


def test_a_link_is_used_once_however_many_try(store: Store) -> None:
    accounts = Accounts(store.accounts)
    token = accounts.invite("Ann", "ann@paper.example", "reader").token

    def accept(number: int) -> bool:
        try:
            accounts.accept(token, f"{GOOD} {number}")
        except NotFound:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(accept, range(4)))
    assert done.count(True) == 1
    assert accounts.verify("ann@paper.example", f"{GOOD} {done.index(True)}") is not None


def test_a_link_ends_by_time_and_by_the_next(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    accounts = Accounts(store.accounts)
    first = accounts.invite("Ann", "ann@paper.example", "reader")
    second = accounts.renew_link(first.account.id)
    with pytest.raises(NotFound):
        accounts.find_invited(first.token)
    assert accounts.find_invited(second.token) == first.account
    after = second.expires_at + timedelta(seconds=1)
    assert store.accounts.find_by_link("0" * 64, after) is None
    with pytest.raises(NotFound):
        store.accounts.use_link("0" * 64, "x", datetime.now(UTC))


def test_an_address_has_one_account(store: Store) -> None:
    accounts = Accounts(store.accounts)
    accounts.invite("Ann", "ann@paper.example", "reader")
    with pytest.raises(Conflict):
        accounts.invite("Another", "ANN@paper.example", "admin")
    assert len(accounts.find_all()) == 1


@pytest.mark.parametrize(
    ("name", "email", "role", "pointer"),
    [
        ("", "a@b.example", "reader", "/name"),
        ("a\nb", "a@b.example", "reader", "/name"),
        ("a" * 201, "a@b.example", "reader", "/name"),
        ("a", "nobody", "reader", "/email"),
        ("a", "a@b@c.example", "reader", "/email"),
        ("a", "a b@c.example", "reader", "/email"),
        ("a", "a@b.example", "owner", "/role"),
    ],
)
def test_what_is_no_person_is_refused(store: Store, name: str, email: str, role: str, pointer: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        Accounts(store.accounts).invite(name, email, role)
    assert [fault.pointer for fault in refused.value.faults] == [pointer]


def test_the_last_administrator_stays_one(store: Store) -> None:
    accounts = Accounts(store.accounts)
    ann = accounts.invite("Ann", "ann@paper.example", "admin").account
    with pytest.raises(Conflict):
        accounts.disable(ann.id)
    with pytest.raises(Conflict):
        accounts.set_role(ann.id, "reader")
    accounts.invite("Bob", "bob@paper.example", "admin")
    assert accounts.disable(ann.id).disabled_at is not None
    assert accounts.enable(ann.id).disabled_at is None


def test_what_ends_a_session(store: Store) -> None:
    accounts = Accounts(store.accounts)
    link = accounts.invite("Ann", "ann@paper.example", "editor")
    accepted = accounts.accept(link.token, GOOD)
    principal = accounts.recall(accepted.id, accepted.session_number)
    assert principal is not None
    assert (principal.name, principal.key_id, principal.role) == ("Ann", accepted.id, "editor")
    assert principal.may("review")
    assert not principal.may("admin")
    changed = accounts.change_password(accepted.id, GOOD, "another fen 53 mill")
    assert accounts.recall(accepted.id, accepted.session_number) is None
    assert accounts.recall(accepted.id, changed.session_number) is not None
    ended = accounts.end_sessions(accepted.id)
    assert accounts.recall(accepted.id, changed.session_number) is None
    accounts.disable(accepted.id)
    assert accounts.recall(accepted.id, ended.session_number) is None
    assert accounts.verify("ann@paper.example", "another fen 53 mill") is None


def test_another_process_sees_the_end_of_a_session_in_seconds(store: Store) -> None:
    now = 100.0
    here, there = Accounts(store.accounts), Accounts(store.accounts, lambda: now)
    accepted = here.accept(here.invite("Ann", "ann@paper.example", "editor").token, GOOD)
    assert there.recall(accepted.id, accepted.session_number) is not None
    here.disable(accepted.id)
    now += 2.0
    assert there.recall(accepted.id, accepted.session_number) is None
