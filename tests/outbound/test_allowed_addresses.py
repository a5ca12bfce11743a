"""Where requests may go: nowhere inside."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.outbound import Forbidden, parse_networks, read_target
from service.outbound.allowed_addresses import is_public

SPECIAL = (
    "0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1",
    "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1",
    "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "::", "::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b:1::1",
    "100::1", "2001::1", "2001:0:7f00:1::", "2001:db8::1", "2002:7f00:1::1", "3fff::1", "5f00::1", "fc00::1",
    "fd12:3456::1", "fe80::1", "fec0::1", "ff02::1",
)  # fmt: skip
PUBLIC = ("1.1.1.1", "8.8.8.8", "93.184.216.34", "172.32.0.1", "2606:4700::1111", "2a00:1450:4001::1")


@pytest.mark.parametrize("address", SPECIAL)
def test_nothing_special_is_public(address):
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_the_open_internet_is_public(address):
    assert is_public(ip_address(address))


@given(st.integers(0, 2**32 - 1))
def test_an_address_inside_another_is_as_private_as_alone(number):
    mapped = IPv6Address(f"::ffff:{IPv4Address(number)}")
    assert is_public(mapped) == is_public(IPv4Address(number))


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://localhost/", "no address|private"),
        ("http://example.org/", "https"),
        ("https://example.org:22/", "port"),
        ("https://example.org:80/", "port"),
        ("ftp://example.org/", "https"),
        ("javascript:alert(1)", "https"),
        ("https://user:pass@example.org/", "user"),
        ("https://example.org@127.0.0.1/", "user"),
        ("https://example.org/#x", "fragment"),
        ("https:///path", "host"),
        ("https://127.0.0.1/", "private"),
        ("https://[::1]/", "private"),
        ("https://[::ffff:7f00:1]/", "private"),
        ("https://2130706433/", "host"),
        ("https://0x7f.1/", "host"),
        ("https://0177.0.0.1/", "host"),
        ("https://127.1/", "host"),
        ("https://exa mple.org/", "ASCII"),
        ("https://exämple.org/", "ASCII"),
        ("https://example.org/\r\nX-Evil: 1", "ASCII"),
        ("https://example.org:99999/", "URL"),
        ("https://[fe80::1%25eth0]/", "host|URL"),
        ("https://a..b/", "host"),
        ("https://" + "a" * 64 + ".org/", "host"),
        ("https://example.org/" + "x" * 2000, "too long"),
        ("", "https"),
    ],
)
def test_a_url_that_is_none_of_ours_is_refused(url, why):
    with pytest.raises(Forbidden, match=why):
        read_target(url).locate(
            (), lambda host, port: [ip_address("93.184.216.34" if "." in host else "127.0.0.1")]
        )


@pytest.mark.parametrize(
    "url", ["https://example.org", "https://example.org:8443/a/b?c=d&e=%20", "https://1.1.1.1/x"]
)
def test_a_public_url_is_located(url):
    target = read_target(url)
    address = target.locate((), lambda host, port: [ip_address("93.184.216.34")])
    assert str(address) in ("93.184.216.34", "1.1.1.1")


def test_one_private_address_among_public_ones_is_enough_to_refuse():
    addresses = [ip_address("93.184.216.34"), ip_address("10.0.0.1")]
    with pytest.raises(Forbidden, match="private"):
        read_target("https://example.org/").locate((), lambda host, port: addresses)


def test_the_operator_may_allow_a_network_and_no_more():
    networks = parse_networks(("10.1.0.0/16", "::1"))
    assert str(read_target("http://10.1.2.3:9000/x").locate(networks)) == "10.1.2.3"
    assert str(read_target("http://[::1]/").locate(networks)) == "::1"
    for url in (
        "http://10.2.0.1/",
        "http://127.0.0.1/",
        "http://93.184.216.34/",
        "https://93.184.216.34:22/",
    ):
        with pytest.raises(Forbidden):
            read_target(url).locate(networks)


@given(st.text(max_size=60))
def test_any_text_is_a_target_or_forbidden(text):
    for url in (text, f"https://{text}", f"https://{text}/x", f"https://example.org/{text}"):
        try:
            target = read_target(url)
        except Forbidden:
            continue
        assert target.host
        assert target.path.startswith("/")
        assert not set(target.path + target.host) & set("\r\n \t")
