"""Health checks."""

from __future__ import annotations

from marshmallow import fields

from schemas.fields import OutputSchema


class LiveSchema(OutputSchema):
    """The process answers."""

    status = fields.String(required=True)


class ReadySchema(OutputSchema):
    """Whether requests can be served: "ready", "degraded" (served, but slower) or "unavailable"."""

    status = fields.String(required=True)
    store = fields.String(required=True)
    writes = fields.String()
    cache = fields.String(required=True)
    model = fields.String(required=True)
    queue = fields.String()
    replica = fields.String()
    degraded = fields.List(fields.String(), required=True)
