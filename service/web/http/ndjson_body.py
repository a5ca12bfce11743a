"""The lines of a request's body in NDJSON, of any length, in constant memory and bounded time."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, Protocol

from marshmallow import Schema, ValidationError

from schemas.strict_json import read_line
from schemas.validation_errors import find_faults
from service.errors import Fault
from service.usecases.import_records import InputBroken, Line
from service.web.http.minimum_rate import LEAST_RATE, Pace

LEAST_READ: Final = 1_024  # bytes; the smallest read of the web server
MOST_READ: Final = 65_536
FRAMING: Final = 8  # times; a body in chunks of a byte is a sixth of what is received
GZIP: Final = 16 + zlib.MAX_WBITS
EXPANSION: Final = 200  # times; real NDJSON shrinks to a tenth or a twentieth
EXPANSION_FREE: Final = 16_000_000  # bytes unpacked before that counts


class Readable(Protocol):
    """A body: `read(n)` gives n bytes, fewer at its end only."""

    def read(self, size: int, /) -> bytes: ...


def read_paced(
    body: Readable, length: int | None, waiting: Callable[[], int], pace: Pace
) -> Iterator[bytes | None]:
    """The body in blocks, as `read_blocks` gives them, with a minimum rate."""

    class Paced:
        def read(self, size: int, /) -> bytes:
            with pace.reading(size):
                block = body.read(size)
            pace.earn(len(block))
            if pace.is_lost:
                raise TimeoutError
            return block

    with pace:
        try:
            yield from read_blocks(Paced(), length, waiting)
        except InputBroken as error:
            if pace.is_lost:
                raise InputBroken(f"fewer than {LEAST_RATE:,} bytes a second were received") from error
            raise


def read_blocks(
    body: Readable, length: int | None, waiting: Callable[[], int] = lambda: FRAMING * MOST_READ
) -> Iterator[bytes | None]:
    """The body in blocks, none larger than `MOST_READ`; None if the next one may be long in coming.

    `waiting` returns the number of bytes received and not yet read. The web server's read waits for all
    the bytes requested, so no more than these are requested, except for the smallest read.
    Raises InputBroken if the sender hangs up, stays silent for too long, or sent fewer than `length`
    bytes.
    """
    received = 0
    while True:
        size = min(waiting() // FRAMING, MOST_READ)
        if size < LEAST_READ:
            yield None
        try:
            block = body.read(max(size, LEAST_READ))
        except TimeoutError as error:
            raise InputBroken("nothing more was received in time") from error
        except Exception as error:  # of the web server's own kinds: hung up, or a broken chunk
            raise InputBroken("the body breaks off, or is not framed as HTTP has it") from error
        if not block:
            break
        received += len(block)
        yield block
    if length is not None and received < length:
        raise InputBroken(f"the body ends after {received} of {length} bytes")


def unpack_gzip(blocks: Iterable[bytes | None]) -> Iterator[bytes | None]:
    """The decompressed content of gzip data with one or more members, in blocks of at most `MOST_READ`.

    Raises InputBroken if it is not gzip, ends early, or expands to more than `EXPANSION` times its size.
    """
    packed = unpacked = 0
    unpacker = zlib.decompressobj(GZIP)
    for block in blocks:
        if block is None:
            yield None
            continue
        packed += len(block)
        rest = block
        while True:
            if unpacker.eof:
                if not rest:
                    break
                unpacker = zlib.decompressobj(GZIP)
            try:
                part = unpacker.decompress(rest, MOST_READ)
            except zlib.error as error:
                raise InputBroken("the body is not valid gzip") from error
            rest = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
            unpacked += len(part)
            if unpacked > max(EXPANSION_FREE, EXPANSION * packed):
                raise InputBroken(f"the body unpacks to more than {EXPANSION} times its size")
            if part:
                yield part
            if not rest and len(part) < MOST_READ:
                break
    if packed and not unpacker.eof:
        raise InputBroken("the gzip data ends early")


def limit_bytes(blocks: Iterable[bytes | None], most: int) -> Iterator[bytes | None]:
    """The blocks, up to `most` bytes. Raises InputBroken before the block that goes beyond them."""
    size = 0
    for block in blocks:
        size += len(block or b"")
        if size > most:
            raise InputBroken(f"the body has more than {most:,} bytes: send the rest as another import")
        yield block


def split_lines(blocks: Iterable[bytes | None], most: int) -> Iterator[tuple[int, bytes | None] | None]:
    """Non-blank lines with their numbers; text None if longer than `most` bytes; None for a pause."""
    number, waiting, size = 1, list[bytes](), 0
    for block in blocks:
        if block is None:
            yield None
            continue
        *whole, last = block.split(b"\n")
        if whole:
            size += len(whole[0])
            waiting.append(whole[0])
            yield from number_line(number, waiting, size, most)
            # Empty lines cost next to nothing: some bytes of gzip unpack to millions of them.
            for position, part in enumerate(whole[1:], number + 1):
                if part:
                    yield from number_line(position, [part], len(part), most)
            number, waiting, size = number + len(whole), [], 0
        size += len(last)
        if size <= most:
            waiting.append(last)
    yield from number_line(number, waiting, size, most)


def number_line(number: int, parts: list[bytes], size: int, most: int) -> Iterator[tuple[int, bytes | None]]:
    """The line made of these parts, unless it is blank."""
    if size > most:
        yield number, None
    elif (line := b"".join(parts)).strip():
        yield number, line


def load_lines(blocks: Iterable[bytes | None], schema: Schema, most: int) -> Iterator[Line | None]:
    """Each line as read by the schema, or with its faults; None for a pause."""
    for numbered in split_lines(blocks, most):
        if numbered is None:
            yield None
            continue
        number, line = numbered
        if line is None:
            detail = f"The line is longer than {most} bytes; MAX_BODY_BYTES sets this limit."
            yield Line(number, 0, faults=(Fault("", detail),))
        else:
            yield load_line(number, line, schema)


def load_line(number: int, line: bytes, schema: Schema) -> Line:
    """A line as read by the schema, or with its faults."""
    try:
        record: Any = schema.load(read_line(line))
    except ValidationError as error:
        return Line(number, len(line), faults=tuple(find_faults(error.messages)))
    except json.JSONDecodeError as error:
        detail = f"Not valid JSON: {error.msg} at column {error.colno}."
    except UnicodeDecodeError as error:
        detail = f"Not valid UTF-8 at byte {error.start}."
    except RecursionError:
        detail = "Nested too deeply."
    except ValueError as error:  # such as a number of thousands of digits
        detail = f"Not valid JSON: {error}."
    else:
        return Line(number, len(line), record)
    return Line(number, len(line), faults=(Fault("", detail),))
