"""Rendering of the review queue and of one review with its matches."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final

from flask import Response, request

from schemas.reviews import ReviewSearchSchema
from schemas.standards.nodes import as_web_address
from service.errors import NotFound
from service.store.reviews.audit import HistoryEntry
from service.store.reviews.records import ReviewRecord
from service.usecases.reviews.agreement import Figure
from service.usecases.reviews.reviews import Context, OpenedReview
from service.web.api.reviews import find_queue, reviewer
from service.web.dashboard.form_input import read_query
from service.web.dashboard.page import render
from service.web.dashboard.review import labels
from service.web.dashboard.review.form import DecisionForm
from service.web.services import services

PAGE: Final = 20  # reviews in a list
AROUND: Final = 280  # code points of the article before and after the quotation


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """An entry of the history in words."""

    action: str
    by: str
    at: datetime
    details: Mapping[str, Any]
    hash: str


def present_queue() -> Response:
    """The list, with how often people agreed with the verdicts recently."""
    dashboard, search = services().reviews, read_search()
    search.setdefault("state", "open")
    found = find_queue(dashboard, search, search.get("limit", PAGE))
    return render(
        "dashboard/review_queue.html",
        title="Review",
        section="review",
        found=found,
        search=search,
        rule=kept_rule(),
        done=find_done(),
        nothing="nothing" in request.args,
        moment=moment,
        agreement=measure_all(),
        said=labels,
    )


def present_review(
    opened: OpenedReview,
    form: DecisionForm,
    faults: dict[str, str] | None = None,
    *,
    refusal: str | None = None,
    status: int = HTTPStatus.OK,
) -> Response:
    """A review. `refusal` is why nothing was done, `faults` are those of the form."""
    dashboard, review, rule = services().reviews, opened.review, kept_rule()
    before, behind = dashboard.find_neighbours(review.id, rule.get("rule"))
    asking = reviewer()
    return render(
        "dashboard/review.html",
        title="Review",
        section="review",
        status=status,
        context=clip(opened.context),
        review=review,
        quote=review.quote,
        form=form,
        faults=faults or {},
        refusal=refusal,
        done=find_done(),
        before=before,
        behind=behind,
        rule=rule,
        mine=review.holder == asking.owner,
        undoable=review.decision is not None and (review.decision.key == asking.owner or asking.is_admin),
        history=show_history(dashboard.get_history(review.id)),
        web_address=as_web_address,
        moment=moment,
        said=labels,
    )


def find_done() -> ReviewRecord | None:
    """The review that was decided just before, in its present state; None if the address names none."""
    try:
        return services().reviews.get(request.args["done"])
    except (KeyError, NotFound):
        return None


def kept_rule() -> dict[str, Any]:
    """The rule that the queue is filtered by, from the form or the address."""
    rule = request.values.get("rule", "")
    return {"rule": rule} if rule in labels.RULES else {}


def read_search() -> dict[str, Any]:
    """The search in the query; empty and unknown parameters are ignored. Raises InvalidInput."""
    return read_query(ReviewSearchSchema(), ("state", "rule", "cursor"), "the queue cannot be asked for that")


def measure_all() -> Figure:
    """How often people agreed with the verdicts, of all decisions."""
    return services().reviews.measure_agreement(None, None, "month").total


def clip(context: Context | None) -> Context | None:
    """The part of the context next to the quotation, in whole words."""
    if context is None:
        return None
    before, after = context.before, context.after
    if len(before) > AROUND:
        before = "…" + before[-AROUND:].partition(" ")[2]
    if len(after) > AROUND:
        after = after[:AROUND].rpartition(" ")[0] + "…"
    return Context(before, context.exact, after)


def show_history(entries: Sequence[HistoryEntry]) -> list[HistoryLine]:
    """The history of a review, the newest entry first."""
    read = [(json.loads(entry.entry), entry.hash) for entry in reversed(entries)]
    return [
        HistoryLine(
            said["action"], said["by"], datetime.fromisoformat(said["at"]), said["details"] or {}, hash_
        )
        for said, hash_ in read
    ]


def moment(seconds: float) -> datetime:
    """A time in seconds since 1970 as a date-time in UTC."""
    return datetime.fromtimestamp(seconds, UTC)
