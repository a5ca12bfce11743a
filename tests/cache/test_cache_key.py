from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.cache import cache_key

PARTS = st.lists(st.text(max_size=8), max_size=4)


def test_a_key_names_its_kind_and_hides_its_parts() -> None:
    key = cache_key("article", "the text", "engine-1")
    assert re.fullmatch(r"verbatim:1:article:[0-9a-f]{64}", key)
    assert "text" not in key


def test_keys_stay_the_same_from_one_run_to_the_next() -> None:
    # A changed key empties every installation's cache. The digest is sha256sum's, of the bytes
    # 00 00 00 00 00 00 00 01 'a' 00 00 00 00 00 00 00 01 'b'.
    assert cache_key("article", "a", "b") == (
        "verbatim:1:article:3c9d591045bc8876f9d0399bbfb05c6a412096e906f73278f98406cd5dca86df"
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("ab", "c"), ("a", "bc")),
        (("a", ""), ("a",)),
        (("", "a"), ("a", "")),
        (("a", "b"), ("b", "a")),
        (("é",), ("e\u0301",)),
    ],
)
def test_where_a_part_ends_matters(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert cache_key("k", *one) != cache_key("k", *other)


@given(one=PARTS, other=PARTS)
def test_only_the_same_parts_give_the_same_key(one: list[str], other: list[str]) -> None:
    assert (cache_key("k", *one) == cache_key("k", *other)) == (one == other)


def test_the_kind_is_part_of_the_key() -> None:
    assert cache_key("article", "a") != cache_key("check", "a")


def test_any_text_can_be_a_part() -> None:
    assert cache_key("k", "\ud800 lone surrogate", "\x00")
