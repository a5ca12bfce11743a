"""How words of the sources of a request are weighed, and into how many parts a quotation is divided."""

import pytest

from service.matching.retrieval.given_words import GivenWords
from service.matching.retrieval.text_parts import split_parts


def best_of(texts: list[str], words: str) -> str:
    index = GivenWords(texts)
    scores = index.score(index.weigh(words.split()))
    return texts[int(scores.argmax())]


def test_neighbours_count_about_as_much_as_two_words_apart() -> None:
    index = GivenWords(["copper kettle", "copper and kettle", "rain", "wind"])
    together, apart, *_ = index.score(index.weigh(["copper", "kettle"]))
    assert 2.1 < together / apart < 2.9


def test_function_words_decide_between_texts_that_are_else_alike() -> None:
    texts = ["above copper", "copper", "above the kettle", "rain"]
    assert best_of(texts, "above my copper") == "above copper"
    index = GivenWords(["the copper", "copper", "the kettle", "rain"])
    function, content = index.score(index.weigh(["the"])), index.score(index.weigh(["copper"]))
    assert 0.08 < function[0] / content[0] < 0.12


@pytest.mark.parametrize(("words", "parts"), [(2, 1), (3, 3)])
def test_a_part_has_three_words(words: int, parts: int) -> None:
    piece = " ".join(["copper"] * words)
    assert len(split_parts(f"{piece} … {piece}")) == parts


@pytest.mark.parametrize(("pieces", "parts"), [(11, 11), (12, 12), (13, 12)])
def test_of_a_long_quotation_the_longest_parts_are_taken(pieces: int, parts: int) -> None:
    assert len(split_parts(" … ".join(["the copper kettle"] * pieces))) == 1 + parts
