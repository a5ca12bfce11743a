"""Reviews: doubtful verdicts for a person to decide, and the decisions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from flask import Response, request
from werkzeug.wrappers import Response as WerkzeugResponse

from schemas.answers import encode_json, present
from schemas.review_answers import (
    AgreementSchema,
    ReviewHistorySchema,
    ReviewLineSchema,
    ReviewPageSchema,
    ReviewSchema,
    describe_entry,
    describe_line,
    describe_opened,
)
from schemas.reviews import (
    AgreementSearchSchema,
    ClaimInputSchema,
    DecisionInputSchema,
    NextInputSchema,
    RemarkInputSchema,
    ReviewSearchSchema,
)
from schemas.standards.claim_review import present_claim_review
from schemas.standards.representations import CSV, JSON, JSON_LD, format_query
from schemas.standards.spreadsheets import REVIEW_COLUMNS, review_row
from service.errors import NotFound
from service.store.reviews.records import Decision, Reviewer, ReviewPage
from service.usecases.reviews.agreement import Agreement
from service.usecases.reviews.reviews import Change, OpenedReview, ReviewService
from service.web.api.jobs import owner_name
from service.web.http.conditions import conditional_change, conditional_read, tags_of
from service.web.http.idempotency import idempotent
from service.web.http.negotiation import (
    add_alternates,
    addresses,
    answer_document,
    choose,
    offers,
    stream_table,
)
from service.web.http.overload import lasting
from service.web.http.parsing import StrictBlueprint
from service.web.http.scopes import principal, requires
from service.web.services import answer_json, services

blueprint = StrictBlueprint("reviews", __name__, url_prefix="/v1/reviews", description=__doc__ or "")
OPENED = ReviewSchema(exclude=("quote",))
PAGE: Final = 20  # reviews, unless the search says otherwise
READ_AT_ONCE: Final = 100  # reviews of a table
QUEUE_FORMS: Final = (JSON, CSV)
REVIEW_FORMS: Final = (JSON, JSON_LD)


@blueprint.get("")
@requires("review")
@offers(*QUEUE_FORMS)
@blueprint.arguments(ReviewSearchSchema, location="query")
@blueprint.response(200, ReviewPageSchema)
def list_reviews(search: dict[str, Any]) -> Response:
    """List the review queue: the most urgent first, then the least skipped, then the oldest.

    A verdict enters the queue when its article is stored and one of the `rules` applies. Checks that are not
    stored are not reviewed. As CSV, all reviews are streamed in one answer, from the cursor on if there is
    one.
    """
    reviews = services().reviews
    if choose(search, *QUEUE_FORMS) == CSV:
        return stream_queue(reviews, search)
    page = find_queue(reviews, search, search.get("limit", PAGE))
    listed = {"reviews": [describe_line(review) for review in page.items], "next": page.next_cursor}
    response = answer_json(present(ReviewPageSchema(), listed))
    response.vary.add("Accept")
    return response


def find_queue(reviews: ReviewService, search: dict[str, Any], limit: int) -> ReviewPage:
    """A page of the queue."""
    return reviews.find_page(search.get("state"), search.get("rule"), search.get("cursor"), limit)


@lasting
def stream_queue(reviews: ReviewService, search: dict[str, Any]) -> Response:
    """The whole queue as a table."""
    first = find_queue(reviews, search, search.get("limit", READ_AT_ONCE))  # may raise InvalidInput
    return stream_table(REVIEW_COLUMNS, queue_rows(reviews, search, first), "verbatim-reviews.csv")


def queue_rows(
    reviews: ReviewService, search: dict[str, Any], page: ReviewPage
) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of a page and of all that follow."""
    line = ReviewLineSchema()
    while True:
        yield [review_row(line.dump(describe_line(review))) for review in page.items]
        if page.next_cursor is None:
            return
        page = find_queue(reviews, search | {"cursor": page.next_cursor}, READ_AT_ONCE)


@blueprint.get("/agreement")
@requires("review")
@blueprint.arguments(AgreementSearchSchema, location="query")
@blueprint.response(200, AgreementSchema)
def get_agreement(search: dict[str, Any]) -> Agreement:
    """How often people agree with the machine: over time, by rule and by verdict.

    Only doubtful verdicts are reviewed, so this is not the share of all verdicts that are right. A decision
    counts on the day it was made; a decision that was undone does not count.
    """
    return services().reviews.measure_agreement(search.get("since"), search.get("until"), search["by"])


@blueprint.post("/next")
@requires("review")
@idempotent
@blueprint.arguments(NextInputSchema)
@blueprint.response(200, ReviewSchema)
@blueprint.alt_response(204, description="Nothing is waiting that nobody has claimed.")
def claim_next(asked: dict[str, Any]) -> WerkzeugResponse:
    """Claim the most urgent review that is not claimed. Concurrent requests get different reviews."""
    opened = services().reviews.claim_next(asked.get("rule"), reviewer(), asked["seconds"])
    return answer_opened(opened) if opened else Response(status=204)


@blueprint.get("/<string:review_id>")
@requires("review")
@conditional_read
@offers(*REVIEW_FORMS)
@blueprint.arguments(format_query("ReviewForm", *REVIEW_FORMS), location="query")
@blueprint.response(200, ReviewSchema)
@blueprint.alt_response(304, description="The review is the one whose ETag was sent.")
def get_review(query: dict[str, Any], review_id: str) -> WerkzeugResponse:
    """Read a review: the quotation in its context, its verdict and its matches.

    As JSON-LD, a decided review is a schema.org ClaimReview; 404 for any other.
    """
    form = choose(query, *REVIEW_FORMS)
    opened = services().reviews.open(review_id)
    if form == JSON:
        forms = REVIEW_FORMS if opened.review.decision else (JSON,)
        return add_alternates(answer_opened(opened).make_conditional(request), form, forms)
    claim_review = present_claim_review(opened.review, addresses())
    if claim_review is None:
        raise NotFound("there is a ClaimReview only of a review that is decided")
    return answer_document(claim_review, form, *REVIEW_FORMS)


@blueprint.get("/<string:review_id>/history")
@requires("review")
@blueprint.response(200, ReviewHistorySchema)
def get_review_history(review_id: str) -> dict[str, Any]:
    """Read the log of a review: what was done, by whom and when. Entries are never changed or deleted.

    Each entry has a hash of itself and of the entry before it in the log of all reviews. `verbatim stats
    --verify` checks these hashes; events and the server's log contain the newest one.
    """
    return {"entries": [describe_entry(entry) for entry in services().reviews.get_history(review_id)]}


@blueprint.post("/<string:review_id>/claim")
@requires("review")
@conditional_change
@idempotent
@blueprint.arguments(ClaimInputSchema)
@blueprint.response(200, ReviewSchema)
def claim_review(asked: dict[str, Any], review_id: str) -> WerkzeugResponse:
    """Claim a review so that nobody else works on it; again to extend the claim. Claims expire."""
    return answer_opened(services().reviews.claim(change(review_id), asked["seconds"]))


@blueprint.delete("/<string:review_id>/claim")
@requires("review")
@conditional_change
@blueprint.response(200, ReviewSchema)
def release_review(review_id: str) -> WerkzeugResponse:
    """Release a claim before it expires."""
    return answer_opened(services().reviews.release(change(review_id)))


@blueprint.post("/<string:review_id>/skip")
@requires("review")
@conditional_change
@idempotent
@blueprint.arguments(RemarkInputSchema)
@blueprint.response(200, ReviewSchema)
def skip_review(asked: dict[str, Any], review_id: str) -> WerkzeugResponse:
    """Skip a review: it moves behind all others of the same urgency."""
    return answer_opened(services().reviews.skip(change(review_id), asked["reason"]))


@blueprint.post("/<string:review_id>/decision")
@requires("review")
@conditional_change
@idempotent
@blueprint.arguments(DecisionInputSchema)
@blueprint.response(200, ReviewSchema)
def decide_review(decision: Decision, review_id: str) -> WerkzeugResponse:
    """Decide a review: agree with the machine or not, with a reason and evidence.

    The decision is shown beside the machine's verdict, with the name of the key, and does not replace it.
    With `If-Match`, a review that changed since it was read is not decided. The same decision again changes
    nothing.
    """
    return answer_opened(services().reviews.decide(change(review_id), decision))


@blueprint.post("/<string:review_id>/undo")
@requires("review")
@conditional_change
@idempotent
@blueprint.arguments(RemarkInputSchema)
@blueprint.response(200, ReviewSchema)
def undo_decision(asked: dict[str, Any], review_id: str) -> WerkzeugResponse:
    """Undo your decision, or with the scope `admin` any decision. The log keeps it.

    The review is open again, or superseded if the article has changed since.
    """
    return answer_opened(services().reviews.undo(change(review_id), asked["reason"]))


def reviewer() -> Reviewer:
    """The caller as a reviewer."""
    asking = principal()
    return Reviewer(owner_name(), asking.name, asking.may("admin"))


def change(review_id: str) -> Change:
    """The change that this request makes, with the version that it expects."""
    expected = tags_of(request.if_match, weak=False) if "If-Match" in request.headers else None
    return Change(review_id, reviewer(), expected)


def answer_opened(opened: OpenedReview) -> Response:
    """A review as JSON with its ETag; the quotation is as in the answer to its article."""
    members = OPENED.dump(describe_opened(opened))
    response = answer_json(encode_json(members | {"quote": opened.review.quote}))
    response.set_etag(opened.review.tag)
    return response
