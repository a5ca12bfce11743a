"""Which pieces make one quotation: at the boundaries of marks, sentences and lines."""

from __future__ import annotations

import pytest

from service.extraction.attribution.marked_words import Marks
from service.extraction.attribution.regrouping import Grouping
from service.extraction.models import Attribution
from service.extraction.tagger.layout import read_layout
from service.text import read_document
from service.text.span import Span


def split(text: str, pieces: list[str], cue: str, source: str) -> list[list[str]]:
    """The words of each quotation that an attribution of these pieces is taken for."""

    def place(words: str) -> Span:
        return Span(text.index(words), text.index(words) + len(words))

    layout = read_layout(read_document(text, "plain", "en"))
    each = Attribution(
        content=tuple(map(place, pieces)), cue=(place(cue),) if cue else (), source=(place(source),)
    )
    parts = Grouping(text, layout, Marks(text, layout.passages)).split(each)
    return [[part.of(text) for part in found.content] for found in parts]


MIXED = "They “saw it as a threat,” said Ann Lee, a neighbour. “It was an open door.”"
REPORTED = "They feared the wall, said Ann Lee, a neighbour. “It was an open door.”"


@pytest.mark.parametrize(
    ("text", "first", "together"),
    [(MIXED, "They “saw it as a threat,”", True), (REPORTED, "They feared the wall", False)],
)
def test_words_partly_in_marks_go_on_behind_their_cue(text, first, together):
    second = "It was an open door."
    expected = [[first, second]] if together else [[first], [second]]
    assert split(text, [first, second], "said", "Ann Lee") == expected


def test_they_do_not_go_on_behind_a_sentence_of_something_else():
    text = MIXED.replace("neighbour. ", "neighbour. The rain had stopped by then. ")
    first, second = "They “saw it as a threat,”", "It was an open door."
    assert split(text, [first, second], "said", "Ann Lee") == [[first], [second]]


@pytest.mark.parametrize(("end", "together"), [(";", True), (",", True), (".", False), ("", False)])
def test_a_line_that_ends_in_a_comma_or_semicolon_goes_on(end, together):
    text = f"Hale doubts the fairness of the debate{end}\nIts hosts compared to referees.\n\nMore below."
    first, second = "the fairness of the debate", "Its hosts compared to referees"
    expected = [[first, second]] if together else [[first], [second]]
    assert split(text, [first, second], "doubts", "Hale") == expected
