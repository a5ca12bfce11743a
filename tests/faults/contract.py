"""Every answer held to the service's own OpenAPI description."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from openapi_schema_validator import OAS31Validator
from werkzeug.test import TestResponse

METHODS = ("get", "put", "post", "delete", "patch")


class Contract:
    """The description of an app, to be asked about its answers."""

    def __init__(self, app: Flask) -> None:
        self.description: dict[str, Any] = app.test_client().get("/openapi.json").get_json()
        self._router = app.url_map.bind("localhost")
        self._paths = {
            rule.endpoint: path
            for path in self.description["paths"]
            for rule in app.url_map.iter_rules()
            if str(rule.rule).replace("<string:", "{").replace("<int:", "{").replace(">", "}") == path
        }
        self._validators: dict[str, OAS31Validator] = {}

    @cached_property
    def operations(self) -> list[tuple[str, str]]:
        """Method and path of everything that is described."""
        paths = self.description["paths"].items()
        return [(method, path) for path, item in paths for method in METHODS if method in item]

    def find_violation(self, method: str, response: TestResponse) -> str | None:
        """What in an answer goes against the description, None where nothing does."""
        if response.status_code >= 500 and response.status_code != 503:
            return f"status {response.status_code}: {response.text[:300]}"
        described = self._describe(method, response)
        if described is None:  # no such address or method: a problem all the same
            described = self.description["components"]["responses"]["DEFAULT_ERROR"]
        content = described.get("content")
        if not content:
            return f"status {response.status_code} has a body" if response.data else None
        if response.mimetype not in content:
            return f"status {response.status_code} as {response.mimetype}, described: {list(content)}"
        if not response.mimetype.endswith("json") or response.mimetype == "application/x-ndjson":
            return None
        validator = self._validator(content[response.mimetype]["schema"])
        error = next(validator.iter_errors(json.loads(response.data)), None)
        return f"status {response.status_code}: {error.json_path}: {error.message[:300]}" if error else None

    def _describe(self, method: str, response: TestResponse) -> dict[str, Any] | None:
        try:
            endpoint, _ = self._router.match(response.request.path, method.upper())
        except Exception:  # not found, wrong method, redirect: nothing of that is described
            return None
        path = self._paths.get(endpoint)
        operation = self.description["paths"][path].get(method) if path else None
        if operation is None:
            return None
        responses = operation["responses"]
        found: dict[str, Any] = responses.get(str(response.status_code), responses.get("default"))
        return self._resolve(found)

    def _resolve(self, described: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in described:
            place: Any = self.description
            for part in described["$ref"].removeprefix("#/").split("/"):
                place = place[part]
            described = place
        return described

    def _validator(self, schema: dict[str, Any]) -> OAS31Validator:
        key = json.dumps(schema, sort_keys=True)
        if key not in self._validators:
            whole = {"allOf": [schema], "components": self.description["components"]}
            self._validators[key] = OAS31Validator(whole)
        return self._validators[key]


def send(
    client: FlaskClient, method: str, path: str, body: bytes, mimetype: str, **headers: str
) -> TestResponse:
    """One request, its answer read whole."""
    response = client.open(path, method=method.upper(), data=body, content_type=mimetype, headers=headers)
    response.get_data()
    response.close()  # what the answer holds on to is given back then
    return response
