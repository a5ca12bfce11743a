"""Which passwords may be chosen, and how they are kept."""

from __future__ import annotations

import pytest

from service.errors import Overloaded
from service.usecases import passwords
from service.usecases.passwords import HASHER, NO_PASSWORD, find_fault, hash_password, is_password

GOOD = "kelp tram Onyx 82"


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("short", "12 characters"),
        ("a" * 11, "12 characters"),
        ("x1y2z3" * 40, "200 characters"),
        ("AnnMarlow-2026-x", "your name"),
        ("my marlow is 77 long", "your name"),
        ("ann.m@paper.example!", "your name"),
        ("aaaaaaaaaaaab", "guessed first"),
        ("1234567890123", "guessed first"),
        ("qwertyuiopas", "guessed first"),
        ("Password1234!", "guessed first"),
        ("P@ssw0rd2026", "guessed first"),
        ("abc123abc123", "guessed first"),
        ("letmein-letmein", "guessed first"),
    ],
)
def test_what_is_guessed_first_is_refused(password: str, fault: str) -> None:
    found = find_fault(password, "Ann Marlow", "ann.m@paper.example")
    assert found is not None
    assert fault in found


@pytest.mark.parametrize(
    "password", [GOOD, "zürich nebel orgel", "0aX!93kd_mQw", "日本語のとても長いパスワード"]
)
def test_others_may_be_chosen(password: str) -> None:
    assert find_fault(password, "Ann Marlow", "ann.m@paper.example") is None


def test_only_a_hash_with_a_salt_is_kept() -> None:
    one, other = hash_password(GOOD), hash_password(GOOD)
    assert one.startswith("$argon2id$")
    assert one != other
    assert GOOD not in one
    assert is_password(one, GOOD)
    assert not is_password(one, GOOD + "x")


def test_a_keyboard_may_compose_letters_otherwise() -> None:
    assert is_password(hash_password("zu\u0308rich nebel orgel"), "zürich nebel orgel")


def test_where_there_is_no_password_one_of_the_same_cost_is_verified() -> None:
    assert not HASHER.check_needs_rehash(NO_PASSWORD)
    assert not is_password(None, GOOD)
    assert not is_password("no hash", GOOD)


def test_hashes_that_are_computed_at_a_time_are_few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "PATIENCE_S", 0.01)
    with passwords._place(), passwords._place(), pytest.raises(Overloaded):
        hash_password(GOOD)
    assert is_password(hash_password(GOOD), GOOD)
