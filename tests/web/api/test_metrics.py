"""/metrics and the ids of a request: by route templates, for those who may, believed of trusted peers only."""

import json
import re

import pytest
import structlog

from service.telemetry.correlation import TrustedPeers, begin, read_traceparent
from service.usecases.api_keys import KeyRing
from service.web.services import EXTENSION
from tests.apps import running_app

CHECK = {"quote": "We will dredge the harbour to eleven metres"}
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def read(client, **headers):
    """The samples of /metrics, by name and labels."""
    response = client.get("/metrics", headers=headers)
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/plain; version=")
    return dict(re.findall(r"^(verbatim_\w+(?:\{[^}]*\})?) (\S+)$", response.text, re.MULTILINE))


def counted(before, after, name):
    return float(after.get(name, 0)) - float(before.get(name, 0))


def test_requests_are_counted_by_template_status_and_cache(client):
    before = read(client)
    for _ in range(3):
        client.post("/v1/check", json=CHECK).close()
    client.get("/v1/quotes/q-secret-id").close()
    client.get("/secret/path").close()
    client.open("/v1/check", method="BREW").close()
    after = read(client)
    check = 'verbatim_http_requests_total{method="POST",route="/v1/check",status="200"}'
    assert counted(before, after, check) == 3
    missing = 'verbatim_http_requests_total{method="GET",route="/v1/quotes/<string:quote_id>",status="404"}'
    assert counted(before, after, missing) == 1
    assert (
        counted(before, after, 'verbatim_http_requests_total{method="GET",route="unmatched",status="404"}')
        == 1
    )
    assert counted(before, after, 'verbatim_cache_lookups_total{kind="check",result="miss"}') == 1
    assert counted(before, after, 'verbatim_cache_lookups_total{kind="check",result="hit"}') == 2
    assert counted(before, after, 'verbatim_http_request_duration_seconds_count{route="/v1/check"}') >= 3
    assert counted(before, after, 'verbatim_stage_duration_seconds_count{stage="retrieval"}') == 1
    assert not [name for name in after if "secret" in name or "BREW" in name]


def test_states_are_told(client):
    told = read(client)
    assert told["verbatim_ready"] == "1.0"
    assert told['verbatim_degraded{part="store"}'] == "0.0"
    [build] = [name for name in told if name.startswith("verbatim_build_info")]
    assert "engine=" in build
    assert "policy=" in build


def test_a_locked_server_shows_them_to_keys_that_may(tmp_path):
    with running_app(f"sqlite:///{tmp_path}/s.sqlite3", access="locked") as app:
        client = app.test_client()
        keys = KeyRing(app.extensions[EXTENSION].store.keys)
        assert client.get("/metrics").status_code == 401
        checking = keys.create("cms", ["check"]).token
        assert client.get("/metrics", headers={"Authorization": f"Bearer {checking}"}).status_code == 403
        reading = keys.create("prometheus", ["read"]).token
        assert read(client, Authorization=f"Bearer {reading}")


def test_a_hit_found_by_its_bytes_is_the_same_answer(client):
    first, second, third = (client.post("/v1/check", json=CHECK) for _ in range(3))
    assert "uri-miss" in first.headers["Cache-Status"]
    assert second.data == third.data == first.data
    assert third.headers["Cache-Status"].startswith("verbatim; hit; ttl=")
    assert third.headers["Content-Type"] == "application/json"
    assert set(third.headers.keys()) == set(second.headers.keys())


def test_what_is_stored_in_between_is_never_overlooked(client):
    for _ in range(3):
        before = client.post("/v1/check", json=CHECK)
    assert before.get_json()["verdict"]["fidelity"] == "no_match"
    body = f"“{CHECK['quote']},” Ann Marlow said in Grimsby."
    client.post("/v1/articles", json={"body_text": body}).close()
    after = client.post("/v1/check", json=CHECK)
    assert after.get_json()["verdict"]["fidelity"] != "no_match"
    assert "hit" not in after.headers["Cache-Status"]


def test_the_same_bytes_to_another_address_or_of_another_type_are_another_request(client):
    body = json.dumps(CHECK)
    for _ in range(3):
        client.post("/v1/check", data=body, content_type="application/json").close()
    assert client.post("/v1/articles", data=body, content_type="application/json").status_code == 422
    assert client.post("/v1/check", data=body, content_type="text/plain").status_code == 415


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (TRACE, TRACE),
        (TRACE.replace("00-", "cc-", 1) + "-more", TRACE),  # a later version, read as the first
        (TRACE + "-more", None),
        (TRACE.upper(), None),
        (TRACE.replace("4bf92f3577b34da6a3ce929d0e0e4736", "0" * 32), None),
        (TRACE.replace("00f067aa0ba902b7", "0" * 16), None),
        ("ff" + TRACE[2:], None),
        ("", None),
        (TRACE + "\n", None),
    ],
)
def test_a_traceparent_is_one_or_none(given, kept):
    assert read_traceparent(given) == kept


@pytest.mark.parametrize("given", ["a" * 129, "two words", "with\nnewline", "é", "{}", ""])
def test_a_request_id_that_is_none_is_replaced(given):
    assert re.fullmatch("[0-9a-f]{16}", begin(given, None, is_trusted=True).request_id)


def test_only_a_trusted_peer_names_the_request(tmp_path):
    url = f"sqlite:///{tmp_path}/s.sqlite3"
    headers = {"X-Request-Id": "edge-1", "traceparent": TRACE}
    with running_app(url, forwarded_allow_ips="10.0.0.0/8") as app:
        client = app.test_client()

        def ask(peer):
            return client.get("/livez", headers=headers, environ_base={"REMOTE_ADDR": peer}).headers[
                "X-Request-Id"
            ]

        assert ask("10.1.2.3") == "edge-1"
        assert structlog.contextvars.get_contextvars() == {"request_id": "edge-1", "trace_id": TRACE[3:35]}
        assert ask("192.0.2.1") != "edge-1"
        assert "trace_id" not in structlog.contextvars.get_contextvars()


def test_whom_a_list_of_peers_holds():
    peers = TrustedPeers("127.0.0.1, 10.0.0.0/8,::1")
    assert [peers.holds(address) for address in ("127.0.0.1", "10.9.9.9", "::1", "::ffff:10.0.0.1", "")] == [
        True
    ] * 5
    assert not peers.holds("192.0.2.1")
    assert not peers.holds("nonsense")
    assert TrustedPeers("*").holds("192.0.2.1")
