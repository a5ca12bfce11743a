"""The OpenAPI description: when it is made, its errors, and the headers that views read themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any, Final, TypeVar

from apispec import BasePlugin
from flask import Flask, Response
from flask_smorest import Api, Blueprint

from schemas.problems import ProblemSchema
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
        for response in self.spec.components.responses.values():
            content = response.get("content", {})
            if self.DEFAULT_RESPONSE_CONTENT_TYPE in content:
                content[CONTENT_TYPE] = content.pop(self.DEFAULT_RESPONSE_CONTENT_TYPE)
