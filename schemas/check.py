"""A selection to look up, and what is known of it."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load

from schemas.fields import MAX_QUOTE, OutputSchema, StrictDate, text_field
from schemas.quotes import FactcheckSchema, MatchSchema, VerdictSchema
from service.matching.evidence import Claim


class CheckInputSchema(Schema):
    """One quotation under check, with whom it is ascribed to and when it is said to have been said."""

    quote = text_field(most=MAX_QUOTE, required=True)
    speaker = text_field(blank=True, allow_none=True)
    date = StrictDate(allow_none=True)
    url = text_field(blank=True, allow_none=True, metadata={"description": "The page it stands on."})

    @post_load
    def to_claim(self, data: dict[str, Any], **_: Any) -> Claim:
        """The record as the use case takes it. The page's address does not bear on the verdict."""
        speaker = (data.get("speaker") or "").strip() or None
        return Claim(text=data["quote"], speaker=speaker, said_on=data.get("date"))


class CheckLineSchema(CheckInputSchema):
    """A line of `verbatim check --ndjson`. Members it does not know are a caller's own and are passed over."""

    id = fields.Raw(required=True)

    @post_load
    def to_claim(self, data: dict[str, Any], **_: Any) -> Any:
        """The line's id beside the claim."""
        return data["id"], super().to_claim(data)


class CheckAnswerSchema(OutputSchema):
    """Verdict and matches of one selection."""

    quote = fields.String(required=True, attribute="claim.text")
    speaker = fields.String(required=True, allow_none=True, attribute="claim.speaker")
    date = fields.Date(required=True, allow_none=True, attribute="claim.said_on")
    verdict = fields.Nested(VerdictSchema, required=True)
    matches = fields.List(fields.Nested(MatchSchema), required=True)
    factchecks = fields.List(fields.Nested(FactcheckSchema), required=True)
    generation = fields.String(required=True)
