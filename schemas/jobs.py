"""The progress of background jobs and batches."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from marshmallow import Schema, fields, validate

from schemas.articles import AnalysisSchema
from schemas.fields import OutputSchema
from schemas.problems import ProblemSchema
from schemas.quotes import one_of

STATUSES = ("queued", "running", "done", "failed")


class Instant(fields.DateTime):
    """Seconds since 1970, shown as an ISO 8601 date-time in UTC."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        moment = None if value is None else datetime.fromtimestamp(value, UTC)
        return super()._serialize(moment, attr, obj, **kwargs)


class JobStateSchema(OutputSchema):
    """A job without its result."""

    id = fields.String(required=True)
    status = one_of(*STATUSES, required=True)
    batch = fields.String(required=True, allow_none=True, attribute="batch_id")
    attempts = fields.Integer(required=True, metadata={"description": "How often it was begun."})
    created_at = Instant(required=True)
    finished_at = Instant(required=True, allow_none=True)
    article = fields.String(
        required=True, allow_none=True, attribute="article_id", metadata={"description": "What it stored."}
    )
    version = fields.Integer(required=True, allow_none=True)


class JobSchema(JobStateSchema):
    """A background job; `result` is the analysis when it is done, `problem` why it failed."""

    ahead = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "Jobs that come before it, while it is queued; at most 1000 are counted."},
    )
    problem = fields.Nested(ProblemSchema, required=True, allow_none=True)
    result = fields.Nested(AnalysisSchema, required=True, allow_none=True)


class BatchItemSchema(OutputSchema):
    """One article of a batch: the id under which it was stored, or the problem with it."""

    position = fields.Integer(required=True)
    job = fields.String(required=True, attribute="id")
    status = one_of(*STATUSES, required=True)
    article = fields.String(required=True, allow_none=True, attribute="article_id")
    version = fields.Integer(required=True, allow_none=True)
    problem = fields.Nested(ProblemSchema, required=True, allow_none=True)


class BatchSchema(OutputSchema):
    """The progress of a batch, and a page of its items in the order they were sent.

    `next` is the `start` of the page after it, or null.
    """

    id = fields.String(required=True)
    status = one_of("queued", "running", "done", required=True)
    total = fields.Integer(required=True)
    done = fields.Integer(required=True)
    failed = fields.Integer(required=True)
    created_at = Instant(required=True)
    finished_at = Instant(required=True, allow_none=True)
    items = fields.List(fields.Nested(BatchItemSchema), required=True)
    next = fields.Integer(required=True, allow_none=True)


class BatchPageSchema(Schema):
    """Query of `GET /v1/batches/{id}`."""

    start = fields.Integer(
        load_default=0,
        validate=validate.Range(min=0, max=2**31 - 1),
        metadata={"description": "The first item's position: `next` of the page before."},
    )
    limit = fields.Integer(load_default=100, validate=validate.Range(min=1, max=1_000))
