"""Who is signed in at the dashboard: a signed cookie that names a key and does not hold it.

Each request asks whether the key still counts and what it may do, so a cookie gives nothing that its key has
lost. The cookie is the dashboard's alone: the API looks at no cookies (docs/adr/0016-dashboard.md).
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from flask import Flask, Request, Response, g, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin

from service.usecases.api_keys import KeyRing, Principal

IDLE_S: Final = 2 * 3_600  # without a request, then one signs in again
LONGEST_S: Final = 12 * 3_600  # from the sign-in, whatever one does
SEEN_EVERY_S: Final = 60  # so often the cookie is written anew to say that one was here
NAME: Final = "verbatim"
#: Over https. Browsers take a cookie of this name from this very host alone, not from others of its domain.
HOST_NAME: Final = "__Host-verbatim"
FOREIGN: Final = "dashboard_request_is_foreign"


class Sessions(SecureCookieSessionInterface):
    """Flask's own signed cookies, for the dashboard; the API neither reads nor sets them."""

    digest_method = staticmethod(hashlib.sha256)

    def get_cookie_name(self, app: Flask) -> str:
        """Bound to the host where the connection is safe."""
        return HOST_NAME if request.is_secure else NAME

    def get_cookie_secure(self, app: Flask) -> bool:
        """Sent over https only, once it came that way."""
        return request.is_secure

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """What the cookie says; an empty session for the API, whatever comes with the request."""
        if request.path.startswith("/v1"):
            return self.session_class()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Set the cookie, but not by an answer to somebody else's page: the browser kept its own back, so
        this would be in its place, and sign somebody out."""
        if not g.get(FOREIGN, False):
            super().save_session(app, session, response)


def keep_sessions(app: Flask, signing: Sequence[str]) -> None:
    """Sign cookies with the first of these secrets, and believe those signed with the others too.

    Without any, a random one is made, of this process alone.
    """
    first, *others = signing or (secrets.token_hex(32),)
    app.config.update(
        SECRET_KEY=first,
        SECRET_KEY_FALLBACKS=others,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        SESSION_COOKIE_PATH="/",
        PERMANENT_SESSION_LIFETIME=timedelta(seconds=LONGEST_S),
        SESSION_REFRESH_EACH_REQUEST=False,
    )
    app.session_interface = Sessions()


def leave_alone() -> None:
    """Set no cookie with this answer."""
    g.setdefault(FOREIGN, True)


def has_cookie() -> bool:
    """Whether the request came with a session of any kind."""
    return (HOST_NAME if request.is_secure else NAME) in request.cookies


def begin(principal: Principal) -> None:
    """Sign in: a new session, with nothing in it of one that somebody may have planted before."""
    session.clear()
    now = int(time.time())
    session.update({"key": principal.key_id, "since": now, "seen": now})


def end() -> None:
    """Sign out: the cookie is taken back."""
    session.clear()


def find_signed_in(keys: KeyRing) -> Principal | None:
    """Who is signed in; None where nobody is, for too long, or where the key ended since.

    Raises StoreUnavailable where the key cannot be looked up.
    """
    key_id: Any = session.get("key")
    if not isinstance(key_id, str):
        return None
    now = time.time()
    principal = keys.recall(key_id) if _is_fresh(now) else None
    if principal is None:
        end()
        return None
    if now - session["seen"] >= SEEN_EVERY_S:
        session["seen"] = int(now)
    return principal


def _is_fresh(now: float) -> bool:
    since, seen = session.get("since"), session.get("seen")
    if not isinstance(since, int) or not isinstance(seen, int):
        return False
    return now - since < LONGEST_S and now - seen < IDLE_S
