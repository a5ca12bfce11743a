"""Sign in with e-mail address and password, or with an API key; sign out."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from flask import Response, current_app, redirect, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response as WerkzeugResponse

from service.store.accounts import AccountRecord
from service.usecases.api_keys import Principal
from service.web.dashboard import password_guesses, session
from service.web.dashboard.page import authenticator, blueprint, page, render
from service.web.http.authentication import KEY_ID, Asking, log
from service.web.services import services

HOME: Final = "/"
MAX_NEXT: Final = 2_000
MAX_KEY: Final = 200
MAX_PASSWORD: Final = 1_000
WRONG_PASSWORD: Final = "The e-mail address or the password is wrong."  # noqa: S105
WRONG: Final = "This API key is unknown, revoked or expired."


@blueprint.get("/sign-in")
@page(None)
def show_sign_in() -> Response:
    """The page with the form to sign in."""
    return present_form(request.args.get("next"))


@blueprint.post("/sign-in")
@page(None)
def sign_in() -> WerkzeugResponse:
    """Sign in by password, or by key if the form has one."""
    back = request.form.get("next")
    if "email" in request.form:
        return sign_in_by_password(request.form["email"], request.form.get("password", ""), back)
    return sign_in_by_key(request.form.get("key", "").strip(), back)


def sign_in_by_password(email: str, password: str, back: str | None) -> WerkzeugResponse:
    """Authenticate a person. The answer is the same whether the address has an account or not."""
    if not email.strip() or not password or len(email) > MAX_KEY or len(password) > MAX_PASSWORD:
        fault = "Type your e-mail address and your password."
        return present_form(back, fault, HTTPStatus.UNPROCESSABLE_ENTITY, email=email)
    wait = password_guesses.spend_attempt(email)
    if wait is not None:
        return present_wait(back, f"Too many attempts; try again in {wait} s.", str(wait), email)
    found = services().accounts.verify(email, password)
    if found is None:
        password_guesses.spend_failure()
        log.warning("password_refused", address=request.remote_addr, route="/sign-in")
        return present_form(back, WRONG_PASSWORD, HTTPStatus.UNAUTHORIZED, email=email)
    return let_in(found, back)


def let_in(found: AccountRecord, back: str | None) -> WerkzeugResponse:
    """Begin the session of a person who has proved who they are."""
    current = services().accounts.note_sign_in(found.id)
    session.begin_for_person(current)
    request.environ[KEY_ID] = current.id
    response = redirect(back if back and is_page(back) else HOME, HTTPStatus.SEE_OTHER)
    password_guesses.remember(response, current.email)
    return response


def sign_in_by_key(token: str, back: str | None) -> WerkzeugResponse:
    """Authenticate with a key, as for the API: wrong ones are counted by address."""
    if not token or len(token) > MAX_KEY:
        return present_form(back, "Type or paste an API key.", HTTPStatus.UNPROCESSABLE_ENTITY)
    found = authenticator().identify(token, Asking(request.environ, "read", "/sign-in", token))
    if not isinstance(found, Principal):
        assert found.refusal is not None
        if found.refusal.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            wait = found.refusal.headers["Retry-After"]
            return present_wait(back, f"Too many wrong keys came from here; try again in {wait} s.", wait)
        return present_form(back, WRONG, HTTPStatus.UNAUTHORIZED)
    session.begin(found)
    return redirect(back if back and is_page(back) else HOME, HTTPStatus.SEE_OTHER)


@blueprint.post("/sign-out")
@page(None)
def sign_out() -> WerkzeugResponse:
    """End the session."""
    session.end()
    return redirect(url_for("dashboard.show_sign_in"), HTTPStatus.SEE_OTHER)


def present_wait(back: str | None, fault: str, wait: str, email: str | None = None) -> Response:
    """The form, which can be sent again in so many seconds."""
    form = present_form(back, fault, HTTPStatus.TOO_MANY_REQUESTS, email=email)
    form.headers["Retry-After"] = wait
    return form


def present_form(
    back: str | None,
    fault: str | None = None,
    status: int = 200,
    email: str | None = None,
    by_provider: bool = False,
) -> Response:
    """The form, with its fault. It contains neither key nor password that was typed."""
    shown = {
        "next": back if back and is_page(back) else None,
        "fault": fault,
        "email": (email or "")[:MAX_KEY],
        "has_people": email is not None or services().accounts.has_any(),
        "by_password": email is not None,
        "provider": provider.settings.name if (provider := services().provider) else None,
    }
    shown["by_provider"] = by_provider
    return render("dashboard/sign_in.html", title="Sign in", section="sign-in", status=status, **shown)


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
