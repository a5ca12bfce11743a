"""Fact-checks: requests with ClaimReviews, and answers in the format of Google's Fact Check Tools API."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from schemas.answers import encode_json
from schemas.bulk import ImportLineSchema, describe_faults
from schemas.fields import OutputSchema, text_field
from schemas.quotes import one_of
from service.claims.factcheck import Factcheck
from service.claims.reading import Reading, read_claimreviews
from service.errors import Fault
from service.usecases.find_factchecks import FactcheckPage, FactcheckSearch, ImportedLine, ReviewedClaim

MAX_QUERY = 10_000
MAX_PAGE = 100
#: Parameters that Google's clients add to every request.
GOOGLE_PARAMETERS = (
    "$.xgafv", "access_token", "alt", "callback", "fields", "key", "oauth_token", "prettyPrint", "quotaUser",
    "uploadType", "upload_protocol",
)  # fmt: skip


GoogleParametersSchema: type[Schema] = Schema.from_dict(
    {name: fields.Raw(load_only=True) for name in GOOGLE_PARAMETERS}, name="GoogleParametersSchema"
)


class ClaimReviewLineSchema(Schema):
    """A line of an import: a ClaimReview, or a list, graph or feed of them, as publishers write them."""

    def load(self, data: Any, **_: Any) -> Reading:
        """Read a line. Raises ValidationError if it has no usable ClaimReview."""
        reading = read_claimreviews(data)
        if not reading.factchecks:
            raise ValidationError(nest_faults(reading.faults))
        return reading


def nest_faults(faults: Iterable[Fault]) -> dict[str, Any]:
    """Faults in marshmallow's nested form, by the parts of their JSON pointers."""
    messages: dict[str, Any] = {}
    for fault in faults:
        inner = messages
        for step in fault.pointer.split("/")[1:]:
            inner = inner.setdefault(step, {})
        inner.setdefault("_schema", []).append(fault.detail)
    return messages


class ImportedFactcheckSchema(OutputSchema):
    """The outcome of one fact-check of a line."""

    id = fields.String(required=True)
    outcome = one_of("added", "changed", "unchanged", required=True)


class FactcheckImportSchema(ImportLineSchema):
    """The outcome of the fact-checks of a line."""

    factchecks = fields.List(fields.Nested(ImportedFactcheckSchema))


def present_imported(result: ImportedLine) -> bytes:
    """The line of the answer for a line of the request."""
    status = "refused"
    if result.factchecks:
        fresh = any(outcome != "unchanged" for _, outcome in result.factchecks)
        status = "added" if fresh else "duplicate"
    members: dict[str, Any] = {"line": result.number, "status": status}
    if result.factchecks:
        members["factchecks"] = [{"id": name, "outcome": outcome} for name, outcome in result.factchecks]
    if result.faults:
        members["errors"] = describe_faults(result.faults)
    return encode_json(members) + b"\n"


class ClaimSearchSchema(GoogleParametersSchema):  # type: ignore[valid-type,misc]
    """Query of `GET /v1/factcheck/claims:search`, with the names of Google's API."""

    query = text_field(
        most=MAX_QUERY, blank=True, load_default="", metadata={"description": "A claim, in any words."}
    )
    languageCode = text_field(most=35, metadata={"description": "BCP 47; the region does not count."})
    reviewPublisherSiteFilter = text_field(metadata={"description": "The publisher's host: nytimes.com."})
    maxAgeDays = fields.Integer(
        validate=validate.Range(min=0, max=1_000_000),
        metadata={"description": "By claim date or review date, whichever is newer."},
    )
    pageSize = fields.Integer(load_default=10, validate=validate.Range(min=0, max=10_000))
    pageToken = text_field(blank=True, metadata={"description": "`nextPageToken` of the page before."})
    offset = fields.Integer(load_default=0, validate=validate.Range(min=0, max=1_000_000))

    @validates_schema
    def asks_for_something(self, data: dict[str, Any], **_: Any) -> None:
        """Require a query or a site, as Google does."""
        if not data.get("query", "").strip() and not data.get("reviewPublisherSiteFilter"):
            raise ValidationError("Give a query, or reviewPublisherSiteFilter.", "query")

    @post_load
    def to_search(self, data: dict[str, Any], **_: Any) -> FactcheckSearch:
        """The search as the use case takes it. A page has 100 claims at most."""
        site = data.get("reviewPublisherSiteFilter")
        return FactcheckSearch(
            query=data["query"].strip() or None,
            language=data.get("languageCode"),
            site=site.strip().lower().removeprefix("www.") if site else None,
            max_age_days=data.get("maxAgeDays"),
            size=min(data["pageSize"] or 10, MAX_PAGE),
            offset=read_token(data["pageToken"]) if data.get("pageToken") else data["offset"],
        )


def read_token(token: str) -> int:
    """The offset of a page. Raises ValidationError for an invalid token."""
    digits = token.removeprefix("o")
    if not (token.startswith("o") and digits.isascii() and digits.isdigit() and len(digits) <= 6):
        raise ValidationError("Not a page token of this server.", "pageToken")
    return int(digits)


class ReviewPublisherSchema(OutputSchema):
    """The publisher of a review."""

    name = fields.String()
    site = fields.String()


class ClaimReviewSchema(OutputSchema):
    """A review of a claim."""

    publisher = fields.Nested(ReviewPublisherSchema)
    url = fields.String()
    title = fields.String()
    reviewDate = fields.DateTime()
    textualRating = fields.String()
    languageCode = fields.String()


class ReviewedClaimSchema(OutputSchema):
    """A claim with its reviews."""

    text = fields.String()
    claimant = fields.String()
    claimDate = fields.DateTime()
    claimReview = fields.List(fields.Nested(ClaimReviewSchema))


class ClaimPageSchema(OutputSchema):
    """The answer of Google's `claims:search`; unknown members are left out."""

    claims = fields.List(fields.Nested(ReviewedClaimSchema))
    nextPageToken = fields.String()


def present_page(page: FactcheckPage) -> bytes:
    """A page in the format of Google's API."""
    members: dict[str, Any] = {}
    if page.claims:
        members["claims"] = [describe_claim(claim) for claim in page.claims]
    if page.next_offset is not None:
        members["nextPageToken"] = f"o{page.next_offset}"
    return encode_json(members)


def describe_claim(claim: ReviewedClaim) -> dict[str, Any]:
    """The known members of a claim."""
    members = {
        "text": claim.text,
        "claimant": claim.claimant,
        "claimDate": moment(claim.claimed_on),
        "claimReview": [describe_review(review) for review in claim.reviews],
    }
    return {name: value for name, value in members.items() if value is not None}


def describe_review(review: Factcheck) -> dict[str, Any]:
    """The known members of a review."""
    publisher = {"name": review.publisher, "site": review.site}
    members = {
        "publisher": {name: value for name, value in publisher.items() if value},
        "url": review.url,
        "title": review.title,
        "reviewDate": moment(review.reviewed_on),
        "textualRating": review.rating,
        "languageCode": review.language,
    }
    return {name: value for name, value in members.items() if value is not None}


def moment(day: date | None) -> str | None:
    """A day in Google's format."""
    return f"{day.isoformat()}T00:00:00Z" if day else None
