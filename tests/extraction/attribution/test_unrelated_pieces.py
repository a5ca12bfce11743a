"""Pieces of other sentences in a quotation that has marked words."""

import pytest

from service.extraction.attribution.marked_words import Marks
from service.extraction.attribution.unrelated_pieces import without_unrelated
from service.extraction.models import Attribution
from service.extraction.tagger.layout import read_layout
from service.text import read_document
from service.text.span import Span

TEXT = "The library is well used. “We had many visits last year,” Ann Marlow said."


def span(words):
    return Span(TEXT.index(words), TEXT.index(words) + len(words))


@pytest.mark.parametrize(
    ("piece", "is_kept"), [("The library", False), ("well used", False), ("The library is well used", True)]
)
def test_a_part_of_another_sentence_is_left_out_and_a_whole_one_is_not(piece, is_kept):
    layout = read_layout(read_document(TEXT, "plain", "en"))
    marked = span("We had many visits last year,")
    each = Attribution(content=(span(piece), marked), cue=(span("said"),), source=(span("Ann Marlow"),))
    found = without_unrelated(each, Marks(TEXT, layout.passages), layout.sentences)
    assert found.content == ((span(piece), marked) if is_kept else (marked,))


def test_a_piece_in_the_sentence_of_the_cue_stays():
    layout = read_layout(read_document(TEXT, "plain", "en"))
    each = Attribution(
        content=(span("Ann"), span("We had many visits last year,")), cue=(span("said"),), source=()
    )
    assert without_unrelated(each, Marks(TEXT, layout.passages), layout.sentences) == each


def test_reported_speech_without_marks_stays_as_it_is():
    layout = read_layout(read_document(TEXT, "plain", "en"))
    each = Attribution(content=(span("The library"),), cue=(span("said"),), source=(span("Ann Marlow"),))
    assert without_unrelated(each, Marks(TEXT, layout.passages), layout.sentences) == each
