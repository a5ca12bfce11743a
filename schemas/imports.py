"""Records of the bulk imports, a line of NDJSON each."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from schemas.fields import MAX_QUOTE, StrictDate, text_field
from service.store.records import QuoteImport, SourceRecord, Transcript, Turn

MAX_TURN = 1_000_000  # code points in one turn of a transcript


class TurnSchema(Schema):
    """What one speaker says before the next one does. An unknown speaker is null or left out."""

    speaker = text_field(blank=True, allow_none=True, load_default=None)
    text = text_field(most=MAX_TURN, required=True)

    @post_load
    def to_turn(self, data: dict[str, Any], **_: Any) -> Turn:
        """The record as the store takes it."""
        return Turn(speaker=(data["speaker"] or "").strip() or None, text=data["text"])


class SourceSchema(Schema):
    """Where a quotation comes from."""

    uri = text_field(required=True)
    title = text_field(blank=True, load_default="")
    publisher = text_field(blank=True, load_default="")
    published_at = StrictDate(allow_none=True, load_default=None)
    kind = text_field(load_default="quotes")

    @post_load
    def to_source(self, data: dict[str, Any], **_: Any) -> SourceRecord:
        """The record as the store takes it."""
        return SourceRecord(**data)


class TranscriptSchema(Schema):
    """A verbatim transcript: its source and its turns in order."""

    uri = text_field(required=True)
    title = text_field(blank=True, load_default="")
    kind = text_field(load_default="transcript")
    publisher = text_field(blank=True, load_default="")
    published_at = StrictDate(allow_none=True, load_default=None)
    turns = fields.List(
        fields.Nested(TurnSchema), required=True, validate=validate.Length(min=1, max=100_000)
    )

    @post_load
    def to_transcript(self, data: dict[str, Any], **_: Any) -> Transcript:
        """The record as the store takes it."""
        turns = tuple(data.pop("turns"))
        return Transcript(source=SourceRecord(**data), turns=turns)


class QuoteImportSchema(Schema):
    """One earlier quotation with its speaker, date and source."""

    text = text_field(most=MAX_QUOTE, required=True)
    speaker = text_field(blank=True, allow_none=True, load_default=None)
    said_at = StrictDate(allow_none=True, load_default=None)
    source = fields.Nested(SourceSchema, required=True)

    @post_load
    def to_quote(self, data: dict[str, Any], **_: Any) -> QuoteImport:
        """The record as the store takes it."""
        return QuoteImport(
            text=data["text"],
            speaker=(data["speaker"] or "").strip() or None,
            said_at=data["said_at"],
            source=data["source"],
        )
