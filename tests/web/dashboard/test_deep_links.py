"""Links to the words in a page, and which addresses are links at all."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.web.dashboard.deep_links import is_web_address, link_words


@pytest.mark.parametrize(
    ("words", "directive"),
    [
        ("fear itself", "fear%20itself"),
        ("well-known, and R&D", "well%2Dknown%2C%20and%20R%26D"),
        ("“so” he said – 100%", "%E2%80%9Cso%E2%80%9D%20he%20said%20%E2%80%93%20100%25"),
        ("  two\n lines ", "two%20lines"),
        (" ".join("abcdefghijk"), "a%20b%20c%20d%20e,g%20h%20i%20j%20k"),
    ],
)
def test_the_characters_that_divide_a_directive_are_encoded(words, directive):
    assert link_words("https://a.example/b", words) == f"https://a.example/b#:~:text={directive}"


def test_a_fragment_is_kept_and_a_directive_in_it_is_not():
    assert link_words("https://a.example/#top", "x") == "https://a.example/#top:~:text=x"
    assert link_words("https://a.example/#top:~:text=y", "x") == "https://a.example/#top:~:text=x"


def test_no_words_no_directive():
    assert link_words("https://a.example/", " ") == "https://a.example/"


NOT_LINKS = [
    "javascript:alert(1)", "JavaScript:alert(1)", "java\nscript:alert(1)", " javascript:alert(1)",
    "data:text/html,x", "vbscript:x", "file:///etc/passwd", "ftp://a.example/", "urn:isbn:1", "//a.example/x",
    "/v1/quotes", "a.example", "", "http:", "http://", "https:///x", "http://[", "https://a.example/\u202eb",
    "https://a.example/\nb", None, 7,
]  # fmt: skip


@pytest.mark.parametrize("address", NOT_LINKS)
def test_what_is_no_address_of_the_web_is_no_link(address):
    assert not is_web_address(address)
    if isinstance(address, str):
        assert link_words(address, "words") is None


@given(st.text(max_size=200))
def test_any_words_come_out_of_the_link_as_they_went_in(words):
    link = link_words("https://a.example/p?q=1", words)
    assert link is not None
    link.encode("ascii")
    parts = urlsplit(link)
    assert (parts.netloc, parts.path, parts.query) == ("a.example", "/p", "q=1")
    if parts.fragment:
        told = parts.fragment.removeprefix(":~:text=").split(",")
        assert len(told) <= 2
        assert all(not set(part) & set("-&,# ") for part in told)
        named = [unquote(part) for part in told]
        split = words.encode("utf-8", "replace").decode().split()
        assert named[0].split() == split[: len(named[0].split())]
        assert named[-1].split() == split[-len(named[-1].split()) :]
