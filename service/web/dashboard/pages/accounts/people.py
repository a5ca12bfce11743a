"""The people who may sign in, for administrators: invite, change the role, disable, new link."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from service.errors import Conflict, InvalidInput
from service.usecases.accounts import NewLink
from service.web.dashboard.page import blueprint, page, render
from service.web.services import services

ROLE_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "reader": {"name": "Reader", "may": "may read what is stored."},
    "reporter": {"name": "Reporter", "may": "may read, and check and keep drafts."},
    "editor": {
        "name": "Editor or fact-checker",
        "may": "may also sign off, review and correct quotes, and add sources.",
    },
    "admin": {"name": "Administrator", "may": "may do everything, and decides who may sign in."},
}


@blueprint.get("/people")
@page("admin")
def show_people() -> Response:
    """The list, and the form to invite somebody."""
    return present_people()


@blueprint.post("/people")
@page("admin")
def invite() -> Response:
    """Add a person and show the link, this once."""
    asked = {name: request.form.get(name, "") for name in ("name", "email", "role")}
    try:
        return present_people(link=services().accounts.invite(**asked))
    except InvalidInput as error:
        return present_people(asked=asked, fault=" ".join(describe(error)))
    except Conflict as error:
        return present_people(asked=asked, fault=f"{error}.")


@blueprint.post("/people/<string:account_id>/link")
@page("admin")
def renew_link(account_id: str) -> Response:
    """Make a new link to choose a password, and show it, this once."""
    return present_people(link=services().accounts.renew_link(account_id))


@blueprint.post("/people/<string:account_id>/role")
@page("admin")
def set_role(account_id: str) -> WerkzeugResponse:
    """Change what a person may do."""
    services().accounts.set_role(account_id, request.form.get("role", ""))
    return back_to_list()


@blueprint.post("/people/<string:account_id>/disable")
@page("admin")
def disable(account_id: str) -> WerkzeugResponse:
    """End a person's sessions and let them in no more."""
    services().accounts.disable(account_id)
    return back_to_list()


@blueprint.post("/people/<string:account_id>/enable")
@page("admin")
def enable(account_id: str) -> WerkzeugResponse:
    """Let a person in again."""
    services().accounts.enable(account_id)
    return back_to_list()


def back_to_list() -> WerkzeugResponse:
    """To the list, so that loading it again repeats nothing."""
    return redirect(url_for("dashboard.show_people"), HTTPStatus.SEE_OTHER)


def describe(error: InvalidInput) -> list[str]:
    """What is wrong with the form, in words."""
    words = {"/name": "The name", "/email": "The e-mail address", "/role": "The role"}
    return [
        f"{words.get(fault.pointer, 'It')} {fault.detail[:1].lower()}{fault.detail[1:]}"
        for fault in error.faults
    ]


def present_people(
    link: NewLink | None = None, asked: Mapping[str, Any] | None = None, fault: str | None = None
) -> Response:
    """The page, with a new link or with the fault of the form."""
    address = link and url_for("dashboard.show_invitation", token=link.token, _external=True)
    return render(
        "dashboard/people.html",
        title="People",
        section="people",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK,
        people=services().accounts.find_all(),
        roles=ROLE_WORDS,
        link=link,
        address=address,
        asked=asked or {"role": "reporter"},
        fault=fault,
    )
