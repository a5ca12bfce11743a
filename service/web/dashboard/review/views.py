"""The review queue of the dashboard: list, claim, agree, decide otherwise, skip, undo.

After a decision, the next review is claimed and shown, unless the
review was opened from elsewhere. Everything works without scripts; keyboard shortcuts press the buttons.
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
    """The open reviews, the most urgent first; or those in another state."""
    return present_queue()


@blueprint.get("/review/queue.csv")
@page("review")
def export_queue() -> Response:
    """The whole queue as a table."""
    return stream_queue(services().reviews, read_search())


@blueprint.post("/review/next")
@page("review")
def take_next() -> WerkzeugResponse:
    """Claim the most urgent review that is not claimed."""
    return go_on(None)


@blueprint.get("/review/<string:review_id>")
@page("review")
def show_review(review_id: str) -> Response:
    """One review with its context."""
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
    """Claim this review, or extend the claim."""
    return act(review_id, lambda dashboard, change: dashboard.claim(change))


@blueprint.post("/review/<string:review_id>/release")
@page("review")
def release_review(review_id: str) -> WerkzeugResponse:
    """Release the claim."""
    return act(review_id, lambda dashboard, change: dashboard.release(change))


@blueprint.post("/review/<string:review_id>/skip")
@page("review")
def skip_review(review_id: str) -> WerkzeugResponse:
    """Skip the review, and go on to the next."""
    remark = request.form.get("remark", "").strip()[:REMARK] or None
    return act(review_id, lambda dashboard, change: dashboard.skip(change, remark), goes_on=True)


@blueprint.post("/review/<string:review_id>/undo")
@page("review")
def undo_decision(review_id: str) -> WerkzeugResponse:
    """Undo a decision."""
    remark = request.form.get("remark", "").strip()[:REMARK] or None
    return act(review_id, lambda dashboard, change: dashboard.undo(change, remark))


@blueprint.post("/review/<string:review_id>/agree")
@page("review")
def agree_with_machine(review_id: str) -> WerkzeugResponse:
    """Agree with the automatic verdict."""
    reason = request.form.get("reason", "").strip() or AGREED
    review = services().reviews.open(review_id).review
    return decide(review_id, lambda: agree(review, reason), begin_form(review))


@blueprint.post("/review/<string:review_id>/decide")
@page("review")
def decide_otherwise(review_id: str) -> WerkzeugResponse:
    """Decide by the form."""
    form = read_form(request.form)
    return decide(review_id, lambda: read_decision(form), form)


def decide(review_id: str, read: Callable[[], Decision], form: DecisionForm) -> WerkzeugResponse:
    """Store a decision; its faults are shown in the form."""
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
    """Change a review if it is as it was read; shows it, or the next one, or why it was not changed."""
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
    """Claim and show the next review, with what was done to the last; the queue if none is open."""
    dashboard, who, rule = services().reviews, reviewer(), kept_rule()
    taken = dashboard.claim_next(rule.get("rule"), who)
    if taken is not None and taken.review.id == done:  # only the skipped review is left
        dashboard.release(Change(taken.review.id, who))
        taken = None
    query: dict[str, Any] = rule | ({"done": done} if done else {})
    if taken is None:
        return redirect(url_for("dashboard.show_queue", **query, nothing="1"), HTTPStatus.SEE_OTHER)
    return redirect(
        url_for("dashboard.show_review", review_id=taken.review.id, **query), HTTPStatus.SEE_OTHER
    )
