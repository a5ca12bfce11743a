"""A quotation to check, and its verdict."""

from __future__ import annotations

from typing import Any

from marshmallow import EXCLUDE, Schema, fields, post_load

from schemas.fields import MAX_QUOTE, OutputSchema, StrictDate, text_field
from schemas.given_sources import sources_field
from schemas.quotes import FactcheckSchema, MatchSchema, VerdictSchema
from service.matching.models import Claim
from service.usecases.articles.analysis import CheckRequest


class CheckInputSchema(Schema):
    """A quotation to check, with the speaker and the day that it is attributed to."""

    quote = text_field(most=MAX_QUOTE, required=True)
    speaker = text_field(blank=True, allow_none=True)
    date = StrictDate(allow_none=True)
    url = text_field(
        blank=True,
        allow_none=True,
        metadata={"description": "The page it stands on, which proves nothing for itself."},
    )
    as_of = StrictDate(
        allow_none=True,
        metadata={"description": "Look only at what was said until this day, so that a check is repeatable."},
    )

    sources = sources_field()

    @post_load
    def to_request(self, data: dict[str, Any], **_: Any) -> CheckRequest:
        """The record as the use case takes it."""
        url = (data.get("url") or "").strip() or None
        return CheckRequest(build_claim(data), data.get("as_of"), url, tuple(data.get("sources", ())))


class CheckLineSchema(Schema):
    """A line of `verbatim check --ndjson`. Unknown members are returned unchanged."""

    class Meta:
        unknown = EXCLUDE

    id = fields.Raw(required=True)
    quote = text_field(most=MAX_QUOTE, required=True)
    speaker = text_field(blank=True, allow_none=True)
    date = StrictDate(allow_none=True)
    as_of = StrictDate(allow_none=True)

    @post_load
    def to_line(self, data: dict[str, Any], **_: Any) -> tuple[Any, CheckRequest]:
        """The line's id beside the request."""
        return data["id"], CheckRequest(build_claim(data), data.get("as_of"))


def build_claim(data: dict[str, Any]) -> Claim:
    """The claim to check; a blank speaker counts as none."""
    speaker = (data.get("speaker") or "").strip() or None
    return Claim(text=data["quote"], speaker=speaker, said_on=data.get("date"))


class CheckAnswerSchema(OutputSchema):
    """Verdict and matches of one quotation."""

    quote = fields.String(required=True, attribute="claim.text")
    speaker = fields.String(required=True, allow_none=True, attribute="claim.speaker")
    date = fields.Date(required=True, allow_none=True, attribute="claim.said_on")
    verdict = fields.Nested(VerdictSchema, required=True)
    matches = fields.List(fields.Nested(MatchSchema), required=True)
    factchecks = fields.List(fields.Nested(FactcheckSchema), required=True)
    generation = fields.String(required=True)
