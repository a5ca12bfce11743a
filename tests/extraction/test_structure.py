"""The rules between the network and the answer, each on its own: marks, adoption, relays, transcripts, signatures."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.extraction.attribution.confidence_filter import believable
from service.extraction.attribution.cueless_quotes import adopt, survey
from service.extraction.attribution.linking import Linked
from service.extraction.attribution.marked_words import Marks
from service.extraction.attribution.second_hand import resolve_relay
from service.extraction.attribution.snap_to_marks import anchor
from service.extraction.models import Attribution
from service.extraction.rules.page_layout import sign
from service.extraction.rules.turns import find_turns
from service.extraction.tagger.decoding import RoleSpan
from service.extraction.tagger.encoding import cut_windows
from service.extraction.tagger.labels import LABELS, begin
from service.extraction.tagger.layout import read_layout
from service.extraction.tagger.tagger import Reading
from service.text.plain import read_plain
from service.text.segments import find_paragraphs
from service.text.span import Span, join_spans


def words_of(text: str) -> list[Span]:
    """Words as the tokenizer has them: runs of letters, and each mark by itself."""
    spans, start = [], None
    for at, character in enumerate(text + " "):
        if character.isalnum():
            start = at if start is None else start
            continue
        if start is not None:
            spans.append(Span(start, at))
            start = None
        if not character.isspace():
            spans.append(Span(at, at + 1))
    return spans


def silent(text: str) -> Reading:
    """A reading in which the network is sure that nothing is said."""
    tags = np.full((len(words_of(text)), len(LABELS)), -9.0, dtype=np.float32)
    tags[:, 0] = -0.01
    return Reading(words_of(text), tags, [])


def anchored(text: str, *spans: RoleSpan, reading: Reading | None = None) -> list[tuple[str, str]]:
    reading = reading or silent(text)
    ground = survey(text, reading, read_layout(read_plain(text)))
    return [
        (span.role, text[reading.words[span.first].start : reading.words[span.last - 1].end])
        for span in anchor(spans, reading, ground.passages)
    ]


class TestAnchor:
    TEXT = "“We will go home now,” she said today."

    def test_a_passage_is_never_cut(self) -> None:
        assert anchored(self.TEXT, RoleSpan("content", 2, 6)) == [("content", "“We will go home now,”")]

    def test_a_passage_is_not_run_over_by_a_stray_word(self) -> None:
        assert anchored(self.TEXT, RoleSpan("content", 0, 9)) == [("content", "“We will go home now,”")]

    def test_a_passage_in_two_pieces_is_one(self) -> None:
        found = anchored(self.TEXT, RoleSpan("content", 0, 3), RoleSpan("content", 3, 8))
        assert found == [("content", "“We will go home now,”")]

    def test_reported_speech_around_a_passage_stays(self) -> None:
        text = "He said the whole plan was “a farce from start to end” and left."
        assert anchored(text, RoleSpan("content", 2, 14)) == [
            ("content", "the whole plan was “a farce from start to end”")
        ]

    def test_a_silent_passage_is_no_content(self) -> None:
        assert anchored(self.TEXT) == []

    def test_a_passage_that_speaks_is_not_lost(self) -> None:
        reading = silent(self.TEXT)
        reading.tags[1:6, begin("content")] = np.log(0.6)
        assert anchored(self.TEXT, reading=reading) == [("content", "“We will go home now,”")]

    @given(st.data())
    def test_spans_stay_in_order_and_apart(self, data: st.DataObject) -> None:
        text = "“We will,” he said “go and not come” back. She said: “No.” Then “what” of it"
        size = len(words_of(text))
        cuts = sorted(data.draw(st.sets(st.integers(0, size), min_size=2, max_size=10)))
        spans = [
            RoleSpan(data.draw(st.sampled_from(("source", "cue", "content"))), first, last)
            for first, last in zip(cuts[::2], cuts[1::2], strict=False)
        ]
        reading = silent(text)
        ground = survey(text, reading, read_layout(read_plain(text)))
        found = anchor(spans, reading, ground.passages)
        assert all(span.first < span.last for span in found)
        assert all(left.last <= right.first for left, right in pairwise(found))


class TestAdoption:
    def test_a_passage_goes_on_with_the_one_before_it_in_its_paragraph(self) -> None:
        text = "“We will,” she said. “We must.”"
        first = Linked([RoleSpan("content", 0, 5)], RoleSpan("cue", 6, 7), RoleSpan("source", 5, 6))
        second = Linked([RoleSpan("content", 8, 13)])
        ground = survey(text, silent(text), read_layout(read_plain(text)))
        found = adopt([first, second], [], ground)
        assert [linked.contents for linked in found] == [
            [RoleSpan("content", 0, 5), RoleSpan("content", 8, 13)]
        ]

    def test_a_colon_gives_its_cue(self) -> None:
        text = "Her answer was short: “Never.”"
        cue = RoleSpan("cue", 1, 4)
        ground = survey(text, silent(text), read_layout(read_plain(text)))
        found = adopt([Linked([RoleSpan("content", 5, 9)])], [cue, RoleSpan("content", 5, 9)], ground)
        assert [linked.cue for linked in found] == [cue]

    def test_unmarked_words_that_none_owns_are_dropped(self) -> None:
        text = "The road is long."
        ground = survey(text, silent(text), read_layout(read_plain(text)))
        assert adopt([Linked([RoleSpan("content", 0, 4)])], [], ground) == []


def test_reported_speech_the_network_doubts_is_left_out_and_marked_words_never() -> None:
    text = "He said it rains. “It pours,” he said."
    ground = survey(text, silent(text), read_layout(read_plain(text)))
    doubted = Linked([RoleSpan("content", 2, 4)], RoleSpan("cue", 1, 2))
    marked = Linked([RoleSpan("content", 5, 10)], RoleSpan("cue", 11, 12))
    assert believable([doubted, marked], ground) == [marked]


@pytest.mark.parametrize(
    ("text", "source", "origin", "via"),
    [
        ("figures from the Health Ministry cited by Le Monde, it", 32, "the Health Ministry", "Le Monde"),
        ("a company memo obtained by Reuters.", 14, "a company memo", "Reuters"),
        ("a company memo obtained by Reuters.", 34, "a company memo", "Reuters"),
        ("two officials, as quoted by the Times of London, said", 13, "two officials", "the Times of London"),
        ("a letter seen by The Post’s reporters", 8, "a letter", "The Post"),
        ("the minister who was praised by Reuters", 12, "the minister", ""),
    ],
)
def test_who_passed_words_on(text: str, source: int, origin: str, via: str) -> None:
    found = resolve_relay(text, Attribution((), (), (Span(0, source),)))
    assert join_spans(text, found.source) == origin
    assert join_spans(text, found.via) == via


class TestThePage:
    def test_turns_of_a_find_turns(self) -> None:
        text = "KING: Will you run?\n\nO’BRIEN (on phone): I will.\n\nAnd I will win.\n\n(APPLAUSE)\n\nKING: Thanks."
        found = find_turns(text, find_paragraphs(text))
        assert [(join_spans(text, turn.source), join_spans(text, turn.content)) for turn in found[::2]] == [
            ("KING", "Will you run?"),
            ("KING", "Thanks."),
        ]
        assert join_spans(text, found[1].content) == "I will. … And I will win."

    def test_a_label_may_tell_who_that_is(self) -> None:
        text = "WOLF BLITZER, CNN ANCHOR: Welcome.\n\nSEN. BO LEE (D), CANDIDATE: Thanks."
        found = find_turns(text, find_paragraphs(text))
        assert [(join_spans(text, turn.source), join_spans(text, turn.content)) for turn in found] == [
            ("WOLF BLITZER", "Welcome."),
            ("SEN. BO LEE", "Thanks."),
        ]

    @pytest.mark.parametrize("text", ["NOTE: The shop is shut.", "The time: Noon.\n\nThe place: Town.", ""])
    def test_what_is_no_find_turns(self, text: str) -> None:
        assert find_turns(text, find_paragraphs(text)) == []

    def test_a_signed_passage(self) -> None:
        text = "“A child could do it.” — Ana de la Cruz\n“Not mine.” ― Bo Li"
        marks = Marks(text, read_layout(read_plain(text)).passages)
        found = sign(
            [Attribution((Span(1, 21), Span(text.index("Not"), text.index("Not") + 9)), (), ())], text, marks
        )
        assert [(join_spans(text, each.content), join_spans(text, each.source)) for each in found] == [
            ("A child could do it.", "Ana de la Cruz"),
            ("Not mine.", "Bo Li"),
        ]


class TestMarks:
    @pytest.mark.parametrize(
        ("text", "start", "end", "words", "kind"),
        [
            ("“We will,” she said", 0, 10, "We will,", "direct"),
            ("“We will,” she said", 1, 9, "We will,", "direct"),
            ("that it was “a farce”", 0, 20, "that it was “a farce”", "mixed"),
            ("“a farce” and a loss", 1, 20, "“a farce” and a loss", "mixed"),
            ("that it rained ", 0, 15, "that it rained", "indirect"),
        ],
    )
    def test_outer_marks_are_left_out_and_inner_ones_kept(
        self, text: str, start: int, end: int, words: str, kind: str
    ) -> None:
        marks = Marks(text, read_layout(read_plain(text)).passages)
        span = marks.trim(Span(start, end))
        assert span.of(text) == words
        assert marks.type_of([span]) == kind


@given(st.lists(st.booleans(), max_size=400), st.integers(1, 60))
def test_windows_cover_all_pieces_once_and_fit(stops: list[bool], limit: int) -> None:
    text = "".join("a. " if stop else "a b" for stop in stops)
    starts = np.array([word.start for word in words_of(text)], dtype=np.int64)
    windows = cut_windows(starts, read_layout(read_plain(text)), limit)
    assert [end for _, end in windows[:-1]] == [begin for begin, _ in windows[1:]]
    assert (windows[0][0], windows[-1][1]) == (0, len(starts)) if len(starts) else windows == []
    assert all(0 < end - begin <= limit for begin, end in windows)
