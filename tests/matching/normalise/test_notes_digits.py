"""Brackets with numbers and abbreviations with full stops, as texts have them."""

import pytest

from service.matching.models import TimedWords
from service.matching.normalise.levels import split_forms
from service.matching.normalise.notes import blank_notes
from service.text.span import Span


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("We won [12] seats", "We won [12] seats"),
        ("We won (laughter) seats", "We won seats"),
        ("We won [crosstalk 00:12:30] seats", "We won seats"),
        ("We won [00:12:30] seats", "We won seats"),
        ("We won [—] seats", "We won [—] seats"),
    ],
)
def test_a_number_in_brackets_is_said_unless_it_is_a_time_of_a_note(text: str, kept: str) -> None:
    assert " ".join(blank_notes(text).split()) == kept


@pytest.mark.parametrize(
    ("text", "forms"),
    [("the U.S. economy", ["the", "u.s.", "economy"]), ("It ended. Now", ["it", "ended", "now"])],
)
def test_a_full_stop_belongs_to_an_abbreviation_alone(text: str, forms: list[str]) -> None:
    assert split_forms(text) == forms


@pytest.mark.parametrize(
    ("words", "at", "second"),
    [
        (TimedWords(Span(10, 20), 5.0, 7.0), 15, 6.0),
        (TimedWords(Span(10, 20), 5.0, 7.0), 99, 7.0),
        (TimedWords(Span(10, 10), 5.0, 7.0), 10, 5.0),  # no words take no time
        (TimedWords(Span(10, 20), 5.0, None), 15, 5.0),
    ],
)
def test_a_place_of_a_stretch_has_its_time(words: TimedWords, at: int, second: float) -> None:
    assert words.at(at) == second
