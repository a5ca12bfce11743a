"""Captions read into turns."""

import pytest

from service.sources.models import SourceFileError
from service.sources.reading import read_source

VOICES = """WEBVTT - a comment

STYLE
::cue { color: red }

NOTE nobody says this

intro
00:00:01.000 --> 00:00:03.000 align:start position:0%
<v Anna Wu>We did not close
the <i>bridge</i></v>

00:03.000 --> 00:05.500
<v.loud Anna Wu>because of rain.</v>

00:00:06.000 --> 00:00:08.000
<v Tom Hale>Why &amp; when?
"""


def said(source):
    return [(turn.speaker, turn.text) for turn in source.turns]


def test_voices_are_speakers_and_their_captions_one_text():
    source = read_source(VOICES)
    assert source.format == "vtt"
    assert said(source) == [
        ("Anna Wu", "We did not close the bridge because of rain."),
        ("Tom Hale", "Why & when?"),
    ]
    first = source.turns[0]
    assert (first.start_s, first.end_s) == (1.0, 5.5)
    assert [(cue.offset, cue.start_s, cue.end_s) for cue in first.cues] == [(0, 1.0, 3.0), (28, 3.0, 5.5)]


def test_labels_stand_within_captions():
    source = read_source("""1
00:00:01,000 --> 00:00:03,000
>> JOHN: I think we
should go.

2
00:00:03,000 --> 00:00:05,000
- Yes.
- No, wait. >> MARY: Stop.
3
00:00:05,000 --> 00:00:06,000
[laughter] Now.
""")
    assert said(source) == [
        ("JOHN", "I think we should go."),
        (None, "Yes.\n\nNo, wait."),
        ("MARY", "Stop. Now."),
    ]


def test_rolling_captions_leave_each_word_once():
    source = read_source("""WEBVTT
Kind: captions

00:00:00.160 --> 00:00:02.550 align:start position:0%
\x20
hello<00:00:00.480><c> everyone</c><00:00:00.800><c> and</c>

00:00:02.550 --> 00:00:02.560 align:start position:0%
hello everyone and
\x20

00:00:02.560 --> 00:00:05.000 align:start position:0%
hello everyone and
welcome<00:00:03.480><c> to the show</c>

00:00:05.000 --> 00:00:07.010 align:start position:0%
welcome to the show
we have a guest
""")
    assert said(source) == [(None, "hello everyone and welcome to the show we have a guest")]
    assert [cue.start_s for cue in source.turns[0].cues] == [0.16, 2.56, 5.0]
    assert source.machine


@pytest.mark.parametrize(
    "text", ["WEBVTT\n", "WEBVTT\n\n00:01 --> 00:02\n\n", "1\n00:00:01,000 --> 00:00:02,000\n"]
)
def test_no_captions_is_an_error(text):
    with pytest.raises(SourceFileError, match=r"talk\.srt"):
        read_source(text, name="talk.srt")
