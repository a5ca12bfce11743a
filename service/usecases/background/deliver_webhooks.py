"""Delivers events to webhooks: signed as Standard Webhooks defines, retried for two days."""

from __future__ import annotations

import hashlib
import hmac
import random
import secrets
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

import structlog
from standardwebhooks import Webhook

import service
from service.errors import VerbatimError
from service.outbound import Answer, Forbidden, Network, Unreachable, post, read_target
from service.store import Store
from service.store.events.webhooks import Attempt, DueDelivery
from service.usecases.api_keys import EVERYONE, principal_of

LEASE_S: Final = 60.0  # longer than a request can take
POLL_S: Final = 1.0
FIRST_PAUSE_S: Final = 10.0
PAUSE_FACTOR: Final = 4.0
LONGEST_PAUSE_S: Final = 12 * 3_600.0
MAX_ATTEMPTS: Final = 10  # over about two days
LONGEST_REST_S: Final = 300.0  # between deliveries to a webhook that fails
DISABLE_AFTER_S: Final = 3 * 86_400.0  # of failures only
GONE: Final = 410  # the specification: disable the webhook
BUSY: Final = (429, 503)  # answers whose Retry-After is respected

log = structlog.get_logger("verbatim.webhooks")


@dataclass(frozen=True, slots=True)
class SigningKeys:
    """The keys that the secrets of webhooks are derived from, the newest first. No secret is stored.

    A secret is the HMAC-SHA256 of a webhook's salt under a key. Neither the database nor the key alone is
    enough to know it.
    """

    keys: tuple[bytes, ...]

    @property
    def current_id(self) -> str:
        """The id of the newest key."""
        return name_key(self.keys[0])

    def secret(self, salt: str, key_id: str) -> str | None:
        """The secret of a webhook, `whsec_…`; None if its key is no longer configured."""
        for key in self.keys:
            if hmac.compare_digest(name_key(key), key_id):
                made = hmac.new(key, f"webhook:{salt}".encode(), hashlib.sha256).digest()
                return f"whsec_{b64encode(made).decode()}"
        return None


def name_key(key: bytes) -> str:
    """The public id of a key. It does not help to guess the key, which is long and random."""
    return hmac.new(key, b"name", hashlib.sha256).hexdigest()[:16]


def new_salt() -> str:
    """A new random salt for a webhook's secret."""
    return secrets.token_hex(32)


@dataclass(frozen=True, slots=True)
class WebhookSender:
    """Makes due deliveries one at a time. `send` is `service.outbound.post`, or a substitute in tests."""

    store: Store
    keys: SigningKeys
    networks: Sequence[Network] = ()
    send: Callable[..., Answer] = post
    clock: Callable[[], float] = time.time

    def deliver_next(self) -> bool:
        """Make the next due delivery; False if none is due. Raises StoreUnavailable."""
        now = self.clock()
        delivery = self.store.webhooks.claim(now, LEASE_S)
        if delivery is None:
            return False
        attempt = self.attempt(delivery, now)
        self.store.webhooks.record(delivery, attempt, self.clock())
        log.info(
            "webhook_delivery",
            delivery=delivery.id,
            webhook=delivery.webhook.id,
            attempt=delivery.attempts,
            ok=attempt.ok,
            status=attempt.answered,
        )
        return True

    def attempt(self, delivery: DueDelivery, now: float) -> Attempt:
        """Send a delivery once and decide what follows."""
        secret = self.keys.secret(delivery.webhook.salt, delivery.webhook.key_id)
        if secret is None:
            return Attempt(False, reason="the key of its secret is not in WEBHOOK_KEYS", disable=True)
        if not self.may_know(delivery.webhook.owner, now):
            return Attempt(False, reason="its API key has ended, or may not read any more", disable=True)
        try:
            target = read_target(delivery.webhook.url)
            body = delivery.payload.encode()
            headers = sign(secret, delivery, now)
            answer = self.send(target, body, headers, networks=self.networks)
        except (Forbidden, Unreachable) as error:
            return self.fail(delivery, now, str(error))
        if 200 <= answer.status < 300:
            return Attempt(True, answer.status)
        return self.fail(delivery, now, f"it answered {answer.status}", answer)

    def may_know(self, owner: str, now: float) -> bool:
        """Whether the owner of a webhook may still read. Asked at each attempt: a key may end meanwhile."""
        if owner == EVERYONE.name:  # made on a server that asked for no key
            return True
        record = self.store.keys.find(owner)
        if record is None or record.revoked_at is not None:
            return False
        is_over = record.expires_at is not None and record.expires_at.timestamp() <= now
        return not is_over and principal_of(record).may("read")

    def fail(self, delivery: DueDelivery, now: float, reason: str, answer: Answer | None = None) -> Attempt:
        """What follows a failed attempt: whether and when to retry, and whether to disable the webhook."""
        status = answer.status if answer else None
        hook = delivery.webhook
        has_only_failed = now - (hook.failing_since or now) > DISABLE_AFTER_S
        pause = find_pause_s(delivery.attempts)
        rest = min(LONGEST_REST_S, 2.0 ** min(hook.failures, 16))
        if answer and answer.status in BUSY and (asked := read_retry_after(answer.retry_after)):
            pause, rest = max(pause, asked), max(rest, asked)
        return Attempt(
            ok=False,
            answered=status,
            reason=reason,
            retry_at=None if delivery.attempts >= MAX_ATTEMPTS else now + pause,
            rest_until=now + rest,
            disable=has_only_failed or status == GONE,
        )


def sign(secret: str, delivery: DueDelivery, now: float) -> dict[str, str]:
    """The headers of a delivery: https://www.standardwebhooks.com."""
    moment = datetime.fromtimestamp(int(now), UTC)
    return {
        "Content-Type": "application/json",
        "User-Agent": f"Verbatim/{service.__version__}",
        "webhook-id": delivery.id,
        "webhook-timestamp": str(int(now)),
        "webhook-signature": Webhook(secret).sign(delivery.id, moment, delivery.payload),
    }


def find_pause_s(attempts: int) -> float:
    """Seconds until the next attempt: four times the last pause, with jitter."""
    pause = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * PAUSE_FACTOR ** (min(attempts, MAX_ATTEMPTS) - 1))
    return pause * random.uniform(0.8, 1.2)  # noqa: S311  jitter, not a secret


def read_retry_after(value: str | None) -> float:
    """The seconds of a Retry-After header, at most a day; 0 without one, or if it is a date."""
    if value is None or not (value.isascii() and value.isdigit() and len(value) < 10):
        return 0.0
    return min(float(value), 86_400.0)


@dataclass(slots=True)
class DeliveryLoop:
    """Makes due deliveries in a thread until `stopped` is set."""

    sender: WebhookSender
    stopped: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Deliver what is due, then wait for `POLL_S`, until stopped."""
        while not self.stopped.is_set():
            try:
                busy = self.sender.deliver_next()
            except VerbatimError as error:
                log.warning("deliveries_wait", reason=type(error).__name__)
                busy = False
            if not busy:
                self.stopped.wait(POLL_S)
