"""Marks show what was found, and leave the text as it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.web.dashboard.highlighting import MOST_SHOWN, mark_claim, mark_missing, mark_person, mark_quote


def found(pieces: list[tuple[str, bool]]) -> list[str]:
    return [text for text, is_found in pieces if is_found]


def test_words_are_found_as_the_search_compares_them() -> None:
    text = "The café’s new roof isn't the rare-earth one, said Müller."
    assert found(mark_quote(text, "CAFES roof isnt rare muller")) == [
        "café’s",
        "roof",
        "isn't",
        "rare",
        "Müller",
    ]
    assert found(mark_quote(text, "roo")) == []
    assert found(mark_quote(text, None)) == []


def test_scripts_without_spaces_are_marked_by_character() -> None:
    assert found(mark_quote("我们要和平", "和平")) == ["和", "平"]


def test_claims_are_marked_by_stem_and_people_by_beginnings() -> None:
    assert found(mark_claim("Vaccines caused two deaths", "vaccine death")) == ["Vaccines", "deaths"]
    assert found(mark_person("Minister of Finance", "finance min")) == ["Minister", "Finance"]


def test_a_long_text_is_cut_around_what_was_found() -> None:
    text = "word " * 500 + "harbour " + "word " * 500
    pieces = mark_quote(text, "harbour")
    assert found(pieces) == ["harbour"]
    assert len("".join(piece for piece, _ in pieces)) <= MOST_SHOWN + 10
    assert (pieces[0], pieces[-1]) == (("… ", False), (" …", False))


@given(st.text(max_size=2_000), st.text(max_size=40))
def test_the_pieces_are_the_text(text: str, asked: str) -> None:
    for mark in (mark_quote, mark_claim, mark_person):
        whole = "".join(piece for piece, _ in mark(text, asked))
        assert whole == text if len(text) <= MOST_SHOWN else len(whole) <= MOST_SHOWN + 4


@pytest.mark.parametrize(
    ("said", "quoted", "missing"),
    [
        ("We had 148,000 visits.", "We had 184,000 visits", ["148,000"]),
        ("I support it, but only if it stays open.", "I support it,", ["but only if it stays open"]),
        ("The same words.", "the same words", []),
        ("Anything at all.", "", []),
    ],
)
def test_what_a_quotation_lacks_is_set_off(said, quoted, missing):
    pieces = mark_missing(said, quoted)
    assert "".join(text for text, _ in pieces) == said
    assert [text for text, is_missing in pieces if is_missing] == missing


def test_long_texts_are_not_compared():
    said = "word " * 700
    assert mark_missing(said, "other") == [(said, False)]
