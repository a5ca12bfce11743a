"""Signing in: what a cookie is worth, for how long, and to whom."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
from flask.sessions import SecureCookieSessionInterface

from service.errors import StoreUnavailable
from service.usecases.api_keys import KeyRing
from service.web.dashboard import session
from service.web.services import EXTENSION
from tests.apps import running_app
from tests.web.dashboard.visitor import BROWSER, Visitor

PAGE = "/articles/check"


def is_in(visitor):
    answer = visitor.get(PAGE)
    assert answer.status_code in (200, 303)
    return answer.status_code == 200


def test_a_page_leads_to_the_sign_in_and_back(guest):
    answer = guest.get("/articles/check?a=b%20c")
    assert answer.status_code == 303
    assert answer.location == "/sign-in?next=/articles/check?a%3Db%2520c"
    form = guest.get(answer.location)
    assert 'name="next" value="/articles/check?a=b%20c"' in form.text
    answer = guest.sign_in("check", back="/articles/check?a=b%20c")
    assert (answer.status_code, answer.location) == (303, "/articles/check?a=b%20c")
    assert is_in(guest)
    assert "Ann Marlow" in guest.get(PAGE).text


def test_a_module_is_told_that_nobody_is_signed_in(guest):
    answer = guest.client.get(PAGE, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.content_type) == (401, "application/problem+json")


@pytest.mark.parametrize(
    "back",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "/\\elsewhere.example/",
        "\\\\elsewhere.example",
        "/\t/elsewhere.example/",
        "/%09/elsewhere.example",
        "///elsewhere.example",
        "http:/elsewhere.example",
        "javascript:alert(1)",
        "elsewhere.example",
        "/nowhere",
        "/v1/quotes",
        "/docs",
        "/sign-in?next=/",
        "/sign-out",
        "/articles/check\r\nSet-Cookie: a=b",
        "/" + "a" * 5_000,
        "",
    ],
)
def test_nobody_is_led_away_after_signing_in(guest, back):
    answer = guest.sign_in("check", back=back)
    assert (answer.status_code, answer.location) == (303, "/")
    shown = guest.get("/sign-in", query_string={"next": back})
    assert 'name="next"' not in shown.text


def test_a_wrong_key_is_refused_and_shown_nowhere(guest):
    key = "vb_aaaaaaaaaa_" + "b" * 40
    answer = guest.sign_in(token=key)
    assert answer.status_code == 401
    assert "unknown, revoked or expired" in answer.text
    assert key not in answer.text
    assert not is_in(guest)


@pytest.mark.parametrize("key", ["", "   ", "x" * 5_000])
def test_what_is_no_key_is_not_even_looked_up(guest, key):
    assert guest.post("/sign-in", {"key": key}).status_code == 422


def test_wrong_keys_are_counted_by_address_as_the_api_counts_them(tmp_path):
    url = f"sqlite:///{tmp_path}/s.sqlite3"
    with running_app(url, access="locked", rate_limit_failures=3) as app:
        visitor = Visitor(app)
        wrong = "vb_aaaaaaaaaa_" + "b" * 40
        assert [visitor.sign_in(token=wrong).status_code for _ in range(4)] == [401, 401, 401, 429]
        answer = visitor.sign_in(token=wrong)
        assert int(answer.headers["Retry-After"]) > 0
        headers = {"Authorization": f"Bearer {wrong}"}
        assert app.test_client().get("/v1/quotes", headers=headers).status_code == 429
        right = KeyRing(app.extensions[EXTENSION].store.keys).create("a", ["read"]).token
        time.sleep(0.3)  # while somebody guesses, a new key is known after REREAD_S
        assert visitor.sign_in(token=right).status_code == 303  # a right one is never kept out


def test_the_cookie_names_the_key_and_does_not_hold_it(guest):
    key = guest.ring.create("Ann", ("read", "check")).token
    answer = guest.sign_in(token=key)
    [cookie] = [value for name, value in answer.headers if name == "Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    [value] = guest.cookies().values()
    held = SecureCookieSessionInterface.get_signing_serializer(guest.app.session_interface, guest.app)
    said = held.loads(value)
    secret = key.rpartition("_")[2]
    assert said["key"] == key.split("_")[1]
    assert secret not in str(said)


def test_over_https_the_cookie_is_bound_to_the_host_and_never_sent_in_the_open(locked):
    visitor = Visitor(locked, "https://localhost")
    answer = visitor.sign_in("check")
    [cookie] = [value for name, value in answer.headers if name == "Set-Cookie"]
    assert cookie.startswith("__Host-verbatim=")
    assert "Secure" in cookie
    assert is_in(visitor)


def test_signing_in_begins_a_new_session(guest):
    before = guest.token()
    [planted] = guest.cookies().values()
    guest.sign_in("check")
    assert planted not in guest.cookies().values()
    other = Visitor(guest.app)
    other.client.set_cookie("verbatim", planted, domain="localhost")
    assert not is_in(other)
    answer = guest.client.post("/sign-out", data={"csrf_token": before}, headers=BROWSER)
    assert answer.status_code == 403  # the token of the time before is worth nothing now


def test_signing_out_takes_a_post(guest):
    guest.sign_in("check")
    assert guest.get("/sign-out").status_code == 405
    assert is_in(guest)
    answer = guest.post("/sign-out")
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert not is_in(guest)


def test_a_revoked_key_ends_its_sessions(guest, monkeypatch):
    made = guest.ring.create("Ann", ("check",))
    guest.sign_in(token=made.token)
    assert is_in(guest)
    monkeypatch.setattr("service.usecases.api_keys.FRESH_S", 0.0)  # what takes two seconds otherwise
    guest.ring.revoke(made.record.id)
    assert not is_in(guest)


def test_an_expired_key_ends_its_sessions(guest, monkeypatch):
    soon = datetime.now(UTC) + timedelta(hours=1)
    guest.sign_in(token=guest.ring.create("Ann", ("check",), soon).token)
    assert is_in(guest)

    class Later(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) + timedelta(hours=1, seconds=1)

    monkeypatch.setattr("service.usecases.api_keys.datetime", Later)
    assert not is_in(guest)


class Clock:
    """The session's clock, that can be put forward."""

    def __init__(self, monkeypatch):
        self.ahead = 0.0
        real = session.time.time
        monkeypatch.setattr("service.web.dashboard.session.time.time", lambda: real() + self.ahead)


def test_a_session_ends_when_nobody_uses_it(guest, monkeypatch):
    clock = Clock(monkeypatch)
    guest.sign_in("check")
    for _ in range(3):
        clock.ahead += session.IDLE_S - 60
        assert is_in(guest)
    clock.ahead += session.IDLE_S + session.SEEN_EVERY_S
    assert not is_in(guest)


def test_a_session_ends_after_so_long_however_it_is_used(guest, monkeypatch):
    clock = Clock(monkeypatch)
    guest.sign_in("check")
    steps = session.LONGEST_S // 3_600
    for _ in range(steps - 1):
        clock.ahead += 3_600
        assert is_in(guest)
    clock.ahead += 3_600
    assert not is_in(guest)


@pytest.mark.parametrize(
    "change",
    [
        lambda value: value[:-9] + ("A" if value[-9] != "A" else "B") + value[-8:],
        lambda value: "A" + value,
        lambda value: value.replace(".", "", 1),
        lambda value: value[::-1],
        lambda value: "",
        lambda value: "é" * 10,
    ],
)
def test_a_cookie_that_was_meddled_with_is_none(guest, change):
    guest.sign_in("check")
    [value] = guest.cookies().values()
    other = Visitor(guest.app)
    other.client.set_cookie("verbatim", change(value), domain="localhost")
    assert not is_in(other)


def forge(app, members, secret=None):
    """A cookie as the server would sign it."""
    was = app.config["SECRET_KEY"]
    app.config["SECRET_KEY"] = secret or was
    try:
        return app.session_interface.get_signing_serializer(app).dumps(members)
    finally:
        app.config["SECRET_KEY"] = was


def test_a_cookie_of_another_secret_is_none(guest):
    made = guest.ring.create("Ann", ("check",))
    now = int(session.time.time())
    members = {"key": made.record.id, "since": now, "seen": now}
    for secret, lets_in in ((None, True), ("0" * 32, False)):
        other = Visitor(guest.app)
        other.client.set_cookie("verbatim", forge(guest.app, members, secret), domain="localhost")
        assert is_in(other) == lets_in


@pytest.mark.parametrize(
    "members",
    [
        {"key": "KEY"},
        {"key": "KEY", "since": "x", "seen": None},
        {"key": ["KEY"], "since": 1, "seen": 1},
        {"key": None, "since": 2**40, "seen": 2**40},
        {"key": "aaaaaaaaaa", "since": 2**31, "seen": 2**31},
        {},
    ],
)
def test_an_odd_session_is_nobodys(guest, members):
    made = guest.ring.create("Ann", ("check",))
    odd = {name: made.record.id if value == "KEY" else value for name, value in members.items()}
    guest.client.set_cookie("verbatim", forge(guest.app, odd), domain="localhost")
    assert not is_in(guest)


def test_a_secret_is_changed_without_anybody_having_to_sign_in_again(tmp_path):
    url, old, new = f"sqlite:///{tmp_path}/s.sqlite3", "o" * 32, "n" * 32
    with running_app(url, access="locked", session_secret=(old,)) as app:
        before = Visitor(app)
        before.sign_in("check")
        [cookie] = before.cookies().values()
    for secrets, lets_in in (((new, old), True), ((new,), False)):
        with running_app(url, access="locked", session_secret=secrets) as app:
            visitor = Visitor(app)
            visitor.client.set_cookie("verbatim", cookie, domain="localhost")
            assert is_in(visitor) == lets_in


def test_without_a_secret_each_server_makes_its_own(tmp_path):
    with (
        running_app(f"sqlite:///{tmp_path}/a.sqlite3") as one,
        running_app(f"sqlite:///{tmp_path}/b.sqlite3") as other,
    ):
        assert len(one.config["SECRET_KEY"]) >= 32
        assert one.config["SECRET_KEY"] != other.config["SECRET_KEY"]


def test_a_key_reaches_as_far_at_the_desk_as_at_the_api(guest):
    guest.sign_in("read")
    answer = guest.get(PAGE)
    assert answer.status_code == 403
    assert "takes the scope check" in answer.text
    assert 'href="/articles/check"' not in answer.text  # it is not offered either


def test_the_api_knows_nothing_of_sessions(guest):
    guest.sign_in("admin")
    for address in ("/v1/quotes", "/v1/reviews", "/metrics"):
        answer = guest.client.get(address)
        assert answer.status_code == 401, address
        assert "Set-Cookie" not in answer.headers
    answer = guest.client.post("/v1/articles", json={"body_text": "“Words,” she said."})
    assert answer.status_code == 401


def test_the_desk_knows_nothing_of_bearer_tokens(guest):
    key = guest.ring.create("Ann", ("admin",)).token
    answer = guest.get(PAGE, headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 303


def test_this_machine_needs_no_key_and_may_show_one(visitor):
    assert "programs of this computer need no key" in visitor.get(PAGE).text
    visitor.sign_in("check")
    assert "Ann Marlow" in visitor.get(PAGE).text


def test_whoever_comes_through_a_proxy_does(visitor):
    assert visitor.get(PAGE, headers={"X-Forwarded-For": "192.0.2.1"}).status_code == 303
    assert visitor.get(PAGE, headers={"Host": "attacker.example"}).status_code == 303


def test_requests_of_a_session_count_against_its_key(tmp_path):
    with running_app(f"sqlite:///{tmp_path}/s.sqlite3", access="locked", rate_limit_key=3) as app:
        visitor = Visitor(app)
        visitor.sign_in("check")
        answers = [visitor.get(PAGE) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert '"key"' in answers[0].headers["RateLimit"]
        assert answers[-1].headers["Retry-After"]
        assert "<h1>" in answers[-1].text


def test_a_key_that_cannot_be_looked_up_is_not_taken_for_wrong(guest, monkeypatch):
    guest.sign_in("check")
    monkeypatch.setattr("service.usecases.api_keys.FRESH_S", 0.0)

    def away(*_):
        raise StoreUnavailable("away")

    monkeypatch.setattr("service.store.keys.KeyStore.find", away)
    answer = guest.get(PAGE)
    assert answer.status_code == 503
    assert "does not answer" in answer.text


def test_a_ring_recalls_by_id_what_is_still_a_key(guest):
    ring = KeyRing(guest.app.extensions[EXTENSION].store.keys)
    made = ring.create("Ann", ("read",))
    assert ring.recall(made.record.id).name == "Ann"
    assert ring.recall("aaaaaaaaaa") is None
    ring.revoke(made.record.id)
    assert ring.recall(made.record.id) is None


def test_a_link_from_elsewhere_is_asked_for_again_so_that_the_session_comes_along(guest):
    """A browser does not send a strict cookie when a link is followed; that must not sign them out."""
    followed = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    answer = guest.get("/sign-in", headers=followed)
    assert answer.status_code == 200
    assert 'http-equiv="refresh" content="0"' in answer.text
    assert "Set-Cookie" not in answer.headers
    guest.sign_in("check")
    assert "Paste text" in guest.get(PAGE, headers=followed).text  # a browser that sends it all the same
