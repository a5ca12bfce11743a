"""The look-up of a name ends in time, whatever the system's resolver does."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from ipaddress import ip_address

import pytest

from service.outbound import Forbidden, read_target
from service.outbound import address as module
from service.outbound.address import look_up
from service.outbound.time_limit import MOST_UNDER_WAY
from tests.processes import wait_until

FOUND = [(0, 0, 0, "", ("192.0.2.7", 443))]


@pytest.fixture
def hanging(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """A resolver that answers when this event is set."""
    release = threading.Event()

    def getaddrinfo(*_: object, **__: object) -> list[object]:
        release.wait(60)
        return list(FOUND)

    monkeypatch.setattr(module.socket, "getaddrinfo", getaddrinfo)
    yield release
    release.set()


def test_a_resolver_that_hangs_is_not_waited_for(hanging, monkeypatch):
    with pytest.raises(Forbidden, match=r"not found within 0\.05 s"):
        look_up("hook.example.org", 443, 0.05)
    monkeypatch.setattr(look_up, "__defaults__", (0.05,))
    with pytest.raises(Forbidden, match=r"not found within 0\.05 s"):
        read_target("https://hook.example.org/").locate(())


def test_look_ups_that_hang_are_bounded_and_others_go_on_after_them(hanging):
    before = threading.active_count()
    for _ in range(MOST_UNDER_WAY + 4):
        with pytest.raises(Forbidden):
            look_up("hook.example.org", 443, 0.01)
    assert threading.active_count() - before <= MOST_UNDER_WAY
    hanging.set()
    wait_until(lambda: threading.active_count() <= before, "the end of the look-ups")
    assert look_up("hook.example.org", 443) == [ip_address("192.0.2.7")]
