"""The OpenAPI description: when it is made, its errors, and the headers that views read themselves."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any, Final, TypeVar

from apispec import BasePlugin
from flask import Flask, Response
from flask_smorest import Api, Blueprint

from schemas.problems import ProblemSchema
from schemas.property_descriptions import read_property_descriptions
from service.web.http.problems import CONTENT_TYPE

View = TypeVar("View", bound=Callable[..., Any])
#: Member of an operation in which `document_parameter` leaves parameters; `OperationPlugin` moves them.
MEMBER: Final = "x-read-by-view"


def document_parameter(view: View, parameter: Mapping[str, Any]) -> View:
    """A view that documents a header or parameter which it reads itself; `parameter` as in OpenAPI."""
    documented: View = Blueprint.doc(**{MEMBER: {parameter["name"]: dict(parameter)}})(view)
    return documented


class OperationPlugin(BasePlugin):
    """Adds the documented parameters to those that flask-smorest finds itself, and keeps operation ids
    unique: a view with two addresses is two operations."""

    def __init__(self) -> None:
        self._named: Final = Counter[str]()

    def schema_helper(self, name: str, definition: dict[str, Any], **options: Any) -> dict[str, Any]:
        """Called by apispec for each schema: its first paragraph is its description."""
        schema = options.get("schema")
        documented = inspect.getdoc(schema if isinstance(schema, type) else type(schema))
        return {"description": " ".join((documented or "").partition("\n\n")[0].split())}

    def operation_helper(
        self, path: str | None = None, operations: dict[str, Any] | None = None, **_: Any
    ) -> None:
        """Called by apispec for the operations of each path."""
        for operation in (operations or {}).values():
            found = operation.pop(MEMBER, {})
            if found:
                operation["parameters"] = [*operation.get("parameters", []), *found.values()]
            if name := operation.get("operationId"):
                self._named[name] += 1
                if self._named[name] > 1:
                    operation["operationId"] = f"{name}_{self._named[name]}"


def describe_properties(schema: str, properties: Mapping[str, dict[str, Any]]) -> None:
    """Add the common description of their name to the properties of a schema that have none."""
    descriptions = read_property_descriptions()
    for name, described in properties.items():
        if "description" not in described:
            found = descriptions.get(f"{name}:{schema}") or descriptions.get(name)
            if found:
                described["description"] = found


class ProblemApi(Api):
    """flask-smorest's API, documenting errors as the problem+json that `register_errors` makes of them.

    The description is made when it is first requested: it takes half the time of making an app, and most
    processes are never asked for it.
    """

    ERROR_SCHEMA = ProblemSchema

    def __init__(self, app: Flask) -> None:
        self._undocumented: list[Blueprint] = []
        self._documenting = Lock()
        super().__init__(app, spec_kwargs={"extra_plugins": [OperationPlugin()]})

    def register_blueprint(self, blp: Blueprint) -> None:
        """Register the views of a blueprint. Call it for all blueprints before the first request."""
        self._app.extensions["flask-smorest"]["blp_name_to_api"][blp.name] = self
        self._app.register_blueprint(blp)
        self._undocumented.append(blp)

    def _openapi_json(self) -> Response:
        with self._documenting:
            if self._undocumented:
                self._describe()
                self._undocumented.clear()
        described: Response = super()._openapi_json()
        return described

    def _describe(self) -> None:
        for blueprint in self._undocumented:
            blueprint.register_views_in_doc(self, self._app, self.spec, name=blueprint.name, parameters=None)
            self.spec.tag({"name": blueprint.name, "description": blueprint.description})
        for name, schema in self.spec.components.schemas.items():
            describe_properties(name, schema.get("properties", {}))
        for response in self.spec.components.responses.values():
            content = response.get("content", {})
            if self.DEFAULT_RESPONSE_CONTENT_TYPE in content:
                content[CONTENT_TYPE] = content.pop(self.DEFAULT_RESPONSE_CONTENT_TYPE)
