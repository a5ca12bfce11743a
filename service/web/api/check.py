"""Check one quotation."""

from __future__ import annotations

from typing import Final

from flask import Response

from schemas.check import CheckAnswerSchema, CheckInputSchema
from service.usecases.articles.analysis import CheckRequest
from service.web.http.given_sources import with_sources
from service.web.http.overload import gates
from service.web.http.parsing import StrictBlueprint
from service.web.http.scopes import requires
from service.web.middleware.cached_response import answered_from_memory
from service.web.services import answer_json, services

blueprint = StrictBlueprint("check", __name__, url_prefix="/v1/check", description=__doc__ or "")


#: What "Try it out" sends: words that the bundled sources have otherwise.
EXAMPLE: Final = {
    "quote": "In this present crisis, government is the solution to our problem",
    "speaker": "Ronald Reagan",
}


@blueprint.post("")
@requires("check")
@with_sources
@answered_from_memory("check")
@blueprint.arguments(CheckInputSchema, example=EXAMPLE)
@blueprint.response(200, CheckAnswerSchema)
def check_quote(asked: CheckRequest) -> Response:
    """Check a quotation: who said it, when, and whether the words are right. Nothing is stored.

    With `sources`, the quotation is held against these first, as `POST /v1/articles` does it; neither they
    nor the answer get into a cache.
    """
    if asked.sources:
        with gates().computing.slot():
            answer = services().checker.check(asked)
        return answer_json(answer.value, answer)
    answer = services().checker.check(asked)
    return answer_json(answer.value, answer)
