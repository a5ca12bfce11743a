"""Normalisation levels: which words are equal at which level, and their places in the raw text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.english.spelling import unify_spelling
from service.matching.normalise.canonical_tokens import is_always_written
from service.matching.normalise.levels import normalise, squeeze


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("“We’ll win,” he said", '"We\'ll win", he said'),
        ("a high-tech economy", "A high–tech economy."),
        ("café", "cafe\u0301"),
        ("We don`t know", "we don't know"),
        ("[W]e shall see", "We shall see"),
    ],
)
def test_typography_and_case_are_one_at_n3(a: str, b: str) -> None:
    assert normalise(a).folded == normalise(b).folded


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("12,000 jobs", "12 000 jobs"),
        ("12,000 jobs", "12\u202f000 jobs"),
        ("12,000 jobs", "twelve thousand jobs"),
        ("12,000 jobs", "12K jobs"),
        ("one hundred and sixty-three thousand", "163,000"),
        ("$15 billion", "fifteen billion dollars"),
        ("$1.5 million", "1.5 million dollars"),
        ("a million people", "1,000,000 people"),
        ("50%", "fifty per cent"),
        ("50 percent", "50 pct"),
        ("the 1st time", "the first time"),
        ("isn't it", "is not it"),
        ("I can't", "I cannot"),
        ("they won't", "they will not"),
        ("we're gonna go", "we are going to go"),
        ("the labour organisation", "the labor organization"),
        ("he travelled to the centre", "he traveled to the center"),
        ("the U.S. economy", "the United States economy"),
        ("Mr. Smith", "Mister Smith"),
    ],
)
def test_declared_lists_are_one_at_n4(a: str, b: str) -> None:
    assert normalise(a).folded != normalise(b).folded
    assert normalise(a).keys.forms == normalise(b).keys.forms


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("12,000", "12, 000 and"),
        ("1200", "12,000"),
        ("15 million", "15 billion"),
        ("tell us", "tell U.S."),
        ("it is", "it was"),
        ("can", "can't"),
        ("two; hundred", "two hundred"),
        ("In twenty. Five people", "In twenty-five people"),
        ("my 401k", "my 401,000"),
    ],
)
def test_what_differs_stays_apart(a: str, b: str) -> None:
    assert normalise(a).keys.forms != normalise(b).keys.forms


@pytest.mark.parametrize(
    "word", ["four", "hour", "tour", "wise", "promise", "advertise", "exercise", "there", "were", "acre"]
)
def test_spelling_rules_leave_other_words_alone(word: str) -> None:
    assert unify_spelling(word) == word


@given(st.text(max_size=200))
def test_every_word_leads_back_to_the_raw_text(text: str) -> None:
    normalised = normalise(text)
    ends = [0]
    for start, end in normalised.spans:
        assert ends[-1] <= start < end <= len(text)
        ends.append(end)
    assert len(normalised.spans) == len(normalised.forms)
    assert " " not in "".join(normalised.forms)


@given(st.text(alphabet="ab 12,.'$%-twohundred", max_size=120))
def test_keys_cover_all_words_in_order(text: str) -> None:
    keys = normalise(text).keys
    assert len(keys.forms) == len(keys.first) == len(keys.last)
    assert list(keys.first) == sorted(keys.first)
    covered = {word for a, b in zip(keys.first, keys.last, strict=True) for word in range(a, b)}
    assert covered == set(range(len(normalise(text).forms)))


MARKED = st.text(alphabet="abUSN 12.,'’`[]$-\u00a0\u3000_é\u0301…", max_size=60)


@given(MARKED)
def test_words_are_those_of_the_pattern(text: str) -> None:
    """A sign of a currency makes the pattern read the whole text; it must read the same without."""
    assert normalise(f"{text} €").forms == normalise(text).forms


@given(
    st.lists(
        st.sampled_from(
            [
                "colour",
                "color",
                "organisation",
                "organization",
                "N.A.T.O.",
                "NATO",
                "O'Brien",
                "[W]ork",
                "Work",
                "isn't",
                "going",
                "gonna",
                "centre",
                "travelled",
                "traveled",
                "analyse",
                "don’t",
                "twelve",
                "thousand",
                "50",
                "per",
                "cent",
                "$",
                "dollars",
                "United",
                "States",
                "catalogue",
            ]
        ),
        max_size=8,
    )
)
def test_a_key_that_is_always_written_is_in_the_squeezed_text(words: list[str]) -> None:
    text = " ".join(words)
    written = [key for key in normalise(text).keys.forms if is_always_written(key)]
    assert all(key in squeeze(text) for key in written)
