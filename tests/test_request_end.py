"""Where a request ends is the same for every way to cut it in pieces, and what is no request is handed over."""

from __future__ import annotations

import pytest

from service.request_end import MOST_HEAD, RequestEnd

MOST = 100_000
HEAD = b"POST / HTTP/1.1\r\nHost: a\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


def arrive(request: bytes, piece: int) -> tuple[bool, bool, int | None]:
    """Whether it is complete, whether it is to be read as it comes, and its size, when all of it arrived."""
    end, received, complete = RequestEnd(MOST), bytearray(), False
    for start in range(0, len(request), piece):
        block = request[start : start + piece]
        received += block
        complete = end.look(received, len(block))
        if complete or end.is_open:
            break
    return complete, end.is_open, end.size


@pytest.mark.parametrize("piece", [1, 2, 3, 7, 10_000])
@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\nHost: a\n\n",
        HEAD + b"Content-Length: 5\r\n\r\nhello",
        CHUNKED + b"0\r\n\r\n",
        CHUNKED + b"5\r\nhello\r\n0\r\n\r\n",
        CHUNKED + b"5;name=value\r\nhello\r\nA\r\n0\r\n\r\n0\r\n\r\n\r\n0\r\nX-A: b\r\n\r\n",
    ],
)
def test_it_ends_with_its_last_byte(request_bytes, piece):
    assert arrive(request_bytes, piece) == (True, False, len(request_bytes))
    assert arrive(request_bytes[:-1], piece)[:2] == (False, False)


@pytest.mark.parametrize("piece", [1, 10_000])
@pytest.mark.parametrize(
    "request_bytes",
    [
        CHUNKED + b"x\r\n",
        HEAD + b"Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n",
        CHUNKED + b"5\r\nhello\r\n-1\r\n",
        CHUNKED + b"5" * 2_000,
        CHUNKED + b"0\r\n" + b"X-A: b\r\n" * 600,
        CHUNKED + b"fffffff\r\n" + b"a" * (MOST + 1),
        HEAD + b"Content-Length: 5\r\nExpect: 100-continue\r\n\r\n",
        HEAD + b"Content-Length: %d\r\n\r\n" % (MOST + 1),
        HEAD + b"Content-Length: 5" + b"0" * 20 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"a" * (MOST_HEAD + 1),
    ],
)
def test_what_has_no_end_in_sight_is_read_as_it_comes(request_bytes, piece):
    complete, is_open, _ = arrive(request_bytes, piece)
    assert (complete, is_open) == (False, True)
