"""No file does harm: each is read within bounds, or refused by an error that names it and says why."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.sources.formats import FORMATS
from service.sources.models import ParsedSource, SourceFileError
from service.sources.reading import read_draft, read_source
from tests.sources.hostile import FILES

READ = {"links.md"}  # odd, and no harm


@pytest.mark.parametrize("name", sorted(set(FILES) - READ))
def test_hostile_files_are_refused(name):
    with pytest.raises(SourceFileError) as error:
        read_source(FILES[name](), name=name)
    assert str(error.value).startswith(name)
    assert "root:" not in str(error.value)


@pytest.mark.parametrize("name", sorted(READ))
def test_odd_files_are_read(name):
    assert read_source(FILES[name](), name=name).turns


IN_PROCESS = sorted(set(FORMATS) - {"docx", "odt", "rtf", "pdf", "eml"})
PIECES = st.sampled_from(
    [
        "WEBVTT",
        "00:00:01,000 --> 00:00:02,000",
        "00:01.000 --> 00:02.000",
        "<v Anna>",
        "Anna Wu: ",
        "Q: ",
        "A. ",
        "[00:01:02] ",
        "0:49",
        ">> ",
        "- ",
        "\n",
        "\n\n",
        "\t",
        "# ",
        "**Anna:** ",
        "<p>",
        "</p>",
        "<table><tr><td>",
        "{",
        "}",
        "[",
        "]",
        '"segments": [',
        '"text": "a"',
        "“",
        "”",
        "said Anna Wu. ",
        "From: a@b.example\n",
        "Subject: x\nDate: y\n\n",
        "\x00",
        "\ufeff",
        "\u2028",
        "é",
        "---",
        "FOR IMMEDIATE RELEASE",
        "word ",
        "?",
    ]
)
TEXTS = st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=40).map("".join))


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.sampled_from(IN_PROCESS))
def test_no_text_raises_anything_else(text, form):
    check(text, form)


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.binary(max_size=300), TEXTS.map(lambda text: text.encode("utf-16", "replace"))))
def test_no_bytes_raise_anything_else(data):
    if not data.startswith((b"PK", b"{\\rtf")) and b"%PDF-" not in data:
        check(data, "auto")


@settings(max_examples=12, deadline=None)
@given(st.binary(max_size=200), st.sampled_from(["docx", "odt", "rtf", "pdf", "eml"]))
def test_no_packed_file_raises_anything_else(data, form):
    check(data, form)
    with suppress(SourceFileError):
        read_draft(data, name=f"draft.{form}")


def check(data, form):
    try:
        source = read_source(data, name="file", format=form)
    except SourceFileError as error:
        assert error.faults
        return
    assert isinstance(source, ParsedSource)
    for turn in source.turns:
        assert any(character.isalnum() for character in turn.text)
        assert [cue.offset for cue in turn.cues] == sorted(cue.offset for cue in turn.cues)
        assert all(0 <= cue.offset <= len(turn.text) for cue in turn.cues)
