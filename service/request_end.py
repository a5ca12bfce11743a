"""Where a request ends that arrives in pieces, estimated by its head: when to hand it to a thread."""

from __future__ import annotations

import re
from typing import Final

MOST_HEAD: Final = 65_536  # bytes; gunicorn refuses a longer one, in a thread
MOST_CHUNK_HEAD: Final = 1_024  # bytes of the line that begins a chunk
MOST_TRAILERS: Final = 4_096  # bytes after the last chunk

_HEAD_END: Final = re.compile(rb"\r?\n\r?\n")
_LENGTH: Final = re.compile(rb"^content-length:[ \t]*(\d+)[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_EXPECT: Final = re.compile(rb"^expect[ \t]*:", re.IGNORECASE | re.MULTILINE)
_ENCODED: Final = re.compile(rb"^transfer-encoding[ \t]*:", re.IGNORECASE | re.MULTILINE)
#: Lines whose results are sent while further lines are received: not to be waited for.
_LINES: Final = re.compile(
    rb"^content-type:[ \t]*application/(?:x-)?(?:ndjson|jsonl)", re.IGNORECASE | re.MULTILINE
)
_CHUNK: Final = re.compile(rb"[ \t]*([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")


class RequestEnd:
    """The estimated end of one request. `most` is the number of bytes above which it is not waited for.

    gunicorn's parser alone decides what a request means; a wrong estimate makes a thread wait for the rest,
    or hands an error to it early.
    """

    __slots__ = ("_chunk_at", "_most", "is_open", "size")

    def __init__(self, most: int) -> None:
        self._most: Final = most
        self._chunk_at: int | None = None  # where the next chunk begins
        self.size: int | None = None  # bytes of head and body, once that is known
        self.is_open = False  # the rest is to be read as it comes: it is very long, or its end cannot be told

    def look(self, received: bytearray, new: int) -> bool:
        """Whether the request is complete, now that `new` more bytes arrived at the end of `received`."""
        if self.size is None and self._chunk_at is None and not self.is_open:
            self._read_head(received, max(0, len(received) - new - 3))
        if self._chunk_at is not None and self.size is None and not self.is_open:
            self._follow_chunks(received)
        known = len(received) if self.size is None else self.size
        self.is_open = self.is_open or known > self._most
        return self.size is not None and self.size <= len(received)

    def _read_head(self, received: bytearray, searched: int) -> None:
        end = _HEAD_END.search(received, searched)
        if end is None:
            self.is_open = len(received) > MOST_HEAD
            return
        head = bytes(received[: end.end()])
        length = _LENGTH.search(head)
        in_chunks = _ENCODED.search(head) is not None
        if (
            _EXPECT.search(head)
            or (length is not None and len(length[1]) > 15)
            or (in_chunks and _LINES.search(head))
        ):
            self.is_open = True
        elif in_chunks:
            self._chunk_at = len(head)
        else:
            self.size = len(head) + (int(length[1]) if length else 0)

    def _follow_chunks(self, received: bytearray) -> None:
        """Go from chunk to chunk as far as they arrived. gunicorn refuses what is no chunk."""
        at = self._chunk_at or 0
        while at < len(received):
            line = _CHUNK.match(received, at, at + MOST_CHUNK_HEAD)
            if line is None:
                self.is_open = (
                    b"\n" in received[at : at + MOST_CHUNK_HEAD] or len(received) - at >= MOST_CHUNK_HEAD
                )
                break
            if length := int(line[1], 16):
                at = line.end() + length + len(b"\r\n")
                continue
            end = _HEAD_END.search(received, line.end() - 2)
            if end is not None:
                self.size = end.end()
            self.is_open = end is None and len(received) - at > MOST_TRAILERS
            break
        self._chunk_at = at
