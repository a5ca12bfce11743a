from __future__ import annotations

import re

import pytest

from service.cache import CacheAnswer, CacheStatus

HIT, MISS, BYPASS = CacheStatus.HIT, CacheStatus.MISS, CacheStatus.BYPASS

CASES = [
    (CacheAnswer(b"", HIT, ttl_s=120), "verbatim; hit; ttl=120"),
    (CacheAnswer(b"", HIT), "verbatim; hit"),
    (CacheAnswer(b"", MISS), "verbatim; fwd=uri-miss"),
    (CacheAnswer(b"", MISS, stored=True), "verbatim; fwd=uri-miss; stored"),
    (CacheAnswer(b"", MISS, stored=True, collapsed=True), "verbatim; fwd=uri-miss; stored; collapsed"),
    (CacheAnswer(b"", MISS, detail="not-kept"), "verbatim; fwd=uri-miss; detail=not-kept"),
    (CacheAnswer(b"", BYPASS, detail="redis-unavailable"), "verbatim; fwd=bypass; detail=redis-unavailable"),
]


@pytest.mark.parametrize(("answer", "header"), CASES)
def test_header(answer: CacheAnswer, header: str) -> None:
    assert answer.header == header
    # RFC 9211 2: a list member is a token with parameters (RFC 9651), each a key or key=item.
    assert re.fullmatch(r"[a-z]+(; [a-z]+(=([a-z][a-z-]*|\d+))?)*", header)


def test_only_what_was_computed_is_collapsed() -> None:
    assert CacheAnswer(b"", MISS).as_collapsed().collapsed
    assert not CacheAnswer(b"", HIT).as_collapsed().collapsed
