"""Authentication of requests: the key, its scopes and the rate limits.

It reads only the WSGI environment, so that it works in the same way before Flask's views
and in the middleware that answers without them (`service/web/middleware/cached_response.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import structlog
from flask import Response

from service.cache.rate_counter import Standing
from service.settings import AccessMode, is_loopback
from service.usecases.api_keys import EVERYONE, SCOPES, KeyRing, Principal, Scope, key_id_of
from service.web.http.problems import problem
from service.web.http.rate_limits import RateLimits, too_many

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

log = structlog.get_logger("verbatim.access")
#: Where the public id of the key that a request shows is left, for the line about it in the log.
KEY_ID: Final = "verbatim.key_id"
REALM: Final = 'Bearer realm="verbatim"'
#: Prefixes of headers that proxies and content delivery networks add: a request that has one comes from
#: another machine, whatever its address.
PROXY_HEADERS: Final = (
    "HTTP_FORWARDED",
    "HTTP_X_FORWARDED",
    "HTTP_X_REAL_IP",
    "HTTP_X_CLIENT_IP",
    "HTTP_X_CLUSTER_CLIENT_IP",
    "HTTP_X_ORIGINAL_",
    "HTTP_X_ENVOY_",
    "HTTP_X_AMZN_",
    "HTTP_X_AZURE_",
    "HTTP_X_APPENGINE_",
    "HTTP_X_CLOUD_TRACE_CONTEXT",
    "HTTP_X_VARNISH",
    "HTTP_X_ARR_",
    "HTTP_TRUE_CLIENT_IP",
    "HTTP_CLIENT_IP",
    "HTTP_CF_",
    "HTTP_CDN_LOOP",
    "HTTP_FASTLY_",
    "HTTP_FLY_",
    "HTTP_AKAMAI_",
    "HTTP_VIA",
)
#: nginx speaks it to what is behind it, unless told otherwise; curl and browsers do not.
OLD_PROTOCOL: Final = "HTTP/1.0"


@dataclass(frozen=True, slots=True)
class Asking:
    """A request to authenticate: the scope that its view requires, and a key that is not in its header."""

    environ: WSGIEnvironment
    scope: Scope
    route: str  # the template of its address
    key: str | None = None

    @property
    def address(self) -> str | None:
        """The address of the client."""
        return self.environ.get("REMOTE_ADDR")

    @property
    def token(self) -> str | None:
        """The key of the request, None if it has none; another scheme counts as a wrong key."""
        given = self.environ.get("HTTP_AUTHORIZATION")
        if given is None:
            return self.key
        scheme, _, token = given.strip().partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""


@dataclass(frozen=True, slots=True)
class Admission:
    """The result: the caller, the state of the rate limits, and the answer if the request is refused."""

    principal: Principal | None = None
    standings: tuple[Standing, ...] = ()
    refusal: Response | None = None


@dataclass(frozen=True, slots=True)
class Authenticator:
    """Authenticates requests by key, or without one if the server is open."""

    mode: AccessMode
    keys: KeyRing
    limits: RateLimits

    def admit(self, asking: Asking) -> Admission:
        """Check a request's scope and the rate limits, and count it.

        Raises StoreUnavailable if a key cannot be looked up.
        """
        token = asking.token
        if token is None and self.lets_in_keyless(asking.environ):
            return Admission(EVERYONE)  # held to no limit either
        found = self.identify(token, asking)
        return found if isinstance(found, Admission) else self.count(asking, found)

    def lets_in_keyless(self, environ: WSGIEnvironment) -> bool:
        """Whether a request needs no key: by ACCESS=open, and from this machine, as far as can be told."""
        return self.mode == "open" and is_from_here(environ)

    def count(self, asking: Asking, principal: Principal) -> Admission:
        """Count the request of an authenticated caller."""
        standings = self.limits.spend(asking.address, principal.key_id)
        refusal = too_many(standings, asking.route)
        if refusal is None and not principal.may(asking.scope):
            refusal = forbid(asking.scope, principal)
        return Admission(principal, standings, refusal)

    def identify(self, token: str | None, asking: Asking) -> Principal | Admission:
        """The owner of a key; 401 if there is none, 429 after too many wrong keys.

        Failures are counted by address and by the id in the key, and never lock out a right key
        out. From an address that failed often, only a key that is right by what this process has in memory is
        looked up, so that guesses do not reach the database.
        """
        is_due = not self.limits.has_failed_often(asking.address) or self.keys.is_right(token or "")
        principal = self.keys.verify(token) if token and is_due else None
        if principal is not None:
            asking.environ[KEY_ID] = principal.key_id
            return principal
        failed = too_many(self.limits.spend_failure(asking.address, key_id_of(token)), asking.route)
        if token is not None and failed is None:  # of guesses beyond the limit the request's line tells
            log.warning(
                "key_refused", key=key_id_of(token) or None, address=asking.address, route=asking.route
            )
        return Admission(refusal=failed or unauthorised(token))


def is_from_here(environ: WSGIEnvironment) -> bool:
    """Whether a program of this machine asks, directly, and by this machine's name.

    The name counts since a web page may be made to call 127.0.0.1 by its own domain (DNS rebinding), and the
    address that the server listens on since HOST does not bind a server that is not started by us. A proxy on
    the same machine that adds no header cannot be told from a program: hence ACCESS=open is for development.
    """
    if environ.get("SERVER_PROTOCOL") == OLD_PROTOCOL or any(map(is_of_proxy, environ)):
        return False
    host = environ.get("HTTP_HOST", "")
    name = host[1 : host.find("]")] if host.startswith("[") else host.partition(":")[0]
    addresses = (environ.get("REMOTE_ADDR") or "", environ.get("SERVER_NAME") or "", name)
    return all(map(is_loopback, addresses))


def is_of_proxy(name: str) -> bool:
    """Whether a WSGI variable is a header that proxies add."""
    return name.startswith(PROXY_HEADERS)


def unauthorised(token: str | None) -> Response:
    """401: the request needs a key, or another one."""
    detail = "Send an API key: `Authorization: Bearer vb_…`."
    challenge = REALM
    if token is not None:
        detail = "This API key is unknown, revoked or expired."
        challenge += ', error="invalid_token"'
    return problem(401, detail, headers={"WWW-Authenticate": challenge})


def forbid(scope: Scope, asking: Principal) -> Response:
    """403: the key does not have the scope."""
    held = ", ".join(held for held in SCOPES if held in asking.scopes)
    challenge = f'{REALM}, error="insufficient_scope", scope="{scope}"'
    detail = f"This takes the scope {scope}; the key has {held}."
    if asking.role is not None:
        detail = f"Your role, {asking.role}, does not include this (it takes the scope {scope})."
    return problem(403, detail, headers={"WWW-Authenticate": challenge})
