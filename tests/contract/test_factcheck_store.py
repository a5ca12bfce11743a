"""Fact-checks in the store: the same calls, the same answers on SQLite and PostgreSQL."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from sqlalchemy import select

from service.claims.drafting import FactcheckDraft, draft_factchecks
from service.claims.encoder import DIMENSIONS, Floats
from service.claims.factcheck import Factcheck
from service.claims.index import Filter
from service.claims.query import read_query
from service.claims.terms import count_terms
from service.store import Store
from service.store.factchecks import writing as factcheck_writing
from service.store.factchecks.search import Candidate, Question
from service.store.tables import factcheck_postings

MOON = Factcheck(
    url="https://example.org/moon",
    claim="The moon is made of green cheese.",
    title="Is the moon cheese?",
    publisher="Example Facts",
    reviewed_on=date(2020, 3, 1),
    rating="False",
    language="en-GB",
)
WELL = Factcheck(
    url="https://www.other.example/well",
    claim="A well in Lisbon runs backwards.",
    reviewed_on=date(2021, 3, 1),
    language="pt",
)


class Letters:
    """An encoder without a network: texts with the same words have the same vector."""

    fingerprint = "letters"

    def encode(self, texts: Sequence[str], most: int = 96) -> Floats:
        rows = [
            np.random.default_rng(zlib.crc32(text.casefold().encode())).normal(size=DIMENSIONS)
            for text in texts
        ]
        vectors = np.array(rows, dtype=np.float32).reshape(len(texts), DIMENSIONS)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


ENCODER = Letters()


def draft(*factchecks: Factcheck) -> list[FactcheckDraft]:
    return draft_factchecks(factchecks, [None] * len(factchecks), ENCODER)


def save(store: Store, *factchecks: Factcheck) -> tuple[str, ...]:
    return store.factchecks.save(draft(*factchecks), ENCODER.fingerprint).outcomes


def find(
    store: Store, text: str, encoder: str = "letters", limit: int = 120, **wanted: object
) -> list[Candidate]:
    query = read_query(text, ENCODER)
    question = Question(query.terms, query.vector, encoder, Filter(**wanted))  # type: ignore[arg-type]
    return store.factchecks.find_candidates(question, limit)


def found_urls(store: Store, text: str, **options: object) -> list[str]:
    # another encoder's: found by their words alone
    return [one.factcheck.url for one in find(store, text, "none", **options)]  # type: ignore[arg-type]


def test_nothing_is_found_in_an_empty_store(store: Store):
    assert find(store, "the moon is cheese") == []
    assert store.factchecks.count() == 0
    assert store.factchecks.find_newest(Filter(), 0, 10) == []


def test_what_is_saved_is_found_whole(store: Store):
    assert save(store, MOON, WELL) == ("added", "added")
    found, _ = find(store, "They say the moon is cheese!")
    assert found.factcheck == MOON
    assert store.factchecks.count() == store.searched().factchecks == store.stats().factchecks == 2


def test_the_nearest_by_meaning_are_found_without_a_common_word(store: Store):
    filler = [
        replace(WELL, url=f"https://example.org/{n}", claim=f"Filler {n} says nothing.") for n in range(50)
    ]
    save(store, MOON, *filler)
    (found,) = store.factchecks.find_candidates(Question([], ENCODER.encode([MOON.claim])[0], "letters"), 1)
    assert found.factcheck == MOON
    cosine = (
        found.vectors[0].astype(float) @ ENCODER.encode([MOON.claim])[0] / np.linalg.norm(found.vectors[0])
    )
    assert cosine > 0.999


def test_the_same_again_changes_nothing(store: Store):
    save(store, MOON, WELL)
    before = store.generation()
    assert save(store, WELL, MOON) == ("unchanged", "unchanged")
    assert store.generation() == before


def test_a_new_rating_is_taken_over(store: Store):
    save(store, MOON)
    before = store.generation()
    assert save(store, replace(MOON, rating="Satire", reviewed_on=date(2022, 1, 1))) == ("changed",)
    assert store.generation() != before
    (found,) = find(store, "moon cheese", reviewed_until=date(2022, 1, 1))
    assert found.factcheck.rating == "Satire"
    assert store.factchecks.count() == 1


def test_a_corrected_claim_is_found_by_its_new_words_alone(store: Store):
    save(store, MOON)
    assert found_urls(store, "green cheese") == [MOON.url]
    assert save(store, replace(MOON, claim="The moon is made of basalt.")) == ("changed",)
    assert found_urls(store, "green") == []
    assert found_urls(store, "basalt") == [MOON.url]
    assert store.factchecks.count() == 1


def test_words_of_many_imports_stand_together(store: Store):
    def segments() -> list[tuple[int, int]]:
        with store.factchecks._database.read() as connection:
            rows = connection.execute(select(table.c.size, table.c.entries).where(table.c.term == moon))
            return sorted((row.size, len(row.entries) // 4) for row in rows)

    table, (moon,) = factcheck_postings, count_terms("moon")
    moons = [replace(MOON, url=f"{MOON.url}/{n}") for n in range(factcheck_writing.WHOLE + 30)]
    for start, end in ((0, 3), (3, 4), (4, 20), (20, len(moons) - 2), (len(moons) - 2, len(moons))):
        save(store, *moons[start:end])
        assert sum(size for size, _ in segments()) == end
    assert segments() == [(2, 2), (len(moons) - 2, len(moons) - 2)]  # what is large was left as it is
    save(store, WELL, replace(MOON, claim="The moon is a balloon."))
    assert segments() == [(3, 3), (len(moons) - 2, len(moons) - 2)]
    assert {*found_urls(store, "moon", limit=3_000)} == {one.url for one in [MOON, *moons]}


def test_a_page_that_reviews_less_than_before_loses_the_rest(store: Store):
    sun = replace(MOON, number=1, claim="The sun is made of butter.")
    save(store, MOON, sun)
    assert [one.number for one in store.factchecks.find_page(MOON.url)] == [0, 1]
    saved = store.factchecks.save(draft(MOON), "letters")
    assert (saved.outcomes, saved.withdrawn) == (("unchanged",), 1)
    assert found_urls(store, "butter") == []
    assert store.factchecks.count() == 1


def test_of_one_address_twice_in_a_batch_the_last_counts(store: Store):
    save(store, MOON, replace(MOON, claim="The moon is made of basalt."))
    assert store.factchecks.count() == 1
    assert found_urls(store, "basalt") == [MOON.url]
    assert found_urls(store, "green") == []


@pytest.mark.parametrize(
    ("wanted", "urls"),
    [
        ({"site": "Example.org"}, {MOON.url}),
        ({"site": "other.example"}, {WELL.url}),
        ({"site": "elsewhere.example"}, set()),
        ({"language": "en"}, {MOON.url}),
        ({"language": "pt-BR"}, {WELL.url}),
        ({"newest_from": date(2021, 1, 1)}, {WELL.url}),
        ({"reviewed_until": date(2020, 12, 31)}, {MOON.url}),
        ({}, {MOON.url, WELL.url}),
    ],
)
def test_filters(store: Store, wanted: dict[str, object], urls: set[str]):
    save(store, MOON, WELL)
    assert {one.factcheck.url for one in find(store, "the moon in a well", **wanted)} == urls
    newest = store.factchecks.find_newest(Filter(**wanted), 0, 10)  # type: ignore[arg-type]
    assert {one.url for one in newest} == urls
    assert [one.reviewed_on for one in newest] == sorted((one.reviewed_on for one in newest), reverse=True)


def test_an_undated_review_is_left_out_of_the_past(store: Store):
    save(store, replace(MOON, reviewed_on=None))
    assert find(store, "moon", reviewed_until=date(2030, 1, 1)) == []


def test_another_process_sees_what_changed(store: Store):
    save(store, MOON, WELL)
    other = Store(store._database.engine.url.render_as_string(hide_password=False))
    try:
        assert found_urls(other, "moon") == [MOON.url]
        save(store, replace(MOON, claim="The sun is a lamp."))
        save(store, replace(WELL, url="https://example.org/late", claim="The moon is late."))
        assert found_urls(other, "moon") == [
            "https://example.org/late",
            MOON.url,
        ]  # its title still has the word
        assert found_urls(other, "lamp") == [MOON.url]
    finally:
        other.close()


def test_vectors_are_kept_for_texts_that_are_stored(store: Store):
    save(store, MOON)
    changed = replace(MOON, claim="The moon is made of basalt.")
    known = store.factchecks.find_vectors([MOON, replace(MOON, rating="True"), changed, WELL], "letters")
    assert [one is not None for one in known] == [True, True, False, False]
    assert known[0] == draft(MOON)[0].vectors.tobytes()
    assert store.factchecks.find_vectors([MOON], "another encoder") == [None]


def test_another_encoder_finds_by_words_until_meanings_are_renewed(store: Store):
    save(store, MOON)
    (found,) = find(store, "the moon", encoder="newer")
    assert not found.vectors.any()
    assert find(store, "nothing in common", encoder="newer") == []
    store.factchecks.replace_vectors(draft(MOON))
    store.factchecks.set_encoder("newer")
    (found,) = find(store, "nothing in common", encoder="newer")
    assert found.vectors.any()
    assert [len(some) for some in store.factchecks.iterate()] == [1]
