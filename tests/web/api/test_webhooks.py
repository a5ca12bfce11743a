"""Webhooks over HTTP: made, listed, ended; the secret shown once."""

from __future__ import annotations

import pytest
from standardwebhooks import Webhook

from service.usecases.api_keys import KeyRing
from service.web.services import EXTENSION
from tests.apps import post_article, running_app

KEYS = ("0123456789abcdef" * 2,)
GOOD = {"url": "https://hooks.example.org/verbatim", "events": ["article.analysed"]}


@pytest.fixture
def app(tmp_path):
    with running_app(f"sqlite:///{tmp_path}/store.sqlite3", webhook_keys=KEYS) as app:
        yield app


@pytest.fixture
def client(app):
    return app.test_client()


def test_the_secret_is_shown_once(client):
    made = client.post("/v1/webhooks", json=GOOD)
    assert made.status_code == 201, made.text
    secret = made.get_json().pop("secret")
    assert Webhook(secret)  # of the form that the standard's libraries read
    where = made.headers["Location"]
    shown = client.get(where).get_json()
    assert shown == {
        "id": where.rsplit("/", 1)[1], **GOOD, "status": "active", "created_at": shown["created_at"],
        "failing_since": None, "disabled_at": None,
    }  # fmt: skip
    for path in (where, "/v1/webhooks", f"{where}/deliveries"):
        assert secret.removeprefix("whsec_") not in client.get(path).text


def test_it_takes_the_scopes_read_and_write(tmp_path):
    with running_app(f"sqlite:///{tmp_path}/locked.sqlite3", webhook_keys=KEYS, access="locked") as app:
        ring = KeyRing(app.extensions[EXTENSION].store.keys)
        for scopes, status in ((["write"], 403), (["read"], 403), (["read", "write"], 201), (["admin"], 201)):
            headers = {"Authorization": f"Bearer {ring.create('a', scopes).token}"}
            answer = app.test_client().post("/v1/webhooks", json=GOOD, headers=headers)
            assert answer.status_code == status, scopes


def test_a_key_has_at_most_twenty(client):
    statuses = [client.post("/v1/webhooks", json=GOOD).status_code for _ in range(22)]
    assert statuses == [201] * 20 + [409] * 2


def test_two_webhooks_have_two_secrets(client):
    secrets = {client.post("/v1/webhooks", json=GOOD).get_json()["secret"] for _ in range(3)}
    assert len(secrets) == 3


def test_no_secret_is_in_the_database(client, tmp_path):
    secret = client.post("/v1/webhooks", json=GOOD).get_json()["secret"].removeprefix("whsec_")
    checked = list(tmp_path.iterdir())
    assert checked
    for file in checked:
        assert secret.encode() not in file.read_bytes()


def test_a_webhook_is_ended(client):
    where = client.post("/v1/webhooks", json=GOOD).headers["Location"]
    assert client.delete(where).status_code == 204
    assert client.get(where).status_code == client.delete(where).status_code == 404
    assert client.get("/v1/webhooks").get_json() == {"webhooks": []}


def test_the_log_shows_what_waits(client):
    where = client.post("/v1/webhooks", json=GOOD).headers["Location"]
    for number in range(3):
        post_article(client, f"“We have {number} boats,” Ann Marlow said.", uri=f"urn:{number}")
    log = client.get(f"{where}/deliveries?limit=2").get_json()
    assert [line["status"] for line in log["deliveries"]] == ["pending", "pending"]
    assert log["deliveries"][0]["next_attempt_at"] is not None
    rest = client.get(f"{where}/deliveries?limit=2&before={log['next']}").get_json()
    assert (len(rest["deliveries"]), rest["next"]) == (1, None)
    assert len({line["id"] for line in [*log["deliveries"], *rest["deliveries"]]}) == 3


def test_a_disabled_one_can_be_enabled(app, client):
    where = client.post("/v1/webhooks", json=GOOD).headers["Location"]
    store = app.extensions[EXTENSION].store.webhooks
    from service.store.events.webhooks import Attempt

    post_article(client, "“We have boats,” Ann Marlow said.")
    delivery = store.claim(2e9, 60.0)
    store.record(delivery, Attempt(False, 410, "it answered 410", disable=True), 2e9)
    assert client.get(where).get_json()["status"] == "disabled"
    assert client.post(f"{where}:enable").get_json()["status"] == "active"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"url": "http://hooks.example.org/"}, None),  # judged when it is sent to: the network may be allowed
        ({"url": "https://10.0.0.1/"}, "/url"),
        ({"url": "https://[::1]/"}, "/url"),
        ({"url": "https://169.254.169.254/latest/meta-data"}, "/url"),
        ({"url": "https://2130706433/"}, "/url"),
        ({"url": "file:///etc/passwd"}, "/url"),
        ({"url": "https://user:secret@example.org/"}, "/url"),
        ({"url": 7}, "/url"),
        ({"events": []}, "/events"),
        ({"events": ["article.eaten"]}, "/events/0"),
        ({"secret": "mine"}, "/secret"),
    ],
)
def test_what_cannot_be_told_is_refused(client, change, pointer):
    response = client.post("/v1/webhooks", json=GOOD | change)
    if pointer is None:
        assert response.status_code == 201
        return
    assert response.status_code == 422
    assert [error["pointer"] for error in response.get_json()["errors"]] == [pointer]


def test_without_keys_there_are_no_webhooks(tmp_path):
    with running_app(f"sqlite:///{tmp_path}/s.sqlite3") as app:
        response = app.test_client().post("/v1/webhooks", json=GOOD)
    assert response.status_code == 501
    assert "WEBHOOK_KEYS" in response.get_json()["detail"]
