"""The pure parts of finding: words, meanings, the index, what is measured, what is said."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.claims.drafting import draft_factchecks
from service.claims.encoder import (
    DIMENSIONS,
    ENCODER,
    QUERY_PIECES,
    Bytes,
    Floats,
    quantise_vectors,
    restore_vectors,
    sign_codes,
)
from service.claims.factcheck import Factcheck
from service.claims.features import NAMES, longest_run, measure
from service.claims.index import COARSE, ID_BITS, ClaimIndex, Filter, IndexedClaim, count_unlike, find_best
from service.claims.query import read_query
from service.claims.ranking import order_factchecks, rank
from service.claims.terms import clean_text, count_terms, read_stems

WALL = Factcheck(
    url="https://example.org/wall",
    claim='Senator Ada Byron said "a wall of 40 feet will be built along the entire northern border by June."',
    title="Did Ada Byron Promise a 40-Foot Northern Wall?",
    publisher="Example Facts",
    rating="False",
)
TEA = Factcheck(url="https://example.org/tea", claim="Drinking green tea every day cures the common cold.")
OWLS = Factcheck(url="https://example.org/owls", claim="A photograph shows an owl that is taller than a man.")


@dataclass(frozen=True)
class Held:
    factcheck: Factcheck
    vectors: Bytes


@pytest.fixture(scope="module")
def held() -> list[Held]:
    checks = [TEA, OWLS, WALL]
    drafts = draft_factchecks(checks, [None] * len(checks), ENCODER)
    return [Held(draft.factcheck, draft.vectors) for draft in drafts]


class TestTerms:
    def test_a_post_is_read_without_its_trappings(self):
        post = "See #DefundTheBBChttps://t.co/abc now pic.twitter.com/x1 — Ann Lee (@ann) January 6, 2020"
        assert read_stems(post) == read_stems("See Defund The BBC now Ann Lee")

    def test_inflections_fall_together(self):
        assert len({*read_stems("claim claims claimed claiming")}) == 1
        assert read_stems("news bus class this") == ["new", "bus", "class", "thi"]

    @given(st.text())
    def test_nothing_breaks_it(self, text: str):
        assert all(1 <= times <= 15 for times in count_terms(text).values())
        assert isinstance(clean_text(text), str)


class TestEncoder:
    def test_the_same_meaning_is_nearer_than_the_same_words(self):
        a, b, c = ENCODER.encode(
            [
                "The physician examined the child.",
                "A doctor checked the kid.",
                "The child examined the physics book.",
            ]
        )
        assert a @ b > a @ c

    def test_a_text_has_one_vector_whatever_it_is_read_with(self):
        texts = ["One.", "A longer text of several words, read first.", "Two.", "", "\ud800 lone"]
        together = ENCODER.encode(texts)
        alone = np.concatenate([ENCODER.encode([text]) for text in texts])
        assert np.abs((together * alone).sum(axis=1) - 1).max() < 1e-3

    def test_of_a_long_text_under_question_the_beginning_is_read(self):
        long = "A doctor says that green tea cures every cold. " * 9
        whole, begun = ENCODER.encode([long])[0], read_query(long, ENCODER).vector
        assert begun.tolist() == ENCODER.encode([long], QUERY_PIECES)[0].tolist() != whole.tolist()
        short = "A doctor says so."
        assert read_query(short, ENCODER).vector.tolist() == ENCODER.encode([short])[0].tolist()

    @given(st.integers(0, 2**32 - 1))
    def test_bytes_keep_the_cosine(self, seed: int):
        vectors = np.random.default_rng(seed).normal(size=(4, DIMENSIONS)).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        kept = restore_vectors(quantise_vectors(vectors))
        assert np.abs(kept @ kept.T - vectors @ vectors.T).max() < 0.02


def code_of(seed: int) -> bytes:
    return np.random.default_rng(seed).integers(0, 2**64, 12, dtype=np.uint64).astype("<u8").tobytes()


def index_of(vectors: Floats) -> ClaimIndex:
    codes = sign_codes(vectors).transpose(1, 2, 0).copy()
    return ClaimIndex.of(np.ones((5, len(vectors)), np.int64), codes)


class TestIndex:
    def test_it_finds_what_a_loop_would_find(self):
        rows = [IndexedClaim(n + 1, 10, 0, 0, 0, 0, code_of(n)) for n in range(200)]
        index = ClaimIndex.empty().updated(rows[:120]).updated(rows[100:])
        asked = sign_codes(np.random.default_rng(7).normal(size=DIMENSIONS).astype(np.float32))
        number = int.from_bytes(np.tile(asked, 2).astype("<u8").tobytes(), "little")
        slow = [(int.from_bytes(row.codes, "little") ^ number).bit_count() for row in rows]
        assert count_unlike(index.codes, asked).tolist() == slow
        best = index.find_nearest(asked, index.allowed(Filter()), 10)
        assert sorted(range(200), key=lambda place: (slow[place], place))[:10] == best.tolist()

    def test_of_many_the_nearest_are_found_though_half_of_the_bits_choose_who_is_compared(self):
        chance = np.random.default_rng(3)
        vectors = chance.normal(size=(5 * COARSE, 2, DIMENSIONS)).astype(np.float32)
        asked = chance.normal(size=DIMENSIONS).astype(np.float32)
        near = chance.choice(len(vectors), 40, replace=False)
        vectors[near] += asked
        index = index_of(vectors)
        assert {*index.find_nearest(sign_codes(asked), index.there, 40).tolist()} == {*near.tolist()}
        allowed = index.there.copy()
        allowed[near[:20]] = False
        assert {*index.find_nearest(sign_codes(asked), allowed, 20).tolist()} == {*near[20:].tolist()}

    def test_signs_tell_the_cosine(self):
        chance = np.random.default_rng(5)
        asked = chance.normal(size=DIMENSIONS).astype(np.float32)
        asked /= np.linalg.norm(asked)
        vectors = chance.normal(size=(300, 2, DIMENSIONS)).astype(np.float32) / np.sqrt(DIMENSIONS)
        vectors += asked * np.linspace(0, 2, 300, dtype=np.float32)[:, None, None]
        vectors /= np.linalg.norm(vectors, axis=-1, keepdims=True)
        places = np.arange(300)[::-1]
        estimated = index_of(vectors).estimate_meaning(asked, places)
        assert np.abs(estimated - (vectors[places] @ asked).max(axis=1)).max() < 0.2

    def test_words_weigh_what_the_formula_says(self):
        lengths = [10, 30, 0, 20]  # the third is gone
        rows = [IndexedClaim(n, length, 0, 0, 0, 0, code_of(n)) for n, length in enumerate(lengths, start=1)]
        index = ClaimIndex.empty().updated(rows)
        assert (index.claims, len(index)) == (3, 4)
        entries = {2.0: {1: 3, 4: 1}, 0.5: {1: 1, 2: 15, 9: 2}}  # the ninth came in after this snapshot
        postings = [
            (idf, np.array([times << ID_BITS | claim for claim, times in having.items()], np.uint32))
            for idf, having in entries.items()
        ]
        expected = [0.0] * 4
        for idf, having in entries.items():
            for claim, times in having.items():
                if claim <= 4:
                    damping = 1.2 * (1 - 0.75 + 0.75 * lengths[claim - 1] / 20)
                    expected[claim - 1] += idf * times * 2.2 / (times + damping)
        assert index.weigh_words(postings).tolist() == pytest.approx(expected)
        assert index.weigh_words([]).tolist() == [0.0] * 4

    @given(st.lists(st.tuples(st.integers(-9, 9), st.booleans()), max_size=60), st.integers(0, 20))
    def test_the_best_are_those_that_sorting_would_find(self, rows: list[tuple[int, bool]], count: int):
        scores = np.array([score for score, _ in rows], dtype=np.int16)
        mask = np.array([is_allowed for _, is_allowed in rows], dtype=np.bool_)
        allowed = [place for place, (_, is_allowed) in enumerate(rows) if is_allowed]
        expected = sorted(allowed, key=lambda place: (-rows[place][0], place))[:count]
        assert find_best(scores, mask, count).tolist() == expected
        assert find_best(scores.astype(np.float32), mask, count).tolist() == expected

    def test_what_is_gone_is_not_allowed(self):
        index = ClaimIndex.empty().updated([IndexedClaim(n, 5, 0, 0, 0, 0, code_of(n)) for n in (1, 2)])
        index = index.updated([IndexedClaim(1, 0, 0, 0, 0, 0, code_of(1))])
        assert index.allowed(Filter()).tolist() == [False, True]


class TestRanking:
    def test_other_words_for_the_claim_find_it(self, held: list[Held]):
        query = read_query("Having a cup of green tea daily is a cure for colds", ENCODER)
        first = rank(query, held, 3)[0]
        assert first.factcheck == TEA
        assert first.status is not None
        assert "same_meaning" in first.reasons

    def test_the_bare_quotation_finds_who_is_said_to_have_said_it(self, held: list[Held]):
        query = read_query("a wall of 40 feet will be built along the entire northern border", ENCODER)
        first = rank(query, held, 3)[0]
        assert first.factcheck == WALL
        assert first.status == "match"
        assert {"same_quotation", "same_figures"} <= {*first.reasons}
        assert "Example Facts reviewed and rated “False”" in first.explanation

    @pytest.mark.parametrize(
        "text",
        [
            "the northern border",
            "We will win",
            "The minister said that talks on fishing quotas would go on in May",
        ],
    )
    def test_what_claims_nothing_of_it_is_offered_nothing(self, held: list[Held], text: str):
        assert [one.status for one in rank(read_query(text, ENCODER), held, 3)] == [None] * 3

    def test_a_doubtful_one_says_so(self, held: list[Held]):
        first = replace(rank(read_query(TEA.claim, ENCODER), held, 1)[0], status="possible")
        assert first.explanation.startswith("This may repeat a claim that example.org reviewed")

    def test_the_order_of_candidates_does_not_matter(self, held: list[Held]):
        query = read_query("green tea and owls", ENCODER)
        assert order_factchecks(query, held) == order_factchecks(query, held[::-1])

    @given(st.text(max_size=200))
    def test_features_are_finite(self, held: list[Held], text: str):
        table = measure(read_query(text, ENCODER), held)
        assert table.shape == (3, len(NAMES))
        assert np.isfinite(table).all()

    @given(st.lists(st.sampled_from("abc"), max_size=8), st.lists(st.sampled_from("abc"), max_size=8))
    def test_longest_run_against_a_slow_search(self, first: list[str], second: list[str]):
        a, b = "".join(first), "".join(second)
        runs = [
            end - start for start in range(len(a)) for end in range(start, len(a) + 1) if a[start:end] in b
        ]
        assert longest_run(first, second) == max(runs, default=0)
