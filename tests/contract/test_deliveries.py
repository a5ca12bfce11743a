"""News for webhooks: left with what happened, told under a signature, tried again, given up in the end."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import insert, update
from standardwebhooks import Webhook, WebhookVerificationError

from service.errors import NotFound
from service.outbound import Answer, Target, Unreachable
from service.store import Store
from service.store.events.publish import publish_event, publish_events
from service.store.events.webhooks import DISABLED, Attempt, NewWebhook, WebhookRecord
from service.store.maintenance.verification import check_events
from service.store.tables import deliveries, webhook_events, webhooks
from service.usecases.api_keys import KeyRing
from service.usecases.background.deliver_webhooks import (
    DISABLE_AFTER_S,
    LEASE_S,
    LONGEST_PAUSE_S,
    MAX_ATTEMPTS,
    SigningKeys,
    WebhookSender,
    find_pause_s,
    read_retry_after,
)
from tests.store.material import make_article

KEYS = SigningKeys((b"k" * 32,))
DAY_S = 86_400.0


@dataclass
class World:
    """Receivers that answer as they are told, and a clock that stands still until it is moved."""

    store: Store
    now: float = field(default_factory=time.time)  # the verifying library looks at the real clock
    answers: dict[str, list[int | Exception | Answer]] = field(default_factory=dict)
    received: list[tuple[str, bytes, dict[str, str]]] = field(default_factory=list)

    def send(self, target: Target, body: bytes, headers: dict[str, str], networks: Sequence[Any]) -> Answer:
        self.received.append((target.host, body, headers))
        planned = self.answers.get(target.host, [])
        answer = (planned.pop(0) if len(planned) > 1 else planned[0]) if planned else 204
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, Answer) else Answer(answer)

    @property
    def sender(self) -> WebhookSender:
        return WebhookSender(self.store, KEYS, (), self.send, lambda: self.now)

    def deliver_all(self) -> int:
        made = 0
        while self.sender.deliver_next():
            made += 1
        return made

    def add(self, host: str, *events: str, owner: str = "everyone") -> WebhookRecord:
        new = NewWebhook(
            owner, f"https://{host}/", events or ("article.analysed",), "00" * 32, KEYS.current_id
        )
        return self.store.webhooks.add(new, self.now)

    def happen(self, number: int = 1) -> None:
        self.store.save_article(make_article((f"We said {number} things", "Ann"), uri=f"urn:{number}"))

    def log(self, hook: WebhookRecord) -> list[Any]:
        return self.store.webhooks.list_deliveries(hook.id, None, 100)


@pytest.fixture
def world(store: Store, monkeypatch: pytest.MonkeyPatch) -> World:
    made = World(store)
    monkeypatch.setattr(store, "now", lambda: made.now)
    return made


def test_an_article_is_told_once_to_whom_it_concerns(world: World) -> None:
    concerned, other = world.add("a.example"), world.add("b.example", "batch.finished")
    world.happen()
    world.happen()  # the very same again: nothing happened
    assert world.deliver_all() == 1
    [(host, body, headers)] = world.received
    assert host == "a.example"
    news = json.loads(body)
    assert news["type"] == "article.analysed"
    assert news["data"]["uri"] == "urn:1"
    assert (news["data"]["version"], news["data"]["created"]) == (1, True)
    assert [line.status for line in world.log(concerned)] == ["delivered"]
    assert world.log(other) == []
    assert headers["webhook-id"] == world.log(concerned)[0].id


def test_the_signature_is_that_of_the_standard(world: World) -> None:
    hook = world.add("a.example")
    world.happen()
    world.deliver_all()
    [(_, body, headers)] = world.received
    secret = KEYS.secret(hook.salt, hook.key_id)
    assert secret is not None
    assert secret.startswith("whsec_")
    assert Webhook(secret).verify(body, headers)["type"] == "article.analysed"
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(body.replace(b"urn:1", b"urn:2"), headers)
    other = SigningKeys((b"x" * 32,))
    assert KEYS.secret("11" * 32, hook.key_id) != secret
    assert other.secret(hook.salt, hook.key_id) is None, "a secret is made of a key that is there"
    assert SigningKeys((b"x" * 32, b"k" * 32)).secret(hook.salt, hook.key_id) == secret


def test_the_signature_of_a_known_message_is_the_known_one() -> None:
    """The example of the specification's reference libraries."""
    signed = Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").sign(
        "msg_p5jXN8AQM9LWM0D4loKWxJek", datetime.fromtimestamp(1614265330, UTC), '{"test": 2432232314}'
    )
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_nothing_is_told_of_what_was_undone(world: World) -> None:
    hook = world.add("a.example")
    database = world.store.webhooks._database
    with pytest.raises(RuntimeError), database.write() as connection:
        assert publish_event(connection, "article.analysed", {"id": "x"}, world.now) == 1
        raise RuntimeError
    assert world.log(hook) == []


def test_a_failure_is_tried_again_with_the_same_id_and_body_ever_later(world: World) -> None:
    hook = world.add("a.example")
    world.answers["a.example"] = [500, Unreachable("no answer within 15 s"), 302, 200]
    world.happen()
    begun, gaps = world.now, []
    while world.log(hook)[0].status == "pending":
        due = world.log(hook)[0].due_at
        gaps.append(due - world.now)
        world.now = max(due, world.now) + 301  # it rests for five minutes at most
        assert world.deliver_all() == 1
    line = world.log(hook)[0]
    assert (line.status, line.attempts, line.answered, line.reason) == ("delivered", 4, 200, None)
    assert gaps == sorted(gaps)
    assert len({(body, headers["webhook-id"]) for _, body, headers in world.received}) == 1
    assert len({headers["webhook-signature"] for _, _, headers in world.received}) == 4, "the time is signed"
    assert world.store.webhooks.get(hook.id).failures == 0
    assert world.now - begun < DAY_S


def test_nothing_is_sent_before_it_is_due(world: World) -> None:
    hook = world.add("a.example")
    world.answers["a.example"] = [500]
    world.happen()
    assert world.deliver_all() == 1
    world.now = world.log(hook)[0].due_at - 0.5
    assert world.deliver_all() == 0
    assert "answered 500" in world.log(hook)[0].reason


def test_it_is_given_up_after_days_and_says_so(world: World) -> None:
    hook = world.add("a.example")
    world.answers["a.example"] = [500]
    world.happen()
    begun = world.now
    while world.log(hook)[0].status == "pending":
        world.now = world.log(hook)[0].due_at + 301
        world.deliver_all()
    line = world.log(hook)[0]
    assert (line.status, line.attempts) == ("failed", MAX_ATTEMPTS)
    assert 1.0 < (world.now - begun) / DAY_S < 3.0


def test_a_webhook_that_only_fails_is_disabled_and_can_be_enabled_again(world: World) -> None:
    hook = world.add("a.example")
    world.answers["a.example"] = [500]
    world.happen(1)
    world.deliver_all()
    world.now += DISABLE_AFTER_S + 1
    world.happen(2)
    world.deliver_all()
    disabled = world.store.webhooks.get(hook.id)
    assert disabled.disabled_at == world.now
    assert {(line.status, line.reason) for line in world.log(hook)} >= {("failed", DISABLED)}
    world.happen(3)
    assert len(world.log(hook)) == 2, "nothing is left for it any more"
    world.store.webhooks.enable(hook.id)
    world.answers["a.example"] = [200]
    world.happen(4)
    assert world.deliver_all() == 1
    assert world.log(hook)[0].status == "delivered"


def test_the_webhooks_of_a_revoked_key_hear_nothing_any_more(world: World) -> None:
    keys = KeyRing(world.store.keys)
    key = keys.create("desk", ("write",)).record
    hook = world.add("a.example", owner=key.id)
    world.happen(1)
    keys.revoke(key.id)
    world.happen(2)
    assert len(world.log(hook)) == 1


@pytest.mark.parametrize("end", ["revoked", "expired", "without read", "unknown"])
def test_what_was_pending_for_a_key_that_ended_is_not_sent(world: World, end: str) -> None:
    keys = KeyRing(world.store.keys)
    expires = datetime.now(UTC) + timedelta(hours=1) if end == "expired" else None
    key = keys.create("desk", ("write",) if end == "without read" else ("write", "read"), expires).record
    hook = world.add("a.example", owner="nobody" if end == "unknown" else key.id)
    world.happen(1)
    if end == "revoked":
        keys.revoke(key.id)
    elif end == "expired":
        world.now += 3_601
    world.deliver_all()
    assert world.received == []
    assert [line.status for line in world.log(hook)] == ["failed"]
    world.happen(2)
    assert world.deliver_all() == 0
    assert world.store.webhooks.get(hook.id).disabled_at is not None


def test_a_key_that_may_read_is_told(world: World) -> None:
    key = KeyRing(world.store.keys).create("desk", ("write", "read")).record
    world.add("a.example", owner=key.id)
    world.happen()
    world.deliver_all()
    assert len(world.received) == 1


def test_410_ends_a_webhook_at_once(world: World) -> None:
    hook = world.add("a.example")
    world.answers["a.example"] = [410]
    world.happen(1)
    world.happen(2)
    assert world.deliver_all() == 1
    assert world.store.webhooks.get(hook.id).disabled_at is not None
    assert {line.status for line in world.log(hook)} == {"failed"}


def test_a_receiver_that_asks_for_time_is_given_it(world: World) -> None:
    hook = world.add("a.example")
    world.answers["a.example"] = [Answer(503, "3600")]
    world.happen()
    world.deliver_all()
    assert world.log(hook)[0].due_at == world.now + 3_600
    world.now += 3_599
    assert world.deliver_all() == 0


def test_one_that_fails_does_not_hold_up_others(world: World) -> None:
    world.add("dead.example")
    world.add("alive.example")
    world.answers["dead.example"] = [Unreachable("no answer")]
    for number in range(5):
        world.happen(number)
    world.deliver_all()
    reached = [host for host, _, _ in world.received]
    assert reached.count("alive.example") == 5
    assert reached.count("dead.example") == 1, "it rests after a failure"


def test_one_host_gets_two_at_a_time_whoever_asks(world: World) -> None:
    for number in range(4):
        world.add("busy.example", owner="everyone")
        world.add("BUSY.example:8443" if number else "notbusy.example", owner="everyone")
    world.happen()
    claimed = [world.store.webhooks.claim(world.now, LEASE_S) for _ in range(9)]
    hosts = [urlsplit(one.webhook.url).hostname for one in claimed if one is not None]
    assert sorted(hosts) == ["busy.example", "busy.example", "notbusy.example"]
    first = next(one for one in claimed if one and "notbusy" not in one.webhook.url)
    world.store.webhooks.record(first, Attempt(True, 204), world.now)
    after = world.store.webhooks.claim(world.now, LEASE_S)
    assert after is not None, "the next one follows when one has ended"
    assert world.store.webhooks.claim(world.now, LEASE_S) is None


def test_order_is_kept_where_nothing_fails(world: World) -> None:
    world.add("a.example")
    for number in range(6):
        world.happen(number)
        world.now += 1
    world.deliver_all()
    told = [json.loads(body)["data"]["uri"] for _, body, _ in world.received]
    assert told == [f"urn:{number}" for number in range(6)]


def test_a_sender_that_was_killed_is_followed_by_another(world: World) -> None:
    hook = world.add("a.example")
    world.happen()
    lost = world.store.webhooks.claim(world.now, LEASE_S)
    assert lost is not None
    assert world.deliver_all() == 0
    world.now += LEASE_S + 1
    assert world.deliver_all() == 1
    assert world.received[0][2]["webhook-id"] == lost.id
    assert world.log(hook)[0].attempts == 2


def test_a_private_address_is_not_sent_to(world: World) -> None:
    new = NewWebhook("everyone", "https://127.0.0.1:8443/", ("article.analysed",), "00", KEYS.current_id)
    hook = world.store.webhooks.add(new, world.now)
    world.happen()
    sender = WebhookSender(world.store, KEYS, clock=lambda: world.now)
    assert sender.deliver_next()
    assert "private" in world.log(hook)[0].reason


def test_a_webhook_whose_key_is_gone_is_disabled(world: World) -> None:
    hook = world.add("a.example")
    world.happen()
    sender = WebhookSender(world.store, SigningKeys((b"new" * 16,)), (), world.send, lambda: world.now)
    assert sender.deliver_next()
    assert world.received == []
    assert world.store.webhooks.get(hook.id).disabled_at is not None
    assert "WEBHOOK_KEYS" in world.log(hook)[0].reason


def test_what_is_removed_is_gone(world: World) -> None:
    hook = world.add("a.example", owner="desk")
    world.happen()
    with pytest.raises(NotFound):
        world.store.webhooks.remove(hook.id, "other")
    world.store.webhooks.remove(hook.id, "desk")
    assert world.deliver_all() == 0
    assert world.store.webhooks.find_all() == []


def test_old_news_is_forgotten_and_what_is_pending_is_not(world: World) -> None:
    hook, slow = world.add("a.example"), world.add("slow.example")
    world.answers["slow.example"] = [500]
    world.happen()
    world.deliver_all()
    assert world.store.webhooks.purge(world.now + 1) == 1
    assert world.log(hook) == []
    assert [line.status for line in world.log(slow)] == ["pending"]


def test_pauses_grow_and_are_scattered() -> None:
    for attempts in range(1, 60):
        pauses = {find_pause_s(attempts) for _ in range(5)}
        assert len(pauses) > 1
        assert 8.0 <= min(pauses) <= max(pauses) <= 1.2 * LONGEST_PAUSE_S


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, 0),
        ("", 0),
        ("5", 5),
        ("99999999", DAY_S),
        ("-1", 0),
        ("٣", 0),
        ("Wed, 21 Oct 2026 07:28:00 GMT", 0),
    ],
)
def test_retry_after_is_read_with_care(header: str | None, seconds: float) -> None:
    assert read_retry_after(header) == seconds


def test_deliveries_refer_to_the_event_log(world: World) -> None:
    hook = world.add("a.example")
    world.happen()
    world.deliver_all()
    [event] = [each for each in world.store.events.find_after(0, 10) if each.type == "article.analysed"]
    [(_, body, _)] = world.received
    sent = json.loads(body)
    assert sent["data"] == json.loads(event.data)
    assert datetime.fromisoformat(sent["timestamp"]).timestamp() == pytest.approx(event.created_at, abs=1e-3)
    assert [(line.type, line.created_at) for line in world.log(hook)] == [(event.type, event.created_at)]


def test_old_events_are_kept_until_their_deliveries_are_purged(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.store.events.log.MOST_KEPT", 5)
    monkeypatch.setattr("service.store.events.log.PRUNE_EVERY", 1)
    world.add("a.example")
    world.happen()
    with world.store._database.write() as connection:
        publish_events(connection, "factchecks.imported", [{}] * 20, world.now)
    assert world.store.events.bounds().first == 17, "the log begins behind the event that is kept"
    with world.store._database.read() as connection:
        assert list(check_events(connection)) == []
    assert world.deliver_all() == 1
    world.store.webhooks.purge(world.now + 1)
    assert [event.number for event in world.store.events.find_after(0, 100)] == list(range(17, 22))


def test_an_event_of_one_owner_reaches_its_webhooks_only(world: World) -> None:
    mine, other = (
        world.add("a.example", "batch.finished"),
        world.add("b.example", "batch.finished", owner="b"),
    )
    with world.store._database.write() as connection:
        publish_event(connection, "batch.finished", {"id": "b1"}, world.now, owner="everyone")
    assert [len(world.log(hook)) for hook in (mine, other)] == [1, 0]
    [event] = world.store.events.find_after(0, 10)
    assert (event.type, event.owner) == ("batch.finished", "everyone")


def test_deliveries_of_the_former_version_are_moved_and_made(world: World) -> None:
    """As its processes write them while an installation is updated."""
    hook, busy = world.add("a.example"), world.add("busy.example")
    payload = '{"type": "article.deleted", "timestamp": "2026-11-30T10:00:00.000Z", "data": {"id": "a"}}'
    with world.store._database.change() as connection:
        for number in (1, 2):
            old = {"number": number, "type": "article.deleted", "payload": payload, "created_at": world.now}
            connection.execute(insert(webhook_events).values(old))
            made = {"id": f"msg_{number}", "status": "pending", "attempts": 2, "due_at": world.now}
            to = (hook, busy)[number - 1].id
            connection.execute(insert(deliveries).values(**made, webhook_id=to, event_number=number))
        leased = update(webhooks).where(webhooks.c.id == busy.id).values(leased_until=world.now + 60)
        connection.execute(leased)
    assert world.store.webhooks.move_former(world.now) == 1, "one is being delivered by another process"
    assert world.store.webhooks.move_former(world.now + 61) == 1
    assert world.store.webhooks.move_former(world.now + 61) == 0
    world.now += 61
    assert world.deliver_all() == 2
    assert {json.loads(body)["data"]["id"] for _, body, _ in world.received} == {"a"}
    assert [(line.id, line.attempts, line.status) for line in world.log(hook)] == [("msg_1", 3, "delivered")]
    assert {event.owner for event in world.store.events.find_after(0, 10)} == {""}, "not shown again"
