"""Whom a request comes from, as proxies have it and as strangers would."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.web.middleware.proxies import TrustedProxies

PROXY, CLIENT = "10.0.0.1", "192.0.2.7"
LISTED = "10.0.0.0/8, ::1"


def seen(listed, peer, **headers):
    """The address and the scheme that the application sees."""
    environ = {
        "REMOTE_ADDR": peer,
        "wsgi.url_scheme": "http",
        "HTTP_HOST": "h",
        "SERVER_NAME": "h",
        **headers,
    }
    found = []

    def application(environ, start_response):
        found.append((environ["REMOTE_ADDR"], environ["wsgi.url_scheme"]))
        return []

    TrustedProxies(application, listed)(environ, lambda *_: None)
    return found[0]


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        (PROXY, CLIENT, CLIENT),
        (PROXY, f"{CLIENT}, 10.9.9.9", CLIENT),  # two proxies of ours
        (PROXY, f"127.0.0.1, {CLIENT}", CLIENT),  # what the client wrote before
        (PROXY, f"1.1.1.1, 2.2.2.2, {CLIENT}, 10.0.0.2, 10.0.0.3", CLIENT),
        (PROXY, f"10.1.1.1, {CLIENT}", CLIENT),
        (PROXY, "10.1.1.1", "10.1.1.1"),  # asked from inside
        ("::1", CLIENT, CLIENT),
        (CLIENT, "127.0.0.1", CLIENT),  # a stranger's word
        ("", CLIENT, CLIENT),  # a Unix socket: only a neighbour can use one
    ],
)
def test_whose_address_counts(peer, forwarded, address):
    assert seen(LISTED, peer, HTTP_X_FORWARDED_FOR=forwarded)[0] == address


def test_everybody_is_believed_by_a_star_and_no_further():
    assert seen("*", CLIENT, HTTP_X_FORWARDED_FOR="127.0.0.1, 198.51.100.1")[0] == "198.51.100.1"


def test_nobody_is_believed_by_an_empty_list():
    assert seen("", PROXY, HTTP_X_FORWARDED_FOR="127.0.0.1")[0] == PROXY


def test_the_scheme_is_a_proxys_word_too():
    headers = {"HTTP_X_FORWARDED_FOR": CLIENT, "HTTP_X_FORWARDED_PROTO": "https"}
    assert seen(LISTED, PROXY, **headers)[1] == "https"
    assert seen(LISTED, CLIENT, **headers)[1] == "http"


@given(st.text(), st.sampled_from([PROXY, CLIENT]))
def test_any_header_leaves_an_address(forwarded, peer):
    address = seen(LISTED, peer, HTTP_X_FORWARDED_FOR=forwarded)[0]
    assert address == peer or address in forwarded
    if peer == CLIENT:
        assert address == CLIENT
