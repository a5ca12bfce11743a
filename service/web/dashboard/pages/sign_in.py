"""Sign in with an API key, which is exchanged for a session; sign out."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from flask import Response, current_app, redirect, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response as WerkzeugResponse

from service.usecases.api_keys import Principal
from service.web.dashboard import session
from service.web.dashboard.page import authenticator, blueprint, page, render
from service.web.http.authentication import Asking

HOME: Final = "/"
MAX_NEXT: Final = 2_000
MAX_KEY: Final = 200
WRONG: Final = "This API key is unknown, revoked or expired."


@blueprint.get("/sign-in")
@page(None)
def show_sign_in() -> Response:
    """The page with the form to sign in."""
    return present_form(request.args.get("next"))


@blueprint.post("/sign-in")
@page(None)
def sign_in() -> WerkzeugResponse:
    """Authenticate with a key, as for the API: wrong ones are counted by address."""
    token = request.form.get("key", "").strip()
    back = request.form.get("next")
    if not token or len(token) > MAX_KEY:
        return present_form(back, "Type or paste an API key.", HTTPStatus.UNPROCESSABLE_ENTITY)
    found = authenticator().identify(token, Asking(request.environ, "read", "/sign-in", token))
    if not isinstance(found, Principal):
        assert found.refusal is not None
        if found.refusal.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            wait = found.refusal.headers["Retry-After"]
            form = present_form(back, f"Too many wrong keys came from here; try again in {wait} s.", 429)
            form.headers["Retry-After"] = wait
            return form
        return present_form(back, WRONG, HTTPStatus.UNAUTHORIZED)
    session.begin(found)
    return redirect(back if back and is_page(back) else HOME, HTTPStatus.SEE_OTHER)


@blueprint.post("/sign-out")
@page(None)
def sign_out() -> WerkzeugResponse:
    """End the session."""
    session.end()
    return redirect(url_for("dashboard.show_sign_in"), HTTPStatus.SEE_OTHER)


def present_form(back: str | None, fault: str | None = None, status: int = 200) -> Response:
    """The form, with its fault. It does not contain the key that was typed."""
    safe = back if back and is_page(back) else None
    return render("dashboard/sign_in.html", title="Sign in", status=status, next=safe, fault=fault)


def is_page(address: str) -> bool:
    """Whether an address is that of a page of the dashboard on this server, and not one that a browser may
    interpret as another server."""
    if len(address) > MAX_NEXT or not address.startswith("/") or address.startswith("//"):
        return False
    if "\\" in address or not address.isprintable() or " " in address:
        return False
    path = address.partition("#")[0].partition("?")[0]
    try:
        endpoint, _ = current_app.url_map.bind("").match(path, "GET")
    except (HTTPException, RequestRedirect):
        return False
    return endpoint.startswith("dashboard.") and endpoint not in (
        "dashboard.show_sign_in",
        "dashboard.send_asset",
    )
