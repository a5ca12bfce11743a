"""How often one may ask, and how that is told."""

import re
import time

import pytest

from service.settings import Settings
from service.usecases.api_keys import KeyRing
from service.web.http.rate_limits import caller_of
from service.web.http.scopes import EXTENSION as ACCESS
from service.web.services import EXTENSION
from tests.apps import running_app
from tests.servers import running_redis

#: RFC 9651 lists of strings with integer parameters, as both fields are.
MEMBER = r'"[a-z]+"(;[a-z]+=\d+)+'
LIST = re.compile(rf"{MEMBER}(, {MEMBER})*")


@pytest.fixture
def opened(tmp_path):
    """A maker of apps of those settings, which ask for keys."""
    made = []

    def start(**settings):
        given = {"access": "locked", **settings}
        context = running_app(f"sqlite:///{tmp_path}/{len(made)}.sqlite3", **given)
        made.append(context)
        return context.__enter__()

    yield start
    for context in made:
        context.__exit__(None, None, None)


def ask(app, address="192.0.2.1", **headers):
    """The answer to a request from an address; by a key of the app's own where none is given."""
    headers = headers or key_of(app, "read")
    return app.test_client().get("/v1/quotes", headers=headers, environ_overrides={"REMOTE_ADDR": address})


def key_of(app, *scopes):
    token = KeyRing(app.extensions[EXTENSION].store.keys).create("a", scopes).token
    return {"Authorization": f"Bearer {token}"}


def test_an_address(opened):
    app = opened(rate_limit_address=3)
    answers = [ask(app) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert ask(app, "192.0.2.2").status_code == 200
    refused = answers[3]
    assert refused.content_type == "application/problem+json"
    assert "3 requests from one address in 60 seconds" in refused.get_json()["detail"]
    assert 1 <= int(refused.headers["Retry-After"]) <= 60


def test_a_key_wherever_it_is_used(opened):
    app = opened(access="locked", rate_limit_key=3, rate_limit_address=100)
    first, second = key_of(app, "read"), key_of(app, "read")
    statuses = [ask(app, f"192.0.2.{number}", **first).status_code for number in range(5)]
    assert statuses == [200, 200, 200, 429, 429]
    assert ask(app, "192.0.2.1", **second).status_code == 200


def test_all_keys_of_one_address(opened):
    app = opened(access="locked", rate_limit_key=100, rate_limit_address=3)
    statuses = [ask(app, **key_of(app, "read")).status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]


def test_what_is_left_is_told_in_structured_fields(opened):
    app = opened(access="locked", rate_limit_key=50, rate_limit_address=70)
    headers = ask(app, **key_of(app, "read")).headers
    assert headers["RateLimit-Policy"] == '"address";q=70;w=60, "key";q=50;w=60'
    told = re.fullmatch(r'"address";r=69;t=(\d+), "key";r=49;t=(\d+)', headers["RateLimit"])
    assert told
    assert all(1 <= int(seconds) <= 60 for seconds in told.groups())
    assert LIST.fullmatch(headers["RateLimit-Policy"])
    assert LIST.fullmatch(headers["RateLimit"])
    assert "RateLimit" not in app.test_client().get("/livez").headers


def test_an_answer_that_refuses_tells_it_too(opened):
    app = opened(rate_limit_address=1)
    ask(app)
    refused = ask(app)
    assert refused.headers["RateLimit"].startswith(f'"address";r=0;t={refused.headers["Retry-After"]}')


def test_none_is_none(opened):
    app = opened(rate_limit_address=0, rate_limit_key=0, rate_limit_failures=0)
    answers = [ask(app) for _ in range(30)]
    assert {answer.status_code for answer in answers} == {200}
    assert "RateLimit" not in answers[-1].headers


def test_health_is_never_limited(opened):
    app = opened(rate_limit_address=1)
    client = app.test_client()
    assert {client.get("/livez").status_code for _ in range(20)} == {200}


def test_programs_of_this_machine_are_not_limited(opened):
    client = opened(access="open", rate_limit_address=1).test_client()
    assert [client.get("/v1/quotes").status_code for _ in range(3)] == [200] * 3


def test_failed_authentications(opened):
    app = opened(access="locked", rate_limit_failures=3)
    good, wrong = key_of(app, "read"), {"Authorization": "Bearer vb_aaaaaaaaaa_" + "a" * 40}
    assert ask(app, **good).status_code == 200
    assert [ask(app, **wrong).status_code for _ in range(5)] == [401, 401, 401, 429, 429]
    assert "failed authentications" in ask(app, **wrong).get_json()["detail"]
    assert "Retry-After" in ask(app, **wrong).headers
    assert ask(app, **good).status_code == 200, "nobody can lock the owner of a key out"
    fresh = key_of(app, "read")
    time.sleep(0.3)  # while somebody guesses, a new key is known after REREAD_S
    assert ask(app, **fresh).status_code == 200, "nor that of one that was not seen before"
    other = {"Authorization": "Bearer vb_bbbbbbbbbb_" + "a" * 40}
    assert ask(app, **other).status_code == 401, "failures with one key are not those with another"
    assert ask(app, "192.0.2.2", **wrong).status_code == 401


def test_guesses_stop_at_the_database(opened, monkeypatch):
    app = opened(access="locked", rate_limit_failures=3)
    asked = []
    store = app.extensions[ACCESS].keys._store
    monkeypatch.setattr(store, "find", asked.append)
    monkeypatch.setattr(store, "find_all", lambda: asked.append("all") or [])
    monkeypatch.setattr("service.usecases.api_keys.REREAD_S", 3_600.0)
    for number in range(50):
        ask(app, Authorization=f"Bearer vb_{'abcdefghij'[number % 10] * 10}_" + "a" * 40)
    assert len(asked) == 4


def test_a_right_key_comes_in_from_an_address_that_guesses_at_it(opened):
    app = opened(rate_limit_failures=3)
    good = key_of(app, "read")
    last = "b" if good["Authorization"].endswith("a") else "a"
    guess = {"Authorization": good["Authorization"][:-1] + last}
    assert [ask(app, **guess).status_code for _ in range(5)] == [401, 401, 401, 429, 429]
    assert ask(app, **good).status_code == 200


def test_two_processes_share_a_count(opened):
    with running_redis() as server:
        settings = {"redis_url": server.url, "rate_limit_address": 10}
        apps = [opened(**settings), opened(**settings)]
        statuses = [ask(apps[number % 2]).status_code for number in range(20)]
        assert statuses == [200] * 10 + [429] * 10
        server.kill()
        assert ask(apps[0]).status_code == 429, "what is known is not forgotten"
        assert ask(apps[0], "192.0.2.9").status_code == 200


@pytest.mark.parametrize(
    ("address", "who"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("192.0.2.1:4711", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::9]:80", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        (None, "unknown"),
        ("unix:", "unknown"),
        ("a\r\nb", "unknown"),
    ],
)
def test_whom_an_address_stands_for(address, who):
    assert caller_of(address) == who


def test_the_defaults_let_a_newsroom_work():
    assert Settings().rate_limit_key >= 600
    assert Settings().rate_limit_address >= Settings().rate_limit_key
