"""Somebody at the dashboard: a client that signs in as people do, and sends the token that pages hand out."""

from __future__ import annotations

import json
import re
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from service.usecases.api_keys import KeyRing
from service.web.services import EXTENSION

TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')
BROWSER = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}


class Visitor:
    """A browser, as far as requests go. `base_url` may be https."""

    def __init__(self, app: Flask, base_url: str = "http://localhost") -> None:
        self.app = app
        self.base_url = base_url
        self.client = app.test_client()

    @property
    def ring(self) -> KeyRing:
        """The app's keys."""
        return KeyRing(self.app.extensions[EXTENSION].store.keys)

    def get(self, address: str, **options: Any) -> TestResponse:
        """Ask for a page."""
        options["headers"] = BROWSER | options.get("headers", {})
        return self.client.get(address, base_url=self.base_url, **options)

    def post(self, address: str, data: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        """Send a form, with the token of the page that has it."""
        options["headers"] = BROWSER | options.get("headers", {})
        fields = {"csrf_token": self.token()} | (data or {})
        response = self.client.post(address, data=fields, base_url=self.base_url, **options)
        response.request.environ["wsgi.input"].close()  # a file, where the form is large
        return response

    def token(self) -> str:
        """What a page of the dashboard hands out for its forms."""
        found = TOKEN.search(self.get("/sign-in").text)
        assert found
        return found[1]

    def sign_in(self, *scopes: str, token: str | None = None, back: str | None = None) -> TestResponse:
        """Sign in with a key, a new one of these scopes unless told."""
        key = token or self.ring.create("Ann Marlow", scopes or ("admin",)).token
        return self.post("/sign-in", {"key": key} | ({"next": back} if back else {}))

    def cookies(self) -> dict[str, str]:
        """What the browser keeps."""
        return {cookie.key: cookie.value for cookie in self.client._cookies.values()}

    def check(self, body: str, **fields: Any) -> TestResponse:
        """Check an article without scripts."""
        return self.post("/articles/check", {"body": body, **fields})

    def stream(self, body: str, **fields: Any) -> list[dict[str, Any]]:
        """Check an article as the module does; the lines that come."""
        response = self.post(
            "/articles/check", {"body": body, **fields}, headers={"Accept": "application/x-ndjson"}
        )
        assert response.status_code == 200, response.text
        return [json.loads(line) for line in response.text.splitlines()]
