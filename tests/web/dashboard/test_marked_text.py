"""The text of an article cut into pieces: nothing lost, nothing twice, and each under its own quotes."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from service.web.dashboard.marked_text import MOST_AROUND, Marked, Piece, cut_paragraphs

LINES = re.compile("[\r\n\u2028]+")
TEXTS = st.text(alphabet="ab “”é😀\n\r\u2028\u202e", max_size=60)
SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=4)


@given(TEXTS, st.lists(SPANS, max_size=5))
def test_each_code_point_is_shown_once_under_the_quotes_that_it_lies_in(text, drawn):
    quotes = [
        Marked(number, tuple((min(a, len(text)), min(b, len(text))) for a, b in spans if a <= b))
        for number, spans in enumerate(drawn, 1)
    ]
    paragraphs = cut_paragraphs(text, quotes)
    at, told = 0, []
    for pieces in paragraphs:
        assert "".join(piece.text for piece in pieces).strip()
        for piece in pieces:
            assert piece.text
            if piece is pieces[0]:
                at = text.index("".join(one.text for one in pieces), at)
            around = {q.number for q in quotes for start, end in q.spans if start <= at < end}
            assert set(piece.around) == around
            lengths = [quotes[number - 1].length for number in piece.around]
            assert lengths == sorted(lengths)  # the innermost first
            told.extend(piece.begins)
            assert set(piece.begins) <= around
            at += len(piece.text)
    shown = ["".join(piece.text for piece in pieces) for pieces in paragraphs]
    assert shown == [line for line in LINES.split(text) if line.strip()]
    assert len(told) == len(set(told))  # each begins once


def test_quotes_inside_each_other():
    text = "One “two ‘three’ four” five."
    [pieces] = cut_paragraphs(text, [Marked(1, ((5, 21),)), Marked(2, ((10, 15),))])
    assert pieces == [
        Piece("One “"),
        Piece("two ‘", (1,), (1,)),
        Piece("three", (2, 1), (2,)),
        Piece("’ four", (1,)),
        Piece("” five."),
    ]


def test_quotes_that_overlap_and_one_over_several_paragraphs():
    [first, second] = cut_paragraphs("abcd\n\nefgh", [Marked(1, ((1, 8),)), Marked(2, ((3, 9),))])
    assert first == [Piece("a"), Piece("bc", (1,), (1,)), Piece("d", (2, 1), (2,))]
    assert second == [Piece("ef", (2, 1)), Piece("g", (2,)), Piece("h")]


def test_a_quote_in_two_parts_begins_once():
    [pieces] = cut_paragraphs("ab cd", [Marked(7, ((0, 2), (3, 5)))])
    assert [piece.begins for piece in pieces] == [(7,), (), ()]


def test_a_piece_tells_of_so_many_quotes_and_no_more():
    many = [Marked(number, ((0, number),)) for number in range(1, 50)]
    [pieces] = cut_paragraphs("x" * 50, many)
    assert max(len(piece.around) for piece in pieces) == MOST_AROUND
