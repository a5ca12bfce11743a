"""Queries of the bulk import and export, and the lines of their answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from marshmallow import Schema, fields, validate

from schemas.answers import encode_json
from schemas.fields import OutputSchema, text_field
from schemas.imports import QuoteImportSchema, TranscriptSchema
from schemas.problems import FaultSchema
from schemas.quotes import one_of
from service.errors import Fault
from service.store import ImportedQuote
from service.usecases.import_records import Kind, Result, Summary

RECORDS: dict[Kind, type[Schema]] = {"quotes": QuoteImportSchema, "transcripts": TranscriptSchema}


class ImportQuerySchema(Schema):
    """Query of `POST /v1/quotes:import`."""

    kind = fields.String(
        load_default="quotes",
        validate=validate.OneOf(list(RECORDS)),
        metadata={"description": "What each line holds: one quotation, or one whole transcript."},
    )


class ExportQuerySchema(Schema):
    """Query of `GET /v1/quotes:export`."""

    after = text_field(
        metadata={
            "description": "The id of a quote: only those that came in behind it. The last id of a download "
            "that broke off resumes it; the last id of a whole one asks for what is new."
        }
    )


class ImportLineSchema(OutputSchema):
    """One line of an import's answer: the outcome of a line of the request, or, at the end, of all of them.

    The status of a line is `added` or `duplicate` if it is stored, `refused` if not. The last line says
    `complete`, or `stopped` where the request could not be read on or the store went away: then the lines
    that have a result are stored, and those behind them may be sent again. An answer without it broke off.
    """

    status = one_of("added", "duplicate", "refused", "complete", "stopped", required=True)
    line = fields.Integer(metadata={"description": "Number of the line in the request, from 1."})
    errors = fields.List(
        fields.Nested(FaultSchema), metadata={"description": "What of the line was refused, and why."}
    )
    lines = fields.Integer(metadata={"description": "At the end: the number of the last line with a result."})
    added = fields.Integer(metadata={"description": "At the end: lines that added or changed something."})
    duplicates = fields.Integer(metadata={"description": "At the end: lines that were there already."})
    refused = fields.Integer(metadata={"description": "At the end: lines of which nothing could be used."})
    detail = fields.String(metadata={"description": "At the end: why it stopped."})


class ImportResultSchema(ImportLineSchema):
    """The outcome of one quotation or transcript."""

    id = fields.String(metadata={"description": "The quote's id."})
    uri = fields.String(metadata={"description": "The transcript's uri."})
    quotes_added = fields.Integer(metadata={"description": "Sentences of the transcript that are new."})
    quotes_removed = fields.Integer(metadata={"description": "Sentences of its former text."})


def present_result(result: Result) -> bytes:
    """The line of the answer for a line of the request."""
    return encode_json(describe_result(result)) + b"\n"


def describe_result(result: Result) -> dict[str, Any]:
    """The members of a result."""
    outcome = result.outcome
    if outcome is None:
        return {"line": result.number, "status": "refused", "errors": describe_faults(result.faults)}
    status = "added" if outcome.added else "duplicate"
    if isinstance(outcome, ImportedQuote):
        return {"line": result.number, "status": status, "id": outcome.id}
    counts = {"quotes_added": outcome.added, "quotes_removed": outcome.removed}
    return {"line": result.number, "status": status, "uri": outcome.uri, **counts}


def describe_faults(faults: Sequence[Fault]) -> list[dict[str, str]]:
    """The faults of a line, as members of its result."""
    return [{"pointer": fault.pointer, "detail": fault.detail} for fault in faults]


def present_summary(summary: Summary) -> bytes:
    """The last line of the answer."""
    members: dict[str, Any] = {"status": "stopped" if summary.broken else "complete"}
    for name in ("lines", "added", "duplicates", "refused"):
        members[name] = getattr(summary, name)
    if summary.broken:
        members["detail"] = summary.broken
    return encode_json(members) + b"\n"
