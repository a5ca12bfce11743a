"""The policy of the gate before publication, its decisions, and overrides."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from schemas.articles import AnalysisSchema
from schemas.fields import OutputSchema, text_field
from schemas.jobs import Instant
from schemas.quotes import LABELS
from schemas.reviews import MAX_REASON
from service.store.gate import NewOverride
from service.usecases.publication_gate import (
    DECISIONS,
    MOST_PUBLISHERS,
    GateAnswer,
    GatePolicy,
    GateRules,
)

MAX_LABELS = len(LABELS)


def decision_field(description: str, **options: Any) -> fields.String:
    """One of the three decisions."""
    return fields.String(validate=validate.OneOf(DECISIONS), metadata={"description": description}, **options)


class SeverityRulesSchema(Schema):
    """The decision by severity. A higher one is never decided more mildly than a lower one."""

    fine = decision_field("0: nothing to do.", data_key="0", load_default="pass")
    look = decision_field("1: worth a look.", data_key="1", load_default="pass")
    fix = decision_field("2: to be fixed.", data_key="2", load_default="warn")
    stop = decision_field("3: must not be published.", data_key="3", load_default="hold")

    @post_load
    def to_mapping(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """The decisions by the digits of the severities."""
        return {str(self.fields[name].data_key): decision for name, decision in data.items()}


class GateRulesSchema(Schema):
    """The decision by label where one is given, else by severity."""

    severities = fields.Nested(SeverityRulesSchema, load_default=lambda: SeverityRulesSchema().load({}))
    labels = fields.Dict(
        keys=fields.String(validate=validate.OneOf(LABELS)),
        values=fields.String(validate=validate.OneOf(DECISIONS)),
        load_default=dict,
        metadata={"description": "Labels that are decided otherwise than by their severity."},
    )
    unchecked = decision_field(
        "Of an article that cannot be checked: in another language, or while the service is away.",
        load_default="warn",
    )

    @post_load
    def to_rules(self, data: dict[str, Any], **_: Any) -> Any:
        """The rules as the use case takes them."""
        return GateRules(**data)


class PolicyInputSchema(GateRulesSchema):
    """A policy: the rules of all publishers, and of those that have their own."""

    publishers = fields.Dict(
        keys=text_field(most=200),
        values=fields.Nested(GateRulesSchema),
        load_default=dict,
        validate=validate.Length(max=MOST_PUBLISHERS),
        metadata={
            "description": "Rules by the publisher that an article names; upper and lower case are one."
        },
    )

    @post_load
    def to_rules(self, data: dict[str, Any], **_: Any) -> Any:
        """The policy as the use case takes it; its version is given when it is set."""
        publishers = data.pop("publishers")
        return GatePolicy(0, GateRules(**data), publishers)


class SeverityDecisionsSchema(OutputSchema):
    """The decision by severity."""

    fine = decision_field("0: nothing to do.", data_key="0", attribute="0", required=True)
    look = decision_field("1: worth a look.", data_key="1", attribute="1", required=True)
    fix = decision_field("2: to be fixed.", data_key="2", attribute="2", required=True)
    stop = decision_field("3: must not be published.", data_key="3", attribute="3", required=True)


class GateRulesAnswerSchema(OutputSchema):
    """Rules as they apply."""

    severities = fields.Nested(SeverityDecisionsSchema, required=True)
    labels = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    unchecked = decision_field("Of an article that cannot be checked.", required=True)


class PolicySchema(GateRulesAnswerSchema):
    """A version of the policy. Version 0 is the one built in, which nobody has set."""

    version = fields.Integer(required=True)
    publishers = fields.Dict(keys=fields.String(), values=fields.Nested(GateRulesAnswerSchema), required=True)
    set_by = fields.String(required=True, allow_none=True)
    set_at = Instant(required=True, allow_none=True)


class PoliciesSchema(OutputSchema):
    """The versions of the policy that people set, the newest first."""

    versions = fields.List(fields.Nested(PolicySchema), required=True)


class GateReasonSchema(OutputSchema):
    """Why an article is not simply passed."""

    decision = decision_field("What this reason alone would lead to.", required=True)
    text = fields.String(required=True, metadata={"description": "In words, for the person who publishes."})
    label = fields.String(required=True, allow_none=True)
    severity = fields.Integer(required=True, allow_none=True)
    quote_id = fields.String(required=True, allow_none=True)
    number = fields.Integer(
        required=True, allow_none=True, metadata={"description": "Of the quotation, from 1."}
    )
    signed_off = fields.String(
        required=True, allow_none=True, metadata={"description": "What a person said of the quotation."}
    )


class GateSchema(OutputSchema):
    """The decision on an article, with its reasons, the gravest first."""

    decision = decision_field("Publish, publish with a warning, or hold.", required=True)
    reasons = fields.List(fields.Nested(GateReasonSchema), required=True)
    policy = fields.Integer(required=True, metadata={"description": "The version that was applied."})


class OverrideInputSchema(Schema):
    """An article that is published although the gate holds it, or unchecked, and why."""

    reason = text_field(most=MAX_REASON, required=True)
    decision = decision_field("What the gate had decided.", load_default="hold")
    labels = fields.List(
        fields.String(validate=validate.OneOf(LABELS)),
        load_default=list,
        validate=validate.Length(max=MAX_LABELS),
        metadata={"description": "The labels that held it."},
    )
    policy = fields.Integer(load_default=0, strict=True, validate=validate.Range(min=0, max=2**31 - 1))
    article_id = text_field(most=64)
    uri = text_field()
    headline = text_field(blank=True)
    publisher = text_field(blank=True)
    person = text_field(most=200, metadata={"description": "Who publishes, as the CMS names them."})

    @post_load
    def to_override(self, data: dict[str, Any], **_: Any) -> NewOverride:
        """The record as the use case takes it."""
        return NewOverride(**data | {"labels": tuple(data["labels"]), "reason": data["reason"].strip()})


class OverrideSchema(OutputSchema):
    """An override as it was recorded. Overrides are never changed."""

    id = fields.String(required=True)
    number = fields.Integer(required=True)
    reason = fields.String(required=True, attribute="given.reason")
    decision = fields.String(required=True, attribute="given.decision")
    labels = fields.List(fields.String(), required=True, attribute="given.labels")
    policy = fields.Integer(required=True, attribute="given.policy")
    article_id = fields.String(required=True, allow_none=True, attribute="given.article_id")
    uri = fields.String(required=True, allow_none=True, attribute="given.uri")
    headline = fields.String(required=True, allow_none=True, attribute="given.headline")
    publisher = fields.String(required=True, allow_none=True, attribute="given.publisher")
    person = fields.String(required=True, allow_none=True, attribute="given.person")
    by = fields.String(required=True, metadata={"description": "The name of the key."})
    at = Instant(required=True)


class OverridesQuerySchema(Schema):
    """Query of `GET /v1/gate-overrides`."""

    before = fields.Integer(validate=validate.Range(min=1, max=2**53))
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=200))


class OverridesSchema(OutputSchema):
    """A page of overrides, the newest first; `next_before` is `before` of the page after it, or null."""

    overrides = fields.List(fields.Nested(OverrideSchema), required=True, attribute="items")
    next_before = fields.Integer(required=True, allow_none=True)


class GatedAnalysisSchema(AnalysisSchema):
    """The analysis of an article, with the decision of the gate if it was asked for."""

    gate = fields.Nested(GateSchema)


def present_policy(policy: GatePolicy) -> dict[str, Any]:
    """A policy as answers show it."""
    members = {"version": policy.version, **policy.members, "set_by": policy.by, "set_at": policy.at}
    shown: dict[str, Any] = PolicySchema().dump(members)
    return shown


def present_gated(analysis: dict[str, Any], gate: GateAnswer) -> dict[str, Any]:
    """An analysis with the decision of the gate, as answers show it."""
    return analysis | {"gate": GateSchema().dump(gate)}
