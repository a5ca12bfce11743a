"""The page of a stored article's analysis, with what people said of its quotes."""

from __future__ import annotations

import json
from http import HTTPStatus
from textwrap import shorten
from typing import Final

from flask import Response, request
from werkzeug.wrappers import Response as WerkzeugResponse

from schemas.standards.annotations import AnnotatedArticle
from service.store import StoredArticle
from service.usecases.articles.corrected_draft import correct_draft
from service.web.api.articles import present_reviewed
from service.web.dashboard.analysis_view import AnalysisView, Filters, lay_out_signed
from service.web.dashboard.page import blueprint, page, render
from service.web.dashboard.pages.exports import answer_export
from service.web.dashboard.sign_off.history import read_lines
from service.web.http.scopes import principal
from service.web.services import services

MOST_TITLE: Final = 80  # characters of a text that has no headline


@blueprint.get("/articles/view/<string:article_id>")
@page("read")
def show_article(article_id: str) -> Response:
    """The article with its quotations marked, their verdicts, reviews and sign-offs."""
    return present_article(*open_article(article_id))


def open_article(article_id: str) -> tuple[StoredArticle, AnalysisView]:
    """A stored article as its page shows it. Raises NotFound."""
    stored = services().articles.get(article_id)
    signed = services().sign_offs.read(stored)
    reviews = services().reviews.find_of_article(stored, [one.machine for one in signed.quotes])
    histories = read_lines(services().sign_offs.find_histories(signed.quotes))
    files = services().sign_offs.find_files(stored.id)
    laid = lay_out_signed(signed, reviews, histories)
    filters = Filters.of(request.args)
    comments = services().work.find_comments(signed)
    view = AnalysisView(signed.analysis, laid, filters, stored.version, files=files, comments=comments)
    return stored, view


def present_article(
    stored: StoredArticle,
    view: AnalysisView,
    status: int = HTTPStatus.OK,
    *,
    shared_at: str | None = None,
) -> Response:
    """The page. `shared_at` is the address of a link that was made just now."""
    work, may_review = services().work, principal().may("review")
    return render(
        "dashboard/article.html",
        title=stored.headline or shorten(stored.text, MOST_TITLE, placeholder=" …"),
        section="articles",
        status=status,
        view=view,
        updated_at=stored.updated_at,
        listed=work.get(stored.id),
        people=work.find_people() if may_review else (),
        links=work.find_links(stored.id) if may_review else (),
        shared_at=shared_at,
    )


@blueprint.get("/articles/view/<string:article_id>/corrected.txt")
@page("read")
def export_corrected(article_id: str) -> Response:
    """The draft with the wording put right of those quotes that were signed off as to be fixed."""
    corrected = correct_draft(services().sign_offs.open(article_id))
    response = Response(corrected.text, content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="corrected-{article_id}.txt"'
    return response


@blueprint.get("/articles/view/<string:article_id>/export/<any('csv', 'jsonld', 'annotations'):form>")
@page("read")
def export_article(article_id: str, form: str) -> WerkzeugResponse:
    """The same as a file, with the decisions of people and what they said of the quotes."""
    reviewed = services().articles.get_reviewed(article_id)
    stored, analysis = reviewed.article, json.loads(present_reviewed(reviewed))
    annotated = AnnotatedArticle(analysis, stored.version, stored.updated_at)
    return answer_export(analysis, form, f"verbatim-{stored.id}", annotated)
