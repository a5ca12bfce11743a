"""RFC 9457 problem details: the one form of every error."""

from __future__ import annotations

from marshmallow import fields

from schemas.fields import OutputSchema


class FaultSchema(OutputSchema):
    """One thing wrong: an RFC 6901 pointer into the body (or the parameter's name) and what is the matter."""

    pointer = fields.String()
    parameter = fields.String()
    detail = fields.String(required=True)


class ProblemSchema(OutputSchema):
    """`application/problem+json`."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    errors = fields.List(fields.Nested(FaultSchema))


class GoogleErrorSchema(OutputSchema):
    """What Google's clients read of a refusal."""

    code = fields.Integer(required=True)
    message = fields.String(required=True)
    status = fields.String(required=True)


class GoogleProblemSchema(ProblemSchema):
    """A problem in both forms at once: RFC 9457's, and Google's in `error`."""

    error = fields.Nested(GoogleErrorSchema, required=True)
