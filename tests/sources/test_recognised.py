"""JSON of speech recognition."""

import json

import pytest

from service.sources.models import SourceFileError
from service.sources.reading import read_source
from service.sources.turns import turns_from_mappings


def said(value):
    return [(turn.speaker, turn.text, turn.start_s) for turn in read_source(json.dumps(value)).turns]


def test_words_with_voices_of_their_own_divide_a_segment():
    words = [
        {"word": "Yes.", "start": 0.0, "end": 0.4, "speaker": "SPEAKER_00"},
        {"word": "Why?", "start": 0.5, "end": 0.9, "speaker": "SPEAKER_01"},
    ]
    value = {"segments": [{"start": 0.0, "end": 0.9, "text": " Yes. Why?", "words": words}]}
    assert said(value) == [("SPEAKER_00", "Yes.", 0.0), ("SPEAKER_01", "Why?", 0.5)]


def test_elements_with_marks_of_their_own():
    monologue = {
        "speaker": 1,
        "elements": [
            {"type": "text", "value": "Yes", "ts": 0.5, "end_ts": 0.9},
            {"type": "punct", "value": ", "},
            {"type": "text", "value": "we did", "ts": 1.0, "end_ts": 1.4},
            {"type": "punct", "value": "."},
        ],
    }
    assert said({"monologues": [monologue]}) == [("Speaker 1", "Yes, we did.", 0.5)]


def test_lines_of_json_are_turns():
    source = read_source('{"speaker": "Anna Wu", "text": "Yes."}\n{"speaker": "Jo Bell", "text": "Why?"}\n')
    assert source.format == "turns"
    assert [turn.speaker for turn in source.turns] == ["Anna Wu", "Jo Bell"]
    assert not source.machine


def test_turns_of_one_speaker_in_a_row_are_one():
    turns = turns_from_mappings(
        [
            {"speaker": "A B", "text": "We closed", "start_s": 1},
            {"speaker": "A B", "text": "it.", "start_s": 2, "end_s": 3},
        ]
    )
    assert [(turn.text, turn.start_s, turn.end_s) for turn in turns] == [("We closed it.", 1.0, 3.0)]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{"a": 1}', "no transcript is found in it"),
        ('{"segments": [}', "line 1: is no well-formed JSON"),
        ('{"turns": [{"speaker": "A"}, {"speaker": "B", "text": "b"}]}', "turn 1"),
    ],
)
def test_other_json_is_refused(text, problem):
    with pytest.raises(SourceFileError, match=problem):
        read_source(text, name="a.json")
