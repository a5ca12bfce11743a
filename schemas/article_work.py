"""The list of articles, assignments, comments, share links, and what changed between versions."""

from __future__ import annotations

from typing import Any, get_args

from marshmallow import Schema, fields, post_load, validate

from schemas.fields import OutputSchema, text_field
from schemas.jobs import Instant
from schemas.quotes import AlignmentStepSchema, one_of
from schemas.reviews import MAX_REASON
from service.store.articles.work import ArticleOrder, ArticleSearch, Comment
from service.store.records import ArticleStatus
from service.usecases.articles.article_work import MOST_DAYS
from service.usecases.articles.compare_versions import Compared, Comparison, Kind

ORDERS = get_args(ArticleOrder)


def flag(description: str) -> fields.Boolean:
    """A yes or no in a query."""
    return fields.Boolean(
        load_default=False,
        truthy={"true", "1"},
        falsy={"false", "0"},
        metadata={"description": description},
    )


class ArticleListQuerySchema(Schema):
    """Query of `GET /v1/articles`."""

    status = one_of(*get_args(ArticleStatus))
    mine = flag("Only those that your key brought or that are assigned to it.")
    only_open = flag("Only those with quotes that nobody has signed off.")
    q = text_field(metadata={"description": "Words of the headline, address, byline or publisher."})
    sort = one_of(*ORDERS, load_default="updated")
    cursor = text_field(most=64, metadata={"description": "`next` of the page before."})
    limit = fields.Integer(load_default=20, validate=validate.Range(min=1, max=100))

    def to_search(self, query: dict[str, Any], owner: str) -> ArticleSearch:
        """The search of somebody."""
        mine = owner if query["mine"] else None
        return ArticleSearch(query.get("status"), mine, query["only_open"], query.get("q"), query["sort"])


class ListedArticleSchema(OutputSchema):
    """An article in the list. `open` of its `quotes` are not signed off; `severity` is the worst."""

    id = fields.String(required=True)
    status = one_of(*get_args(ArticleStatus), required=True)
    headline = fields.String(required=True, allow_none=True)
    uri = fields.String(required=True, allow_none=True)
    publisher = fields.String(required=True, allow_none=True)
    version = fields.Integer(required=True)
    created_at = fields.DateTime(required=True)
    updated_at = fields.DateTime(required=True)
    owner = fields.String(required=True, allow_none=True)
    assignee = fields.String(required=True, allow_none=True)
    quotes = fields.Integer(required=True)
    signed = fields.Integer(required=True)
    open = fields.Integer(required=True)
    severity = fields.Integer(required=True)


class ArticleListSchema(OutputSchema):
    """A page of articles; `next` is the cursor of the page after it, or null."""

    articles = fields.List(fields.Nested(ListedArticleSchema), required=True, attribute="items")
    found = fields.Integer(required=True)
    next = fields.String(required=True, allow_none=True, attribute="next_cursor")


class AssigneeSchema(Schema):
    """Who is to sign an article off: the public id of a key with the scope `review`, or null."""

    assignee = text_field(most=32, required=True, allow_none=True)


class CommentInputSchema(Schema):
    """A comment on a quotation."""

    text = text_field(most=MAX_REASON, required=True)

    @post_load
    def to_text(self, data: dict[str, Any], **_: Any) -> str:
        """The words of the comment."""
        return str(data["text"]).strip()


class CommentSchema(OutputSchema):
    """A comment on a quotation: what, by whom and when."""

    id = fields.String(required=True)
    text = fields.String(required=True)
    by = fields.String(required=True)
    at = Instant(required=True)


class QuoteCommentsSchema(OutputSchema):
    """The comments on one quotation, the oldest first."""

    number = fields.Integer(required=True, metadata={"description": "Of the quotation, from 1."})
    quote_id = fields.String(required=True)
    comments = fields.List(fields.Nested(CommentSchema), required=True)


class CommentsSchema(OutputSchema):
    """The comments on the quotations of an article."""

    quotes = fields.List(fields.Nested(QuoteCommentsSchema), required=True)


class ShareInputSchema(Schema):
    """How long a link is to lead to its article."""

    days = fields.Integer(load_default=7, strict=True, validate=validate.Range(min=1, max=MOST_DAYS))


class ShareLinkSchema(OutputSchema):
    """A link by which an article is readable without a key."""

    id = fields.String(required=True)
    made_by = fields.String(required=True, attribute="by")
    created_at = Instant(required=True)
    expires_at = Instant(required=True)


class NewShareLinkSchema(ShareLinkSchema):
    """A new link. Its address is shown only now."""

    address = fields.String(required=True)


class ShareLinksSchema(OutputSchema):
    """The open links of an article, the newest first."""

    links = fields.List(fields.Nested(ShareLinkSchema), required=True)


class ChangesQuerySchema(Schema):
    """Query of `GET /v1/articles/{id}/changes`."""

    before = fields.Integer(data_key="from", required=True, validate=validate.Range(min=1))
    after = fields.Integer(data_key="to", required=True, validate=validate.Range(min=1))


class ComparedQuoteSchema(OutputSchema):
    """A quotation of one version."""

    number = fields.Integer(required=True)
    quote_id = fields.String(required=True)
    text = fields.String(required=True)
    speaker = fields.String(required=True, allow_none=True)
    label = fields.String(required=True, allow_none=True)
    severity = fields.Integer(required=True, allow_none=True)


class ComparedSchema(OutputSchema):
    """A quotation in both versions, or in one; `alignment` is the change of its words."""

    kind = one_of(*get_args(Kind), required=True)
    changes = fields.List(one_of("words", "speaker", "verdict"), required=True)
    before = fields.Nested(ComparedQuoteSchema, required=True, allow_none=True)
    after = fields.Nested(ComparedQuoteSchema, required=True, allow_none=True)
    alignment = fields.List(fields.Nested(AlignmentStepSchema), required=True)


class ChangesSchema(OutputSchema):
    """What changed between two versions of an article, in its quotations and their verdicts."""

    before = fields.Integer(required=True)
    after = fields.Integer(required=True)
    quotes = fields.List(fields.Nested(ComparedSchema), required=True)


def present_comment(comment: Comment) -> dict[str, Any]:
    """A comment as answers show it."""
    shown: dict[str, Any] = CommentSchema().dump(comment)
    return shown


def present_changes(comparison: Comparison) -> dict[str, Any]:
    """What changed, as answers show it."""
    rows = [present_compared(row) for row in comparison.rows]
    return {"before": comparison.before.version, "after": comparison.after.version, "quotes": rows}


def present_compared(row: Compared) -> dict[str, Any]:
    """One quotation of both versions."""
    return {
        "kind": row.kind,
        "changes": list(row.changes),
        "before": present_side(row.before, row.before_number),
        "after": present_side(row.after, row.after_number),
        "alignment": list(row.alignment),
    }


def present_side(quote: Any, number: int | None) -> dict[str, Any] | None:
    """A quotation of one version; None if it has none."""
    if quote is None:
        return None
    return {
        "number": number,
        "quote_id": quote["id"],
        "text": quote["content"]["text"],
        "speaker": quote["speaker"]["name"],
        "label": quote["verdict"].get("label"),
        "severity": quote["verdict"].get("severity"),
    }
