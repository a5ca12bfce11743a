"""Limits of wrong passwords, which do not lock the right person out.

Attempts are counted by account, whether it exists or not, and failures by address. Others can use up both
for a person. So a browser in which somebody signed in before keeps a signed cookie that says so: its attempts
at that account are counted apart, and it is let through where its address is refused (OWASP: device cookie).
"""

from __future__ import annotations

import hashlib
from typing import Any, Final, cast

from flask import Response, current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from service.cache.rate_counter import Quota
from service.store.records import hash_token
from service.usecases.accounts import normalise_email
from service.web.dashboard.page import authenticator

NAME: Final = "verbatim-browser"
HOST_NAME: Final = "__Host-verbatim-browser"
LASTS_S: Final = 365 * 86_400
MOST_KNOWN: Final = 5  # people of one browser
WINDOW_S: Final = 300
ATTEMPTS: Final = 10  # in that time, at one account by strangers, or by one browser that knows it
SALT: Final = "verbatim browser"


def spend_attempt(email: str) -> int | None:
    """Count an attempt at an account; the seconds to wait if there were too many."""
    limits = authenticator().limits
    if limits.failures is None:
        return None
    who = name_of(email)
    knows = who in known_names()
    if not knows and limits.has_failed_often(request.remote_addr):
        return limits.failures.window_s
    browser = hash_token(request.cookies.get(cookie_name(), ""))[:16] if knows else ""
    quota = Quota("passwords", ATTEMPTS, WINDOW_S)
    standing = limits.counter.spend(quota, f"{who} {browser}")
    return None if standing.is_within else max(1, standing.reset_s)


def spend_failure() -> None:
    """Count a wrong password or a wrong link by the address that it came from."""
    authenticator().limits.spend_failure(request.remote_addr, "")


def remember(response: Any, email: str) -> None:
    """Have the browser know, from now on, that this person signed in with it."""
    names = [name_of(email), *(name for name in known_names() if name != name_of(email))][:MOST_KNOWN]
    cast(Response, response).set_cookie(
        cookie_name(),
        serializer().dumps(names),
        max_age=LASTS_S,
        secure=request.is_secure,
        httponly=True,
        samesite="Strict",
        path="/",
    )


def known_names() -> list[str]:
    """Who signed in with this browser before, by the hashes of their addresses."""
    try:
        names = serializer().loads(request.cookies.get(cookie_name(), ""), max_age=LASTS_S)
    except BadSignature:
        return []
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []


def name_of(email: str) -> str:
    """What attempts at an account are counted by, of the same length for every address."""
    return hash_token(normalise_email(email))[:32]


def cookie_name() -> str:
    """The cookie's name, bound to the host with https."""
    return HOST_NAME if request.is_secure else NAME


def serializer() -> URLSafeTimedSerializer:
    """Signs with the first of the secrets of sessions, and accepts all."""
    secrets = [*current_app.config["SECRET_KEY_FALLBACKS"], current_app.config["SECRET_KEY"]]
    return URLSafeTimedSerializer(secrets, salt=SALT, signer_kwargs={"digest_method": hashlib.sha256})
