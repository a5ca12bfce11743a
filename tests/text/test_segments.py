"""Paragraphs, sentences, words: labelled cases and properties."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.text import find_paragraphs, find_sentences, find_words

# What is one sentence, though it holds a stop.
ONE_SENTENCE = [
    "Mr. Trump met Mrs. Clinton and Dr. Carson.",
    "The U.S. Senate and the U.N. Security Council met.",
    "He spoke on Sept. 11 and on Feb. 27, 2016.",
    "George W. Bush and J.C. Penney and Oscar P.\u00a0Quintero came.",
    "It rose 3.5 percent to $1.2 million.",
    "The S.&P. 500 closed down.",
    "“Why?” she asked.",
    "“Is it true?” Clinton asked.",
    "“No!” Sen. Bernie Sanders told reporters.",
    "“I was going to …” he said.",
    "He said it was “over.” and left.",
    "They came from Jupiter, Fla., and Peoria, Ill., at 9 a.m. Monday.",
    "MANCHESTER, N.H. - At a rally he spoke.",
    "3. Jeb Bush",
    "They pay their fair share . . .",
    "Yahoo! said it would.",
    "Sec. Clinton and Gov. Kasich spoke at Apple Inc. headquarters.",
    "彼は言った",
]
# Sentences, parted by |.
SEVERAL = [
    "He left.| She stayed.",
    "He left the U.S.| The others stayed.",
    "“I left.”| “You stayed.”",
    "“We won.”| Trump said he was glad.",
    "''I left.''| He slept.",
    "Why?| Because he could!| Really.",
    "It was (nearly) over.)| Then it was.",
    "He came in July.| It was 2016.| No one saw.",
    "He works for Apple Inc.| He likes it.",
    "And that was it…| Next came Rubio.",
    "He arrived at 9 p.m.| The crowd had left.",
    "はい。|いいえ。",
]


@pytest.mark.parametrize("text", ONE_SENTENCE)
def test_a_stop_within_a_sentence(text: str) -> None:
    assert [sentence.of(text) for sentence in find_sentences(text)] == [text]


@pytest.mark.parametrize("marked", SEVERAL)
def test_a_stop_that_ends_a_sentence(marked: str) -> None:
    text = marked.replace("|", "")
    assert [s.of(text) for s in find_sentences(text)] == [part.strip() for part in marked.split("|")]


def test_headings_and_lines_are_sentences() -> None:
    text = "A Heading Without a Stop\n\nFirst. Second\n  third line\r\nfourth"
    assert [s.of(text) for s in find_sentences(text)] == [
        "A Heading Without a Stop", "First.", "Second", "third line", "fourth",
    ]  # fmt: skip


def test_paragraphs_are_lines_with_content() -> None:
    text = " a b \n\n \t\n\u00a0c\u2028d\x0ce"
    assert [p.of(text) for p in find_paragraphs(text)] == ["a b", "c", "d", "e"]


def test_words_keep_apostrophes_and_accents() -> None:
    text = "Don’t rock'n'roll, cafe\u0301 12,000 naïve 'quoted'"
    assert [w.of(text) for w in find_words(text)] == [
        "Don’t", "rock'n'roll", "cafe\u0301", "12", "000", "naïve", "quoted",
    ]  # fmt: skip


NEWS = st.text(alphabet="Aab .!?…\"'”)(\n1-,。é\u0301", max_size=150) | st.text(max_size=200)


@given(NEWS)
def test_segments_are_in_order_apart_and_cover_what_is_not_space(text: str) -> None:
    for find in (find_paragraphs, find_sentences):
        spans = find(text)
        assert all(0 <= one.start < one.end <= len(text) for one in spans)
        assert all(one.end <= two.start for one, two in pairwise(spans))
        assert all(one.of(text) == one.of(text).strip() for one in spans)
        covered = {position for one in spans for position in range(one.start, one.end)}
        assert all(position in covered or character.isspace() for position, character in enumerate(text))


@given(NEWS)
def test_no_sentence_crosses_a_paragraph(text: str) -> None:
    paragraphs = find_paragraphs(text)
    assert all(any(p.contains(sentence) for p in paragraphs) for sentence in find_sentences(text))


@given(NEWS)
def test_every_letter_and_digit_is_in_a_word(text: str) -> None:
    covered = {position for word in find_words(text) for position in range(word.start, word.end)}
    assert all(position in covered for position, character in enumerate(text) if character.isalnum())


@pytest.mark.parametrize(
    "unit", [". ", ".", "A. ", '?" Aa Bb', '?" A ', " ", "\n", '"\n', '."', "1. ", "a'"], ids=repr
)
def test_long_lines_end(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    assert len(find_sentences(text)) <= len(text)
    assert len(find_words(text)) <= len(text)
