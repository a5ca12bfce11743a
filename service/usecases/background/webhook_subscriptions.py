"""Webhooks: create, list, enable and delete them, and list their deliveries."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from service.errors import Fault, InvalidInput
from service.outbound import Forbidden, Network, read_target
from service.store.events.webhooks import DeliveryRecord, NewWebhook, WebhookRecord, WebhookStore
from service.usecases.background.deliver_webhooks import SigningKeys, new_salt


@dataclass(frozen=True, slots=True)
class WebhookSubscriptions:
    """The webhooks of one store. Methods raise StoreUnavailable.

    With an `owner`, the webhooks of others are not found. `networks` may receive events though they are not
    public.
    """

    store: WebhookStore
    networks: tuple[Network, ...]
    clock: Callable[[], float] = time.time

    def create(
        self, url: str, events: Iterable[str], owner: str, keys: SigningKeys
    ) -> tuple[WebhookRecord, str | None]:
        """Create a webhook; returns it with its secret. Raises InvalidInput for a URL that cannot be used."""
        try:
            target = read_target(url)
            if target.literal is not None:
                target.check(target.literal, self.networks)
        except Forbidden as error:
            raise InvalidInput(
                "The URL cannot be used.", (Fault("/url", f"Not usable: {error}."),)
            ) from error
        new = NewWebhook(owner, url, tuple(dict.fromkeys(events)), new_salt(), keys.current_id)
        webhook = self.store.add(new, self.clock())
        return webhook, keys.secret(webhook.salt, webhook.key_id)

    def list_all(self, owner: str | None) -> Sequence[WebhookRecord]:
        """The webhooks of an owner, or all."""
        return self.store.find_all(owner)

    def get(self, webhook_id: str, owner: str | None) -> WebhookRecord:
        """A webhook by its id. Raises NotFound."""
        return self.store.get(webhook_id, owner)

    def delete(self, webhook_id: str, owner: str | None) -> None:
        """Delete a webhook; pending deliveries are dropped. Raises NotFound."""
        self.store.remove(webhook_id, owner)

    def enable(self, webhook_id: str, owner: str | None) -> WebhookRecord:
        """Enable a disabled webhook. Raises NotFound."""
        return self.store.enable(webhook_id, owner)

    def list_deliveries(
        self, webhook_id: str, owner: str | None, before: int | None, limit: int
    ) -> tuple[list[DeliveryRecord], int | None]:
        """Deliveries numbered below `before`, the newest first, and the next `before`; None at the end.

        Raises NotFound.
        """
        webhook = self.store.get(webhook_id, owner)
        page = self.store.list_deliveries(webhook.id, before, limit + 1)
        shown = page[:limit]
        return shown, shown[-1].number if len(page) > limit else None
