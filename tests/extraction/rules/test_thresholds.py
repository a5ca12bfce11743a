"""The thresholds of the rules at their boundaries."""

from __future__ import annotations

import pytest

from service.extraction.attribution.marked_words import Marks
from service.extraction.attribution.pointers import Surroundings, around
from service.extraction.attribution.regrouping import Grouping
from service.extraction.models import Attribution
from service.extraction.rules.block_quotations import quote_blocks
from service.extraction.rules.interviews import find_answers, find_interviewee
from service.extraction.rules.list_items import with_items
from service.extraction.rules.marked_lines import MarkedLines
from service.extraction.rules.speech_act import classify_act
from service.extraction.rules.turns import find_turns
from service.extraction.tagger.decoding import RoleSpan
from service.extraction.tagger.layout import read_layout
from service.text import read_document
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


def filler(words: int) -> str:
    """A sentence of so many words that says nothing of anybody."""
    return " ".join(["rain"] * words)


@pytest.mark.parametrize("turns", [2, 3])
def test_names_in_small_letters_are_labels_where_one_comes_again(turns):
    lines = ["Ann Lee: Good evening to you.", "Bo Kent: It was late.", "Ann Lee: Good night to you."][:turns]
    text = "\n\n".join(["Ann Marie Lee met Bo Kent, and Ann Lee asked Bo Kent.", *lines])
    assert len(find_turns(text, read_layout(read_plain(text)).paragraphs)) == (3 if turns == 3 else 0)


def answers(*lines: str, kind: str = "plain") -> list[str]:
    """What is found to be answered in an interview."""
    text = "\n\n".join(lines)
    document = read_document(text, kind)
    layout = read_layout(document)
    found = find_answers(document.text, layout.paragraphs, layout.blocks)
    return [span.of(document.text) for each in found for span in each.content]


@pytest.mark.parametrize("questions", [1, 2])
def test_two_bold_questions_make_an_interview(questions):
    asked = ["**Why did you stay?**", "**What do you want now?**"][:questions]
    lines = [line for question in asked for line in (question, "I like my town, and I like my work.")]
    found = answers("Ann Lee is a baker in Port Ellis.", *lines, kind="markdown")
    assert len(found) == (2 if questions == 2 else 0)


@pytest.mark.parametrize("questions", [2, 3])
def test_three_plain_questions_make_one(questions):
    asked = ["Why did you stay?", "What do you want now?", "Would you do it again?"][:questions]
    lines = [line for question in asked for line in (question, "I like my town, and I like my work.")]
    assert len(answers("Ann Lee is a baker in Port Ellis.", *lines)) == (3 if questions == 3 else 0)


@pytest.mark.parametrize(("words", "is_question"), [(40, True), (41, False)])
def test_a_long_paragraph_is_no_question(words, is_question):
    long = f"Why did you stay when {filler(words - 5)}?"
    lines = [line for asked in ("Why you?", "Do you bake?", long) for line in (asked, "I like my work.")]
    assert bool(answers("Ann Lee is a baker.", *lines)) is is_question


@pytest.mark.parametrize(("length", "is_found"), [(3_000, True), (3_001, False)])
def test_the_subject_of_an_interview_is_named_shortly_before_it(length, is_found):
    text = "Ann Lee bakes.".ljust(length, ".")
    assert (find_interviewee(text, len(text)) is not None) is is_found


@pytest.mark.parametrize(("length", "is_author"), [(150, True), (151, False)])
def test_the_author_of_a_block_quotation_is_a_short_line(length, is_author):
    author = "Ann Lee, ".ljust(length, "x")
    document = read_document(f"<blockquote><p>It was late.</p><cite>{author}</cite></blockquote>", "html")
    marks = Marks(document.text, read_layout(document).passages)
    assert bool(quote_blocks(document.text, document.blocks, marks)) is is_author


def source_of(text: str) -> str:
    """The source that the lines around a marked passage give it."""
    layout = read_layout(read_plain(text))
    marks = Marks(text, layout.passages)
    (each,) = MarkedLines(text, layout, marks).name([Attribution((layout.passages[0].span,), (), ())])
    return "".join(span.of(text) for span in each.source)


@pytest.mark.parametrize(("words", "is_name"), [(10, True), (11, False)])
def test_a_name_below_a_passage_is_a_short_line(words, is_name):
    line = f"Ann Lee, baker of {filler(words - 4)}"
    assert source_of(f"“It was late and it rained.”\n\n{line}") == (line if is_name else "")


@pytest.mark.parametrize(("words", "is_name"), [(10, True), (11, False)])
def test_a_name_before_a_passage_is_short(words, is_name):
    name = f"Ann Lee, baker of {filler(words - 4)}"
    assert source_of(f"{name}: “It was late and it rained.”") == (name if is_name else "")


@pytest.mark.parametrize(("words", "is_name"), [(14, True), (15, False)])
def test_a_line_that_leads_to_a_passage_is_short(words, is_name):
    name = f"Ann Lee, baker of {filler(words - 6)}"
    assert source_of(f"And from {name}:\n\n“It was late and it rained.”") == (name if is_name else "")


@pytest.mark.parametrize(("items", "taken"), [(20, 20), (21, 20)])
def test_a_sentence_goes_on_with_so_many_items(items, taken):
    lead = "Ann Lee said the town needs:"
    text = "\n\n".join([lead, *["- a new wall"] * items])
    layout = read_layout(read_plain(text))
    attribution = Attribution((Span(text.index("the town"), len(lead) - 1),), (), (Span(0, 7),))
    (found,) = with_items(text, [attribution], layout)
    assert len(found.content) == 1 + taken


@pytest.mark.parametrize(("words", "is_open"), [(12, True), (13, False)])
def test_a_long_reply_is_no_turn_of_a_dialogue(words, is_open):
    last = filler(words)
    text = f"“It is late,” said Ann.\n\n“It is not,” said Bo.\n\n“{last}”"

    def place(part: str) -> Span:
        return Span(text.index(part), text.index(part) + len(part))

    def reply(*parts: str, source: str) -> Attribution:
        return Attribution(tuple(map(place, parts)), (place(f"said {source}"),), (place(source),))

    layout = read_layout(read_plain(text))
    grouping = Grouping(text, layout, Marks(text, layout.passages))
    found = grouping.part_dialogue(
        [reply("It is late,", source="Ann"), reply("It is not,", last, source="Bo")]
    )
    sources = {part.of(text): bool(each.source) for each in found for part in each.content}
    assert sources == {"It is late,": True, "It is not,": True, last: not is_open}
