"""Signing in at a served dashboard: its processes share the secret that nobody set, and a restart ends it."""

from __future__ import annotations

import re
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

from service.usecases.api_keys import KeyRing
from tests.functional.test_service import serving
from tests.stores import open_migrated

TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')


class Browser:
    """Keeps cookies; each request has a connection of its own, so any process may answer it."""

    def __init__(self) -> None:
        self.open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar())).open

    def read(self, url: str, fields: dict[str, str] | None = None) -> str:
        body = urllib.parse.urlencode(fields).encode() if fields else None
        with self.open(url, body, timeout=30) as answer:
            text: str = answer.read().decode()
        return text


def test_all_processes_know_who_signed_in_until_the_server_is_started_anew(tmp_path):
    database_url = f"sqlite:///{tmp_path}/store.sqlite3"
    store = open_migrated(database_url)
    key = KeyRing(store.keys).create("Ann Marlow", ("check",)).token
    store.close()
    browser = Browser()
    environment = {"DATABASE_URL": database_url, "ACCESS": "locked", "WEB_CONCURRENCY": "2"}
    with serving(**environment) as (url, process):
        [token] = TOKEN.findall(browser.read(f"{url}/sign-in"))
        browser.read(f"{url}/sign-in", {"csrf_token": token, "key": key, "next": "/articles/check"})
        for _ in range(12):
            assert "Ann Marlow" in browser.read(f"{url}/articles/check")
    assert "SESSION_SECRET is not set" in process.told
    assert key not in process.told
    with serving(**environment) as (again, _):  # on another port, which cookies do not tell apart
        assert "Ann Marlow" not in browser.read(f"{again}/articles/check")
