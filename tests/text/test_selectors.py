"""Text quote selectors find their place again, or say that they cannot."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from service.text import Span, TextQuote, locate, select

TEXTS = st.text(alphabet="ab \u0301é“”😀", max_size=60) | st.text(max_size=120)


@st.composite
def texts_with_span(draw: st.DrawFn) -> tuple[str, Span]:
    text = draw(TEXTS.filter(bool))
    start = draw(st.integers(0, len(text) - 1))
    return text, Span(start, draw(st.integers(start + 1, len(text))))


@given(texts_with_span(), st.integers(0, 40))
def test_what_is_selected_is_found_or_ambiguous(case: tuple[str, Span], context: int) -> None:
    text, span = case
    quote = select(text, span, context)
    found = locate(text, quote)
    assert found in (span, None)
    if text.count(quote.exact) == 1 and text.find(quote.exact, text.find(quote.exact) + 1) < 0:
        assert found == span


@given(texts_with_span(), st.integers(0, 40))
def test_a_selector_joins_up_with_its_context(case: tuple[str, Span], context: int) -> None:
    text, span = case
    quote = select(text, span, context)
    assert quote.prefix + quote.exact + quote.suffix in text
    assert max(len(quote.prefix), len(quote.suffix)) <= context
    assert not quote.prefix or not unicodedata.combining(quote.prefix[0])


@given(texts_with_span(), st.text(max_size=30))
def test_words_are_found_after_the_text_has_grown(case: tuple[str, Span], added: str) -> None:
    text, span = case
    quote = select(text, span)
    found = locate(added + text, quote)
    assert found is None or (added + text)[found.start : found.end] == quote.exact


def test_context_tells_two_places_apart() -> None:
    text = "He said yes. She said yes. They said yes."
    second = Span(text.index("yes", 10), text.index("yes", 10) + 3)
    assert locate(text, select(text, second)) == second


def test_half_the_context_is_enough() -> None:
    text = "He said yes today. She said yes again."
    assert locate(text, TextQuote("yes", "old words, She said ", " of course")) == Span(28, 31)


def test_absent_empty_and_ambiguous_words_are_not_found() -> None:
    assert locate("some text", TextQuote("other", "", "")) is None
    assert locate("some text", TextQuote("", "some", " text")) is None
    assert locate("yes yes", TextQuote("yes", "", "")) is None


def test_words_found_almost_everywhere_end() -> None:
    assert locate("a" * 200_000, TextQuote("a" * 50_000, "b", "b")) is None
