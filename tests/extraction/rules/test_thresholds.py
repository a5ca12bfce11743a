"""The thresholds of the rules at their boundaries."""

from __future__ import annotations

import pytest

from service.extraction.attribution.pointers import Surroundings, around
from service.extraction.models import Attribution
from service.extraction.rules.speech_act import classify_act
from service.extraction.rules.turns import find_turns
from service.extraction.tagger.decoding import RoleSpan
from service.extraction.tagger.layout import read_layout
from service.text.plain import read_plain
from service.text.span import Span

TEXT = "The mayor said that “it is late” and it rained."


def act(content: str, reported: float, related: float = 0.0) -> str:
    start = TEXT.index(content)
    cue = TEXT.index("said")
    attribution = Attribution(
        (Span(start, start + len(content)),),
        (Span(cue, cue + 4),),
        (Span(0, 9),),
        reported=reported,
        related=related,
    )
    return classify_act(TEXT, attribution)


@pytest.mark.parametrize(("reported", "found"), [(0.64, "none"), (0.66, "speech")])
def test_words_without_marks_are_reported_where_it_is_likely(reported, found):
    assert act("it rained", reported) == found


@pytest.mark.parametrize(("reported", "found"), [(0.39, "none"), (0.41, "speech")])
def test_words_in_marks_are_reported_unless_it_is_unlikely(reported, found):
    assert act("it is late", reported) == found


@pytest.mark.parametrize(("related", "found"), [(0.59, "none"), (0.61, "thought")])
def test_what_is_no_report_may_be_a_stance(related, found):
    assert act("it rained", 0.1, related) == found


@pytest.mark.parametrize(("between", "turns"), [(4, True), (5, False)])
def test_paragraphs_between_two_labels_belong_to_a_find_turns(between, turns):
    lines = [
        "ANN LEE: Good evening to you.",
        *["It was late and nobody came."] * between,
        "BO KENT: Good night to you.",
    ]
    text = "\n\n".join(lines)
    assert bool(find_turns(text, read_layout(read_plain(text)).paragraphs)) is turns


@pytest.mark.parametrize(("between", "near"), [(59, True), (60, False)])
def test_spans_far_apart_share_no_window(between, near):
    middle = [RoleSpan("source", n + 1, n + 2) for n in range(between)]
    spans = [RoleSpan("content", 0, 1), *middle, RoleSpan("cue", 100, 101)]
    last = len(spans) - 1
    assert (last in around(spans, 0)) is near
    assert (Surroundings(spans, "cue").of(0).indices == [last]) is near
