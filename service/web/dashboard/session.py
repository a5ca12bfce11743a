"""Sessions of the dashboard: a signed cookie with the id of a person, or with that of a key, not the key.

Each request looks up the person or the key, so a cookie grants nothing that they have
lost. Only the dashboard uses the cookie; the API ignores cookies (docs/adr/0016-dashboard.md).
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

from service.store.accounts import AccountRecord
from service.usecases.accounts import Accounts
from service.usecases.api_keys import KeyRing, Principal

IDLE_S: Final = 2 * 3_600  # without a request
LONGEST_S: Final = 12 * 3_600  # from the sign-in
SEEN_EVERY_S: Final = 60  # between updates of the time in the cookie
NAME: Final = "verbatim"
#: With https. Browsers accept a cookie of this name only from the host itself, not from others of its domain.
HOST_NAME: Final = "__Host-verbatim"
FOREIGN: Final = "dashboard_request_is_foreign"


class Sessions(SecureCookieSessionInterface):
    """Flask's signed cookies for the dashboard; the API neither reads nor sets them."""

    digest_method = staticmethod(hashlib.sha256)

    def get_cookie_name(self, app: Flask) -> str:
        """The cookie's name, bound to the host with https."""
        return HOST_NAME if request.is_secure else NAME

    def get_cookie_secure(self, app: Flask) -> bool:
        """Whether the cookie is sent over https only: if it was set over https."""
        return request.is_secure

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of the cookie; an empty one for the API."""
        if request.path.startswith("/v1"):
            return self.session_class()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Set the cookie, unless the request came from another site: the browser withheld the cookie, so
        this would replace it, and sign the user out."""
        if not g.get(FOREIGN, False):
            super().save_session(app, session, response)


def keep_sessions(app: Flask, signing: Sequence[str]) -> None:
    """Sign cookies with the first of these secrets, and accept those signed with the others too.

    Without any, a random one is created for this process.
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
    """Set no cookie in this answer."""
    g.setdefault(FOREIGN, True)


def has_cookie() -> bool:
    """Whether the request came with a session of any kind."""
    return (HOST_NAME if request.is_secure else NAME) in request.cookies


def begin(principal: Principal) -> None:
    """Sign in by a key: a new session, without the content of the old one (session fixation)."""
    start({"key": principal.key_id})


def begin_for_person(record: AccountRecord) -> None:
    """Sign a person in: a new session, as by a key."""
    start({"account": record.id, "number": record.session_number})


def start(whose: dict[str, Any]) -> None:
    """Replace the session by a new one."""
    session.clear()
    now = int(time.time())
    session.update(whose | {"since": now, "seen": now})


def end() -> None:
    """Sign out: delete the cookie."""
    session.clear()


def find_signed_in(keys: KeyRing, accounts: Accounts) -> Principal | None:
    """The person or the key of the session; None without a session, or if it or they have ended.

    Raises StoreUnavailable if they cannot be looked up.
    """
    if "key" not in session and "account" not in session:
        return None
    now = time.time()
    principal = _recall(keys, accounts) if _is_fresh(now) else None
    if principal is None:
        end()
        return None
    if now - session["seen"] >= SEEN_EVERY_S:
        session["seen"] = int(now)
    return principal


def _recall(keys: KeyRing, accounts: Accounts) -> Principal | None:
    """Whom the session names, if they are still let in."""
    key_id: Any = session.get("key")
    account_id: Any = session.get("account")
    number: Any = session.get("number")
    if isinstance(account_id, str) and isinstance(number, int):
        return accounts.recall(account_id, number)
    return keys.recall(key_id) if isinstance(key_id, str) else None


def _is_fresh(now: float) -> bool:
    since, seen = session.get("since"), session.get("seen")
    if not isinstance(since, int) or not isinstance(seen, int):
        return False
    return now - since < LONGEST_S and now - seen < IDLE_S
