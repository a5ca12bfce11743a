"""How far a job is."""

from __future__ import annotations

from marshmallow import fields

from schemas.articles import AnalysisSchema
from schemas.fields import OutputSchema
from schemas.quotes import one_of


class JobSchema(OutputSchema):
    """A piece of work in the background; `result` is the analysis once it is done."""

    id = fields.String(required=True)
    status = one_of("queued", "running", "done", "failed", required=True)
    result = fields.Nested(AnalysisSchema, required=True, allow_none=True)
