from __future__ import annotations

import random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from service.cache.value_codec import HEAD_BYTES, BrokenFrame, read_frame, write_frame

LARGE = 1_000_000
SECRET = b"0123456789abcdef0123456789abcdef"
VALUE = b'{"quotes": []}' * 200


@given(value=st.binary(max_size=4000), key=st.text(max_size=5))
@example(value=b"", key="")
def test_what_is_written_is_read(value: bytes, key: str) -> None:
    assert read_frame(key, write_frame(key, value, SECRET), LARGE, SECRET) == value


def test_text_of_some_size_gets_smaller() -> None:
    assert len(write_frame("k", VALUE, SECRET)) < len(VALUE) / 4


def test_what_does_not_get_smaller_is_left_alone() -> None:
    random_bytes = random.Random(1).randbytes(5000)
    assert len(write_frame("k", random_bytes, SECRET)) == HEAD_BYTES + len(random_bytes)


@given(data=st.data())
def test_damage_never_gives_another_value(data: st.DataObject) -> None:
    value = data.draw(st.sampled_from([b"", b"short", VALUE]))
    frame = bytearray(write_frame("k", value, SECRET))
    place = data.draw(st.integers(0, len(frame) - 1))
    frame[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(BrokenFrame):
        read_frame("k", bytes(frame), LARGE, SECRET)


@given(place=st.integers(0, 39), change=st.integers(1, 255))
def test_any_damage_to_a_plain_frame_is_noticed(place: int, change: int) -> None:
    frame = bytearray(write_frame("k", b"short", SECRET))
    assert len(frame) == 40
    frame[place] ^= change
    with pytest.raises(BrokenFrame):
        read_frame("k", bytes(frame), LARGE, SECRET)


@given(kept=st.floats(0, 1, exclude_max=True))
@pytest.mark.parametrize("value", [b"short", VALUE])
def test_a_cut_frame_is_noticed(value: bytes, kept: float) -> None:
    frame = write_frame("k", value, SECRET)
    with pytest.raises(BrokenFrame):
        read_frame("k", frame[: int(len(frame) * kept)], LARGE, SECRET)


@given(noise=st.binary(max_size=200))
def test_noise_is_no_frame(noise: bytes) -> None:
    for frame in (noise, b"V2p" + noise, b"V2z" + noise):
        with pytest.raises(BrokenFrame):
            read_frame("k", frame, LARGE, SECRET)


def test_a_value_filed_under_another_key_is_noticed() -> None:
    with pytest.raises(BrokenFrame):
        read_frame("other", write_frame("k", VALUE, SECRET), LARGE, SECRET)


def test_a_bomb_is_not_unpacked() -> None:
    bomb = write_frame("k", b"\x00" * LARGE, SECRET)
    assert len(bomb) < LARGE / 100
    with pytest.raises(BrokenFrame):
        read_frame("k", bomb, LARGE - 1, SECRET)
    assert len(read_frame("k", bomb, LARGE, SECRET)) == LARGE


def test_a_value_written_with_another_secret_is_noticed() -> None:
    forged = write_frame("k", VALUE, b"a guess")
    with pytest.raises(BrokenFrame):
        read_frame("k", forged, LARGE, SECRET)
