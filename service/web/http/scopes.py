"""Scopes: each view of the API names the scope it requires, and each request is checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Final, TypeVar, cast

from flask import Response, current_app, g, request

from schemas.strict_json import read_json
from service.errors import VerbatimError
from service.usecases.api_keys import SCOPES, Principal, Scope
from service.web.http.authentication import Admission, Asking, Authenticator, forbid
from service.web.http.parsing import StrictBlueprint
from service.web.http.rate_limits import too_many

View = TypeVar("View", bound=Callable[..., Any])
EXTENSION: Final = "verbatim-access"
#: Keys of the WSGI environment: the admission and the error of middleware that ran before Flask.
ASKED: Final = "verbatim.asked"
FAILED: Final = "verbatim.failed"
#: How OpenAPI says that keys are bearer tokens.
BEARER: Mapping[str, str] = {"type": "http", "scheme": "bearer", "description": "An API key, `vb_…`."}
REFUSALS: Final = {
    "401": "UNAUTHORIZED",
    "403": "FORBIDDEN",
    "429": "TOO_MANY_REQUESTS",
    "503": "SERVICE_UNAVAILABLE",
}


def requires(scope: Scope) -> Callable[[View], View]:
    """Put directly under the route: callers of this view need the scope. Also documents it."""
    if scope not in SCOPES:
        raise ValueError(f"no such scope: {scope}")

    def mark(view: View) -> View:
        marked: View = StrictBlueprint.doc(
            security=[{"key": []}], responses=REFUSALS, **{"x-required-scope": scope}
        )(view)
        marked.required_scope = scope  # type: ignore[attr-defined]
        return marked

    return mark


def unlocked(view: View) -> View:
    """Put directly under the route of a view of the API that authenticates callers by other means than a key.

    It has to call `spend_unasked` first, which applies the rate limits.
    """
    marked: View = StrictBlueprint.doc(security=[], responses=REFUSALS)(view)
    marked.unlocked = True  # type: ignore[attr-defined]
    return marked


def spend_unasked() -> Response | None:
    """Count a request without a key; returns the answer if its address has reached the limit."""
    limits = cast(Authenticator, current_app.extensions[EXTENSION]).limits
    g.standings = limits.spend(request.remote_addr, None)
    return too_many(g.standings, route())


def storing(view: View) -> View:
    """Put under `requires("check")` of a view that stores the article it is sent, unless the body says
    `"store": false`: it then requires the scope `write` too."""

    @wraps(view)
    def held(*args: Any, **kwargs: Any) -> Any:
        asking = principal()
        if not asking.may("write") and not declines_storing(request.get_data(cache=True)):
            return forbid("write", asking)
        return view(*args, **kwargs)

    held.also_required = "write"  # type: ignore[attr-defined]
    return held  # type: ignore[return-value]


def declines_storing(body: bytes) -> bool:
    """Whether a body has `"store": false`, or is not valid JSON, so that nothing is stored."""
    try:
        article = read_json(body.decode())
    except (ValueError, RecursionError):
        return True  # the view answers with its faults
    return not isinstance(article, dict) or article.get("store") is False


def principal() -> Principal:
    """The caller. Only in a request to a view that requires a scope."""
    return cast(Principal, g.principal)


def admit() -> Response | None:
    """Before each request: check its scope and the rate limits; returns the answer if it is refused.

    Raises StoreUnavailable if a key cannot be looked up.
    """
    scope = required_scope()
    if scope is None:
        return None
    asked: Admission | None = request.environ.get(ASKED)
    failed: VerbatimError | None = request.environ.get(FAILED)
    if asked is None and failed is None:
        key = request.args.get("key") if takes_key_parameter() else None
        authenticator = cast(Authenticator, current_app.extensions[EXTENSION])
        asked = authenticator.admit(Asking(request.environ, scope, route(), key))
    if asked is not None:
        g.principal, g.standings = asked.principal, asked.standings
    if failed is not None:
        raise failed
    return asked.refusal if asked is not None else None


def route() -> str:
    """The template of the requested address."""
    return request.url_rule.rule if request.url_rule else "unmatched"


def required_scope() -> Scope | None:
    """The scope of the requested view; None if it needs none. A view of the API that was left
    without one requires `admin`."""
    if request.endpoint is None or request.method == "OPTIONS":
        return None
    view = current_app.view_functions[request.endpoint]
    if getattr(view, "unlocked", False):
        return None
    scope = getattr(view, "required_scope", None)
    if scope is None and request.url_rule is not None and request.url_rule.rule.startswith("/v1"):
        scope = "admin"
    return cast("Scope | None", scope)


def takes_key_parameter() -> bool:
    """Whether the view accepts keys in the address, as Google's clients send them."""
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "key_parameter", False)
