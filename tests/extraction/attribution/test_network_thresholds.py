"""What is believed of the network's probabilities: the thresholds at their boundaries."""

from __future__ import annotations

import numpy as np
import pytest

from service.extraction.attribution.confidence_filter import believable
from service.extraction.attribution.cueless_quotes import Ground, introduction, inverted
from service.extraction.attribution.linking import Linked
from service.extraction.attribution.pointers import add_pointed
from service.extraction.attribution.snap_to_marks import MarkedWords, anchor
from service.extraction.tagger.decoding import RoleSpan
from service.extraction.tagger.labels import LABELS, begin, inside
from service.extraction.tagger.tagger import Reading, WindowReading
from service.text.span import Span


def reading_of(words: list[str], chances: dict[tuple[int, int], float], windows=()) -> tuple[str, Reading]:
    """A text of words and what the network says of it: the probability of a label at a word, by both."""
    text, spans = "", []
    for word in words:
        spans.append(Span(len(text), len(text) + len(word)))
        text += f"{word} "
    tags = np.full((len(words), len(LABELS)), 1e-6, dtype=np.float32)
    for (word, label), chance in chances.items():
        tags[word, label] = chance
    return text, Reading(spans, np.log(tags), windows)


def span_chances(role: str, first: int, last: int, chance: float) -> dict[tuple[int, int], float]:
    """The probabilities of a span's words, each `chance`."""
    labels = [(first, begin(role)), *((word, inside(role)) for word in range(first + 1, last))]
    return dict.fromkeys(labels, chance)


WORDS = ["The", "mayor", "said", "that", "it", "is", "late", "and", "it", "rained", ".", "He", "left", "."]


@pytest.mark.parametrize(("chance", "believed"), [(0.62, False), (0.69, True)])
def test_of_what_is_hardly_likely_nothing_is_believed(chance, believed):
    """The content's probability times the cue's must be 0.43."""
    chances = span_chances("content", 4, 7, chance) | span_chances("cue", 2, 3, chance)
    text, reading = reading_of(WORDS, chances)
    linked = [Linked([RoleSpan("content", 4, 7)], RoleSpan("cue", 2, 3), None)]
    assert bool(believable(linked, Ground(text, reading, [], np.array([0])))) is believed


@pytest.mark.parametrize(("chance", "kept"), [(0.7, 1), (0.8, 2)])
def test_a_content_beside_a_surer_one_must_be_likely_itself(chance, kept):
    chances = span_chances("content", 4, 7, 0.95) | span_chances("content", 8, 10, chance)
    text, reading = reading_of(WORDS, chances | span_chances("cue", 2, 3, 0.95))
    contents = [RoleSpan("content", 4, 7), RoleSpan("content", 8, 10)]
    (found,) = believable(
        [Linked(contents, RoleSpan("cue", 2, 3), None)], Ground(text, reading, [], np.array([0]))
    )
    assert len(found.contents) == kept


@pytest.mark.parametrize(("chance", "spoken"), [(0.36, False), (0.44, True)])
def test_a_passage_that_the_network_leaves_out_is_speech_where_it_is_likely_enough(chance, spoken):
    _, reading = reading_of(WORDS, span_chances("content", 4, 7, chance))
    assert bool(anchor([], reading, [MarkedWords(4, 7, 3, 8)])) is spoken


@pytest.mark.parametrize(("words", "whole"), [(4, False), (5, True)])
def test_half_of_a_passage_stands_for_all_of_it(words, whole):
    _, reading = reading_of(WORDS, {})
    found = anchor([RoleSpan("content", 2, 2 + words)], reading, [MarkedWords(2, 12, 1, 13)])
    assert (found == [RoleSpan("content", 1, 13)]) is whole


@pytest.mark.parametrize(("words", "is_cue"), [(39, True), (41, False)])
def test_the_cue_of_an_introduction_stands_near_its_colon(words, is_cue):
    text, reading = reading_of(["said", *["word"] * words, ":", "late"], {})
    content, cue = RoleSpan("content", words + 2, words + 3), RoleSpan("cue", 0, 1)
    assert bool(introduction(content, [cue], {}, Ground(text, reading, [], np.array([0])))) is is_cue


@pytest.mark.parametrize(("words", "is_source"), [(6, True), (7, False)])
def test_a_source_behind_its_cue_is_short(words, is_source):
    said = ["“", "It", "is", "late", ",", "”", "said", *["Ann"] * words, "."]
    text, reading = reading_of(said, {})
    behind = RoleSpan("content", 7, 7 + words)
    linked = Linked([RoleSpan("content", 1, 5), behind], RoleSpan("cue", 6, 7), None)
    ground = Ground(text, reading, [MarkedWords(1, 5, 0, 6)], np.array([0]))
    assert (inverted(linked, ground) == behind) is is_source


def pointed_to(chance: float, chances: dict[tuple[int, int], float], *others: RoleSpan) -> list[RoleSpan]:
    """The spans once a content points to word 2 with a probability; the rest of it is spread evenly."""
    size = len(WORDS)
    logits = np.full((size, size + 1), np.log((1 - chance) / size), dtype=np.float32)
    logits[:, 3] = np.log(chance)  # column 0 is "nowhere", then the words
    answers = np.eye(size + 1, dtype=np.float32)
    window = WindowReading(0, size, logits, answers, np.zeros_like(logits), answers)
    _, reading = reading_of(WORDS, chances, [window])
    return add_pointed(reading, [*others, RoleSpan("content", 8, 10)])


@pytest.mark.parametrize(("chance", "is_cue"), [(0.14, False), (0.16, True)])
def test_a_word_that_a_content_points_to_is_a_cue_where_it_is_likely_enough(chance, is_cue):
    assert (RoleSpan("cue", 2, 3) in pointed_to(chance, {})) is is_cue


@pytest.mark.parametrize(("further", "last"), [(0.19, 3), (0.22, 5)])
def test_it_goes_on_over_words_that_are_likely_enough(further, last):
    chances = {(word, inside("cue")): further for word in (3, 4)}
    assert RoleSpan("cue", 2, last) in pointed_to(0.9, chances)


@pytest.mark.parametrize(("further", "last"), [(0.31, 4), (0.34, 7)])
def test_a_span_that_is_pointed_to_takes_the_role_on_as_a_whole_or_up_to_an_unlikely_word(further, last):
    """With another word of 0.1 its words have 0.25 on average."""
    chances = {(2, begin("cue")): 0.5, (2, begin("source")): 0.3}
    chances |= {(3, inside("cue")): further, (4, inside("cue")): 0.1, (5, inside("cue")): further}
    chances |= {(6, inside("cue")): (0.1 + 2 * further) / 3}
    assert RoleSpan("cue", 2, last) in pointed_to(0.9, chances, RoleSpan("source", 2, 7))
