"""The request with an article, and the answer with its analysis."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validate, validates_schema

from schemas.fields import Moment, OutputSchema, refuse_blank, refuse_unstorable, text_field
from schemas.given_sources import sources_field
from schemas.quotes import LABELS, ExtractedQuoteSchema, QuoteSchema, SearchedSchema, one_of
from service.extraction.models import Acts
from service.store.records import ArticleStatus
from service.text.document import Format
from service.usecases.articles.analysis import Article

BODIES: dict[str, Format] = {"body_text": "plain", "body_html": "html", "body_markdown": "markdown"}
LANGUAGE_TAG = r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$"


def body_field(description: str) -> fields.String:
    """An article's body; its size is bounded by the request's."""
    return fields.String(validate=[refuse_unstorable, refuse_blank], metadata={"description": description})


class ArticleInputSchema(Schema):
    """An article with exactly one body. Names follow IPTC's ninjs."""

    uri = text_field(metadata={"description": "Stable identifier; the same uri again replaces the article."})
    headline = text_field(blank=True)
    byline = text_field(blank=True)
    publisher = text_field(blank=True)
    published_at = Moment(metadata={"description": "ISO 8601 date or date-time."})
    language = fields.String(validate=[validate.Length(max=35), validate.Regexp(LANGUAGE_TAG)])
    body_text = body_field("Plain text; the answer's offsets count in exactly this text.")
    body_html = body_field("HTML, a whole page or a fragment.")
    body_markdown = body_field("Markdown (CommonMark).")
    store = fields.Boolean(
        load_default=True,
        truthy={True},
        falsy={False},
        metadata={"description": "Whether it is kept, and once published its quotations as earlier ones."},
    )
    status = fields.String(
        load_default="published",
        validate=validate.OneOf(get_args(ArticleStatus)),
        metadata={"description": "A draft is kept where it is stored, and is never evidence for anything."},
    )

    @validates_schema(skip_on_field_errors=False, pass_original=True)
    def has_one_body(self, _data: dict[str, Any], original: Any, **_: Any) -> None:
        """Refuse an article without a body or with more than one."""
        given = [name for name in BODIES if isinstance(original, dict) and name in original]
        if not given:
            raise ValidationError("Give one of body_text, body_html and body_markdown.")
        for name in given[1:]:
            raise ValidationError(f"Give one body only; {given[0]} is there already.", name)

    @post_load
    def to_article(self, data: dict[str, Any], **_: Any) -> Article:
        """The record as the use case takes it."""
        name = next(name for name in BODIES if name in data)
        described = {key: value for key, value in data.items() if key not in BODIES}
        return Article(body=data[name], format=BODIES[name], **described)


class SourcedArticleInputSchema(ArticleInputSchema):
    """An article as `POST /v1/articles` takes it: with the sources that it was written from."""

    sources = sources_field()
    keep_sources = fields.Boolean(
        load_default=False,
        truthy={True},
        falsy={False},
        metadata={
            "description": "Store the sources too, as `POST /v1/sources` does. Takes the scope `sources`."
        },
    )

    @validates_schema(skip_on_field_errors=True)
    def keeps_with_article(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse to keep the sources of an article that is not kept, or none."""
        if data.get("keep_sources") and not data.get("store"):
            raise ValidationError("Sources are kept with an article that is stored.", "keep_sources")
        if data.get("keep_sources") and not data.get("sources"):
            raise ValidationError("There are no sources to keep.", "keep_sources")

    @post_load
    def to_article(self, data: dict[str, Any], **kwargs: Any) -> Article:
        """The record as the use case takes it."""
        sources = tuple(data.pop("sources", ()))
        article: Article = super().to_article(data, **kwargs)
        return replace(article, sources=sources)


class ArticleQuerySchema(Schema):
    """Query of `POST /v1/articles`."""

    acts = fields.String(
        load_default="reported",
        validate=validate.OneOf(get_args(Acts)),
        metadata={
            "description": "`all` also returns passages that look like quotations but report no words (facts,"
            " events, terms, titles), with `act` `none`. They are in no `summary` and are not stored."
        },
    )
    gate = fields.Boolean(
        load_default=False,
        truthy={"true", "1"},
        falsy={"false", "0"},
        metadata={
            "description": "Also return `gate`: whether to publish by the policy of `GET /v1/policy`, and why"
            " not. Such a request is answered at once, whatever `Prefer` says."
        },
    )


class SummarySchema(OutputSchema):
    """How many quotations have which label, and the worst severity among them."""

    counts = fields.Dict(
        keys=one_of(*LABELS), values=fields.Integer(), required=True, metadata={"description": "By label."}
    )
    severity = fields.Integer(required=True, validate=validate.Range(min=0, max=3))


class AnalysisSchema(OutputSchema):
    """The analysis of an article: its text, in which offsets count, and every quotation found in it.

    An analysis is returned as it was stored: one of policy 1 has neither `status` nor `summary`.
    """

    id = fields.String(required=True)
    uri = fields.String(required=True, allow_none=True)
    headline = fields.String(required=True, allow_none=True, attribute="article.headline")
    byline = fields.String(required=True, allow_none=True, attribute="article.byline")
    publisher = fields.String(required=True, allow_none=True, attribute="article.publisher")
    published_at = fields.DateTime(required=True, allow_none=True, attribute="article.published_at")
    language = fields.String(required=True, allow_none=True)
    stored = fields.Boolean(required=True, attribute="article.store")
    status = one_of(*get_args(ArticleStatus), required=True, attribute="article.status")
    text = fields.String(required=True)
    notes = fields.List(fields.String(), required=True, attribute="all_notes")
    summary = fields.Nested(SummarySchema, required=True)
    quotes = fields.List(fields.Nested(QuoteSchema), required=True)
    engine = fields.String(required=True)
    policy = fields.String(required=True)
    generation = fields.String(required=True)
    searched = fields.Nested(SearchedSchema, required=True)


class ExtractInputSchema(Schema):
    """A line of `verbatim extract --ndjson`. Unknown members are returned unchanged."""

    class Meta:
        unknown = EXCLUDE

    id = fields.Raw(required=True, validate=lambda value: isinstance(value, str | int))
    text = fields.String(required=True)
    format = fields.String(load_default="plain", validate=validate.OneOf(sorted(BODIES.values())))
    language = fields.String(validate=validate.Regexp(LANGUAGE_TAG))


class ExtractAnswerSchema(OutputSchema):
    """A line of the output of `verbatim extract --ndjson`."""

    id = fields.Raw(required=True)
    text = fields.String(required=True)
    language = fields.String(required=True, allow_none=True)
    notes = fields.List(fields.String(), required=True)
    engine = fields.String(required=True)
    quotes = fields.List(fields.Nested(ExtractedQuoteSchema), required=True)
