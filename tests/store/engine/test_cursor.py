"""Cursors lead back to the position they were made of, and nothing else is one."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import InvalidInput
from service.store.engine.cursor import MAX_NUMBER, CursorCodec

CODEC = CursorCodec("things", int, str)
NAMES = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=40)


@given(st.integers(0, MAX_NUMBER), NAMES)
def test_a_cursor_leads_back_to_its_position(number: int, name: str) -> None:
    cursor = CODEC.encode(number, name)
    assert CODEC.decode(cursor) == (number, name)
    assert cursor.replace("-", "").replace("_", "").isalnum(), "fits into an address as it is"


@given(st.integers(0, MAX_NUMBER), NAMES, st.data())
def test_an_altered_cursor_is_refused(number: int, name: str, data: st.DataObject) -> None:
    cursor = CODEC.encode(number, name)
    place = data.draw(st.integers(0, len(cursor) - 1))
    other = data.draw(st.characters(max_codepoint=127).filter(lambda one: one != cursor[place]))
    for wrong in (cursor[:place], cursor[:place] + other + cursor[place + 1 :]):
        with pytest.raises(InvalidInput):
            CODEC.decode(wrong)


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "é",
        "=" * 8,
        CursorCodec("others", int, str).encode(1, "a"),
        CursorCodec("things", int, int).encode(1, 2),
        CursorCodec("things", int).encode(1),
        CODEC.encode(MAX_NUMBER + 1, "a"),
        CODEC.encode(-1, "a"),
        CODEC.encode(True, "a"),
        CODEC.encode(1, "\x00"),
        base64.urlsafe_b64encode(b"1234" + b"[" * 100_000).decode(),
        base64.urlsafe_b64encode(b'1234{"things": 1}').decode(),
    ],
)
def test_what_is_no_cursor_of_the_listing_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        CODEC.decode(cursor)
    assert refused.value.faults[0].pointer == "/cursor"
