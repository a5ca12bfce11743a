"""The page behind an invitation, or behind a link to choose a new password."""

from __future__ import annotations

from http import HTTPStatus

from flask import Response, request
from werkzeug.wrappers import Response as WerkzeugResponse

from service.errors import InvalidInput, NotFound
from service.store.accounts import AccountRecord
from service.usecases.passwords import SHORTEST
from service.web.dashboard import error_pages, password_guesses
from service.web.dashboard.page import authenticator, blueprint, page, render
from service.web.dashboard.pages.accounts.sign_in import let_in
from service.web.http.rate_limits import WINDOW_S
from service.web.services import services


@blueprint.get("/invitation/<string:token>")
@page(None)
def show_invitation(token: str) -> Response:
    """The form to choose a password. Wrong links are counted by address."""
    found = find_invited(token)
    return found if isinstance(found, Response) else present_choice(found)


@blueprint.post("/invitation/<string:token>")
@page(None)
def accept_invitation(token: str) -> WerkzeugResponse:
    """Set the password, end the link, and sign the person in."""
    found = find_invited(token)
    if isinstance(found, Response):
        return found
    password = request.form.get("password", "")
    if password != request.form.get("again", ""):
        return present_choice(found, "The two passwords differ.")
    try:
        accepted = services().accounts.accept(token, password)
    except InvalidInput as error:
        return present_choice(found, str(error))
    return let_in(accepted, None)


def find_invited(token: str) -> AccountRecord | Response:
    """Whose link it is; the answer if it is nobody's."""
    if authenticator().limits.has_failed_often(request.remote_addr):
        refusal = error_pages.show(HTTPStatus.TOO_MANY_REQUESTS, "Too many wrong links came from here.")
        refusal.headers["Retry-After"] = str(WINDOW_S)
        return refusal
    try:
        return services().accounts.find_invited(token)
    except NotFound as error:
        password_guesses.spend_failure()
        return error_pages.show(HTTPStatus.NOT_FOUND, str(error))


def present_choice(found: AccountRecord, fault: str | None = None) -> Response:
    """The form, with its fault. The address of the page is told nobody."""
    response = render(
        "dashboard/invitation.html",
        title="Choose a new password" if found.password else "Welcome to Verbatim",
        section="sign-in",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK,
        person=found,
        fault=fault,
        shortest=SHORTEST,
    )
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response
