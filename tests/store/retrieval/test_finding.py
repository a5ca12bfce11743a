"""The fast way to evidence against the slow one: every stored sentence ranked for every query."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import pytest

from service.matching.models import Evidence, Origin
from service.matching.retrieval.fingerprints import rank_string
from service.matching.retrieval.ranking import Candidate, Ranked, rank_candidates
from service.matching.retrieval.text_parts import split_parts
from service.store import Store
from service.store.records import StoredQuote
from service.store.retrieval.context_windows import Hit, choose_windows, merge_windows
from tests.matching.retrieval.codes import encode_text
from tests.store.material import read_sentences
from tests.stores import open_migrated

SENTENCES = 3_000
QUERIES = 150


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, list[StoredQuote]]]:
    """A store with real sentences, and those sentences."""
    path: Path = tmp_path_factory.mktemp("finding")
    store = open_migrated(f"sqlite:///{path}/store.sqlite3")
    store.import_quotes(islice(read_sentences(SENTENCES * 8), 0, None, 8))
    yield store, list(store.export_quotes())
    store.close()


def whole(words: list[str], _: random.Random) -> list[str]:
    return words


def fragment(words: list[str], chance: random.Random) -> list[str]:
    size = chance.randint(4, 6)
    start = chance.randrange(max(1, len(words) - size))
    return words[start : start + size]


def changed(words: list[str], chance: random.Random) -> list[str]:
    place = chance.randrange(len(words))
    return [*words[:place], "marmalade", *words[place + 1 :]]


def rank_all(stored: list[tuple[int, str]], text: str) -> Ranked:
    """The best of all stored sentences."""
    return rank_candidates(rank_string(encode_text(text)), [Candidate(*one) for one in stored], 1)[0]


@pytest.mark.parametrize(("make", "least"), [(whole, 0.995), (fragment, 0.95), (changed, 0.95)])
def test_the_first_window_holds_the_text_as_well_as_any_stored_sentence(
    filled: tuple[Store, list[StoredQuote]],
    make: Callable[[list[str], random.Random], list[str]],
    least: float,
) -> None:
    store, quotes = filled
    stored = [(number, rank_string(encode_text(one.text))) for number, one in enumerate(quotes)]
    place_of = {(one.origin.uri, one.position): number for number, one in enumerate(quotes)}
    chance = random.Random(7)
    long_enough = [one for one in quotes if len(one.text.split()) >= 8]
    as_good = 0
    for one in chance.sample(long_enough, QUERIES):
        text = " ".join(make(one.text.split(), chance))
        best = rank_all(stored, text)
        found = store.find_evidence(text)
        hits = [
            (evidence.origin.uri, utterance.position)
            for evidence in found[:1]
            for utterance in evidence.utterances
            if utterance.position in evidence.hits
        ]
        mine = [(place_of[hit], stored[place_of[hit]][1]) for hit in hits]
        as_good += bool(mine) and rank_all(mine, text).coverage == best.coverage
    assert as_good / QUERIES >= least


def test_evidence_is_in_order_and_its_hits_are_in_it(filled: tuple[Store, list[StoredQuote]]) -> None:
    store, quotes = filled
    sample = random.Random(3).sample(quotes, 40)
    assert len(sample) == 40
    for one in sample:
        found: list[Evidence] = store.find_evidence(one.text)
        assert found
        for evidence in found:
            positions = [utterance.position for utterance in evidence.utterances]
            assert positions == sorted(set(positions))
            assert evidence.hits <= set(positions)
            assert len(positions) >= 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One two three.", [["one", "two", "three"]]),
        ("?!", []),
        ("He said it all. She said nothing more.", 3),
        ("They came early … and they left late", 3),
        ("They came early [...] and they left late", 3),
        ("They [the fishermen] came early today", 2),
        ("Yes. No. It was all in vain.", 2),
    ],
)
def test_segments(text: str, expected: list[list[str]] | int) -> None:
    segments = split_parts(text)
    assert segments == expected if isinstance(expected, list) else len(segments) == expected


ORIGINS = {
    1: Origin("urn:1", "", "", None, "transcript"),
    2: Origin("urn:2", "", "", None, "article"),
}


def hit(source: int, position: int, segment: int = 0, held: float = 5.0, rank: int = 0) -> Hit:
    return Hit(source, position, segment, held, rank)


@pytest.mark.parametrize(
    ("positions", "expected"),
    [
        ([0], [(0, 3)]),
        ([10], [(7, 13)]),
        ([10, 12], [(7, 15)]),
        ([10, 17], [(7, 20)]),
        ([10, 18], [(7, 13), (15, 21)]),
    ],
)
def test_windows_of_a_transcript_are_merged_where_they_touch(
    positions: list[int], expected: list[tuple[int, int]]
) -> None:
    windows = merge_windows([hit(1, position) for position in positions], ORIGINS, 3)
    assert [(window.first, window.last) for window in windows] == expected
    assert {position for window in windows for position in window.hits} == set(positions)


def test_neighbours_in_an_article_were_not_said_together() -> None:
    windows = merge_windows([hit(2, 4), hit(2, 5)], ORIGINS, 3)
    assert [(window.first, window.last) for window in windows] == [(4, 4), (5, 5)]


def test_the_best_window_of_every_segment_is_kept() -> None:
    hits = [hit(1, 100 * number, 0, 9.0 - number, number) for number in range(5)]
    hits += [hit(1, 900, 1, 2.0), hit(1, 950, 2, 1.0)]
    windows = choose_windows(merge_windows(hits, ORIGINS, 3), 3, 2)
    assert [min(window.hits) for window in windows] == [0, 100, 900, 950]
