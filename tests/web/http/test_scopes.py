"""Who may do what over HTTP."""

import re
import time
from datetime import UTC, datetime, timedelta

import pytest

from service.errors import StoreUnavailable
from service.settings import Settings
from service.usecases.api_keys import IMPLIED, SCOPES, KeyRing
from service.web.http.scopes import EXTENSION as ACCESS
from service.web.http.scopes import principal, requires
from service.web.services import EXTENSION
from tests.apps import running_app


def test_every_route_of_the_api_declares_a_scope(app):
    views = {
        f"{sorted(rule.methods - {'HEAD', 'OPTIONS'})} {rule.rule}": app.view_functions[rule.endpoint]
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/v1")
    }
    assert len(views) >= 7
    unlocked = {name for name, view in views.items() if getattr(view, "unlocked", False)}
    assert unlocked == {"['POST'] /v1/hooks/superdesk", "['POST'] /v1/hooks/wordpress"}
    locked = {name: view for name, view in views.items() if name not in unlocked}
    undeclared = [
        name for name, view in locked.items() if getattr(view, "required_scope", None) not in SCOPES
    ]
    assert undeclared == []


@pytest.fixture
def locked(tmp_path):
    """An app that lets nobody in without a key."""
    with running_app(f"sqlite:///{tmp_path}/locked.sqlite3", access="locked", rate_limit_failures=0) as app:
        yield app


@pytest.fixture
def make_key(locked):
    """Makes keys of the locked app: the headers that show one."""
    ring = KeyRing(locked.extensions[EXTENSION].store.keys)

    def make(*scopes, name="a newsroom", expires_at=None):
        return {"Authorization": f"Bearer {ring.create(name, scopes, expires_at).token}"}

    return make


def views_of(app):
    """The views of the API that take a scope: method, an address of theirs, the scope."""
    for rule in app.url_map.iter_rules():
        scope = getattr(app.view_functions[rule.endpoint], "required_scope", None)
        if scope is not None:
            path = re.sub(r"<[^>]*int:[^>]+>", "1", rule.rule)
            path = re.sub(r"<[^>]+>", "x", path)
            for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
                yield method, path, scope


def test_nobody_gets_in_without_a_key(locked):
    client = locked.test_client()
    views = list(views_of(locked))
    assert len(views) >= 8
    for method, path, _ in views:
        answer = client.open(path, method=method)
        assert answer.status_code == 401, (method, path)
        assert answer.content_type == "application/problem+json"
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="verbatim"'
        assert "Bearer vb_" in answer.get_json()["detail"]


def test_each_view_takes_its_own_scope_and_no_lesser(locked, make_key):
    client = locked.test_client()
    keys = {scope: make_key(scope) for scope in SCOPES}
    enough = {
        scope: {scope, "admin", *(w for w in SCOPES if scope in IMPLIED.get(w, ()))} for scope in SCOPES
    }
    checked = list(views_of(locked))
    assert checked
    for method, path, needed in checked:
        for scope, headers in keys.items():
            answer = client.open(path, method=method, headers=headers)
            assert answer.status_code != 401, (method, path, scope)
            assert (answer.status_code == 403) == (scope not in enough[needed]), (method, path, scope)
            if answer.status_code == 403:
                assert f"scope {needed}" in answer.get_json()["detail"]
                assert f'scope="{needed}"' in answer.headers["WWW-Authenticate"]


@pytest.mark.parametrize(
    "given",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer vb_aaaaaaaaaa_" + "a" * 40,
        "Basic dmVyYmF0aW06dmVyYmF0aW0=",
        "Token vb_aaaaaaaaaa_" + "a" * 40,
        "Bearer " + "a" * 5000,
        "Bearer vb_aaaaaaaaaa_" + "a" * 40 + " x",
        "Bearer \u00e9",
    ],
)
def test_a_wrong_key_is_told_from_none(locked, given):
    answer = locked.test_client().get("/v1/quotes", headers={"Authorization": given})
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]
    assert "aaaa" not in answer.text


def test_a_key_works_by_any_case_of_its_scheme(locked, make_key):
    token = make_key("read")["Authorization"].split()[1]
    for scheme in ("Bearer", "bearer", "BEARER"):
        headers = {"Authorization": f"{scheme}  {token}"}
        assert locked.test_client().get("/v1/quotes", headers=headers).status_code == 200


def test_a_key_is_never_taken_from_the_address(locked, make_key):
    token = make_key("read")["Authorization"].split()[1]
    for name in ("key", "api_key", "access_token"):
        assert locked.test_client().get(f"/v1/quotes?{name}={token}").status_code == 401


def test_what_anybody_may_see(locked):
    client = locked.test_client()
    for path in ("/livez", "/readyz", "/openapi.json", "/docs", "/docs/start.js"):
        with client.get(path) as answer:
            assert answer.status_code == 200, path
    assert client.get("/nowhere").status_code == 404
    assert client.options("/v1/quotes").status_code == 200
    assert client.head("/v1/quotes").status_code == 401


def test_metrics_take_a_key(locked, make_key):
    client = locked.test_client()
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers=make_key("read")).status_code == 200


def test_storing_takes_write(locked, make_key):
    client, article = locked.test_client(), {"body_text": "“The pier is closed for good,” Ann Marlow said."}
    check, write, read = make_key("check"), make_key("write"), make_key("read")
    for body in (article, {**article, "store": True}):
        refused = client.post("/v1/articles", json=body, headers=check)
        assert refused.status_code == 403
        assert "scope write" in refused.get_json()["detail"]
    assert client.post("/v1/articles", json={**article, "store": False}, headers=check).status_code == 200
    assert client.get("/v1/quotes", headers=read).get_json()["quotes"] == []
    assert (
        client.post("/v1/articles", data="{", content_type="application/json", headers=check).status_code
        == 400
    )
    assert client.post("/v1/articles", json=[], headers=check).status_code == 422
    for _ in range(3):  # the last ones are hits
        assert client.post("/v1/articles", json=article, headers=write).status_code == 200
    assert client.post("/v1/articles", json=article, headers=check).status_code == 403, (
        "a hit is no way round"
    )
    assert len(client.get("/v1/quotes", headers=read).get_json()["quotes"]) == 1


def test_a_revoked_key_is_refused(locked, make_key):
    client, headers = locked.test_client(), make_key("read")
    assert client.get("/v1/quotes", headers=headers).status_code == 200
    ring = locked.extensions[ACCESS].keys
    ring.revoke(headers["Authorization"].split()[1])
    assert client.get("/v1/quotes", headers=headers).status_code == 401


def test_an_expired_key_is_refused(locked, make_key):
    headers = make_key("read", expires_at=datetime.now(UTC) + timedelta(milliseconds=20))
    time.sleep(0.03)
    assert locked.test_client().get("/v1/quotes", headers=headers).status_code == 401


def test_without_a_database_it_says_so(locked, make_key, monkeypatch):
    headers = make_key("read")

    def away(_key_id):
        raise StoreUnavailable("the database does not answer")

    monkeypatch.setattr(locked.extensions[ACCESS].keys._store, "find", away)
    answer = locked.test_client().get("/v1/quotes", headers=headers)
    assert answer.status_code == 503
    assert "Retry-After" in answer.headers
    assert locked.test_client().get("/livez").status_code == 200


def test_a_view_that_was_left_without_a_scope_is_for_admins(locked, make_key):
    locked._got_first_request = False
    locked.add_url_rule("/v1/forgotten", "forgotten", lambda: "in")
    client = locked.test_client()
    assert client.get("/v1/forgotten").status_code == 401
    assert client.get("/v1/forgotten", headers=make_key("write")).status_code == 403
    assert client.get("/v1/forgotten", headers=make_key("admin")).text == "in"


@pytest.mark.parametrize(
    ("headers", "address", "status"),
    [
        ({}, "127.0.0.1", 200),
        ({}, "127.8.8.8", 200),
        ({}, "::1", 200),
        ({"Host": "127.0.0.1:8000"}, "127.0.0.1", 200),
        ({"Host": "[::1]:8000"}, "::1", 200),
        ({"Host": "LOCALHOST"}, "127.0.0.1", 200),
        ({"Host": "evil.example"}, "127.0.0.1", 401),  # a page that had its name changed to 127.0.0.1
        ({"Host": "localhost.evil.example"}, "127.0.0.1", 401),
        ({}, "192.0.2.1", 401),
        ({}, "", 401),  # a Unix socket: a proxy is behind it
        ({"X-Forwarded-For": "192.0.2.1"}, "127.0.0.1", 401),
        ({"X-Forwarded-For": "127.0.0.1"}, "127.0.0.1", 401),
        ({"X-Real-Ip": "127.0.0.1"}, "127.0.0.1", 401),
        ({"Forwarded": "for=127.0.0.1"}, "127.0.0.1", 401),
        ({"Via": "1.1 proxy"}, "127.0.0.1", 401),
    ],
)
def test_open_to_this_machine_only(client, headers, address, status):
    answer = client.get("/v1/quotes", headers=headers, environ_overrides={"REMOTE_ADDR": address})
    assert answer.status_code == status


def test_a_key_that_is_shown_counts_on_an_open_server_too(client, app):
    assert client.get("/v1/quotes", headers={"Authorization": "Bearer nonsense"}).status_code == 401
    token = KeyRing(app.extensions[EXTENSION].store.keys).create("ext", ["check"]).token
    assert client.get("/v1/quotes", headers={"Authorization": f"Bearer {token}"}).status_code == 403


@pytest.mark.parametrize(
    "environ",
    [
        {"SERVER_PROTOCOL": "HTTP/1.0"},  # nginx's own, unless told otherwise
        {"SERVER_NAME": "0.0.0.0"},  # another server than ours, bound to every address
        {"HTTP_CF_CONNECTING_IP": "192.0.2.1"},
        {"HTTP_X_ENVOY_EXTERNAL_ADDRESS": "192.0.2.1"},
        {"HTTP_X_FORWARDED_SERVER": "verbatim.example"},
        {"HTTP_TRUE_CLIENT_IP": "192.0.2.1"},
        {"HTTP_CDN_LOOP": "cloudflare"},
        {"HTTP_HOST": "verbatim.example"},
    ],
)
def test_what_a_proxy_hands_on_needs_a_key_on_an_open_server_too(client, environ):
    assert client.get("/v1/quotes", environ_overrides=environ).status_code == 401
    assert client.get("/search", environ_overrides=environ).status_code == 303


def test_a_server_that_was_told_nothing_asks_its_own_machine_for_a_key(tmp_path):
    with running_app(f"sqlite:///{tmp_path}/s.sqlite3", access=Settings().access) as app:
        assert app.test_client().get("/v1/quotes").status_code == 401


def test_every_page_of_an_open_server_says_so(client, locked):
    for page in ("/", "/search", "/docs", "/sign-in"):
        assert "ACCESS=open" in client.get(page).text, page
        assert "ACCESS=open" not in locked.test_client().get(page).text, page


def test_who_asks_is_known_to_views(locked, make_key):
    seen = []
    locked._got_first_request = False
    locked.add_url_rule("/v1/me", "me", requires("review")(lambda: seen.append(principal()) or "in"))
    locked.test_client().get("/v1/me", headers=make_key("review", name="Desk"))
    assert [(who.name, who.may("review"), who.may("write")) for who in seen] == [("Desk", True, False)]


def test_it_is_documented(client):
    spec = client.get("/openapi.json").get_json()
    assert spec["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    check = spec["paths"]["/v1/check"]["post"]
    assert (check["security"], check["x-required-scope"]) == ([{"key": []}], "check")
    for status in ("401", "403", "429", "503"):
        assert check["responses"][status]["$ref"].startswith("#/components/responses/"), status
    assert "security" not in spec["paths"]["/livez"]["get"]
    assert spec["components"]["responses"]["FORBIDDEN"]["content"].keys() == {"application/problem+json"}


def test_headers_that_every_answer_carries(client):
    for path in ("/livez", "/v1/quotes", "/nowhere", "/docs"):
        headers = client.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "Strict-Transport-Security" not in headers
    assert client.get("/v1/quotes").headers["Cache-Control"] == "private, no-cache"
    secure = client.get("/livez", base_url="https://localhost")
    assert "max-age" in secure.headers["Strict-Transport-Security"]
