"""What the network reads of a text: chapters of long ones, and no window of the same few words."""

from __future__ import annotations

import pytest

from service.extraction.tagger.layout import read_layout, split_chapters
from service.extraction.tagger.tagger import TAGGER
from service.text.plain import read_plain

WORDS = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "red",
    "blue",
    "green",
]


@pytest.mark.parametrize(("length", "chapters"), [(50_000, 1), (50_001, 2)])
def test_a_text_as_long_as_a_book_is_read_in_chapters(length, chapters):
    text = ("It rained. " * 10_000)[:length]
    assert len(list(split_chapters(text, read_layout(read_plain(text))))) == chapters


def windows_read(words: list[str]) -> int:
    text = " ".join(words)
    return len(TAGGER.get().read(text, read_layout(read_plain(text))).windows)


@pytest.mark.parametrize(("words", "windows"), [(99, 1), (100, 0)])
def test_a_hundred_times_the_same_word_says_nothing(words, windows):
    assert windows_read(["one"] * words) == windows


@pytest.mark.parametrize(("different", "windows"), [(11, 0), (12, 1)])
def test_twelve_different_words_may_say_something(different, windows):
    assert windows_read([WORDS[at % different] for at in range(150)]) == windows
