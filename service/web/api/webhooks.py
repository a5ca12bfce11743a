"""Webhooks: signed notifications of events (Standard Webhooks, https://www.standardwebhooks.com)."""

from __future__ import annotations

import time
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
from service.errors import Fault, InvalidInput
from service.outbound import Forbidden, read_target
from service.store.events.webhooks import DeliveryRecord, NewWebhook, WebhookRecord
from service.usecases.background.deliver_webhooks import SigningKeys, new_salt
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
    keys = signing_keys()
    try:
        target = read_target(asked["url"])
        if target.literal is not None:
            target.check(target.literal, services().background.networks)
    except Forbidden as error:
        raise InvalidInput("The URL cannot be used.", (Fault("/url", f"Not usable: {error}."),)) from error
    new = NewWebhook(
        owner=owner_name(),
        url=asked["url"],
        events=tuple(dict.fromkeys(asked["events"])),
        salt=new_salt(),
        key_id=keys.current_id,
    )
    webhook = services().store.webhooks.add(new, time.time())
    shown = present_webhook(webhook) | {"secret": keys.secret(webhook.salt, webhook.key_id)}
    return shown, 201, {"Location": url_for("webhooks.get_webhook", webhook_id=webhook.id)}


@blueprint.get("")
@requires("write")
@blueprint.response(200, WebhookListSchema)
def list_webhooks() -> dict[str, Any]:
    """List the webhooks of your key; with the scope `admin`, all webhooks."""
    found = services().store.webhooks.find_all(readable_owner())
    return {"webhooks": [present_webhook(webhook) for webhook in found]}


@blueprint.get("/<string:webhook_id>")
@requires("write")
@blueprint.response(200, WebhookSchema)
def get_webhook(webhook_id: str) -> dict[str, Any]:
    """Read a webhook and its status."""
    return present_webhook(services().store.webhooks.get(webhook_id, readable_owner()))


@blueprint.delete("/<string:webhook_id>")
@requires("write")
@blueprint.response(204)
def delete_webhook(webhook_id: str) -> None:
    """Delete a webhook. Pending deliveries are dropped."""
    services().store.webhooks.remove(webhook_id, readable_owner())


@blueprint.post("/<string:webhook_id>:enable")
@requires("write")
@blueprint.response(200, WebhookSchema)
def enable_webhook(webhook_id: str) -> dict[str, Any]:
    """Enable a disabled webhook. Events that happened meanwhile are not delivered."""
    return present_webhook(services().store.webhooks.enable(webhook_id, readable_owner()))


@blueprint.get("/<string:webhook_id>/deliveries")
@requires("write")
@blueprint.arguments(DeliverySearchSchema, location="query")
@blueprint.response(200, DeliveryPageSchema)
def list_deliveries(search: dict[str, int], webhook_id: str) -> dict[str, Any]:
    """List the deliveries of a webhook, newest first. They are kept for a week."""
    store = services().store.webhooks
    webhook = store.get(webhook_id, readable_owner())
    page = store.list_deliveries(webhook.id, search.get("before"), search["limit"] + 1)
    shown = page[: search["limit"]]
    return {
        "deliveries": [present_delivery(delivery) for delivery in shown],
        "next": shown[-1].number if len(page) > len(shown) else None,
    }


def signing_keys() -> SigningKeys:
    """What secrets are made of. Answers 501 where the operator set none."""
    keys = services().background.signing
    if keys is None:
        refuse(501, "This server sends no webhooks: WEBHOOK_KEYS is not set.")
    return keys


def present_webhook(webhook: WebhookRecord) -> dict[str, Any]:
    """A webhook as it is shown."""
    status = "failing" if webhook.failures else "active"
    return asdict(webhook) | {"status": "disabled" if webhook.disabled_at is not None else status}


def present_delivery(delivery: DeliveryRecord) -> dict[str, Any]:
    """A line of the log as it is shown."""
    pending = delivery.status == "pending"
    return asdict(delivery) | {"next_attempt_at": delivery.due_at if pending else None}
