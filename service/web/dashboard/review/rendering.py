"""The pages of the review queue, rendered: the list, and one review with what was found for its words."""

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
from service.web.dashboard.review import labels as review_words
from service.web.dashboard.review.form import DecisionForm
from service.web.services import services

PAGE: Final = 20  # reviews in a list
AROUND: Final = 280  # code points of the article before the words, and behind them


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """An entry of the record, for people."""

    action: str
    by: str
    at: datetime
    details: Mapping[str, Any]
    hash: str


def present_queue() -> Response:
    """The list, with how often people agreed with the machine of late."""
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
        said=review_words,
    )


def present_review(
    opened: OpenedReview,
    form: DecisionForm,
    faults: dict[str, str] | None = None,
    *,
    refusal: str | None = None,
    status: int = HTTPStatus.OK,
) -> Response:
    """A review. `refusal` says why nothing was done, `faults` what is wrong with the form."""
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
        said=review_words,
    )


def find_done() -> ReviewRecord | None:
    """The review that was dealt with just before, as it is now; None where the address names none."""
    try:
        return services().reviews.get(request.args["done"])
    except (KeyError, NotFound):
        return None


def kept_rule() -> dict[str, Any]:
    """The rule that one works by, from the form or the address."""
    rule = request.values.get("rule", "")
    return {"rule": rule} if rule in review_words.RULES else {}


def read_search() -> dict[str, Any]:
    """What of the queue is asked for; what is empty or unknown is not. Raises InvalidInput for the rest."""
    return read_query(ReviewSearchSchema(), ("state", "rule", "cursor"), "the queue cannot be asked for that")


def measure_all() -> Figure:
    """How often people agreed with the machine, of all that they decided."""
    return services().reviews.measure_agreement(None, None, "month").total


def clip(context: Context | None) -> Context | None:
    """The nearer part of the context, which begins and ends with whole words."""
    if context is None:
        return None
    before, after = context.before, context.after
    if len(before) > AROUND:
        before = "…" + before[-AROUND:].partition(" ")[2]
    if len(after) > AROUND:
        after = after[:AROUND].rpartition(" ")[0] + "…"
    return Context(before, context.exact, after)


def show_history(entries: Sequence[HistoryEntry]) -> list[HistoryLine]:
    """The record of a review, the newest entry first."""
    read = [(json.loads(entry.entry), entry.hash) for entry in reversed(entries)]
    return [
        HistoryLine(
            said["action"], said["by"], datetime.fromisoformat(said["at"]), said["details"] or {}, hash_
        )
        for said, hash_ in read
    ]


def moment(seconds: float) -> datetime:
    """A time of the store's, in UTC."""
    return datetime.fromtimestamp(seconds, UTC)
