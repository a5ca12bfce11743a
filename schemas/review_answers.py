"""Reviews: in the queue, with context and history, and beside a verdict."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from schemas.answers import encode_json
from schemas.articles import AnalysisSchema
from schemas.fields import OutputSchema
from schemas.jobs import Instant
from schemas.quotes import (
    ATTRIBUTION,
    CHANGES,
    FIDELITY,
    LABELS,
    TIME,
    QuoteSchema,
    StoredQuoteSchema,
    one_of,
)
from schemas.reviews import HUMAN_FIDELITY, STATES
from schemas.sign_offs import SignedCountSchema, SignOffSchema, add_sign_offs
from service.matching.review_triage import RULE_NAMES
from service.store import StoredArticle, StoredQuote
from service.store.records import article_source_uri
from service.store.reviews.analysis_sync import subject_of
from service.store.reviews.audit import HistoryEntry
from service.store.reviews.records import ReviewRecord
from service.store.sign_offs.records import SignOff
from service.usecases.reviews.reviews import OpenedReview
from service.usecases.reviews.sign_offs import apply_sign_offs


class GivenVerdictSchema(OutputSchema):
    """A person's verdict. `fabricated`, nobody said it, is only ever found here."""

    fidelity = one_of(*HUMAN_FIDELITY, required=True)
    attribution = one_of(*ATTRIBUTION, required=True)
    changes = fields.List(one_of(*CHANGES), required=True)
    time = one_of(*TIME, required=True)


class GivenEvidenceSchema(OutputSchema):
    """The evidence of a decision."""

    url = fields.String(required=True, allow_none=True)
    quote_id = fields.String(required=True, allow_none=True)
    note = fields.String(required=True, allow_none=True)


class DecisionSchema(OutputSchema):
    """A decision, and the name of the key it was made with."""

    verdict = fields.Nested(GivenVerdictSchema, required=True)
    reason = fields.String(required=True)
    evidence = fields.List(fields.Nested(GivenEvidenceSchema), required=True)
    decided_by = fields.String(required=True, attribute="by")
    decided_at = Instant(required=True, attribute="at")


class DoubtedVerdictSchema(OutputSchema):
    """The automatic verdict that a review is about; policy 1 gave no label."""

    label = one_of(*LABELS, required=True, allow_none=True, attribute="machine_label")
    severity = fields.Integer(required=True, allow_none=True, attribute="machine_severity")
    fidelity = one_of(*FIDELITY, required=True, attribute="machine_fidelity")
    attribution = one_of(*ATTRIBUTION, required=True, attribute="machine_attribution")
    engine = fields.String(required=True)
    policy = fields.String(required=True)


class ReviewedSchema(OutputSchema):
    """The decision of a person, shown beside the automatic verdict."""

    id = fields.String(required=True, metadata={"description": "The review."})
    decision = fields.Nested(DecisionSchema, required=True)
    machine = fields.Nested(
        DoubtedVerdictSchema,
        required=True,
        attribute="review",
        metadata={"description": "What the machine had said when it was decided."},
    )


class ReviewedQuoteSchema(QuoteSchema):
    """One quotation of a stored article; `review` if a person has decided on its verdict, `sign_off` if one
    has signed it off or corrected it.

    What was corrected is shown as corrected, and judged again; `sign_off.machine` is what the machine read.
    """

    class Meta:
        fields = (*QuoteSchema.Meta.fields, "review", "sign_off")

    review = fields.Nested(ReviewedSchema)
    sign_off = fields.Nested(SignOffSchema)


class ReviewedAnalysisSchema(AnalysisSchema):
    """The analysis of a stored article, with decisions, sign-offs and corrections that were made since.

    `signed_off` is there once something was said of one of its quotations.
    """

    quotes = fields.List(fields.Nested(ReviewedQuoteSchema), required=True)
    signed_off = fields.Nested(SignedCountSchema)


class ReviewedStoredQuoteSchema(StoredQuoteSchema):
    """A stored quote; `review` if a person has decided on its verdict in its article."""

    review = fields.Nested(ReviewedSchema)


class ReviewArticleSchema(OutputSchema):
    """The article of a review; if it was deleted, only its id is known."""

    id = fields.String(required=True)
    version = fields.Integer(required=True)
    uri = fields.String(required=True, allow_none=True)
    headline = fields.String(required=True, allow_none=True)
    publisher = fields.String(required=True, allow_none=True)


class ReviewClaimSchema(OutputSchema):
    """Who has claimed a review, and until when."""

    by = fields.String(required=True, attribute="holder_name")
    until = Instant(required=True, attribute="leased_until")


class ReviewLineSchema(OutputSchema):
    """A review in the queue. `text` and `speaker` are null if the article was deleted."""

    id = fields.String(required=True)
    state = one_of(*STATES, required=True)
    rules = fields.List(one_of(*RULE_NAMES), required=True)
    urgency = fields.Integer(required=True, metadata={"description": "1 is looked at first, 3 last."})
    skips = fields.Integer(required=True)
    article = fields.Nested(ReviewArticleSchema, required=True)
    quote_id = fields.String(required=True)
    text = fields.String(required=True, allow_none=True)
    speaker = fields.String(required=True, allow_none=True)
    machine = fields.Nested(DoubtedVerdictSchema, required=True)
    claim = fields.Nested(ReviewClaimSchema, required=True, allow_none=True)
    decision = fields.Nested(DecisionSchema, required=True, allow_none=True)
    opened_at = Instant(required=True)


class ReviewPageSchema(OutputSchema):
    """A page of reviews; `next` is the cursor of the page after it, or null."""

    reviews = fields.List(fields.Nested(ReviewLineSchema), required=True)
    next = fields.String(required=True, allow_none=True)


class ContextSchema(OutputSchema):
    """The words around the quotation in its article."""

    before = fields.String(required=True)
    exact = fields.String(required=True)
    after = fields.String(required=True)


class ReviewSchema(ReviewLineSchema):
    """A review with its quotation as it was analysed, and the context."""

    quote = fields.Nested(QuoteSchema, required=True, allow_none=True)
    context = fields.Nested(ContextSchema, required=True, allow_none=True)


class ReviewEntrySchema(OutputSchema):
    """A change of a review. `hash` is the SHA-256, in hexadecimal, of `previous`, a line feed and
    `entry` in the form of RFC 8785 (members sorted, no white space). `previous` is the hash of the entry
    before it in the record of all reviews."""

    class ReviewActionSchema(OutputSchema):
        """The entry that is hashed."""

        number = fields.Integer(required=True)
        review = fields.String(required=True)
        action = fields.String(required=True)
        by = fields.String(required=True)
        key = fields.String(required=True, allow_none=True)
        at = fields.String(required=True)
        details = fields.Dict(required=True)

    entry = fields.Nested(ReviewActionSchema, required=True)
    previous = fields.String(required=True)
    hash = fields.String(required=True)


class ReviewHistorySchema(OutputSchema):
    """The record of a review, the oldest entry first."""

    entries = fields.List(fields.Nested(ReviewEntrySchema), required=True)


class FigureSchema(OutputSchema):
    """The number of decisions, and how many agree with the automatic verdict on words and speaker.

    `low` and `high` bound the share (95 %, Wilson). A kappa (Cohen) is null if it is not defined.
    """

    decided = fields.Integer(required=True)
    agreed = fields.Integer(required=True)
    share = fields.Float(required=True, allow_none=True)
    low = fields.Float(required=True, allow_none=True)
    high = fields.Float(required=True, allow_none=True)
    kappa_fidelity = fields.Float(required=True, allow_none=True)
    kappa_attribution = fields.Float(required=True, allow_none=True)


class PeriodSchema(OutputSchema):
    """The figure of a range of days, both included."""

    start = fields.Date(required=True)
    end = fields.Date(required=True)
    figure = fields.Nested(FigureSchema, required=True)


class NamedFigureSchema(OutputSchema):
    """The figure of one rule, or of one automatic verdict."""

    name = fields.String(required=True)
    figure = fields.Nested(FigureSchema, required=True)


class CellSchema(OutputSchema):
    """How often the automatic verdict was the one and the decision the other."""

    axis = one_of("fidelity", "attribution", required=True)
    machine = fields.String(required=True)
    human = fields.String(required=True)
    count = fields.Integer(required=True)


class AgreementSchema(OutputSchema):
    """How often people agreed with the verdicts that were sent for review."""

    total = fields.Nested(FigureSchema, required=True)
    periods = fields.List(fields.Nested(PeriodSchema), required=True)
    rules = fields.List(fields.Nested(NamedFigureSchema), required=True)
    verdicts = fields.List(fields.Nested(NamedFigureSchema), required=True)
    confusion = fields.List(fields.Nested(CellSchema), required=True)


LINE = ReviewLineSchema()
REVIEWED = ReviewedSchema()
STORED = StoredQuoteSchema()


def describe_line(review: ReviewRecord) -> dict[str, Any]:
    """A review as `ReviewLineSchema` takes it."""
    members: dict[str, Any] = {name: getattr(review, name) for name in LINE.fields if hasattr(review, name)}
    return members | {
        "text": review.quote["content"]["text"] if review.quote else None,
        "speaker": review.quote["speaker"]["name"] if review.quote else None,
        "machine": review,
        "claim": review if review.holder_name else None,
    }


def describe_opened(opened: OpenedReview) -> dict[str, Any]:
    """A review as `ReviewSchema` takes it, except for the quotation, which is JSON already."""
    return describe_line(opened.review) | {"context": opened.context}


def describe_entry(entry: HistoryEntry) -> dict[str, Any]:
    """An entry of the record as `ReviewEntrySchema` takes it."""
    return {"entry": json.loads(entry.entry), "previous": entry.previous, "hash": entry.hash}


def present_reviewed_article(
    article: StoredArticle, decided: Mapping[str, ReviewRecord], signed: Mapping[str, SignOff]
) -> str:
    """A stored answer with the decisions on its quotations, by their subjects, beside the verdicts, and with
    the sign-offs, by theirs."""
    answer = json.loads(article.analysis)
    source_uri = article_source_uri(article.uri, article.text)
    for quote in answer["quotes"]:
        if (review := decided.get(subject_of(source_uri, quote))) is not None:
            quote["review"] = present_reviewed(review)
    if signed:
        answer = add_sign_offs(apply_sign_offs(article, signed), answer["quotes"])
    return encode_json(answer).decode()


def present_reviewed_quote(quote: StoredQuote, review: ReviewRecord | None) -> bytes:
    """A stored quote, with the decision on it where there is one."""
    shown: dict[str, Any] = STORED.dump(quote)
    return encode_json(shown | ({"review": present_reviewed(review)} if review else {}))


def present_reviewed(review: ReviewRecord) -> dict[str, Any]:
    """A decided review as it is beside a machine's verdict."""
    shown: dict[str, Any] = REVIEWED.dump({"id": review.id, "decision": review.decision, "review": review})
    return shown
