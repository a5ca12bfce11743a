"""The review queue for people: look, take, agree or decide otherwise, leave to others, take back.

Who works through the queue has each review in hand: after a decision the next one is taken at once. Who only
came to look stays where they are. Everything works by buttons and without scripts; keys press those buttons.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from schemas.standards.claim_review import present_claim_review
from schemas.standards.representations import JSON_LD
from service.errors import Conflict, InvalidInput, NotFound, PreconditionFailed
from service.store.reviews.records import Decision
from service.usecases.reviews.reviews import Change, OpenedReview, ReviewService
from service.web.api.reviews import reviewer, stream_queue
from service.web.dashboard.form_input import place_faults
from service.web.dashboard.page import blueprint, page
from service.web.dashboard.review.form import (
    DecisionForm,
    agree,
    begin_form,
    field_of,
    read_decision,
    read_form,
)
from service.web.dashboard.review.labels import AGREED
from service.web.dashboard.review.rendering import kept_rule, present_queue, present_review, read_search
from service.web.http.negotiation import addresses, answer_document, name_file
from service.web.services import services

REMARK: Final = 1_000  # code points
Act = Callable[[ReviewService, Change], OpenedReview]


@blueprint.get("/review")
@page("review")
def show_queue() -> Response:
    """The reviews that wait, the most urgent first; or those of another state."""
    return present_queue()


@blueprint.get("/review/queue.csv")
@page("review")
def export_queue() -> Response:
    """The same as a table, all of it."""
    return stream_queue(services().reviews, read_search())


@blueprint.post("/review/next")
@page("review")
def take_next() -> WerkzeugResponse:
    """Take the most urgent review that nobody has."""
    return go_on(None)


@blueprint.get("/review/<string:review_id>")
@page("review")
def show_review(review_id: str) -> Response:
    """One review with all there is to read."""
    opened = services().reviews.open(review_id)
    return present_review(opened, begin_form(opened.review))


@blueprint.get("/review/<string:review_id>.jsonld")
@page("review")
def export_review(review_id: str) -> WerkzeugResponse:
    """A decided review as a schema.org ClaimReview."""
    document = present_claim_review(services().reviews.open(review_id).review, addresses())
    if document is None:
        raise NotFound("there is a ClaimReview only of a review that is decided")
    return name_file(answer_document(document, JSON_LD), f"{review_id}.jsonld")


@blueprint.post("/review/<string:review_id>/claim")
@page("review")
def claim_review(review_id: str) -> WerkzeugResponse:
    """Take this one, or keep it for longer."""
    return act(review_id, lambda dashboard, change: dashboard.claim(change))


@blueprint.post("/review/<string:review_id>/release")
@page("review")
def release_review(review_id: str) -> WerkzeugResponse:
    """Give it back."""
    return act(review_id, lambda dashboard, change: dashboard.release(change))


@blueprint.post("/review/<string:review_id>/skip")
@page("review")
def skip_review(review_id: str) -> WerkzeugResponse:
    """Leave it to others, and go on."""
    remark = request.form.get("remark", "").strip()[:REMARK] or None
    return act(review_id, lambda dashboard, change: dashboard.skip(change, remark), goes_on=True)


@blueprint.post("/review/<string:review_id>/undo")
@page("review")
def undo_decision(review_id: str) -> WerkzeugResponse:
    """Take a decision back."""
    remark = request.form.get("remark", "").strip()[:REMARK] or None
    return act(review_id, lambda dashboard, change: dashboard.undo(change, remark))


@blueprint.post("/review/<string:review_id>/agree")
@page("review")
def agree_with_machine(review_id: str) -> WerkzeugResponse:
    """Decide as the machine did."""
    reason = request.form.get("reason", "").strip() or AGREED
    review = services().reviews.open(review_id).review
    return decide(review_id, lambda: agree(review, reason), begin_form(review))


@blueprint.post("/review/<string:review_id>/decide")
@page("review")
def decide_otherwise(review_id: str) -> WerkzeugResponse:
    """Decide as the form says."""
    form = read_form(request.form)
    return decide(review_id, lambda: read_decision(form), form)


def decide(review_id: str, read: Callable[[], Decision], form: DecisionForm) -> WerkzeugResponse:
    """Keep a decision; what is wrong with it is shown in the form."""
    try:
        decision = read()
        return act(
            review_id, lambda dashboard, change: dashboard.decide(change, decision), form, goes_on=True
        )
    except InvalidInput as error:
        opened = services().reviews.open(review_id)
        return present_review(
            opened, form, place_faults(error.faults, field_of), status=HTTPStatus.UNPROCESSABLE_ENTITY
        )


def act(
    review_id: str, do: Act, form: DecisionForm | None = None, *, goes_on: bool = False
) -> WerkzeugResponse:
    """Do something to a review as it was when it was read; show it, or the next, or why it was not done."""
    dashboard, who = services().reviews, reviewer()
    tag = request.form.get("tag", "")
    held = dashboard.open(review_id).review.holder == who.owner
    try:
        do(dashboard, Change(review_id, who, frozenset({tag}) if tag else None))
    except (Conflict, PreconditionFailed) as error:
        opened = dashboard.open(review_id)
        return present_review(
            opened, form or begin_form(opened.review), refusal=str(error), status=HTTPStatus.CONFLICT
        )
    if goes_on and held:
        return go_on(review_id)
    return redirect(
        url_for("dashboard.show_review", review_id=review_id, **kept_rule()), HTTPStatus.SEE_OTHER
    )


def go_on(done: str | None) -> WerkzeugResponse:
    """Take the next review and show it, telling what was done to the last; the queue, where none waits."""
    dashboard, who, rule = services().reviews, reviewer(), kept_rule()
    taken = dashboard.claim_next(rule.get("rule"), who)
    if taken is not None and taken.review.id == done:  # what was just left to others is all there is
        dashboard.release(Change(taken.review.id, who))
        taken = None
    told: dict[str, Any] = rule | ({"done": done} if done else {})
    if taken is None:
        return redirect(url_for("dashboard.show_queue", **told, nothing="1"), HTTPStatus.SEE_OTHER)
    return redirect(url_for("dashboard.show_review", review_id=taken.review.id, **told), HTTPStatus.SEE_OTHER)
