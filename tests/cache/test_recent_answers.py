"""Recent answers: how many are kept, for how long, and use by several threads."""

from __future__ import annotations

import threading

from hypothesis import given
from hypothesis import strategies as st

from service.cache.recent_answers import ENTRY_BYTES, RecentAnswers

HEADERS = (("Content-Type", "application/json"),)


def generation() -> str:
    return "7"


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def test_an_answer_ends_when_the_cache_said_it_would() -> None:
    clock = Clock()
    recent = RecentAnswers(generation, clock=clock)
    recent.keep("a", b"body", HEADERS, 10)
    clock.now_s = 3.2
    found = recent.find("a")
    assert found is not None
    assert (found[0].body, found[0].headers, found[1]) == (b"body", HEADERS, 7)
    clock.now_s = 10.0
    assert recent.find("a") is None


def test_one_that_is_over_already_is_not_kept_and_takes_the_place_of_none() -> None:
    recent = RecentAnswers(generation)
    recent.keep("a", b"body", HEADERS, 0)
    assert recent.find("a") is None
    recent.keep("b", b"older", HEADERS, 10)
    recent.keep("b", b"newer", HEADERS, 10)
    found = recent.find("b")
    assert found is not None
    assert found[0].body == b"newer"


def test_the_one_unused_for_longest_makes_room() -> None:
    recent = RecentAnswers(generation, max_bytes=2 * (ENTRY_BYTES + 4))
    recent.keep("a", b"aaaa", HEADERS, 10)
    recent.keep("b", b"bbbb", HEADERS, 10)
    assert recent.find("a")
    recent.keep("c", b"cccc", HEADERS, 10)
    assert [bool(recent.find(name)) for name in "abc"] == [True, False, True]


@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.integers(0, 6_000), st.integers(0, 20), st.integers(0, 9)),
        max_size=60,
    )
)
def test_it_never_holds_more_than_it_may_nor_what_is_over(asked: list[tuple[int, int, int, int]]) -> None:
    clock, most = Clock(), 12_000
    recent = RecentAnswers(generation, max_bytes=most, clock=clock)
    ends: dict[int, float] = {}
    for name, size, ttl_s, pause_s in asked:
        clock.now_s += pause_s
        recent.keep(name, b"x" * size, HEADERS, ttl_s)
        ends[name] = clock.now_s + ttl_s
        held = [found for number in range(10) if (found := recent.find(number))]
        assert sum(answer.size for answer, _ in held) <= most
        for number in range(10):
            assert recent.find(number) is None or clock.now_s < ends[number]


def test_threads_find_whole_answers_only() -> None:
    recent = RecentAnswers(generation, max_bytes=5 * (ENTRY_BYTES + 50))
    wrong = []

    def use(first: int) -> None:
        for turn in range(2_000):
            name = (first + turn) % 10
            recent.keep(name, b"%d" % name * 50, HEADERS, 10)
            found = recent.find(name)
            if found is not None and found[0].body != b"%d" % name * 50:
                wrong.append(name)

    threads = [threading.Thread(target=use, args=(first,)) for first in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert 0 < sum(recent.find(name) is not None for name in range(10)) <= 5
