"""The page of a stored article's analysis."""

from __future__ import annotations

import json
from textwrap import shorten
from typing import Final

from flask import Response, request
from werkzeug.wrappers import Response as WerkzeugResponse

from schemas.standards.annotations import AnnotatedArticle
from service.web.api.articles import present_reviewed
from service.web.dashboard.analysis_view import AnalysisView, Filters, lay_out
from service.web.dashboard.page import blueprint, page, render
from service.web.dashboard.pages.exports import answer_export
from service.web.services import services

MOST_TITLE: Final = 80  # characters of a text that has no headline


@blueprint.get("/articles/view/<string:article_id>")
@page("read")
def show_article(article_id: str) -> Response:
    """The article with its quotations marked, their verdicts and their reviews."""
    stored = services().articles.get(article_id)
    analysis = json.loads(stored.analysis)
    view = AnalysisView(
        analysis,
        lay_out(analysis["quotes"], services().reviews.find_of_article(stored, analysis["quotes"])),
        Filters.of(request.args),
        stored.version,
    )
    title = stored.headline or shorten(stored.text, MOST_TITLE, placeholder=" …")
    return render(
        "dashboard/article.html", title=title, section="check", view=view, updated_at=stored.updated_at
    )


@blueprint.get("/articles/view/<string:article_id>/export/<any('csv', 'jsonld', 'annotations'):form>")
@page("read")
def export_article(article_id: str, form: str) -> WerkzeugResponse:
    """The same as a file, with the decisions of people."""
    reviewed = services().articles.get_reviewed(article_id)
    stored, analysis = reviewed.article, json.loads(present_reviewed(reviewed))
    annotated = AnnotatedArticle(analysis, stored.version, stored.updated_at)
    return answer_export(analysis, form, f"verbatim-{stored.id}", annotated)
