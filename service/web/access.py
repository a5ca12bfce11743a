"""Who may do what: every view of the API names the scope it takes, and each request is held to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final, TypeVar, cast

from flask import Response, current_app, g, request

from schemas.strict_json import read_json
from service.settings import AccessMode, is_loopback
from service.usecases.keys import EVERYONE, SCOPES, KeyRing, Principal, Scope
from service.web.limits import RateLimits
from service.web.problems import problem

View = TypeVar("View", bound=Callable[..., Any])
EXTENSION: Final = "verbatim-access"
REALM: Final = 'Bearer realm="verbatim"'
#: How OpenAPI says that keys are bearer tokens.
BEARER: Mapping[str, str] = {"type": "http", "scheme": "bearer", "description": "An API key, `vb_…`."}
REFUSALS: Final = {
    "401": "UNAUTHORIZED",
    "403": "FORBIDDEN",
    "429": "TOO_MANY_REQUESTS",
    "503": "SERVICE_UNAVAILABLE",
}
#: What proxies add. A request that carries one does not come from this machine, whatever its address says.
FORWARDED: Final = (
    "Forwarded",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-Real-Ip",
    "Via",
)


def requires(scope: Scope) -> Callable[[View], View]:
    """Put directly under the route: who calls this view must hold the scope. It also documents that."""
    if scope not in SCOPES:
        raise ValueError(f"no such scope: {scope}")

    def mark(view: View) -> View:
        view.required_scope = scope  # type: ignore[attr-defined]
        notes: dict[str, Any] = deepcopy(getattr(view, "_apidoc", {}))
        manual: dict[str, Any] = notes.setdefault("manual_doc", {})
        manual.update({"security": [{"key": []}], "x-required-scope": scope})
        manual["responses"] = {**REFUSALS, **manual.get("responses", {})}
        view._apidoc = notes  # type: ignore[attr-defined]
        return view

    return mark


def unlocked(view: View) -> View:
    """Put directly under the route of a view of the API that lets in by other means than a key.

    It has to call `spend_unasked` first: nobody else holds its callers to the rate limits.
    """
    view.unlocked = True  # type: ignore[attr-defined]
    notes: dict[str, Any] = deepcopy(getattr(view, "_apidoc", {}))
    manual: dict[str, Any] = notes.setdefault("manual_doc", {})
    manual["security"] = []
    manual["responses"] = {**REFUSALS, **manual.get("responses", {})}
    view._apidoc = notes  # type: ignore[attr-defined]
    return view


def spend_unasked() -> Response | None:
    """Count a request that shows no key; the answer to one too many from its address."""
    return cast(Door, current_app.extensions[EXTENSION]).limits.spend(None)


def storing(view: View) -> View:
    """Put under `requires("check")` of a view that stores the article it is sent, unless the body says
    `"store": false`: that takes the scope `write` too."""

    @wraps(view)
    def held(*args: Any, **kwargs: Any) -> Any:
        asking = principal()
        if not asking.may("write") and not declines_storing(request.get_data(cache=True)):
            return forbid("write", asking)
        return view(*args, **kwargs)

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


@dataclass(frozen=True, slots=True)
class Door:
    """Where requests are let in: by key, or without one where the server is open to them."""

    mode: AccessMode
    keys: KeyRing
    limits: RateLimits

    def admit(self) -> Response | None:
        """Hold the current request to its view's scope and to the rate limits; the answer that refuses it.

        Raises StoreUnavailable where a key cannot be looked up.
        """
        scope = required_scope()
        if scope is None:
            return None
        token = bearer_token()
        if token is None and self.mode == "local" and is_from_here():
            g.principal = EVERYONE  # its own machine is held to no limit either
            return None
        if token is None and self.mode == "open":
            g.principal = EVERYONE
            return self.limits.spend(None)
        asking = self.identify(token)
        if isinstance(asking, Response):
            return asking
        g.principal = asking
        if refusal := self.limits.spend(asking.key_id):
            return refusal
        return None if asking.may(scope) else forbid(scope, asking)

    def identify(self, token: str | None) -> Principal | Response:
        """Whose key it is; 401 where it is nobody's, 429 where too many were tried.

        A key that was right before is looked up all the same, so that nobody can lock its owner out by
        guessing from the same address.
        """
        if self.limits.has_failed_enough() and not (token and self.keys.knows(token)):
            return self.limits.spend_failure() or unauthorised(token)
        asking = self.keys.verify(token) if token else None
        if asking is None:
            return self.limits.spend_failure() or unauthorised(token)
        return asking


def admit() -> Response | None:
    """Before each request: its app's door."""
    return cast(Door, current_app.extensions[EXTENSION]).admit()


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


def bearer_token() -> str | None:
    """The key that the request shows, None where it shows none; another scheme counts as a wrong key."""
    given = request.headers.get("Authorization")
    if given is None:
        return request.args.get("key") if takes_key_parameter() else None
    scheme, _, token = given.strip().partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def takes_key_parameter() -> bool:
    """Whether the view takes keys as Google's APIs do, in the address: its clients can do nothing else."""
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "key_parameter", False)


def is_from_here() -> bool:
    """Whether a program of this machine asks, by itself and by this machine's name.

    The name counts since a web page may be made to call 127.0.0.1 by its own domain (DNS rebinding).
    """
    if any(name in request.headers for name in FORWARDED):
        return False
    host = request.headers.get("Host", "")
    name = host[1 : host.find("]")] if host.startswith("[") else host.partition(":")[0]
    return is_loopback(request.remote_addr or "") and is_loopback(name)


def unauthorised(token: str | None) -> Response:
    """401: a key is needed, or another one."""
    detail = "Send an API key: `Authorization: Bearer vb_…`."
    challenge = REALM
    if token is not None:
        detail = "This API key is unknown, revoked or expired."
        challenge += ', error="invalid_token"'
    return problem(401, detail, headers={"WWW-Authenticate": challenge})


def forbid(scope: Scope, asking: Principal) -> Response:
    """403: this key does not reach that far."""
    held = ", ".join(held for held in SCOPES if held in asking.scopes)
    challenge = f'{REALM}, error="insufficient_scope", scope="{scope}"'
    detail = f"This takes the scope {scope}; the key has {held}."
    return problem(403, detail, headers={"WWW-Authenticate": challenge})
