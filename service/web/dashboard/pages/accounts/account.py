"""A person's own account: what they may do, their password, and signing out everywhere."""

from __future__ import annotations

from http import HTTPStatus

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from service.errors import InvalidInput
from service.store.accounts import AccountRecord
from service.usecases.passwords import SHORTEST
from service.web.dashboard import password_guesses, session
from service.web.dashboard.error_pages import ask_to_sign_in
from service.web.dashboard.page import blueprint, page, render
from service.web.dashboard.pages.accounts.people import ROLE_WORDS
from service.web.http.scopes import principal
from service.web.services import services


@blueprint.get("/account")
@page("read")
def show_account() -> WerkzeugResponse:
    """The person's account."""
    found = find_own()
    return present_account(found) if found else ask_to_sign_in()


@blueprint.post("/account/password")
@page("read")
def change_password() -> WerkzeugResponse:
    """Change the password; sessions in other browsers end, this one goes on as a new one."""
    found = find_own()
    if found is None:
        return ask_to_sign_in()
    form = request.form
    if form.get("password", "") != form.get("again", ""):
        return present_account(found, "The two passwords differ.")
    wait = password_guesses.spend_attempt(found.email)
    if wait is not None:
        return present_account(found, f"Too many attempts; try again in {wait} s.")
    try:
        changed = services().accounts.change_password(found.id, form.get("old", ""), form["password"])
    except InvalidInput as error:
        return present_account(found, str(error))
    session.begin_for_person(changed)
    return redirect(url_for("dashboard.show_account", changed="password"), HTTPStatus.SEE_OTHER)


@blueprint.post("/account/sign-out-everywhere")
@page("read")
def sign_out_everywhere() -> WerkzeugResponse:
    """End all sessions of the person, this one too."""
    found = find_own()
    if found is not None:
        services().accounts.end_sessions(found.id)
        session.end()
    return redirect(url_for("dashboard.show_sign_in"), HTTPStatus.SEE_OTHER)


def find_own() -> AccountRecord | None:
    """The account of the person who asks; None if a key, or nobody, is signed in."""
    asking = principal()
    return services().accounts.get(asking.key_id) if asking.role and asking.key_id else None


def present_account(found: AccountRecord, fault: str | None = None) -> Response:
    """The page, with the fault of its form."""
    return render(
        "dashboard/account.html",
        title="Your account",
        section="account",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK,
        person=found,
        role=ROLE_WORDS[found.role],
        fault=fault,
        shortest=SHORTEST,
        has_changed=request.args.get("changed") == "password",
    )
