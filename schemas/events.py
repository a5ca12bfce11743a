"""Queries of the event stream, and an event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields

from schemas.fields import OutputSchema, text_field
from service.store.events.publish import STREAM_TYPES

GROUPS = sorted({kind.partition(".")[0] for kind in STREAM_TYPES})


class EventTypes(fields.String):
    """Types of events, separated by commas; `review` stands for all of `review.…`."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        names = [name.strip() for name in super()._deserialize(value, attr, data, **kwargs).split(",")]
        wanted: set[str] = set()
        for name in names:
            found = {kind for kind in STREAM_TYPES if name in (kind, kind.partition(".")[0])}
            if not found:
                raise ValidationError(f"Not a type: {', '.join([*GROUPS, *STREAM_TYPES])}.")
            wanted |= found
        return frozenset(wanted)


class EventSearchSchema(Schema):
    """Query of `GET /v1/events`."""

    types = EventTypes(metadata={"description": "Only these, such as `review,article.analysed`."})
    after = text_field(most=40, metadata={"description": "As `Last-Event-ID`, which goes before it."})


class EventSchema(OutputSchema):
    """The `data` of an event. Its members depend on the type."""

    id = fields.String(metadata={"description": "Of the article or the review."})
    article_id = fields.String()
    quote_id = fields.String()
    uri = fields.String(allow_none=True)
    version = fields.Integer()
    created = fields.Boolean()
    quotes = fields.Integer()
    status = fields.String(metadata={"description": "Of an article: published or draft."})
    labels = fields.Dict(metadata={"description": "Of an article: how many quotations have each label."})
    severity = fields.Integer(metadata={"description": "The worst one of an article's quotations."})
    fidelity = fields.Raw(metadata={"description": "Of a review its code; of an article so many of each."})
    attribution = fields.String()
    rules = fields.List(fields.String())
    urgency = fields.Integer()
    by = fields.String(metadata={"description": "Name of the key."})
    decided = fields.Dict()
    entry = fields.Dict(metadata={"description": "Number and hash of the entry in the record of reviews."})
