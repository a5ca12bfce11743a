"""Sentences of a source, with their times."""

from datetime import date

import pytest

from service.sources.models import Cue, ParsedSource, SourceTurn
from service.sources.utterances import MAX_SENTENCE, utterances_of

DAY = date(2025, 3, 28)


def read(*turns: SourceTurn, day: date | None = None) -> ParsedSource:
    return ParsedSource("srt", turns, published_at=day)


def test_sentences_carry_speaker_turn_position_and_day() -> None:
    source = read(SourceTurn(" Tomas \n Hale", "It rained.  It poured!"), SourceTurn(None, "Yes?"), day=DAY)
    found = utterances_of(source, key="given-2")
    assert [(one.quote_id, one.text, one.speaker, one.turn, one.position) for one in found] == [
        ("given-2-0", "It rained.", "Tomas Hale", 0, 0),
        ("given-2-1", "It poured!", "Tomas Hale", 0, 1),
        ("given-2-2", "Yes?", None, 1, 2),
    ]
    assert {one.said_at for one in found} == {DAY}
    assert {one.said_at for one in utterances_of(source, said_at=date(2020, 1, 1))} == {date(2020, 1, 1)}


def test_sentences_have_the_times_of_their_cues() -> None:
    # Three captions, the first sentence ends in the middle of the second one.
    text = "one two three four five six. Seven eight nine ten"
    cues = (Cue(0, 10.0, 12.0), Cue(14, 12.0, 14.0), Cue(35, 15.0, None))
    first, second = utterances_of(read(SourceTurn("A", text, 10.0, 18.0, cues)))
    assert (first.start_s, second.end_s) == (10.0, 18.0)
    assert first.end_s == pytest.approx(12 + 2 * (28 - 14) / 21, abs=0.001)
    assert second.start_s == pytest.approx(12 + 2 * (29 - 14) / 21, abs=0.001)
    assert [timed.span.of(second.text) for timed in second.times] == ["Seven ", "eight nine ten"]


def test_a_turn_with_times_alone_shares_them_out_by_length() -> None:
    first, second = utterances_of(
        read(SourceTurn("A", "Four words are here. Four words are here.", 0.0, 41.0))
    )
    assert (first.start_s, first.end_s, second.start_s, second.end_s) == (0.0, 20.0, 21.0, 41.0)


def test_a_turn_with_a_beginning_alone_has_no_ends() -> None:
    first, second = utterances_of(read(SourceTurn("A", "It rained. It poured.", 49.0)))
    assert (first.start_s, first.end_s, second.start_s, second.end_s) == (49.0, None, 49.0, None)


def test_without_times_there_are_none() -> None:
    (only,) = utterances_of(read(SourceTurn("A", "It rained.")))
    assert (only.start_s, only.end_s, only.times) == (None, None, ())


@pytest.mark.parametrize("text", ["x" * 3 * MAX_SENTENCE, "word " * MAX_SENTENCE])
def test_no_sentence_is_longer_than_the_limit_and_no_letter_is_lost(text: str) -> None:
    found = utterances_of(read(SourceTurn(None, text, 0.0, 60.0)))
    assert max(len(one.text) for one in found) <= MAX_SENTENCE
    assert "".join("".join(one.text.split()) for one in found) == "".join(text.split())
