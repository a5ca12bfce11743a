"""How a value is written down outside this process: checked on reading, compressed where that helps.

A frame is `V1`, one byte for the encoding, 16 bytes of checksum, then the body. The checksum covers the key
too, so that a value filed under a wrong key is no value. No pickle: reading a frame can run nothing.
"""

from __future__ import annotations

import hashlib
import zlib

MAGIC = b"V1"
PLAIN, DEFLATED = b"p", b"z"
DIGEST_BYTES = 16
HEAD_BYTES = len(MAGIC) + 1 + DIGEST_BYTES
COMPRESS_FROM_BYTES = 1024
# Level 1 takes less than half the time of the default level on an analysis, and the frame is a tenth larger.
COMPRESSION_LEVEL = 1


class BrokenFrame(ValueError):
    """These bytes are not a whole frame written for this key."""


def write_frame(key: str, value: bytes) -> bytes:
    """The value as a frame, compressed if it is of some size and gets smaller by it."""
    encoding, body = PLAIN, value
    if len(value) >= COMPRESS_FROM_BYTES:
        deflated = zlib.compress(value, COMPRESSION_LEVEL)
        if len(deflated) < len(value):
            encoding, body = DEFLATED, deflated
    return MAGIC + encoding + _checksum(key, value) + body


def read_frame(key: str, frame: bytes, max_value_bytes: int) -> bytes:
    """The value in a frame. Raises BrokenFrame; unpacks no more than `max_value_bytes`."""
    if len(frame) < HEAD_BYTES or not frame.startswith(MAGIC):
        raise BrokenFrame("no frame")
    encoding = frame[len(MAGIC) : len(MAGIC) + 1]
    body = frame[HEAD_BYTES:]
    if encoding == DEFLATED:
        value = _inflate(body, max_value_bytes)
    elif encoding == PLAIN:
        value = body
    else:
        raise BrokenFrame("unknown encoding")
    if frame[len(MAGIC) + 1 : HEAD_BYTES] != _checksum(key, value):
        raise BrokenFrame("checksum differs")
    return value


def _inflate(body: bytes, max_value_bytes: int) -> bytes:
    unpacker = zlib.decompressobj()
    try:
        value = unpacker.decompress(body, max_value_bytes)
    except zlib.error as error:
        raise BrokenFrame("not deflated") from error
    if not unpacker.eof or unpacker.unused_data:
        raise BrokenFrame("cut short or too large")
    return value


def _checksum(key: str, value: bytes) -> bytes:
    digest = hashlib.blake2b(digest_size=DIGEST_BYTES)
    digest.update(len(key).to_bytes(4, "big") + key.encode("utf-8"))
    digest.update(value)
    return digest.digest()
