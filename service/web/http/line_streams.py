"""Streams of NDJSON: requests of any length, whose results are sent while lines are received."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from typing import Final

from flask import abort, current_app, request
from marshmallow import Schema

from service.usecases.import_records import InputBroken, Line
from service.web.http.buffered_stream import IDLE_S, BufferedStream, client_socket, count_waiting
from service.web.http.idempotency import HEADER
from service.web.http.minimum_rate import Pace, stop_reading
from service.web.http.ndjson_body import limit_bytes, load_lines, read_blocks, read_paced, unpack_gzip
from service.web.http.overload import LASTING
from service.web.http.parsing import refuse
from service.web.http.problems import problem

NDJSON: Final = "application/x-ndjson"
NDJSON_TYPES: Final = (NDJSON, "application/ndjson", "application/jsonl", "application/jsonlines")


def read_lines(schema: Schema) -> tuple[Iterator[Line | None], BufferedStream]:
    """The lines of the request's body, read by a schema, and the stream for their results.

    Results are sent while lines are received, unless the answer must be stored (Idempotency-Key).
    """
    if HEADER in request.headers:
        return load_lines(read_bounded_body(), schema, line_limit()), BufferedStream(None)
    return load_lines(read_endless_body(), schema, line_limit()), BufferedStream(
        client_socket(), buffer_limit()
    )


def line_limit() -> int:
    """The most bytes of a line: the limit of other request bodies."""
    return int(current_app.config["MAX_CONTENT_LENGTH"])


def buffer_limit() -> int:
    """The most bytes of results that one import keeps for its client. Of the file that is read out, what was
    sent is freed at its end only, so it takes up to twice that on disk."""
    return int(current_app.config["BUFFER_MAX_BYTES"]) // (2 * LASTING)


def read_endless_body() -> Iterator[bytes | None]:
    """The request's body in decompressed blocks, up to IMPORT_MAX_BYTES."""
    packed = is_packed()
    request.max_content_length = sys.maxsize
    connection = client_socket()
    if connection is not None:
        connection.settimeout(IDLE_S)  # the web server takes that back with the next request
    patience_s = 2.0 * current_app.config["CLIENT_TIMEOUT_S"]
    pace = Pace(lambda: stop_reading(connection), patience_s=patience_s)
    blocks = read_paced(request.stream, request.content_length, lambda: count_waiting(connection), pace)
    return limit_bytes(unpack_gzip(blocks) if packed else blocks, current_app.config["IMPORT_MAX_BYTES"])


def read_bounded_body() -> Iterator[bytes | None]:
    """The same for a request whose answer is stored: limited in size, also decompressed."""
    blocks = read_blocks(io.BytesIO(request.get_data()), None)
    if not is_packed():
        return blocks
    unpacked, size = list[bytes](), 0
    try:
        for block in unpack_gzip(blocks):
            unpacked.append(block or b"")
            size += len(unpacked[-1])
            if size > line_limit():
                refuse(413, f"With an {HEADER}, the unpacked body may have {line_limit()} bytes at most.")
    except InputBroken as error:
        refuse(400, f"The request cannot be read: {error}.")
    return iter(unpacked)


def is_packed() -> bool:
    """Whether the body is gzip. Answers 415 for other encodings."""
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip", "x-gzip"):
        abort(
            problem(415, "Send the body as it is, or packed with gzip.", headers={"Accept-Encoding": "gzip"})
        )
    return encoding != "identity"
