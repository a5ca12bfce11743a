"""Sources in the form: read once, carried, corrected, and turned into what a check takes."""

import contextlib
import io
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import FileStorage, MultiDict

from schemas.read_sources import dump_turns, load_turns
from service.errors import InvalidInput, NotFound
from service.sources.models import MAX_SOURCES, Cue, SourceTurn
from service.web.dashboard import source_form
from service.web.dashboard.source_form import SourcesForm
from service.web.dashboard.source_text import SourceTexts

TALK = "ANNA REYES: Why close the road?\n\nTOMAS HALE: Because nobody could sleep.\n\nTOMAS HALE: Not one."


def find_nothing(source_id):
    raise NotFound("no such source")


def read_sources(fields, files, find_kept=find_nothing):
    return source_form.read_sources(fields, files, find_kept)


def file(content, name):
    return FileStorage(io.BytesIO(content), filename=name)


def sent_again(form, **changed):
    """The fields that a browser sends of the cards of a form."""
    fields = MultiDict()
    for card in form.cards:
        prefix = f"source-{card.key}-"
        fields.add("source", card.key)
        for name, value in (
            ("turns", card.carried), ("title", card.title), ("kind", card.kind), ("date", card.published_at),
            ("machine", "1" if card.machine else ""),
        ):  # fmt: skip
            fields.add(prefix + name, value)
        for name, _, _ in card.speakers:
            fields.add(prefix + "old", name)
            fields.add(prefix + "new", changed.get(name, name))
    return fields


def test_a_file_becomes_a_card():
    [card] = read_sources(MultiDict(), [file(TALK.encode(), "Interview.txt")]).cards
    assert card.title == "Interview"
    assert [name for name, _, _ in card.speakers] == ["ANNA REYES", "TOMAS HALE"]
    assert card.kind == "interview"


def test_a_card_comes_back_as_it_was_sent():
    first = read_sources(MultiDict(), [file(TALK.encode(), "Interview.txt")])
    assert read_sources(sent_again(first), []).cards == tuple(
        card for card in first.cards if card.notes == ()
    )


def test_a_renamed_speaker_has_all_turns():
    first = read_sources(MultiDict(), [file(TALK.encode(), "a.txt")])
    [card] = read_sources(sent_again(first, **{"TOMAS HALE": " Peter Lind "}), []).cards
    assert {turn.speaker for turn in card.turns} == {"ANNA REYES", "Peter Lind"}
    [sent] = SourcesForm((card,)).to_sent()
    assert sent.turns == card.turns
    assert sent.text is None


def test_an_emptied_name_changes_nothing():
    first = read_sources(MultiDict(), [file(TALK.encode(), "a.txt")])
    [card] = read_sources(sent_again(first, **{"TOMAS HALE": " "}), []).cards
    assert "TOMAS HALE" in {turn.speaker for turn in card.turns}


def test_a_file_that_cannot_be_read_leaves_the_others():
    form = read_sources(MultiDict(), [file(b"", "empty.srt"), file(TALK.encode(), "a.txt")])
    assert len(form.cards) == 1
    assert "empty.srt" in form.faults[0]


def test_what_was_pasted_is_read_and_stays_where_it_cannot_be():
    assert read_sources(MultiDict({"source_text": TALK}), []).cards[0].title == "Pasted text"
    form = read_sources(MultiDict({"source_text": "WEBVTT\n\n"}), [])
    assert (form.cards, form.pasted) == ((), "WEBVTT\n\n")
    assert form.faults


def test_one_is_dropped_by_its_key():
    first = read_sources(MultiDict(), [file(TALK.encode(), "a.txt"), file(TALK.encode(), "b.txt")])
    fields = sent_again(first)
    fields.add("drop", first.cards[0].key)
    assert [card.title for card in read_sources(fields, []).cards] == ["b"]


def test_more_than_are_taken_is_said():
    files = [file(TALK.encode(), f"{number}.txt") for number in range(MAX_SOURCES + 1)]
    form = read_sources(MultiDict(), files)
    assert len(form.cards) == MAX_SOURCES
    assert str(MAX_SOURCES) in form.faults[0]


def test_a_day_that_is_none_is_a_fault():
    first = read_sources(MultiDict(), [file(TALK.encode(), "a.txt")])
    fields = sent_again(first)
    fields[f"source-{first.cards[0].key}-date"] = "yesterday"
    with pytest.raises(InvalidInput) as raised:
        read_sources(fields, []).to_sent()
    assert raised.value.faults[0].pointer == "/sources"


@pytest.mark.parametrize(
    "carried",
    ["", "[]", "{", "[1]", "[[null,1]]", "[" * 1_000, '[[null,"a",0,0,false,[],1]]', '[{"text":"a"}]'],
)
def test_damaged_turns_are_refused(carried):
    with pytest.raises(InvalidInput, match="source"):
        read_sources(MultiDict({"source": "k", "source-k-turns": carried}), [])


@given(st.text(max_size=200))
def test_no_carried_text_breaks_anything_else(carried):
    with contextlib.suppress(InvalidInput):
        load_turns(carried)


@given(
    st.lists(
        st.builds(
            SourceTurn,
            speaker=st.none() | st.text(st.characters(categories=("L", "Zs")), min_size=1, max_size=20),
            text=st.text(st.characters(categories=("L", "P", "Zs")), min_size=1, max_size=60),
            start_s=st.none() | st.floats(0, 1_000),
            cues=st.lists(st.builds(Cue, st.integers(0, 9), st.floats(0, 9), st.floats(0, 9))).map(tuple),
            is_question=st.booleans(),
        ),
        min_size=1,
    ).map(tuple)
)
def test_turns_come_back_from_the_form(turns):
    assert load_turns(json.dumps(dump_turns(turns))) == turns


def test_a_match_is_placed_at_its_turn():
    form = read_sources(MultiDict(), [file(TALK.encode(), "a.txt")])
    texts = SourceTexts.of(form.cards)
    given_source = {"given": True, "number": 0}
    assert texts.place(given_source, "Because nobody could sleep.") == "#s1-t2"
    assert texts.place(given_source, "never said") == "#s1"
    assert texts.place({"given": False, "number": None}, "Because") is None
    assert texts.place({"given": True, "number": 7}, "Because") is None


def test_of_words_said_twice_the_time_decides():
    turns = (SourceTurn("A", "No.", 1.0), SourceTurn("B", "Why?", 5.0), SourceTurn("A", "No.", 9.0))
    card = read_sources(MultiDict(), [file(TALK.encode(), "a.txt")]).cards[0]
    texts = SourceTexts.of([replace(card, turns=turns)])
    assert texts.place({"given": True, "number": 0}, "No.", 9.5) == "#s1-t3"
    assert texts.place({"given": True, "number": 0}, "No.", 1.0) == "#s1-t1"
