"""Check one quotation."""

from __future__ import annotations

from flask import Response

from schemas.check import CheckAnswerSchema, CheckInputSchema
from service.usecases.articles.analysis import CheckRequest
from service.web.http.parsing import StrictBlueprint
from service.web.http.scopes import requires
from service.web.middleware.cached_response import answered_from_memory
from service.web.services import answer_json, services

blueprint = StrictBlueprint("check", __name__, url_prefix="/v1/check", description=__doc__ or "")


@blueprint.post("")
@requires("check")
@answered_from_memory("check")
@blueprint.arguments(CheckInputSchema)
@blueprint.response(200, CheckAnswerSchema)
def check_quote(asked: CheckRequest) -> Response:
    """Check a quotation: who said it, when, and whether the words are right. Nothing is stored."""
    answer = services().checker.check(asked)
    return answer_json(answer.value, answer)
