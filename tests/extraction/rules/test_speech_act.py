"""Speech, writing and thought, told by cue, source and marks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.extraction.models import Attribution
from service.extraction.rules.speech_act import classify_act
from service.text.span import Span

CASES = [
    ("Ann Lee", "said", "it is late", "speech"),
    ("Ann Lee", "tells", "it is late", "speech"),
    ("Ann Lee", "mocked", "the plan", "speech"),
    ("Ann Lee", "", "it is late", "speech"),
    ("Ann Lee", ":", "it is late", "speech"),
    ("Ann Lee", "wrote", "it is late", "writing"),
    ("Ann Lee", "tweeted", "it is late", "writing"),
    ("Ann Lee", "said in a statement", "it is late", "writing"),
    ("Ann Lee", "told CNN in an email", "it is late", "writing"),
    ("The New York Times", "reported", "that it is late", "writing"),
    ("a new poll", "shows", "that most agree", "writing"),
    ("the letter", "says", "it is late", "writing"),
    ("figures from the ministry", "according to", "most agree", "writing"),
    ("Ann Lee", "hopes", "to win", "thought"),
    ("Ann Lee", "is planning", "to run", "thought"),
    ("Ann Lee", "is ready", "to run", "thought"),
    ("Ann Lee", "feared", "the worst", "thought"),
    ("Ann Lee", "believes", "it is late", "thought"),
    ("Ann Lee", "said she hoped", "to win", "speech"),
    ("Ann Lee", "hopes to announce", "a bid", "thought"),
]


def attribution_of(source: str, cue: str, content: str) -> tuple[str, Attribution]:
    text = f"{source} {cue} {content}"
    at = len(source) + 1
    start = at + len(cue) + 1
    cues = (Span(at, at + len(cue)),) if cue else ()
    return text, Attribution((Span(start, len(text)),), cues, (Span(0, len(source)),))


@pytest.mark.parametrize(("source", "cue", "content", "act"), CASES)
def test_tells_the_act(source, cue, content, act):
    assert classify_act(*attribution_of(source, cue, content)) == act


@pytest.mark.parametrize("content", ["“betrayed”", "quite “betrayed” by all", '"betrayed"', "«betrayed»"])
def test_marked_words_were_uttered(content):
    assert classify_act(*attribution_of("Ann Lee", "feels", content)) == "speech"
    assert (
        classify_act(
            *attribution_of("Ann Lee", "feels", content.strip('“”"«»').replace("“", "").replace("”", ""))
        )
        == "thought"
    )


@given(st.text(), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=3))
def test_any_attribution_has_an_act(text, places):
    spans = tuple(Span(min(p), max(p)) for p in places)
    assert classify_act(text, Attribution(spans, spans, spans)) in {"speech", "writing", "thought"}
