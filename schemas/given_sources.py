"""Sources that are sent with a request."""

from __future__ import annotations

from typing import Any, Final

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from schemas.fields import StrictDate, refuse_blank, refuse_unstorable, text_field
from service.matching.sources import EVIDENCE_CLASSES, KINDS, normalise_kind, read_kind
from service.sources.models import MAX_SOURCE_BYTES, MAX_SOURCES, MAX_TURNS
from service.sources.turns import turns_from_mappings
from service.usecases.articles.given_sources import SentSource

FORMATS: Final = ("auto", "text", "markdown", "html", "srt", "vtt", "whisper", "turns")
SENT_KINDS: Final = tuple(kind for kind in KINDS if EVIDENCE_CLASSES[kind] != "draft")
SOURCE_ID: Final = r"s[0-9a-z]{1,40}"
_LATEST_S: Final = 10_000_000.0  # seconds; four months


class Kind(fields.String):
    """A kind of source in any spelling: "Press release" is `press_release`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        name = super()._deserialize(value, attr, data, **kwargs)
        kind = read_kind(name)
        if kind is None or kind not in SENT_KINDS:
            shown = normalise_kind(name)[:40]
            raise ValidationError(f"{shown!r} is no kind of source; there are: {', '.join(SENT_KINDS)}.")
        return kind


def seconds_field() -> fields.Float:
    """Seconds from the start of a recording."""
    return fields.Float(allow_none=True, validate=validate.Range(min=0, max=_LATEST_S))


class TurnInputSchema(Schema):
    """What one speaker says without a break."""

    speaker = text_field(blank=True, allow_none=True)
    text = fields.String(required=True, validate=[refuse_unstorable])
    start_s = seconds_field()
    end_s = seconds_field()


class SourceInputSchema(Schema):
    """A source to hold quotations against: its text or its turns, or the `id` of a stored one alone."""

    id = fields.String(validate=validate.Regexp(SOURCE_ID), metadata={"description": "A stored source."})
    title = text_field(allow_none=True, metadata={"description": "What answers call it."})
    kind = Kind(
        allow_none=True,
        metadata={
            "enum": list(SENT_KINDS),
            "description": "Says what it proves. Without one, what the text shows, or `interview`.",
        },
    )
    published_at = StrictDate(allow_none=True, metadata={"description": "The day it was said or published."})
    uri = text_field(allow_none=True)
    format = fields.String(validate=validate.OneOf(FORMATS), load_default="auto")
    text = fields.String(
        validate=[refuse_unstorable, refuse_blank],
        metadata={"description": "In the format named; `whisper` is the JSON that Whisper writes."},
    )
    turns = fields.List(
        fields.Nested(TurnInputSchema),
        validate=validate.Length(min=1, max=MAX_TURNS),
        metadata={"minItems": 1},
    )
    machine = fields.Boolean(
        allow_none=True,
        truthy={True},
        falsy={False},
        metadata={"description": "Transcribed by a machine. Without it, what the text shows."},
    )

    @validates_schema(skip_on_field_errors=False, pass_original=True)
    def has_one_content(self, _data: dict[str, Any], original: Any, **_: Any) -> None:
        """Refuse a source without content, or with two that might differ."""
        if not isinstance(original, dict):
            return
        given = [name for name in ("id", "text", "turns") if name in original]
        if not given:
            raise ValidationError("Give the source's text or turns, or the id of a stored one.")
        for name in given[1:]:
            raise ValidationError(f"Give one of id, text and turns; {given[0]} is there already.", name)
        if given == ["id"] and len(original) > 1:
            name = next(name for name in original if name != "id")
            raise ValidationError("A stored source is named by its id alone.", name)
        if given == ["turns"] and original.get("format", "turns") not in ("auto", "turns"):
            raise ValidationError("Turns are of the format turns.", "format")
        if given == ["text"] and original.get("format") == "turns":
            raise ValidationError("The format turns takes turns, not a text.", "text")

    @post_load
    def to_source(self, data: dict[str, Any], **_: Any) -> SentSource:
        """The source as the use cases take it."""
        described = {name: value for name, value in data.items() if name != "turns"}
        return SentSource(turns=turns_from_mappings(data["turns"]) if "turns" in data else None, **described)


def sources_field() -> Any:
    """The sources of a request."""
    return fields.List(
        fields.Nested(SourceInputSchema),
        validate=validate.Length(max=MAX_SOURCES),
        metadata={
            "maxItems": MAX_SOURCES,
            "description": (
                f"Up to {MAX_SOURCES} sources, {MAX_SOURCE_BYTES // 1_000_000} MB in all. Quotations are "
                "held against them first, and they alone decide `not_in_sources`. They are "
                "private to the request."
            ),
            "example": [
                {
                    "title": "Interview, 28 March",
                    "kind": "interview",
                    "published_at": "2025-03-28",
                    "text": "REPORTER: Why close the night bus?\nTOMAS HALE: Nobody rode it after eleven.",
                }
            ],
        },
    )
