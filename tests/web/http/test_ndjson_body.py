"""Lines out of bytes, however they arrive; pieces out of answers, however they are taken."""

import gzip
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.usecases.import_records import InputBroken
from service.web.http import buffered_stream as stream
from service.web.http import ndjson_body as ndjson
from service.web.http.buffered_stream import BufferedStream

LINES = st.lists(st.binary(max_size=30).map(lambda line: line.replace(b"\n", b"")), max_size=12)


@st.composite
def blocks_of(draw, data):
    """The bytes cut anywhere, with pauses in between."""
    cuts = sorted(draw(st.lists(st.integers(0, len(data)), max_size=6)))
    blocks = [data[start:end] for start, end in pairwise([0, *cuts, len(data)]) if start < end]
    for place in draw(st.lists(st.integers(0, len(blocks)), max_size=3)):
        blocks.insert(place, None)
    return blocks


@given(lines=LINES, ending=st.sampled_from([b"", b"\n", b"\r\n"]), most=st.integers(1, 40), data=st.data())
def test_lines_do_not_depend_on_how_they_arrive(lines, ending, most, data):
    whole = b"\n".join(lines) + ending
    blocks = data.draw(blocks_of(whole))
    found = [line for line in ndjson.split_lines(blocks, most) if line is not None]
    expected = [
        (number, line if len(line) <= most else None)
        for number, line in enumerate(whole.split(b"\n"), start=1)
        if len(line) > most or line.strip()
    ]
    assert found == expected


@given(parts=st.lists(st.binary(max_size=300_000), min_size=1, max_size=3), data=st.data())
def test_gzip_is_unpacked_however_it_arrives(parts, data):
    packed = b"".join(map(gzip.compress, parts))
    unpacked = [block for block in ndjson.unpack_gzip(data.draw(blocks_of(packed))) if block is not None]
    assert b"".join(unpacked) == b"".join(parts)
    assert all(0 < len(block) <= ndjson.MOST_READ for block in unpacked)


@given(data=st.binary(min_size=1, max_size=200))
def test_any_bytes_are_gzip_or_refused(data):
    try:
        assert gzip.decompress(data) == b"".join(filter(None, ndjson.unpack_gzip([data])))
    except (OSError, EOFError, InputBroken):
        with pytest.raises(InputBroken):
            list(ndjson.unpack_gzip([data]))


@given(
    answers=st.lists(st.binary(min_size=1, max_size=5_000), max_size=12),
    taken=st.lists(st.booleans(), max_size=40),
    most_aside=st.sampled_from([0, 3_000, 1_000_000]),
)
def test_what_is_put_aside_comes_in_order(answers, taken, most_aside):
    waits = iter(taken)
    given_out = BufferedStream(None, most_aside)
    given_out._is_taken = lambda wait_s: wait_s > 0 or next(waits, True)
    pieces = list(given_out.send(answers))
    assert b"".join(pieces) == b"".join(answers)
    assert all(0 < len(piece) <= stream.PIECE for piece in pieces)


def test_a_reader_that_takes_nothing_has_hung_up():
    given_out = BufferedStream(None)
    given_out._is_taken = lambda wait_s: False
    with pytest.raises(BrokenPipeError):
        list(given_out.send([b"answer"]))


def test_what_is_put_aside_is_bounded():
    given_out = BufferedStream(None, most_aside=10_000)
    given_out._is_taken = lambda wait_s: False
    made = []

    def answers():
        for _ in range(100):
            made.append(1)
            yield b"x" * 1_000

    with pytest.raises(BrokenPipeError):
        list(given_out.send(answers()))
    assert len(made) == 11


class Body:
    """A body of which so much is there, by and by."""

    def __init__(self, *reads):
        self.reads = list(reads)
        self.asked = []

    def read(self, size):
        self.asked.append(size)
        read = self.reads.pop(0) if self.reads else b""
        if isinstance(read, Exception):
            raise read
        return read


@pytest.mark.parametrize(
    ("error", "told"),
    [(TimeoutError(), "in time"), (ConnectionResetError(), "breaks off"), (ValueError(), "HTTP")],
)
def test_a_body_that_fails_says_how(error, told):
    blocks = ndjson.read_blocks(Body(b"abc", error), None)
    assert next(blocks) == b"abc"
    with pytest.raises(InputBroken, match=told):
        next(blocks)


def test_a_body_that_is_too_short_is_broken():
    blocks = ndjson.read_blocks(Body(b"abc"), 4)
    with pytest.raises(InputBroken, match="after 3 of 4"):
        list(blocks)


def test_no_more_is_asked_for_than_is_there_and_pauses_are_told():
    waiting = iter([0, 5, 16_000, 80_000, 600_000, 10_000_000, 8_191])
    body = Body(*[b"x"] * 6)
    blocks = list(ndjson.read_blocks(body, None, lambda: next(waiting)))
    assert blocks == [None, b"x", None, *[b"x"] * 5, None]
    assert body.asked == [1_024, 1_024, 2_000, 10_000, 65_536, 65_536, 1_024]


def test_a_body_that_is_there_is_read_without_a_pause():
    assert None not in list(ndjson.read_blocks(Body(*[b"x"] * 10), None))
