"""What may be asked of the stored quotes."""

from __future__ import annotations

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from schemas.fields import StrictDate, text_field
from schemas.standards.representations import ANNOTATIONS, CSV, JSON, PROV_JSON, format_field


class QuoteSearchSchema(Schema):
    """Query of `GET /v1/quotes`. At least one of q, speaker, from and to narrows the search when given."""

    q = text_field(metadata={"description": "Words to look for."})
    speaker = text_field(metadata={"description": "Speaker, named as people do."})
    since = StrictDate(data_key="from", metadata={"description": "Said on this day or later."})
    until = StrictDate(data_key="to", metadata={"description": "Said on this day or earlier."})
    cursor = text_field(metadata={"description": "`next` of the page before."})
    limit = fields.Integer(
        validate=validate.Range(min=1, max=100),
        metadata={"description": "Quotes on a page, 20 by default; as CSV, all.", "default": 20},
    )
    format = format_field(JSON, CSV)

    @validates_schema
    def dates_are_in_order(self, data: dict[str, object], **_: object) -> None:
        """Refuse a range that ends before it begins."""
        since, until = data.get("since"), data.get("until")
        if since and until and since > until:  # type: ignore[operator]
            raise ValidationError("Must not be earlier than from.", "to")


class ProvenanceSearchSchema(Schema):
    """Query of `GET /v1/quotes/{id}/provenance`."""

    as_of = StrictDate(metadata={"description": "Leave out what was seen after this day."})
    format = format_field(JSON, PROV_JSON)


class AnnotationQuerySchema(Schema):
    """Query of `GET /v1/articles/{id}/annotations`."""

    page = fields.Integer(
        validate=validate.Range(min=0, max=1_000_000),
        metadata={"description": "Which AnnotationPage, from 0; without it the AnnotationCollection."},
    )
    format = format_field(ANNOTATIONS)
