"""Who may do what: every view of the API names the scope it takes, and each request is held to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any, TypeVar

from flask import current_app, g, request

from service.usecases.keys import EVERYONE, SCOPES, Principal, Scope

View = TypeVar("View", bound=Callable[..., Any])
#: How OpenAPI says that keys are bearer tokens.
BEARER: Mapping[str, str] = {"type": "http", "scheme": "bearer", "description": "An API key, `vb_…`."}


def requires(scope: Scope) -> Callable[[View], View]:
    """Put directly under the route: who calls this view must hold the scope. It also documents that."""
    if scope not in SCOPES:
        raise ValueError(f"no such scope: {scope}")

    def mark(view: View) -> View:
        view.required_scope = scope  # type: ignore[attr-defined]
        notes: dict[str, Any] = deepcopy(getattr(view, "_apidoc", {}))
        notes.setdefault("manual_doc", {})["security"] = [{"key": []}]
        view._apidoc = notes  # type: ignore[attr-defined]
        return view

    return mark


def principal() -> Principal:
    """Who asks. In a request to a view that requires a scope only."""
    asking: Principal = g.principal
    return asking


def admit() -> None:
    """Before each request: hold it to its view's scope."""
    if required_scope() is not None:
        g.principal = EVERYONE


def required_scope() -> Scope | None:
    """The scope of the view that was asked for; None where anybody may."""
    if request.endpoint is None or request.method == "OPTIONS":
        return None
    scope: Scope | None = getattr(current_app.view_functions[request.endpoint], "required_scope", None)
    return scope
