"""Articles: analyse, read, replace and delete them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, Final

from flask import Response, request, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from schemas.answers import encode_json
from schemas.articles import (
    AnalysisSchema,
    ArticleInputSchema,
    ArticleQuerySchema,
    SourcedArticleInputSchema,
)
from schemas.jobs import JobSchema
from schemas.policy import GatedAnalysisSchema, present_gated
from schemas.review_answers import ReviewedAnalysisSchema, present_reviewed_article
from schemas.searches import AnnotationQuerySchema
from schemas.standards.annotations import AnnotatedArticle, present_collection, present_page
from schemas.standards.representations import ANNOTATIONS, CSV, JSON, JSON_LD, TEXT, format_query
from schemas.standards.schema_org import present_article
from schemas.standards.spreadsheets import ARTICLE_COLUMNS, article_row, present_table
from schemas.versions import VersionPageSchema, VersionSearchSchema
from service.cache import CacheAnswer
from service.errors import Fault, InvalidInput, NotFound
from service.store import VersionPage
from service.store.records import entity_tag
from service.usecases.articles.analysis import Article
from service.usecases.articles.replace_article import replace_article
from service.usecases.articles.stored_articles import ReviewedArticle
from service.web.api.jobs import answer_accepted, owner_name
from service.web.api.sources import find_actor
from service.web.http.authentication import forbid
from service.web.http.conditions import answer_tagged, conditional_read, conditional_write, read_precondition
from service.web.http.given_sources import refuse_key, with_sources
from service.web.http.idempotency import idempotent, request_name
from service.web.http.negotiation import (
    add_alternates,
    addresses,
    answer_document,
    answer_form,
    choose,
    name_file,
    offers,
)
from service.web.http.overload import costly, gates
from service.web.http.parsing import StrictBlueprint
from service.web.http.scopes import principal, requires, storing
from service.web.middleware.cached_response import answered_from_memory
from service.web.services import answer_json, services

ARTICLE_FORMS: Final = (JSON, JSON_LD, CSV)
VERSION_FORMS: Final = (JSON, TEXT)

blueprint = StrictBlueprint("articles", __name__, url_prefix="/v1/articles", description=__doc__ or "")


#: What "Try it out" sends. It is not stored.
EXAMPLE: Final = {
    "body_text": "“In this present crisis, government is the solution to our problem,” Ronald Reagan said.",
    "store": False,
}


@blueprint.post("")
@requires("check")
@with_sources
@storing
@idempotent
@answered_from_memory("article")
@blueprint.arguments(SourcedArticleInputSchema, example=EXAMPLE)
@blueprint.arguments(ArticleQuerySchema, location="query")
@blueprint.response(200, GatedAnalysisSchema)
@blueprint.alt_response(202, schema=JobSchema, description="Queued, as `Prefer: respond-async` asked.")
def analyse_article(article: Article, query: dict[str, Any]) -> Response:
    """Find the quotations of an article and check them.

    Returns each quotation with its speaker, its verdict (label, severity, evidence, what was said,
    correction) and the earlier quotes that it was compared with, and a `summary` of the labels. Unless
    `store` is false, its quotations are stored as reports for later articles; with `status` `draft` they are
    not used as evidence. Posting the same article again stores nothing new. Storing requires the scope
    `write`. With `Prefer: respond-async` and a queue, the answer is 202 with the address of the job; with
    `acts=all` it is always given at once.

    With `sources`, quotations are held against these first: each is in them and right, in them and changed,
    cut or of another person, `not_in_sources`, or `unclear` with the reason. The sources are private to the
    request: they and the answer are in no cache, no job and no log, and what is stored of the analysis has
    none of their words, unless `keep_sources` is true. Such a request is answered at once, whatever `Prefer`
    says, and takes no Idempotency-Key.

    With `gate=true`, `gate` says whether to publish: `pass`, `warn` or `hold`, with the reasons. What a
    person has signed off as right in the stored article is not held.
    """
    article = replace(article, acts=query["acts"], actor=find_actor())
    if article.sources:
        refuse_key()
        if article.keep_sources and not principal().may("sources"):
            return forbid("sources", principal())
        with gates().computing.slot():
            answer = services().analyser.analyse(article)
        return answer_analysed(answer, query["gate"])
    jobs = services().background.jobs if article.acts == "reported" and not query["gate"] else None
    if jobs is not None and "respond-async" in prefer_tokens() and jobs.queue.depth() is not None:
        body = request.get_data(cache=True, as_text=True)
        response = answer_accepted(jobs.accept_article(body, article.uri, owner_name(), request_name()))
        response.headers["Preference-Applied"] = "respond-async"
        return response
    return answer_analysed(services().analyser.analyse(article), query["gate"])


def answer_analysed(answer: CacheAnswer, gated: bool) -> Response:
    """An analysis, with the decision of the gate if it was asked for."""
    if not gated:
        return answer_json(answer.value, answer)
    analysis = json.loads(answer.value)
    return answer_json(encode_json(present_gated(analysis, services().gate.decide(analysis))), answer)


def prefer_tokens() -> set[str]:
    """The preferences of RFC 7240 that carry no value. A preference may be passed over."""
    return {token.split(";")[0].strip().lower() for token in request.headers.get("Prefer", "").split(",")}


@blueprint.get("/<string:article_id>")
@requires("read")
@conditional_read
@offers(*ARTICLE_FORMS)
@blueprint.arguments(format_query("ArticleForm", *ARTICLE_FORMS), location="query")
@blueprint.response(200, ReviewedAnalysisSchema)
@blueprint.alt_response(304, description="The analysis is the one whose ETag was sent.")
def get_article(query: dict[str, Any], article_id: str) -> WerkzeugResponse:
    """Read the analysis of a stored article.

    The analysis is returned as it was made. If a person has decided on a quotation's verdict, the decision is
    beside the verdict as `review`; if one has signed it off, that is beside it as `sign_off`, and a quotation
    whose speaker or words were corrected is shown as corrected. Other formats: JSON-LD (schema.org Article
    with its Quotations), CSV (a table of its quotations).
    """
    form = choose(query, *ARTICLE_FORMS)
    reviewed = services().articles.get_reviewed(article_id)
    stored, body = reviewed.article, present_reviewed(reviewed)
    if form == JSON:
        own = entity_tag(stored.analysis)  # which a writer may still send with If-Match
        tag = own if body == stored.analysis else f"{own}.{entity_tag(body)}"
        return add_alternates(answer_tagged(body, tag), form, ARTICLE_FORMS)
    analysis = json.loads(body)
    if form == JSON_LD:
        return answer_document(present_article(analysis, addresses()), form, *ARTICLE_FORMS)
    table = "".join(present_table(ARTICLE_COLUMNS, map(article_row, analysis["quotes"])))
    return name_file(answer_form(table, form, *ARTICLE_FORMS), f"verbatim-{stored.id}.csv")


def present_reviewed(reviewed: ReviewedArticle) -> str:
    """An article's analysis, as JSON, with what people have decided and said of its quotations since."""
    stored = reviewed.article
    if not reviewed.decided and not reviewed.signed:
        return stored.analysis
    return present_reviewed_article(stored, reviewed.decided, reviewed.signed)


@blueprint.get("/<string:article_id>/annotations")
@requires("read")
@conditional_read
@offers(ANNOTATIONS)
@blueprint.arguments(AnnotationQuerySchema, location="query")
@blueprint.response(200, description="An AnnotationCollection, or the AnnotationPage that was asked for.")
@blueprint.alt_response(304, description="The annotations are those whose ETag was sent.")
def get_annotations(query: dict[str, Any], article_id: str) -> WerkzeugResponse:
    """Read an article's quotations as W3C Web Annotations.

    Without `page`, returns an AnnotationCollection with its first page; with it, an AnnotationPage of up to
    100. Each span of a quotation has a TextQuoteSelector and a TextPositionSelector, which counts in the text
    at `/versions/{n}?format=text`.
    """
    form = choose(query, ANNOTATIONS)
    reviewed = services().articles.get_reviewed(article_id)
    stored = reviewed.article
    article = AnnotatedArticle(json.loads(present_reviewed(reviewed)), stored.version, stored.updated_at)
    page = query.get("page")
    if page is None:
        return answer_document(present_collection(article, addresses()), form, ANNOTATIONS)
    if page >= article.page_count:
        raise NotFound("the annotations of this article have no such page")
    return answer_document(present_page(article, page, addresses()), form, ANNOTATIONS)


@blueprint.put("/<string:article_id>")
@requires("write")
@costly
@conditional_write
@blueprint.arguments(ArticleInputSchema)
@blueprint.response(200, AnalysisSchema)
@blueprint.alt_response(201, schema=AnalysisSchema, description="There was no such article; it was stored.")
def put_article(article: Article, article_id: str) -> Response:
    """Replace an article by a new version.

    Its quotations replace those of the former version in one transaction. Former versions are kept. A text
    that is stored already changes nothing. The id of an article is derived from its uri, or from its text if
    it has none, so a body with another id is refused; a missing uri is taken from the stored article. With
    `If-Match`, a version that somebody else stored in between is not overwritten; with `If-None-Match: *`, no
    version is.
    """
    if not article.store:
        fault = Fault("/store", "PUT always stores; POST to /v1/articles can analyse without storing.")
        raise InvalidInput("an article that is not to be stored cannot be put", (fault,))
    replaced = replace_article(
        services().analyser, article_id, replace(article, actor=find_actor()), read_precondition()
    )
    response = answer_json(replaced.analysis)
    response.set_etag(replaced.tag)
    if replaced.created:
        response.status_code = 201
        response.headers["Location"] = url_for("articles.get_article", article_id=article_id)
    return response


@blueprint.delete("/<string:article_id>")
@requires("write")
@conditional_write
@blueprint.response(204)
def delete_article(article_id: str) -> None:
    """Delete an article with its versions and quotations."""
    services().articles.delete(article_id, read_precondition())


@blueprint.get("/<string:article_id>/versions")
@requires("read")
@blueprint.arguments(VersionSearchSchema, location="query")
@blueprint.response(200, VersionPageSchema)
def list_versions(search: dict[str, Any], article_id: str) -> VersionPage:
    """List the versions of an article, newest first."""
    return services().articles.list_versions(article_id, before=search.get("before"), limit=search["limit"])


@blueprint.get("/<string:article_id>/versions/<int:version>")
@requires("read")
@conditional_read
@offers(*VERSION_FORMS)
@blueprint.arguments(format_query("VersionForm", *VERSION_FORMS), location="query")
@blueprint.response(200, AnalysisSchema)
@blueprint.alt_response(304, description="The analysis is the one whose ETag was sent.")
def get_version(query: dict[str, Any], article_id: str, version: int) -> WerkzeugResponse:
    """Read the analysis of one version of an article, or its plain text, in which offsets count."""
    form = choose(query, *VERSION_FORMS)
    stored = services().articles.get_version(article_id, version)
    return answer_form(stored.analysis if form == JSON else stored.text, form, *VERSION_FORMS)
