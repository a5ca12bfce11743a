"""Which spellings of an address name one source, and which name two."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.store.addresses import address_key

ONE_PAGE = [
    "https://k.example/s",
    "http://k.example/s",
    "HTTPS://K.Example/s",
    "https://www.k.example/s/",
    "http://k.example:80/s",
    "https://k.example:443/s#speech",
    "https://k.example./s",
    "https://k.example/a/../s",
    "http://k.example/s/?utm_source=feed&utm_medium=rss",
    "https://k.example/s?fbclid=IwAR0&gclid=x&mc_eid=1&igshid=z&at_medium=social&CMP=share",
]
DISTINCT = [
    "https://k.example/s",
    "https://k.example/S",
    "https://m.k.example/s",
    "https://k.example:8080/s",
    "https://k.example/s?session=12",
    "https://k.example/s?gallery=3",
    "https://k.example/s?session=13",
    "https://k.example/#!/s",
    "https://k.example",
    "ftp://k.example/s",
    "urn:k.example:s",
    "urn:k.example:s#1",
]


def test_spellings_of_one_address_have_one_key() -> None:
    assert {address_key(spelling) for spelling in ONE_PAGE} == {"https://k.example/s"}


def test_what_may_be_another_page_has_another_key() -> None:
    assert len({address_key(address) for address in DISTINCT}) == len(DISTINCT)


def test_the_order_of_parameters_makes_no_difference() -> None:
    assert address_key("https://k.example/s?b=2&a=1") == address_key("https://k.example/s?a=1&b=2")


def test_international_names_and_paths_are_the_same_in_either_writing() -> None:
    plain = address_key("https://münchen.example/straße")
    assert plain == address_key("http://xn--mnchen-3ya.example/stra%C3%9Fe/")


@pytest.mark.parametrize(
    "odd", ["", "not a url", "https://", "https://[::1", "https://k.example:99999/x", "http:///x"]
)
def test_what_is_no_address_stays_as_it_is(odd: str) -> None:
    assert address_key(odd) == odd


@given(st.text(), st.text())
def test_no_address_raises_and_the_key_is_a_spelling_of_itself(host: str, rest: str) -> None:
    for address in (host, f"http://{host}/{rest}", f"https://k.example/{rest}"):
        key = address_key(address)
        assert address_key(key) == key
