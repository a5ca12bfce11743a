"""The page of the gate before publication: its policy, the versions of it, and the overrides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Final

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from service.errors import InvalidInput, PreconditionFailed
from service.usecases.publication_gate import DECISIONS, SEVERITIES, GatePolicy, GateRules
from service.web.api.reviews import reviewer
from service.web.dashboard.labels import VERDICTS
from service.web.dashboard.page import blueprint, page, render
from service.web.http.scopes import principal
from service.web.services import services

SHOWN_OVERRIDES: Final = 50
DECISION_WORDS: Final = dict(zip(DECISIONS, ("Publish", "Warn", "Hold"), strict=True))
SEVERITY_WORDS: Final = {
    "0": "Nothing to do",
    "1": "Worth a look",
    "2": "To be fixed",
    "3": "Must not be published",
}


@blueprint.get("/publication")
@page("read")
def show_publication() -> Response:
    """What holds an article back, for all publishers or for one of them."""
    return present_publication(services().gate.read_policy(), request.args.get("publisher", "").strip())


@blueprint.post("/publication")
@page("admin")
def set_publication() -> WerkzeugResponse:
    """Set the rules of all publishers or of one, or take those of one back."""
    gate, publisher = services().gate, request.form.get("publisher", "").strip()
    present = gate.read_policy()
    try:
        changed = change(present, publisher, request.form)
        gate.set_policy(changed, reviewer(), read_version(request.form))
    except PreconditionFailed as error:
        faults = [f"Nothing was changed: {error}."]
        return present_publication(present, publisher, faults, HTTPStatus.CONFLICT)
    except InvalidInput as error:
        faults = [fault.detail for fault in error.faults] or [str(error)]
        return present_publication(present, publisher, faults, HTTPStatus.UNPROCESSABLE_ENTITY)
    kept = publisher if publisher in changed.publishers else None
    return redirect(url_for("dashboard.show_publication", publisher=kept, done="1"), HTTPStatus.SEE_OTHER)


def read_version(form: Mapping[str, str]) -> int | None:
    """The version that the form was made from."""
    version = form.get("version", "")
    return int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else None


def change(policy: GatePolicy, publisher: str, form: Mapping[str, str]) -> GatePolicy:
    """The policy with the rules of a form, for a publisher or, without one, for all."""
    if "remove" in form:
        left = {name: rules for name, rules in policy.publishers.items() if name != publisher}
        return replace(policy, publishers=left)
    rules = read_form(form)
    if not publisher:
        return replace(policy, rules=rules)
    return replace(policy, publishers={**policy.publishers, publisher: rules})


def read_form(form: Mapping[str, str]) -> GateRules:
    """The rules of a form. What is no decision is refused with the others."""
    severities: dict[str, Any] = {severity: form.get(f"severity-{severity}") for severity in SEVERITIES}
    chosen: dict[str, Any] = {label: form.get(f"label-{label}", "") for label in VERDICTS}
    unchecked: Any = form.get("unchecked", "warn")
    return GateRules(severities, {label: one for label, one in chosen.items() if one}, unchecked)


def present_publication(
    policy: GatePolicy, publisher: str, faults: list[str] | None = None, status: int = 200
) -> Response:
    """The page."""
    may_review = principal().may("review")
    return render(
        "dashboard/publication.html",
        title="What may be published",
        section="articles",
        status=status,
        policy=policy,
        publisher=publisher,
        rules=policy.publishers.get(publisher, policy.rules),
        faults=faults or [],
        is_done="done" in request.args,
        labels=VERDICTS.values(),
        decisions=[(code, DECISION_WORDS[code]) for code in DECISIONS],
        severities=SEVERITY_WORDS,
        versions=services().gate.list_policies(),
        overrides=services().gate.list_overrides(None, SHOWN_OVERRIDES).items if may_review else None,
    )
