"""Sign in at the OpenID Connect provider, and come back."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from flask import request, session, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from service.errors import NotFound
from service.usecases.oidc import Provider, Returned, SignInRefused
from service.web.dashboard.page import authenticator, blueprint, page, render
from service.web.dashboard.pages.accounts.sign_in import is_page, let_in, present_form
from service.web.dashboard.password_guesses import spend_failure
from service.web.http.authentication import log
from service.web.services import services

BEGUN: Final = "provider"
NOT_LET_IN: Final = "You signed in, but you have no account here. Ask an administrator to invite you."


@blueprint.post("/sign-in/provider")
@page(None)
def begin_at_provider() -> WerkzeugResponse:
    """Send the browser to the provider. The session keeps what the answer is compared with."""
    back = request.form.get("next")
    provider = find_provider()
    if authenticator().limits.has_failed_often(request.remote_addr):
        return refuse("too_many", "Too many attempts came from here; try again in a minute.", 429)
    try:
        address, begun = provider.begin(redirect_uri())
    except SignInRefused as error:
        return refuse(error.reason, str(error))
    session[BEGUN] = begun | {"next": back if back and is_page(back) else None}
    # A page that leads on: after a form, browsers follow no redirect to another site (form-action).
    return render("dashboard/to_provider.html", title="Sign in", address=address, section="sign-in")


@blueprint.get("/sign-in/provider")
@page(None)
def come_back_from_provider() -> WerkzeugResponse:
    """Take the provider's answer, once: whatever it is, the same state is not accepted again."""
    provider = find_provider()
    begun: dict[str, Any] = session.pop(BEGUN, None) or {}
    try:
        identity = provider.finish(Returned(request.args, begun, redirect_uri()))
    except SignInRefused as error:
        return refuse(error.reason, str(error))
    found = services().accounts.admit(identity, dict(provider.settings.roles))
    if found is None:
        return refuse("no_account", NOT_LET_IN, HTTPStatus.FORBIDDEN)
    return let_in(found, begun.get("next"))


def find_provider() -> Provider:
    """The provider. Raises NotFound where there is none."""
    provider = services().provider
    if provider is None:
        raise NotFound("Nobody signs in at a provider here.")
    return provider


def redirect_uri() -> str:
    """Where the provider sends the browser back to; it has to be registered there."""
    return url_for("dashboard.come_back_from_provider", _external=True)


def refuse(reason: str, fault: str, status: int = HTTPStatus.UNAUTHORIZED) -> WerkzeugResponse:
    """The form with the fault; the log has the reason."""
    spend_failure()
    log.warning("provider_sign_in_refused", reason=reason, address=request.remote_addr)
    return present_form(None, fault, status, by_provider=True)
