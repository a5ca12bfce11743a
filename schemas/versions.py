"""The versions of an article."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from schemas.fields import OutputSchema


class VersionSearchSchema(Schema):
    """Query of `GET /v1/articles/{id}/versions`."""

    before = fields.Integer(
        validate=validate.Range(min=1),
        metadata={"description": "Versions below this number: `next` of the page before."},
    )
    limit = fields.Integer(load_default=20, validate=validate.Range(min=1, max=100))


class VersionLineSchema(OutputSchema):
    """A version: when it was stored, the hash of its text, and the engine and policy."""

    version = fields.Integer(required=True)
    created_at = fields.DateTime(required=True)
    text_sha256 = fields.String(required=True, attribute="text_hash")
    engine = fields.String(required=True)
    policy = fields.String(required=True)


class VersionPageSchema(OutputSchema):
    """A page of versions, the newest first; `next` is the `before` of the page after it, or null."""

    versions = fields.List(fields.Nested(VersionLineSchema), required=True, attribute="items")
    next = fields.Integer(required=True, allow_none=True, attribute="next_before")
