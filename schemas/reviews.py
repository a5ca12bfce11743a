"""Reviews: what a person asks for, and says of a doubtful verdict."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlsplit

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from schemas.fields import StrictDate, text_field
from schemas.quotes import ATTRIBUTION, CHANGES, FIDELITY, TIME, one_of
from schemas.standards.representations import CSV, JSON, format_field
from service.matching.review_triage import RULE_NAMES
from service.store.reviews.records import Decision, EvidenceLink, HumanVerdict
from service.usecases.reviews.reviews import LEASE_S, MOST_LEASE_S

STATES = ("open", "claimed", "decided", "superseded")
#: What a person may say: all that a machine may, and one thing that it never does.
HUMAN_FIDELITY: Final = (*FIDELITY, "fabricated")
MAX_REASON: Final = 10_000
MAX_NOTE: Final = 1_000
MAX_EVIDENCE: Final = 50


def refuse_other_schemes(url: str) -> None:
    """Refuse what is no address of the web: it is shown to people as a link."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        parts, host = urlsplit(""), None
    if parts.scheme not in ("http", "https") or not host or any(char.isspace() for char in url):
        raise ValidationError("Must be an http or https URL.")


class EvidenceSchema(Schema):
    """Evidence for a decision: an address, or a stored quote."""

    url = fields.String(validate=[validate.Length(max=2_000), refuse_other_schemes], allow_none=True)
    quote_id = text_field(most=32, allow_none=True)
    note = text_field(most=MAX_NOTE, allow_none=True)

    @validates_schema
    def names_one_thing(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse evidence that is nowhere, or in two places."""
        if bool(data.get("url")) == bool(data.get("quote_id")):
            raise ValidationError("Give one of url and quote_id.")

    @post_load
    def to_link(self, data: dict[str, Any], **_: Any) -> EvidenceLink:
        """The record as the store keeps it."""
        return EvidenceLink(**data)


class HumanVerdictSchema(Schema):
    """A person's verdict, on a machine's axes. Only here can fidelity be `fabricated`: nobody said it."""

    fidelity = one_of(*HUMAN_FIDELITY, required=True)
    attribution = one_of(*ATTRIBUTION, required=True)
    changes = fields.List(one_of(*CHANGES), load_default=list, validate=validate.Length(max=len(CHANGES)))
    time = one_of(*TIME, load_default="undated")

    @validates_schema
    def changes_belong_to_altered(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse changes without altered words, and altered words without changes."""
        if bool(data["changes"]) != (data["fidelity"] == "altered"):
            raise ValidationError(
                "Say what was changed where fidelity is altered, and only there.", "changes"
            )

    @post_load
    def to_verdict(self, data: dict[str, Any], **_: Any) -> HumanVerdict:
        """The record as the store keeps it."""
        return HumanVerdict(**data | {"changes": tuple(dict.fromkeys(data["changes"]))})


class DecisionInputSchema(Schema):
    """What a person decides about a verdict. The verdict fabricated needs evidence."""

    verdict = fields.Nested(HumanVerdictSchema, required=True)
    reason = text_field(
        most=MAX_REASON, required=True, metadata={"description": "For colleagues and readers."}
    )
    evidence = fields.List(
        fields.Nested(EvidenceSchema), load_default=list, validate=validate.Length(max=MAX_EVIDENCE)
    )

    @post_load
    def to_decision(self, data: dict[str, Any], **_: Any) -> Decision:
        """The record as the store keeps it."""
        return Decision(data["verdict"], data["reason"].strip(), tuple(data["evidence"]))

    @validates_schema(skip_on_field_errors=True)
    def fabricated_takes_evidence(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse the gravest verdict where it rests on nothing."""
        if data["verdict"].fidelity == "fabricated" and not data["evidence"]:
            raise ValidationError("The verdict fabricated needs evidence.", "evidence")


class ClaimInputSchema(Schema):
    """How long a review is wanted for."""

    seconds = fields.Integer(
        load_default=LEASE_S,
        strict=True,
        validate=validate.Range(min=60, max=MOST_LEASE_S),
        metadata={"description": "The claim ends by itself after so long; claim again to go on."},
    )


class NextInputSchema(ClaimInputSchema):
    """What to look at next."""

    rule = one_of(*RULE_NAMES, metadata={"description": "Only what this rule asked for."})


class RemarkInputSchema(Schema):
    """Why, in a few words."""

    reason = text_field(most=MAX_NOTE, allow_none=True, load_default=None)


class ReviewSearchSchema(Schema):
    """Query of `GET /v1/reviews`."""

    state = one_of(*STATES, metadata={"description": "`open`: nobody has it at the moment."})
    rule = one_of(*RULE_NAMES, metadata={"description": "Only what this rule asked for."})
    cursor = text_field(most=64, metadata={"description": "`next` of the page before."})
    limit = fields.Integer(
        validate=validate.Range(min=1, max=100),
        metadata={"description": "Reviews on a page, 20 by default; as CSV, all.", "default": 20},
    )
    format = format_field(JSON, CSV)


class AgreementSearchSchema(Schema):
    """Query of `GET /v1/reviews/agreement`."""

    since = StrictDate(data_key="from", metadata={"description": "Decided on this day (UTC) or later."})
    until = StrictDate(data_key="to", metadata={"description": "Decided on this day or earlier."})
    by = one_of("day", "week", "month", load_default="week")

    @validates_schema
    def dates_are_in_order(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse a range that ends before it begins."""
        since, until = data.get("since"), data.get("until")
        if since and until and since > until:
            raise ValidationError("Must not be earlier than from.", "to")
