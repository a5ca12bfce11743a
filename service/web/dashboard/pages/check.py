"""Check an article: a form, and its quotations and verdicts as they are found."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from http import HTTPStatus
from importlib.resources import files
from typing import Final

from flask import Response, redirect, request, stream_with_context, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from schemas.articles import ArticleInputSchema
from service.errors import InvalidInput
from service.usecases.articles.analysis import Article
from service.usecases.articles.stream_analysis import unfold
from service.web.dashboard import error_pages
from service.web.dashboard.analysis_stream import render_steps
from service.web.dashboard.analysis_view import AnalysisView, lay_out
from service.web.dashboard.article_form import ArticleForm, field_of, read_form
from service.web.dashboard.form_input import place_faults
from service.web.dashboard.page import blueprint, page, render
from service.web.dashboard.pages.exports import answer_export
from service.web.http.authentication import forbid
from service.web.http.buffered_stream import BufferedStream, client_socket
from service.web.http.line_streams import NDJSON
from service.web.http.overload import gates
from service.web.http.scopes import principal
from service.web.services import services

MOST_ASIDE: Final = 16_000_000  # bytes of an answer that are buffered on disk for a slow reader
TITLE: Final = "Check an article"


@blueprint.get("/articles/check")
@page("check")
def show_check() -> Response:
    """The form."""
    return present_form(ArticleForm())


@blueprint.post("/articles/check")
@page("check")
def check_article() -> WerkzeugResponse:
    """Analyse the article: as one page, or as a stream of steps for the script."""
    is_streamed = request.accept_mimetypes.best == NDJSON
    form = ArticleForm()
    try:
        form = read_form(request.form, request.files.get("file"))
        article = form.read()
        if article.store and not principal().may("write"):
            return error_pages.present(forbid("write", principal()))
        return stream(article) if is_streamed else answer_whole(form, article)
    except InvalidInput as error:
        if is_streamed:
            raise
        told = place_faults(error.faults, field_of)
        return present_form(replace(form, faults=told), status=HTTPStatus.UNPROCESSABLE_ENTITY)


@blueprint.post("/articles/check/export/<any('csv', 'jsonld'):form>")
@page("check")
def export_checked(form: str) -> WerkzeugResponse:
    """The analysis as a file. Nothing is stored."""
    article = replace(read_form(request.form, request.files.get("file")).read(), store=False)
    analysis = json.loads(services().analyser.analyse(article).value)
    return answer_export(analysis, form, "verbatim-checked")


@blueprint.get("/try")
@page("check")
def try_sample() -> Response:
    """The bundled article, checked. It is not stored."""
    members = json.loads((files("service.sample") / "article.json").read_text(encoding="utf-8"))
    article: Article = ArticleInputSchema().load(members | {"store": False})
    form = ArticleForm(
        body=article.body,
        format=article.format,
        headline=article.headline or "",
        byline=article.byline or "",
        publisher=article.publisher or "",
        published_at=str(article.published_at.date()) if article.published_at else "",
        uri=article.uri or "",
    )
    return present_form(form, analyse(article))


def answer_whole(form: ArticleForm, article: Article) -> WerkzeugResponse:
    """The whole analysis in one page, without scripts; a stored article is shown at its own address."""
    view = analyse(article)
    if article.store:
        where = url_for("dashboard.show_article", article_id=view.analysis["id"])
        return redirect(where, HTTPStatus.SEE_OTHER)
    return present_form(form, view)


def analyse(article: Article) -> AnalysisView:
    """The whole analysis, laid out."""
    analysis = json.loads(services().analyser.analyse(article).value)
    return AnalysisView(analysis, lay_out(analysis["quotes"]))


def present_form(
    form: ArticleForm, view: AnalysisView | None = None, status: int = HTTPStatus.OK
) -> Response:
    """The page with the form, its faults or the result."""
    return render("dashboard/check.html", title=TITLE, section="check", status=status, form=form, view=view)


def stream(article: Article) -> Response:
    """The analysis line by line. Faults of the article and overload are answered before it begins."""
    steps = unfold(services().analyser, article, gates().computing.slot)
    first = next(steps)
    lines: Iterator[bytes] = stream_with_context(render_steps(first, steps))
    response = BufferedStream(client_socket(), MOST_ASIDE).respond(lines, NDJSON)
    response.call_on_close(steps.close)  # type: ignore[attr-defined]
    return response
