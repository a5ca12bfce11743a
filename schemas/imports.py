"""Records of the bulk imports, a line of NDJSON each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, pre_load, validate, validates_schema

from schemas.fields import MAX_QUOTE, StrictDate, text_field
from service.matching.sources import KINDS, read_kind
from service.store.records import QuoteImport, SourceRecord, Transcript, Turn

MAX_SECONDS = 1_000_000.0  # eleven days
MAX_TURN = 1_000_000  # code points in one turn of a transcript


def seconds_field() -> fields.Float:
    """Seconds from the beginning of a recording, null if they are not known."""
    return fields.Float(
        allow_none=True, load_default=None, allow_nan=False, validate=validate.Range(min=0, max=MAX_SECONDS)
    )


class KindField(fields.String):
    """The kind of a source, which decides what it proves. Unknown kinds are refused."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(metadata={"enum": list(KINDS), "description": KindField.__doc__}, **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        kind = read_kind(super()._deserialize(value, attr, data, **kwargs))
        if kind is None:
            raise ValidationError(f"Not a kind of source. Known are: {', '.join(KINDS)}.")
        return kind


class TurnSchema(Schema):
    """The words of one speaker without interruption. An unknown speaker is null or left out.

    `start_s` and `end_s` are seconds from the start of the recording.
    """

    speaker = text_field(blank=True, allow_none=True, load_default=None)
    text = text_field(most=MAX_TURN, required=True)
    start_s = seconds_field()
    end_s = seconds_field()

    @validates_schema
    def times_are_in_order(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse a turn that ends before it starts."""
        start_s, end_s = data["start_s"], data["end_s"]
        if start_s is not None and end_s is not None and end_s < start_s:
            raise ValidationError("Must not be earlier than the start.", "end_s")

    @post_load
    def to_turn(self, data: dict[str, Any], **_: Any) -> Turn:
        """The record as the store takes it."""
        speaker = (data["speaker"] or "").strip() or None
        return Turn(speaker, data["text"], data["start_s"], data["end_s"])


class SourceSchema(Schema):
    """The source of a quotation."""

    uri = text_field(required=True)
    title = text_field(blank=True, load_default="")
    publisher = text_field(blank=True, load_default="")
    published_at = StrictDate(allow_none=True, load_default=None)
    kind = KindField(load_default="quotes")

    @post_load
    def to_source(self, data: dict[str, Any], **_: Any) -> SourceRecord:
        """The record as the store takes it."""
        return SourceRecord(**data)


class TranscriptSchema(Schema):
    """A verbatim transcript: its source and its turns in order."""

    uri = text_field(required=True)
    title = text_field(blank=True, load_default="")
    kind = KindField(load_default="transcript")
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
    """One earlier quotation with its speaker, date and source.

    A line of an export is one, too: `type` is kept, `speaker` may be an object with a `name`; `id` and the
    `class` of the source follow from the rest, and are left out.
    """

    text = text_field(most=MAX_QUOTE, required=True)
    speaker = text_field(blank=True, allow_none=True, load_default=None)
    said_at = StrictDate(allow_none=True, load_default=None)
    source = fields.Nested(SourceSchema, required=True)
    type = fields.String(load_default="direct", validate=validate.OneOf(("direct", "indirect", "mixed")))

    @pre_load
    def read_exported(self, data: Any, **_: Any) -> Any:
        """A line of an export in the form of a line to import; any other line as it is."""
        if not isinstance(data, Mapping):
            return data
        line = {name: value for name, value in data.items() if name != "id"}
        speaker, source = line.get("speaker"), line.get("source")
        if isinstance(speaker, Mapping) and "name" in speaker:
            line["speaker"] = speaker["name"]
        if isinstance(source, Mapping):
            line["source"] = {name: value for name, value in source.items() if name != "class"}
        return line

    @post_load
    def to_quote(self, data: dict[str, Any], **_: Any) -> QuoteImport:
        """The record as the store takes it."""
        return QuoteImport(
            text=data["text"],
            speaker=(data["speaker"] or "").strip() or None,
            said_at=data["said_at"],
            source=data["source"],
            form=data["type"],
        )
