"""Webhooks: signed notifications of events (Standard Webhooks, https://www.standardwebhooks.com)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import abort, url_for

from schemas.webhooks import (
    DeliveryPageSchema,
    DeliverySearchSchema,
    NewWebhookSchema,
    WebhookInputSchema,
    WebhookListSchema,
    WebhookSchema,
)
from service.store.events.webhooks import DeliveryRecord, WebhookRecord
from service.usecases.background.deliver_webhooks import SigningKeys
from service.usecases.background.webhook_subscriptions import WebhookSubscriptions
from service.web.api.jobs import owner_name, readable_owner
from service.web.http.authentication import forbid
from service.web.http.parsing import StrictBlueprint, refuse
from service.web.http.scopes import principal, requires
from service.web.services import services

blueprint = StrictBlueprint("webhooks", __name__, url_prefix="/v1/webhooks", description=__doc__ or "")


@blueprint.post("")
@requires("write")
@blueprint.arguments(WebhookInputSchema)
@blueprint.response(201, NewWebhookSchema)
def post_webhook(asked: dict[str, Any]) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Create a webhook.

    Events are POSTed as JSON `{"type", "timestamp", "data"}` with the headers `webhook-id`,
    `webhook-timestamp` and `webhook-signature`. Any 2xx confirms a delivery; anything else is retried, ten
    times over two days. An event may be delivered more than once, with the same `webhook-id`. A 410, or three
    days of failures only, disables the webhook. The secret is in this answer only. Requires `read` as well as
    `write`, since events describe what is stored. A key has at most 20 webhooks, which stop when it is
    revoked or expires.
    """
    if not principal().may("read"):
        abort(forbid("read", principal()))
    webhook, secret = subscriptions().create(asked["url"], asked["events"], owner_name(), signing_keys())
    shown = present_webhook(webhook) | {"secret": secret}
    return shown, 201, {"Location": url_for("webhooks.get_webhook", webhook_id=webhook.id)}


@blueprint.get("")
@requires("write")
@blueprint.response(200, WebhookListSchema)
def list_webhooks() -> dict[str, Any]:
    """List the webhooks of your key; with the scope `admin`, all webhooks."""
    found = subscriptions().list_all(readable_owner())
    return {"webhooks": [present_webhook(webhook) for webhook in found]}


@blueprint.get("/<string:webhook_id>")
@requires("write")
@blueprint.response(200, WebhookSchema)
def get_webhook(webhook_id: str) -> dict[str, Any]:
    """Read a webhook and its status."""
    return present_webhook(subscriptions().get(webhook_id, readable_owner()))


@blueprint.delete("/<string:webhook_id>")
@requires("write")
@blueprint.response(204)
def delete_webhook(webhook_id: str) -> None:
    """Delete a webhook. Pending deliveries are dropped."""
    subscriptions().delete(webhook_id, readable_owner())


@blueprint.post("/<string:webhook_id>:enable")
@requires("write")
@blueprint.response(200, WebhookSchema)
def enable_webhook(webhook_id: str) -> dict[str, Any]:
    """Enable a disabled webhook. Events that happened meanwhile are not delivered."""
    return present_webhook(subscriptions().enable(webhook_id, readable_owner()))


@blueprint.get("/<string:webhook_id>/deliveries")
@requires("write")
@blueprint.arguments(DeliverySearchSchema, location="query")
@blueprint.response(200, DeliveryPageSchema)
def list_deliveries(search: dict[str, int], webhook_id: str) -> dict[str, Any]:
    """List the deliveries of a webhook, newest first. They are kept for a week."""
    shown, following = subscriptions().list_deliveries(
        webhook_id, readable_owner(), search.get("before"), search["limit"]
    )
    return {"deliveries": [present_delivery(delivery) for delivery in shown], "next": following}


def subscriptions() -> WebhookSubscriptions:
    """The webhooks of the current app."""
    return services().background.webhooks


def signing_keys() -> SigningKeys:
    """The keys that secrets are derived from. Answers 501 if the operator has set none."""
    keys = services().background.signing
    if keys is None:
        refuse(501, "This server sends no webhooks: WEBHOOK_KEYS is not set.")
    return keys


def present_webhook(webhook: WebhookRecord) -> dict[str, Any]:
    """A webhook as the API shows it."""
    status = "failing" if webhook.failures else "active"
    return asdict(webhook) | {"status": "disabled" if webhook.disabled_at is not None else status}


def present_delivery(delivery: DeliveryRecord) -> dict[str, Any]:
    """A delivery as the API shows it."""
    pending = delivery.status == "pending"
    return asdict(delivery) | {"next_attempt_at": delivery.due_at if pending else None}
