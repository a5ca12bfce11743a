"""Who may do what: every view of the API names the scope it takes, and each request is held to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Final, TypeVar, cast

from flask import Response, current_app, g, request

from schemas.strict_json import read_json
from service.errors import VerbatimError
from service.usecases.api_keys import SCOPES, Principal, Scope
from service.web.http.authentication import Admission, Asking, Door, forbid
from service.web.http.parsing import StrictBlueprint
from service.web.http.rate_limits import too_many

View = TypeVar("View", bound=Callable[..., Any])
EXTENSION: Final = "verbatim-access"
#: Where what stands before Flask leaves what the door said to it, and the error that it met.
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
    """Put directly under the route: who calls this view must hold the scope. It also documents that."""
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
    """Put directly under the route of a view of the API that lets in by other means than a key.

    It has to call `spend_unasked` first: nobody else holds its callers to the rate limits.
    """
    marked: View = StrictBlueprint.doc(security=[], responses=REFUSALS)(view)
    marked.unlocked = True  # type: ignore[attr-defined]
    return marked


def spend_unasked() -> Response | None:
    """Count a request that shows no key; the answer to one too many from its address."""
    limits = cast(Door, current_app.extensions[EXTENSION]).limits
    g.standings = limits.spend(request.remote_addr, None)
    return too_many(g.standings, route())


def storing(view: View) -> View:
    """Put under `requires("check")` of a view that stores the article it is sent, unless the body says
    `"store": false`: that takes the scope `write` too."""

    @wraps(view)
    def held(*args: Any, **kwargs: Any) -> Any:
        asking = principal()
        if not asking.may("write") and not declines_storing(request.get_data(cache=True)):
            return forbid("write", asking)
        return view(*args, **kwargs)

    held.also_required = "write"  # type: ignore[attr-defined]
    return held  # type: ignore[return-value]


def declines_storing(body: bytes) -> bool:
    """Whether a body asks for nothing to be stored, or is none that anything could be stored of."""
    try:
        article = read_json(body.decode())
    except (ValueError, RecursionError):
        return True  # the view says what is wrong with it
    return not isinstance(article, dict) or article.get("store") is False


def principal() -> Principal:
    """Who asks. In a request to a view that requires a scope only."""
    return cast(Principal, g.principal)


def admit() -> Response | None:
    """Before each request: hold it to its view's scope and to the rate limits; the answer that refuses it.

    Raises StoreUnavailable where a key cannot be looked up.
    """
    scope = required_scope()
    if scope is None:
        return None
    asked: Admission | None = request.environ.get(ASKED)
    failed: VerbatimError | None = request.environ.get(FAILED)
    if asked is None and failed is None:
        key = request.args.get("key") if takes_key_parameter() else None
        door = cast(Door, current_app.extensions[EXTENSION])
        asked = door.admit(Asking(request.environ, scope, route(), key))
    if asked is not None:
        g.principal, g.standings = asked.principal, asked.standings
    if failed is not None:
        raise failed
    return asked.refusal if asked is not None else None


def route() -> str:
    """The template of the address that was asked for."""
    return request.url_rule.rule if request.url_rule else "unmatched"


def required_scope() -> Scope | None:
    """The scope of the view that was asked for; None where anybody may. A view of the API that was left
    without one takes `admin`."""
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
    """Whether the view takes keys as Google's APIs do, in the address: its clients can do nothing else."""
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "key_parameter", False)
