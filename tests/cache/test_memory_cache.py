"""What is the in-process cache's own: how much it holds, and for how long."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from service.cache.cached_answer import CacheStatus
from service.cache.memory_cache import ENTRY_BYTES, MemoryCache


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def test_values_grow_old() -> None:
    clock = Clock()
    cache = MemoryCache(ttl_s=10, max_bytes=10_000, clock=clock)
    cache.put("key", b"value")
    clock.now_s = 9.9
    assert cache.get("key") == b"value"
    assert cache.get_or_compute("key", lambda: b"other").ttl_s == 1
    clock.now_s = 10.0
    assert cache.get("key") is None
    assert cache.get_or_compute("key", lambda: b"other").status is CacheStatus.MISS


def test_what_was_not_used_for_longest_goes_first() -> None:
    cache = MemoryCache(ttl_s=10, max_bytes=3 * (ENTRY_BYTES + 1))
    for key in "abc":
        cache.put(key, b"1")
    cache.get("a")
    cache.put("d", b"1")
    assert [key for key in "abcd" if cache.get(key) is not None] == ["a", "c", "d"]


def test_a_value_larger_than_everything_is_not_kept() -> None:
    cache = MemoryCache(ttl_s=10, max_bytes=1000)
    cache.put("small", b"1")
    answer = cache.get_or_compute("large", lambda: b"1" * 1000)
    assert len(answer.value) == 1000
    assert not answer.stored
    assert answer.header == "verbatim; fwd=uri-miss; detail=not-kept"
    assert cache.get("small") == b"1"


def test_a_value_that_became_too_large_is_not_kept_in_its_old_form() -> None:
    cache = MemoryCache(ttl_s=10, max_bytes=1000)
    cache.put("key", b"old")
    assert not cache.put("key", b"1" * 1000)
    assert cache.get("key") is None


@given(
    puts=st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 900), st.integers(0, 2)), max_size=60)
)
def test_never_holds_more_than_it_may(puts: list[tuple[str, int, int]]) -> None:
    clock = Clock()
    cache = MemoryCache(ttl_s=5, max_bytes=2000, clock=clock)
    for key, size, passed_s in puts:
        clock.now_s += passed_s
        cache.put(key, b"x" * size)
        held = [entry.size for entry in cache._entries.values()]
        assert cache._entries.currsize == sum(held) <= 2000
