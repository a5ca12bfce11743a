"""Transcripts with labels: who speaks, and what is no word of a speaker."""

from datetime import date

import pytest

from service.sources.models import Cue
from service.sources.reading import read_source


def said(text, **options):
    return [(turn.speaker, turn.text) for turn in read_source(text, **options).turns]


def test_words_before_a_colon_are_no_label():
    assert said("Anna Wu: One thing is clear: it rained.\nNote: I said so.\n\nJo Bell: At 10:30: why?\n") == [
        ("Anna Wu", "One thing is clear: it rained. Note: I said so."),
        ("Jo Bell", "At 10:30: why?"),
    ]


def test_a_wrapped_line_that_begins_with_a_word_and_a_colon_is_no_label():
    text = (
        "Anna Wu: We did what is in the manual. Page\nOne: jackets first, then the radio.\n\nJo Bell: Why?\n"
    )
    assert said(text)[0] == (
        "Anna Wu",
        "We did what is in the manual. Page One: jackets first, then the radio.",
    )


def test_a_speaker_who_speaks_once_is_one():
    text = "Anna Wu: Yes.\n\nJo Bell: Why?\n\nAnna Wu: Rain.\n\nNkem Obi: A question from the floor.\n\nAnna Wu: Go on.\n"
    assert ("Nkem Obi", "A question from the floor.") in said(text)


def test_times_become_cues_and_leave_the_words():
    source = read_source(
        "Anna Wu: [00:00:05] We closed it [00:00:09] in March.\n\nJo Bell: [00:00:12] Why?\n"
    )
    first = source.turns[0]
    assert first.text == "We closed it in March."
    assert first.cues == (Cue(0, 5.0, 9.0), Cue(13, 9.0, 12.0))
    assert (first.start_s, first.end_s) == (5.0, 12.0)


def test_a_time_that_was_said_stays():
    text = "Anna Wu: The ferry runs from\n6:30 until 22:15.\n\nJo Bell: And then?\n"
    assert said(text)[0] == ("Anna Wu", "The ferry runs from 6:30 until 22:15.")


def test_a_gap_keeps_its_mark_and_loses_its_time():
    assert said("Anna Wu: We [inaudible 00:01:02] it. [laughter]\nJo Bell: Why?\n")[0] == (
        "Anna Wu",
        "We [inaudible] it.",
    )


def test_the_head_gives_title_day_and_names():
    source = read_source(
        "Interviewer: Jo Bell\nInterviewee: Anna Wu\nDate: 12 March 2026\n\n"
        "Interviewer: Why?\nInterviewee: Rain.\nInterviewer: Really?\nInterviewee: Really.\n"
    )
    assert source.published_at == date(2026, 3, 12)
    assert [(turn.speaker, turn.is_question) for turn in source.turns[:2]] == [
        ("Jo Bell", True),
        ("Anna Wu", False),
    ]


def test_what_is_left_out_before_the_first_speaker_is_told():
    source = read_source(
        "Bridge interview\n\nThis conversation was held at the town hall and has been edited for length and clarity.\n\n"
        "Anna Wu: Yes.\n\nJo Bell: Why?\n"
    )
    assert source.title == "Bridge interview"
    assert source.notes == (
        "Left out before the first speaker: “This conversation was held at the town hall and has been edited for length and…”",
    )


def test_an_advertisement_is_nobodys_answer():
    text = "**Anna Wu:** Yes.\n\n**Break:** [04:01]\n\nBuy our soap.\n\n**Anna Wu:** Good.\n\n**Jo Bell:** Why?\n"
    assert said(text)[:3] == [("Anna Wu", "Yes."), (None, "Buy our soap."), ("Anna Wu", "Good.")]


def test_turns_of_one_speaker_in_a_row_are_one():
    text = "Anna Wu  0:03\nWe closed the\n\nAnna Wu  0:05\nbridge in March.\n\nJo Bell  0:09\nWhy?\n"
    assert said(text) == [("Anna Wu", "We closed the bridge in March."), ("Jo Bell", "Why?")]


@pytest.mark.parametrize(
    ("text", "machine"),
    [
        ("Anna Wu  0:03\nYes.\n\nJo Bell  0:09\nWhy?\n\nTranscribed by https://otter.ai\n", True),
        ("Speaker 1: Yes.\n\nSpeaker 2: Why?\n", True),
        ("Anna Wu: We transcribe with Whisper, you know.\n\nJo Bell: Why?\n", False),
        ("Anna Wu: Yes.\n\nJo Bell: Why?\n", False),
    ],
)
def test_a_machine_is_told_by_what_the_file_shows(text, machine):
    assert read_source(text).machine is machine


def test_who_asks_is_told_by_how_he_speaks():
    pairs = "".join(
        f"Jo Bell: And what did you do in year {n}?\n\nAnna Wu: We built a good many bridges.\n\n"
        for n in range(5)
    )
    source = read_source(pairs)
    assert {turn.speaker for turn in source.turns if turn.is_question} == {"Jo Bell"}


def test_nobody_asks_in_a_conversation():
    pairs = "".join(
        f"Jo Bell: I built {n} bridges.\n\nAnna Wu: We built a good many bridges.\n\n" for n in range(5)
    )
    assert not any(turn.is_question for turn in read_source(pairs).turns)


def test_bold_questions_of_a_text_that_names_nobody():
    source = read_source("**What do you think?**\n\nI think well.\n\nAnd more.\n\n**And why?**\n\nBecause.\n")
    assert [(turn.speaker, turn.text, turn.is_question) for turn in source.turns] == [
        (None, "What do you think?", True),
        (None, "I think well.\n\nAnd more.", False),
        (None, "And why?", True),
        (None, "Because.", False),
    ]
    assert "Say who answers" in source.notes[-1]


def test_words_broken_at_the_end_of_a_line_are_whole():
    assert said("Anna Wu: The govern-\nment is well-\nknown for it.\n\nJo Bell: Why?\n")[0][1] == (
        "The government is well-known for it."
    )


def test_labels_without_any_punctuation():
    text = "anna: yeah i think we closed the bridge in march\nbob: right\nanna: and then it rained for nine weeks\nbob: ok\nanna: so\n"
    assert said(text)[:3] == [
        ("anna", "yeah i think we closed the bridge in march"),
        ("bob", "right"),
        ("anna", "and then it rained for nine weeks"),
    ]


def test_the_record_of_a_parliament():
    text = "The CHAIRMAN. The hearing will come to order.\n\nMr. HALE. Thank you. Dr. Wu. will speak.\n\nMs. WU of Vermont. I will.\n"
    assert said(text) == [
        ("The CHAIRMAN", "The hearing will come to order."),
        ("Mr. HALE", "Thank you. Dr. Wu. will speak."),
        ("Ms. WU of Vermont", "I will."),
    ]


def test_a_label_may_hold_a_post():
    text = (
        "Anna Wu, head of transport: Yes.\n\nJo Bell: Last March, after the storm: why?\n\nAnna Wu: Rain.\n"
    )
    assert said(text) == [
        ("Anna Wu, head of transport", "Yes."),
        ("Jo Bell", "Last March, after the storm: why?"),
        ("Anna Wu", "Rain."),
    ]


def test_other_tables_and_captions():
    assert said('speaker,start,text\nAnna Wu,00:01,"Yes, we did."\nJo Bell,00:03,Why?\n', name="a.csv") == [
        ("Anna Wu", "Yes, we did."),
        ("Jo Bell", "Why?"),
    ]
    sbv = read_source(
        "0:00:01.000,0:00:03.000\nANNA: We closed\nthe bridge.\n\n0:00:03.000,0:00:04.000\nBOB: Why?\n"
    )
    assert [(turn.speaker, turn.text, turn.start_s) for turn in sbv.turns] == [
        ("ANNA", "We closed the bridge.", 1.0),
        ("BOB", "Why?", 3.0),
    ]
