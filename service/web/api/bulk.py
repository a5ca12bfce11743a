"""Bulk import and export of quotes and transcripts as NDJSON streams of any length."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from dataclasses import asdict
from itertools import islice
from typing import Any, Final, cast

import structlog
from flask import Response, request

from schemas.answers import present
from schemas.bulk import (
    RECORDS,
    ExportQuerySchema,
    ImportQuerySchema,
    ImportResultSchema,
    present_result,
    present_summary,
)
from schemas.quotes import StoredQuoteSchema
from service.errors import StoreUnavailable
from service.store import StoredQuote
from service.store.sources.records import Actor
from service.usecases.import_records import Kind, Line, RecordImporter, Summary
from service.web.api.sources import find_actor
from service.web.http.buffered_stream import BufferedStream, client_socket
from service.web.http.idempotency import idempotent
from service.web.http.line_streams import NDJSON, NDJSON_TYPES, read_lines
from service.web.http.overload import lasting
from service.web.http.parsing import StrictBlueprint, refuse
from service.web.http.scopes import requires
from service.web.services import services

EXPORTED_AT_ONCE: Final = 200  # quotes in one piece of the answer

log = structlog.get_logger(__name__)
blueprint = StrictBlueprint("bulk", __name__, url_prefix="/v1", description=__doc__ or "")


@blueprint.post("/quotes:import")
@requires("sources")
@idempotent
@lasting
@blueprint.arguments(ImportQuerySchema, location="query")
@blueprint.response(200, ImportResultSchema, content_type=NDJSON)
@blueprint.doc(
    requestBody={
        "required": True,
        "content": {NDJSON: {"schema": {"type": "string", "format": "binary"}}},
        "description": "A record a line, `Content-Encoding: gzip` or not.",
    }
)
def import_quotes(query: dict[str, Any]) -> Response:
    """Import quotes or transcripts, one record on each line.

    Returns a result for each line. The request may have `IMPORT_MAX_BYTES` (10 GB), unpacked;
    each line is limited to `MAX_BODY_BYTES`.
    Lines are stored some thousand at a time, and a result is sent when its line is stored. Results are sent
    while lines are still being received, so read and send at the same time if you can; otherwise they are
    buffered. Do not wait for a result before you send the next line. Importing the same lines again adds
    nothing, so an interrupted stream can be sent again as a whole. A transcript that comes with another text
    replaces the stored one: its history keeps the former text, and reviews are opened of the verdicts that
    rested on it. With an `Idempotency-Key` the body is
    limited to `MAX_BODY_BYTES`.
    """
    if request.mimetype not in NDJSON_TYPES:
        refuse(415, f"Send the records as {NDJSON}, one a line.")
    importer = services().imports
    importer.check_store()  # while the status can still say so
    lines, stream = read_lines(RECORDS[cast(Kind, query["kind"])]())
    return stream.respond(import_stream(importer, query["kind"], lines, find_actor()), NDJSON)


def import_stream(
    importer: RecordImporter, kind: Kind, lines: Iterator[Line | None], actor: Actor
) -> Iterator[bytes]:
    """The lines of the answer, as they are produced."""
    summary = Summary()
    for results in importer.import_lines(kind, lines, summary, actor):
        yield b"".join(map(present_result, results))
    log.info("import_ended", **asdict(summary))
    yield present_summary(summary)


@blueprint.get("/quotes:export")
@requires("read")
@lasting
@blueprint.arguments(ExportQuerySchema, location="query")
@blueprint.response(200, StoredQuoteSchema, content_type=NDJSON)
def export_quotes(query: dict[str, Any]) -> Response:
    """Export all stored quotes, one on each line, in the order they were stored.

    To resume an interrupted download, or to get the quotes stored since a complete one, pass the last id that
    you received as `after`. Deletions since then are not reported.
    """
    quotes = services().quotes.export(query.get("after"))
    return BufferedStream(client_socket(), most_aside=0).respond(export_stream(quotes), NDJSON)


def export_stream(quotes: Iterator[StoredQuote]) -> Iterator[bytes]:
    """The lines of the answer. If the store fails, the connection is cut: the client must not take what it
    received for everything."""
    schema = StoredQuoteSchema()
    try:
        while some := list(islice(quotes, EXPORTED_AT_ONCE)):
            yield b"".join(present(schema, quote) + b"\n" for quote in some)
    except StoreUnavailable as error:
        log.warning("export_broke_off", reason=type(error).__name__)
        raise BrokenPipeError(errno.EPIPE, "the store does not answer any more") from error
