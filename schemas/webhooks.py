"""Webhooks and their deliveries."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from schemas.fields import OutputSchema, text_field
from schemas.jobs import Instant
from schemas.quotes import one_of
from service.store.events.publish import WEBHOOK_TYPES


class WebhookInputSchema(Schema):
    """A webhook to create."""

    url = text_field(
        required=True, metadata={"description": "Where news is POSTed: https, at a public address."}
    )
    events = fields.List(
        fields.String(validate=validate.OneOf(WEBHOOK_TYPES)),
        required=True,
        validate=validate.Length(min=1, max=len(WEBHOOK_TYPES)),
        metadata={"description": "The types of events to deliver."},
    )


class WebhookSchema(OutputSchema):
    """A webhook. `failing_since` is the time of the first of its failures in a row."""

    id = fields.String(required=True)
    url = fields.String(required=True)
    events = fields.List(one_of(*WEBHOOK_TYPES), required=True)
    status = one_of("active", "failing", "disabled", required=True)
    created_at = Instant(required=True)
    failing_since = Instant(required=True, allow_none=True)
    disabled_at = Instant(required=True, allow_none=True)


class NewWebhookSchema(WebhookSchema):
    """A webhook with its secret, which is shown only once."""

    secret = fields.String(
        required=True, metadata={"description": "`whsec_…`: what deliveries are signed with. Keep it now."}
    )


class WebhookListSchema(OutputSchema):
    """Webhooks, the oldest first."""

    webhooks = fields.List(fields.Nested(WebhookSchema), required=True)


class DeliverySchema(OutputSchema):
    """A delivery of an event to a webhook, and its outcome."""

    id = fields.String(required=True, metadata={"description": "The `webhook-id` it is sent with."})
    type = one_of(*WEBHOOK_TYPES, required=True)
    status = one_of("pending", "delivered", "failed", required=True)
    attempts = fields.Integer(required=True)
    answered = fields.Integer(
        required=True, allow_none=True, metadata={"description": "HTTP status of the last answer."}
    )
    reason = fields.String(
        required=True, allow_none=True, metadata={"description": "Why the last attempt failed."}
    )
    created_at = Instant(required=True)
    attempted_at = Instant(required=True, allow_none=True)
    next_attempt_at = Instant(required=True, allow_none=True)


class DeliveryPageSchema(OutputSchema):
    """A page of the delivery log, the newest first; `next` is the `before` of the page after it, or null."""

    deliveries = fields.List(fields.Nested(DeliverySchema), required=True)
    next = fields.Integer(required=True, allow_none=True)


class DeliverySearchSchema(Schema):
    """Query of `GET /v1/webhooks/{id}/deliveries`."""

    before = fields.Integer(
        validate=validate.Range(min=1, max=2**53),
        metadata={"description": "Where the page begins: `next` of the page before."},
    )
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=100))
