"""Articles: analyse one, read its analysis again."""

from __future__ import annotations

from flask import Response, request, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from schemas.articles import AnalysisSchema, ArticleInputSchema
from schemas.jobs import JobSchema
from service.usecases.analysis import Article
from service.web.access import requires
from service.web.jobs import present_job
from service.web.parsing import StrictBlueprint
from service.web.services import answer_json, services

blueprint = StrictBlueprint("articles", __name__, url_prefix="/v1/articles", description=__doc__ or "")


@blueprint.post("")
@requires("check")
@blueprint.arguments(ArticleInputSchema)
@blueprint.response(200, AnalysisSchema)
@blueprint.alt_response(202, schema=JobSchema, description="Queued, as `Prefer: respond-async` asked.")
def analyse_article(article: Article) -> Response:
    """Find an article's quotations and their provenance.

    Answers with every quotation, its speaker, its verdict and the earlier quotes it was matched to. Unless
    `store` is false, its quotations become earlier quotations for later articles; the same article again is
    stored once. With `Prefer: respond-async` and a queue, answers 202 and where to ask for the result.
    """
    queue = services().queue
    if queue is not None and "respond-async" in prefer_tokens():
        state = queue.enqueue("service.work.analyse_article", request.get_json())
        if state is not None:
            response = answer_json(present_job(state))
            response.status_code = 202
            response.headers["Location"] = url_for("jobs.get_job", job_id=state.id)
            response.headers["Preference-Applied"] = "respond-async"
            return response
    answer = services().analyser.analyse(article)
    return answer_json(answer.value, answer)


def prefer_tokens() -> set[str]:
    """The preferences of RFC 7240 that carry no value. A preference may be passed over."""
    return {token.split(";")[0].strip().lower() for token in request.headers.get("Prefer", "").split(",")}


@blueprint.get("/<string:article_id>")
@requires("read")
@blueprint.response(200, AnalysisSchema)
@blueprint.alt_response(304, description="The analysis is the one whose ETag was sent.")
def get_article(article_id: str) -> WerkzeugResponse:
    """Read a stored article's analysis as it was first given."""
    stored = services().store.get_article(article_id)
    response = answer_json(stored.analysis.encode())
    response.add_etag()
    return response.make_conditional(request)
