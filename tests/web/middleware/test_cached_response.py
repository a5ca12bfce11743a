"""A hit that is answered before Flask comes into it is held to all that another answer is held to."""

import io
import json

import pytest

from service.errors import StoreUnavailable
from service.store.engine.generation import GenerationWatch
from service.usecases.api_keys import KeyRing
from service.web.http.scopes import EXTENSION as ACCESS
from service.web.middleware.cached_response import MAX_BODY, find_remembered_views
from service.web.services import EXTENSION
from tests.apps import running_app

CHECK = {"quote": "every harbour in the country will be dredged before the spring"}
ARTICLE = {"body_text": "“Every harbour will be dredged,” Ann Marlow said in Grimsby.", "uri": "a:1"}
PLAIN = {"content_type": "application/json"}
MOMENTARY = {"X-Request-Id", "RateLimit", "Cache-Status"}


@pytest.fixture
def locked(tmp_path):
    """An app that lets nobody in without a key, and counts."""
    url = f"sqlite:///{tmp_path}/locked.sqlite3"
    with running_app(url, access="locked", rate_limit_key=50, rate_limit_address=500) as app:
        yield app


@pytest.fixture
def flask_asked(locked, monkeypatch):
    """The addresses that Flask was asked for."""
    asked = []
    dispatch = locked.full_dispatch_request

    def counted(*args):
        from flask import request

        asked.append(request.path)
        return dispatch(*args)

    monkeypatch.setattr(locked, "full_dispatch_request", counted)
    return asked


def key_of(app, *scopes):
    token = KeyRing(app.extensions[EXTENSION].store.keys).create("a", scopes).token
    return {"Authorization": f"Bearer {token}"}


def ask(app, headers, path="/v1/check", body=CHECK, **others):
    return app.test_client().post(path, data=json.dumps(body), headers=headers, **{**PLAIN, **others})


def make_recalled(app, headers, path="/v1/check", body=CHECK):
    """Ask until the answer is remembered, and give the one before, which was not from memory."""
    ask(app, headers, path, body)
    return ask(app, headers, path, body)


def left_of(answer, quota="key"):
    told = dict(part.split(";r=") for part in answer.headers["RateLimit"].split(", "))
    return int(told[f'"{quota}"'].split(";")[0])


def test_the_views_whose_answers_are_remembered(locked):
    views = find_remembered_views(locked)
    assert {path: (view.scope, view.also) for path, view in views.items()} == {
        "/v1/check": ("check", None),
        "/v1/articles": ("check", "write"),
    }


def test_it_carries_the_same_headers_and_flask_is_not_asked(locked, flask_asked):
    key = key_of(locked, "check")
    long_way = make_recalled(locked, key)
    del flask_asked[:]
    recalled = ask(locked, key)
    assert flask_asked == []
    assert recalled.data == long_way.data
    kept = [(name, value) for name, value in recalled.headers if name not in MOMENTARY]
    assert kept == [(name, value) for name, value in long_way.headers if name not in MOMENTARY]
    assert [name for name, _ in recalled.headers] == [name for name, _ in long_way.headers]
    assert recalled.headers["X-Request-Id"] != long_way.headers["X-Request-Id"]


def test_each_request_is_counted_once_whichever_way_it_goes(locked):
    key = key_of(locked, "check")
    asked = [ask(locked, key) for _ in range(5)]
    assert [left_of(answer) for answer in asked] == [49, 48, 47, 46, 45]
    assert [left_of(answer, "address") for answer in asked] == [499, 498, 497, 496, 495]


def test_a_limit_ends_it(locked):
    key = key_of(locked, "check")
    answers = [ask(locked, key) for _ in range(52)]
    assert [answer.status_code for answer in answers[48:]] == [200, 200, 429, 429]
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_nobody_gets_it_without_a_key_that_may(locked, flask_asked):
    make_recalled(locked, key_of(locked, "check"))
    assert ask(locked, {}).status_code == 401
    assert ask(locked, {"Authorization": "Bearer vb_aaaaaaaaaa_" + "a" * 40}).status_code == 401
    assert ask(locked, key_of(locked, "read")).status_code == 403


def test_a_revoked_key_gets_it_no_more(locked):
    key = key_of(locked, "check")
    make_recalled(locked, key)
    assert ask(locked, key).status_code == 200
    locked.extensions[ACCESS].keys.revoke(key["Authorization"].split()[1])
    assert ask(locked, key).status_code == 401


def test_to_store_takes_the_scope_write_also_where_it_was_stored_before(locked, flask_asked):
    writing, checking = key_of(locked, "write"), key_of(locked, "check")
    make_recalled(locked, writing, "/v1/articles", ARTICLE)
    del flask_asked[:]
    assert ask(locked, writing, "/v1/articles", ARTICLE).status_code == 200
    assert flask_asked == []
    refused = ask(locked, checking, "/v1/articles", ARTICLE)
    assert (refused.status_code, flask_asked) == (403, ["/v1/articles"])


@pytest.mark.parametrize(
    "particular",
    [
        {"headers": {"Origin": "https://cms.example.org"}},
        {"headers": {"Prefer": "respond-async"}},
        {"headers": {"Idempotency-Key": "one"}},
        {"headers": {"Content-Encoding": "gzip"}},
        {"headers": {"Transfer-Encoding": "chunked"}},
        {"query_string": "a=b"},
        {"content_type": "application/json; charset=utf-8"},
    ],
)
def test_what_is_not_plain_goes_the_long_way(locked, flask_asked, particular):
    key = key_of(locked, "check", "write")
    make_recalled(locked, key)
    del flask_asked[:]
    headers = {**key, **particular.pop("headers", {})}
    ask(locked, headers, **particular)
    assert flask_asked == ["/v1/check"]


def test_a_body_without_a_length_or_too_large_goes_the_long_way(locked, flask_asked):
    key = key_of(locked, "check")
    make_recalled(locked, key)
    del flask_asked[:]
    body = json.dumps(CHECK).encode()
    chunked = {"wsgi.input": io.BytesIO(body), "wsgi.input_terminated": True, "CONTENT_LENGTH": ""}
    answer = ask(locked, key, environ_overrides=chunked)
    assert (answer.status_code, flask_asked) == (200, ["/v1/check"])
    assert ask(locked, key, body={"quote": "x" * (MAX_BODY + 1)}).status_code == 422
    assert ask(locked, key, body={"quote": "x" * 1_100_000}).status_code == 413


def test_a_sender_who_hangs_up_gets_no_answer_from_memory(locked):
    class Cut(io.BytesIO):
        def read(self, *size):
            raise ConnectionResetError

        readline = readinto = read

    key = key_of(locked, "check")
    make_recalled(locked, key)
    body = json.dumps(CHECK).encode()
    short = {"wsgi.input": io.BytesIO(body[:-9]), "wsgi.input_terminated": True}
    cut = {"wsgi.input": Cut(), "wsgi.input_terminated": True}
    for broken in (short, cut):
        environ = {"CONTENT_LENGTH": str(len(body)), **broken}
        answer = ask(locked, key, environ_overrides=environ)
        assert answer.status_code >= 400


def test_where_the_store_is_away_it_is_asked_once_and_said_so(locked, monkeypatch):
    key = key_of(locked, "check")
    make_recalled(locked, key)
    asked = []

    def away():
        asked.append(1)
        raise StoreUnavailable("away")

    monkeypatch.setattr(locked.extensions[EXTENSION].store._reader, "read_generation", away)
    answer = ask(locked, key)
    assert (answer.status_code, len(asked)) == (503, 1)
    assert int(answer.headers["Retry-After"]) > 0
    assert left_of(answer) == 47


def test_where_keys_cannot_be_looked_up_it_is_said_so(locked, monkeypatch):
    asked = []

    def away(_):
        asked.append(1)
        raise StoreUnavailable("away")

    monkeypatch.setattr(locked.extensions[ACCESS].keys._store, "find", away)
    answer = ask(locked, {"Authorization": "Bearer vb_aaaaaaaaaa_" + "a" * 40})
    assert (answer.status_code, len(asked)) == (503, 1)


def test_a_watch_that_fails_falls_back_on_the_ordinary_way(locked, flask_asked, monkeypatch):
    key = key_of(locked, "check")
    make_recalled(locked, key)
    monkeypatch.setattr(GenerationWatch, "look", lambda _: None)
    del flask_asked[:]
    assert (ask(locked, key).status_code, flask_asked) == (200, [])
