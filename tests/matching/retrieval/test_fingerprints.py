"""Fingerprints: the bulk way against the plain one, and what normalisation promises."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.matching.retrieval.fingerprints import (
    END,
    ID_BITS,
    ID_MASK,
    WordCodes,
    encode_texts,
    encode_word,
    find_pairs,
    find_postings,
    find_triples,
    hash_words,
    posting_range,
    rank_string,
    sort_distinct,
    split_words,
    unpack_ranks,
    word_range,
)
from tests.matching.retrieval.codes import encode_text

ANY_TEXT = st.text()
WORDS = st.lists(
    st.sampled_from(
        ["the", "of", "peace", "is", "war", "not", "was", "Ärger", "12,000", "we've", "co-operate"]
    ),
    max_size=12,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("It’s “over”", "Its 'over'"),
        ("CAFÉ", "cafe"),
        ("co-operate", "co operate"),
        ("a—b – c", "a b c"),
        ("12,000", "12 000"),
        ("straße", "STRASSE"),
        ("soft\u00adware", "software"),
        ("snake_case", "snake case"),
    ],
)
def test_spellings_of_the_same_words_agree(one: str, other: str) -> None:
    assert split_words(one) == split_words(other) != []


def test_scripts_without_spaces_are_split_into_characters() -> None:
    assert split_words("和平万岁 ok") == ["和", "平", "万", "岁", "ok"]


@given(ANY_TEXT)
def test_words_are_their_own_normal_form(text: str) -> None:
    words = split_words(text)
    assert all(words)
    assert split_words(" ".join(words)) == words


@given(st.text(alphabet=st.characters(codec="ascii")))
def test_the_short_way_for_ascii_agrees_with_the_long_one(text: str) -> None:
    assert split_words(text) == split_words(text + " é")[:-1]


def test_codes_are_what_stores_were_built_with() -> None:
    # A change here makes every stored fingerprint worthless: it needs a migration that makes them again.
    assert encode_word("harbour") == 0x689C9A
    assert hash_words(["nine", "boats"]) == -8055224946788626881
    assert find_pairs(encode_text("nine boats")) == [12767136006]
    assert find_triples(encode_text("nine boats lost")) == [-3239329523]
    assert min(encode_word(word) for word in ("", "a", "the")) > END


@given(st.lists(WORDS.map(" ".join), max_size=8), st.booleans())
def test_bulk_postings_are_those_of_the_single_texts(texts: list[str], triples: bool) -> None:
    encoded = encode_texts(texts, WordCodes())
    ids = np.arange(1, len(texts) + 1, dtype=np.int64)
    found = set(find_postings(encoded.codes, encoded.lengths, ids, triples).tolist())
    expected: set[int] = set()
    for number, text in enumerate(texts, 1):
        codes = encode_text(text)
        hashes = find_pairs([*codes, END]) if codes else []
        hashes += find_triples(codes) if triples else []
        expected |= {hash_ << ID_BITS | number for hash_ in hashes}
        assert unpack_ranks(encoded.ranks[number - 1]) == rank_string(codes)
        assert encoded.families[number - 1] == hash_words(split_words(text))
    assert found == expected


@given(WORDS)
def test_a_postings_number_gives_back_its_parts(words: list[str]) -> None:
    for hash_ in find_pairs(encode_text(" ".join(words))) + find_triples(encode_text(" ".join(words))):
        first, last = posting_range(hash_)
        assert last - first == ID_MASK
        for posting in (first, first + 7, last):
            assert posting >> ID_BITS == hash_
            assert -(1 << 63) <= posting < 1 << 63


@given(WORDS)
def test_all_pairs_of_a_word_lie_in_its_range_and_triples_in_none(words: list[str]) -> None:
    codes = encode_text(" ".join(words))
    for first, second in pairwise(codes):
        low, high = word_range(first)
        assert all(low <= pair <= high for pair in find_pairs([first, second]))
    assert all(triple < 0 for triple in find_triples(codes))


def test_pairs_of_function_words_are_left_out() -> None:
    assert find_pairs(encode_text("of the in a")) == []
    assert len(find_pairs(encode_text("of the people"))) == 1


def test_a_code_memory_is_bounded() -> None:
    codes = WordCodes()
    codes.update({str(number): number for number in range(WordCodes.LIMIT)})
    assert codes["new"] == encode_word("new")
    assert len(codes) == 1


@given(st.lists(st.integers(-(2**63), 2**63 - 1), max_size=50))
def test_distinct_numbers_are_in_order_and_once(numbers: list[int]) -> None:
    assert sort_distinct(np.array(numbers, dtype=np.int64)).tolist() == sorted(set(numbers))
