"""Telling webhooks the news: signed as Standard Webhooks has it, tried again for days."""

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

LEASE_S: Final = 60.0  # longer than a request may take
POLL_S: Final = 1.0
FIRST_PAUSE_S: Final = 10.0
PAUSE_FACTOR: Final = 4.0
LONGEST_PAUSE_S: Final = 12 * 3_600.0
MAX_ATTEMPTS: Final = 10  # over about two days
LONGEST_REST_S: Final = 300.0  # of a webhook that fails, between one delivery and another
PATIENCE_S: Final = 3 * 86_400.0  # with a webhook that only fails
GONE: Final = 410  # "disable me", as the specification has it
BUSY: Final = (429, 503)  # answers whose Retry-After counts

log = structlog.get_logger("verbatim.webhooks")


@dataclass(frozen=True, slots=True)
class SigningKeys:
    """The keys that webhooks' secrets are made of, the newest first. No secret is kept anywhere.

    A secret is HMAC-SHA256 of a webhook's salt under a key: who reads the database learns no secret, and who
    knows the key alone does not either.
    """

    keys: tuple[bytes, ...]

    @property
    def current_id(self) -> str:
        """Names the newest key."""
        return name_key(self.keys[0])

    def secret(self, salt: str, key_id: str) -> str | None:
        """A webhook's secret, `whsec_…`; None where its key is not known any more."""
        for key in self.keys:
            if hmac.compare_digest(name_key(key), key_id):
                made = hmac.new(key, f"webhook:{salt}".encode(), hashlib.sha256).digest()
                return f"whsec_{b64encode(made).decode()}"
        return None


def name_key(key: bytes) -> str:
    """A key's public name: of no use to who guesses keys, since those are long and random."""
    return hmac.new(key, b"name", hashlib.sha256).hexdigest()[:16]


def new_salt() -> str:
    """What makes a webhook's secret its own."""
    return secrets.token_hex(32)


@dataclass(frozen=True, slots=True)
class Courier:
    """Makes deliveries, one after the other. `send` is `post`; tests put others in its place."""

    store: Store
    keys: SigningKeys
    networks: Sequence[Network] = ()
    send: Callable[..., Answer] = post
    clock: Callable[[], float] = time.time

    def deliver_next(self) -> bool:
        """Make the next delivery that is due; False where there is none. Raises StoreUnavailable."""
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
        """Send it once, and decide what follows."""
        secret = self.keys.secret(delivery.webhook.salt, delivery.webhook.key_id)
        if secret is None:
            return Attempt(False, reason="the key of its secret is not in WEBHOOK_KEYS", disable=True)
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

    def fail(self, delivery: DueDelivery, now: float, reason: str, answer: Answer | None = None) -> Attempt:
        """What follows a failure: another attempt later, and a rest for the webhook, or the end of either."""
        status = answer.status if answer else None
        hook = delivery.webhook
        hopeless = now - (hook.failing_since or now) > PATIENCE_S
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
            disable=hopeless or status == GONE,
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
    """Seconds until the next attempt: four times the last, and scattered."""
    pause = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * PAUSE_FACTOR ** (min(attempts, MAX_ATTEMPTS) - 1))
    return pause * random.uniform(0.8, 1.2)  # noqa: S311  scatter, not secrecy


def read_retry_after(value: str | None) -> float:
    """Seconds that a receiver asks for, a day at most; 0 where it names none, or a date."""
    if value is None or not (value.isascii() and value.isdigit() and len(value) < 10):
        return 0.0
    return min(float(value), 86_400.0)


@dataclass(slots=True)
class DeliveryRound:
    """A thread's work: deliver what is due, then wait a moment, until told to stop."""

    courier: Courier
    stopped: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Deliver until stopped."""
        while not self.stopped.is_set():
            try:
                busy = self.courier.deliver_next()
            except VerbatimError as error:
                log.warning("deliveries_wait", reason=type(error).__name__)
                busy = False
            if not busy:
                self.stopped.wait(POLL_S)
