"""Names in marks are no quotations; whatever else stands in marks is left alone."""

from __future__ import annotations

import pytest

from service.extraction.attribution.marked_words import Marks
from service.extraction.models import Attribution
from service.extraction.rules.title_filter import is_title, without_names
from service.extraction.tagger.layout import read_layout
from service.text.plain import read_plain
from service.text.span import Span


def contents_kept(text, *contents):
    """Which of the contents stay, of one attribution that has them all."""
    layout = read_layout(read_plain(text))
    spans = tuple(Span(text.index(content), text.index(content) + len(content)) for content in contents)
    kept = without_names([Attribution(spans, (), ())], Marks(text, layout.passages), layout.paragraphs)
    return [span.of(text) for attribution in kept for span in attribution.content]


@pytest.mark.parametrize(
    ("text", "content"),
    [
        (
            "In his 2002 book, ''Make Your Kid a Millionaire,'' he counts coins.",
            "Make Your Kid a Millionaire,",
        ),
        ("The 30-second spot, titled “Arrogant,” features a report.", "Arrogant,"),
        ("See the trailer for the documentary, “13th,” below.", "13th,"),
        ("They sang the anthem “Lift Every Voice and Sing” at noon.", "Lift Every Voice and Sing"),
        ("“It is bad,” he said.\n\n'All Bets Are Off.'\n\nEight years ago he won.", "All Bets Are Off."),
        ("She is known as “Iron Mary” at home.", "Iron Mary"),
    ],
)
def test_names_are_no_quotations(text, content):
    assert contents_kept(text, content) == []


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("In his book, “Taxes are theft” is the first line.", "Taxes are theft"),
        ("He called the plan “a disgrace.”", "a disgrace."),
        ("The spokesman said: “Donald Trump Is Wrong.”", "Donald Trump Is Wrong."),
        ("Who won?\n\n“Barack Obama.”\n\nHe left.", "Barack Obama."),
        ("They marched.\n\n“Make America Great Again!”\n\nIt was loud.", "Make America Great Again!"),
        (
            "“No deal,” he said.\n\n“We will never sell the house.”\n\nHe left.",
            "We will never sell the house.",
        ),
        ("He told the show “Morning Joe” was right to ask.", "the show “Morning Joe” was right to ask"),
    ],
)
def test_what_is_said_stays(text, content):
    assert contents_kept(text, content) == [content]


def test_of_a_quotation_in_parts_the_others_stay():
    text = "“It is bad,” he said.\n\n'All Bets Are Off.'\n\n“And worse,” he said."
    assert contents_kept(text, "It is bad,", "All Bets Are Off.", "And worse,") == [
        "It is bad,",
        "And worse,",
    ]


@pytest.mark.parametrize(
    ("words", "is_one"),
    [
        ("The Art of the Deal", True),
        ("of Mice and Men", False),
        ("1984", True),
        ("Oh no", False),
        ("…", False),
    ],
)
def test_titles_are_told_by_their_capitals(words, is_one):
    assert is_title(words) is is_one


@pytest.mark.parametrize(("words", "is_heading"), [(2, False), (3, True), (8, True), (9, False)])
def test_a_heading_has_three_to_eight_words(words, is_heading):
    heading = f"{' '.join(['All', 'Bets', 'Are', 'Off', 'For', 'Old', 'King', 'Cole', 'Now'][:words])}."
    text = f"“It is bad,” he said.\n\n“{heading}”\n\nEight years ago he won."
    assert contents_kept(text, heading) == ([] if is_heading else [heading])
