"""Headers that views read themselves, in the OpenAPI description."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from apispec import BasePlugin
from flask_smorest import Blueprint

View = TypeVar("View", bound=Callable[..., Any])
#: Member of an operation in which `document_parameter` leaves parameters; `HeaderPlugin` moves them.
MEMBER: Final = "x-read-by-view"


def document_parameter(view: View, parameter: Mapping[str, Any]) -> View:
    """A view that documents a header or parameter which it reads itself; `parameter` as in OpenAPI."""
    documented: View = Blueprint.doc(**{MEMBER: {parameter["name"]: dict(parameter)}})(view)
    return documented


class HeaderPlugin(BasePlugin):
    """Adds the documented parameters to those that flask-smorest finds itself."""

    def operation_helper(
        self, path: str | None = None, operations: dict[str, Any] | None = None, **_: Any
    ) -> None:
        """Called by apispec for the operations of each path."""
        for operation in (operations or {}).values():
            found = operation.pop(MEMBER, {})
            if found:
                operation["parameters"] = [*operation.get("parameters", []), *found.values()]
