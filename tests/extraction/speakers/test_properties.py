"""What holds for any text and any spans: an answer for each source, no error, sane confidences, work in proportion."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from service.extraction.models import Attribution
from service.extraction.speakers import resolve_speakers
from service.extraction.speakers.calibration import RULES
from service.extraction.speakers.tokens import read_tokens
from service.text.span import Span

VOCABULARY = (
    "Donald Trump Mr. Mrs. Clinton Hillary he She who the a senior official President of said , . “ ” \n\n's CNN "
    "They it I and Senator (R-Tex.) 31 envoy campaign poll de U.S. former"
)
WORDS = st.sampled_from(VOCABULARY.split(" "))
NEWSLIKE = st.lists(WORDS, max_size=60).map(" ".join)


def spans_in(text: str) -> st.SearchStrategy[tuple[Span, ...]]:
    place = st.integers(0, len(text))
    return st.lists(st.tuples(place, place).map(lambda p: Span(min(p), max(p))), max_size=2).map(tuple)


@st.composite
def cases(draw: st.DrawFn) -> tuple[str, list[Attribution]]:
    text = draw(NEWSLIKE | st.text(max_size=120))
    spans = spans_in(text)
    return text, draw(st.lists(st.builds(Attribution, spans, spans, spans, spans), max_size=6))


@given(cases())
@settings(max_examples=300, deadline=None)
def test_every_attribution_gets_a_sane_speaker(case):
    text, attributions = case
    answers = resolve_speakers(text, attributions)
    assert len(answers) == len(attributions)
    for attribution, (speaker, via) in zip(attributions, answers, strict=True):
        assert (via is None) == (not attribution.via)
        assert 0 <= speaker.confidence <= 1
        assert speaker.how in RULES
        assert speaker.name is None or speaker.name.strip() == speaker.name != ""
        if speaker.kind in {"anonymous", "unknown"}:
            assert speaker.name is None
        assert speaker.id is None


@given(NEWSLIKE | st.text())
@settings(deadline=None)
def test_tokens_lie_where_they_say_and_in_order(text):
    tokens = read_tokens(text)
    assert all(token.text == text[token.start : token.end] for token in tokens)
    assert all(left.end <= right.start for left, right in pairwise(tokens))
    sentences = [token.sentence for token in tokens]
    assert sentences == sorted(sentences)


@given(NEWSLIKE)
@settings(deadline=None)
def test_the_same_text_gets_the_same_answer(text):
    attributions = [Attribution((), (), (Span(0, len(text)),))]
    assert resolve_speakers(text, attributions) == resolve_speakers(text, attributions)
