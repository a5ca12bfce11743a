"""The line of each request: by which key, from where; refused keys too, and never a key itself."""

from __future__ import annotations

import pytest
from structlog.testing import CapturingLogger

from service.usecases.api_keys import KeyRing
from service.web.http import authentication
from service.web.middleware import request_log
from service.web.services import EXTENSION
from tests.apps import running_app


@pytest.fixture
def locked(tmp_path):
    """An app that lets nobody in without a key, behind a proxy of its own."""
    database = f"sqlite:///{tmp_path}/locked.sqlite3"
    with running_app(database, access="locked", forwarded_allow_ips="127.0.0.1") as app:
        app.extensions["ring"] = KeyRing(app.extensions[EXTENSION].store.keys)
        yield app


@pytest.fixture
def logged(monkeypatch):
    """The lines that are logged, by their members."""
    logger = CapturingLogger()
    for module in (request_log, authentication):
        monkeypatch.setattr(module, "log", logger)
    return lambda: [{"event": call.args[0], **call.kwargs} for call in logger.calls]


def ask(app, token, path="/v1/quotes"):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    app.test_client().get(path, headers=headers | {"X-Forwarded-For": "192.0.2.7"}).close()


def test_a_request_names_the_key_and_the_address(locked, logged):
    new = locked.extensions["ring"].create("a key", ["read"])
    ask(locked, new.token)
    [line] = everything = logged()
    assert (line["key"], line["address"], line["status"]) == (new.record.id, "192.0.2.7", 200)
    assert new.token not in str(everything) and new.token[-40:] not in str(everything)


def test_a_refused_key_is_told_by_its_id(locked, logged):
    new = locked.extensions["ring"].create("a key", ["read"])
    locked.extensions["ring"].revoke(new.record.id)
    ask(locked, new.token)
    [refused, line] = everything = logged()
    assert (refused["key"], refused["address"]) == (new.record.id, "192.0.2.7")
    assert (line["status"], line["key"]) == (401, None)
    assert new.token[-40:] not in str(everything)
    ask(locked, "hunter2")
    refused, _ = (everything := logged())[2:]
    assert refused["key"] is None
    assert "hunter2" not in str(everything)


def test_a_request_without_a_key_is_no_failed_login(locked, logged):
    ask(locked, None)
    [line] = logged()
    assert (line["event"], line["status"], line["key"]) == ("request", 401, None)
