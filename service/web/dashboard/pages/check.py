"""Check a draft against its sources: a form, and the quotations and verdicts as they are found."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from http import HTTPStatus
from importlib.resources import files
from typing import Final

from flask import (
    Response,
    current_app,
    get_template_attribute,
    jsonify,
    redirect,
    request,
    stream_with_context,
    url_for,
)
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as WerkzeugResponse

from schemas.articles import ArticleInputSchema
from service.errors import Fault, InvalidInput, NotFound
from service.sample.check_draft import load_draft, load_interview
from service.sources.models import MAX_SOURCES
from service.sources.reading import MAX_FILE_BYTES, read_source
from service.store.quotes.sources import ListedSource, SourceSearch
from service.store.sources.records import StoredSource
from service.usecases.articles.analysis import Article
from service.usecases.articles.stream_analysis import unfold
from service.web.api.sources import find_actor
from service.web.dashboard import error_pages
from service.web.dashboard.analysis_stream import render_steps
from service.web.dashboard.analysis_view import AnalysisView, lay_out
from service.web.dashboard.article_form import ArticleForm, fetch_body, field_of, read_form
from service.web.dashboard.form_input import place_faults
from service.web.dashboard.page import blueprint, page, render
from service.web.dashboard.pages.exports import answer_export
from service.web.dashboard.source_form import KIND_WORDS, SourcesForm, card_of, find_cards, read_sources
from service.web.dashboard.source_text import SourceTexts
from service.web.http.authentication import forbid
from service.web.http.buffered_stream import BufferedStream, client_socket
from service.web.http.line_streams import NDJSON
from service.web.http.overload import gates
from service.web.http.scopes import principal
from service.web.services import services

MOST_ASIDE: Final = 16_000_000  # bytes of an answer that are buffered on disk for a slow reader
MOST_OF_FORM: Final = MAX_FILE_BYTES + 500_000  # bytes: files, or sources that were read, and the draft
CARDS: Final = "dashboard/source_parts.html"
MOST_LISTED: Final = 25  # stored sources to choose from in the form
TITLE: Final = "Check a draft"


@blueprint.get("/articles/check")
@page("check")
def show_check() -> Response:
    """The form; with `?source=`, once or more, against stored sources."""
    faults: list[str] = []
    cards = find_cards(request.args.getlist("source")[:MAX_SOURCES], find_kept, faults)
    return present_form(ArticleForm(), SourcesForm(tuple(cards), faults=tuple(faults)))


@blueprint.post("/articles/check")
@page("check", most_bytes=MOST_OF_FORM)
def check_article() -> WerkzeugResponse:
    """Analyse the article: as one page, or as a stream of steps for the script."""
    hold_draft()
    is_streamed = request.accept_mimetypes.best == NDJSON
    form, sources = ArticleForm(), SourcesForm()
    try:
        sources = read_sent_sources()
        form = fetch_body(read_form(request.form, request.files.get("file")), services().fetcher)
        article = replace(form.read(sources.to_sent()), actor=find_actor())
        if article.store and not principal().may("write"):
            return error_pages.present(forbid("write", principal()))
        if sources.faults:  # a source that is missing would make its quotes "not in your sources"
            raise InvalidInput("a source cannot be read", (Fault("/sources", " ".join(sources.faults)),))
        return stream(article, sources) if is_streamed else answer_whole(form, article, sources)
    except InvalidInput as error:
        if is_streamed:
            raise
        faults = place_faults(error.faults, field_of)
        return present_form(replace(form, faults=faults), sources, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@blueprint.post("/articles/check/sources")
@page("check", most_bytes=MOST_OF_FORM)
def add_sources() -> WerkzeugResponse:
    """Read the files that were added: the form with them, or their cards for the module that asks so.

    Nothing is stored: the form carries what was read.
    """
    hold_draft()
    wants_cards = request.accept_mimetypes.best == "application/json"
    try:
        sources = read_sent_sources()
    except InvalidInput as error:
        sources = SourcesForm(faults=(str(error),))
    if wants_cards:
        card = get_template_attribute(CARDS, "source_card")
        cards = [card(one, KIND_WORDS) for one in sources.cards]
        return jsonify(cards=cards, faults=sources.faults)
    try:
        form = read_form(request.form, request.files.get("file"))
    except InvalidInput as error:
        form = ArticleForm(faults=place_faults(error.faults, field_of))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if sources.faults or form.faults else HTTPStatus.OK
    return present_form(form, sources, status=status)


@blueprint.post("/articles/check/export/<any('csv', 'jsonld'):form>")
@page("check", most_bytes=MOST_OF_FORM)
def export_checked(form: str) -> WerkzeugResponse:
    """The analysis as a file. Nothing is stored."""
    hold_draft()
    sources = read_sent_sources().to_sent()
    form_sent = fetch_body(read_form(request.form, request.files.get("file")), services().fetcher)
    article = replace(form_sent.read(sources), store=False)
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
    return pack(present_form(form, SourcesForm(), analyse(article, SourcesForm())))


@blueprint.get("/try/draft")
@page("check")
def try_draft() -> Response:
    """The bundled draft, checked against the bundled interview. Nothing is stored."""
    draft, interview = load_draft(), load_interview()
    form = ArticleForm(body=draft.text, format="markdown")
    card = card_of(read_source(interview.text, name=interview.name), interview.name)
    sources = SourcesForm((card,))
    article = replace(form.read(sources.to_sent()), store=False)
    return pack(present_form(form, sources, analyse(article, sources)))


def pack(response: Response) -> Response:
    """A page compressed, for those who take it so.

    Only for pages that show nothing of the request: the size of a compressed page that holds a token and
    what a stranger chose would tell the stranger the token.
    """
    response.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"] > 0:
        response.set_data(gzip.compress(response.get_data(), 6, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response


def hold_draft() -> None:
    """Hold the pasted draft to the usual limit: the form is larger for the sources' sake only."""
    if len(request.form.get("body", "")) > int(current_app.config["MAX_CONTENT_LENGTH"]):
        raise RequestEntityTooLarge


def read_sent_sources() -> SourcesForm:
    """The sources in the form that was sent."""
    return read_sources(request.form, request.files.getlist("source_file"), find_kept)


def find_kept(source_id: str) -> StoredSource:
    """A stored source, for those who may read it. Raises NotFound."""
    if not principal().may("read"):
        raise NotFound("no such source")
    return services().stored_sources.get(source_id)


def list_kept() -> Sequence[ListedSource]:
    """The newest stored sources that a draft may be held against, to choose from."""
    if not principal().may("read"):
        return ()
    wanted = SourceSearch(retracted=False, with_articles=False)
    return services().stored_sources.find_page(wanted, None, MOST_LISTED).items


def answer_whole(form: ArticleForm, article: Article, sources: SourcesForm) -> WerkzeugResponse:
    """The whole analysis in one page, without scripts; a stored article is shown at its own address.

    Not where sources were given: their words are not stored, and the page of the article is without them.
    """
    view = analyse(article, sources)
    if article.store and not sources.cards:
        where = url_for("dashboard.show_article", article_id=view.analysis["id"])
        return redirect(where, HTTPStatus.SEE_OTHER)
    return present_form(form, sources, view)


def analyse(article: Article, sources: SourcesForm) -> AnalysisView:
    """The whole analysis, laid out."""
    analysis = json.loads(services().analyser.analyse(article).value)
    return AnalysisView(analysis, lay_out(analysis["quotes"]), sources=SourceTexts.of(sources.cards))


def present_form(
    form: ArticleForm,
    sources: SourcesForm,
    view: AnalysisView | None = None,
    status: int = HTTPStatus.OK,
) -> Response:
    """The page with the form, its faults or the result."""
    return render(
        "dashboard/check.html",
        title=TITLE,
        section="check",
        status=status,
        form=form,
        sources=sources,
        kinds=KIND_WORDS,
        stored=() if request.path.startswith("/try") else list_kept(),  # a sample needs no other source
        fetches=services().fetcher.is_allowed,
        view=view,
    )


def stream(article: Article, sources: SourcesForm) -> Response:
    """The analysis line by line. Faults of the article and overload are answered before it begins."""
    steps = unfold(services().analyser, article, gates().computing.slot)
    first = next(steps)
    lines: Iterator[bytes] = stream_with_context(render_steps(first, steps, SourceTexts.of(sources.cards)))
    response = BufferedStream(client_socket(), MOST_ASIDE).respond(lines, NDJSON)
    response.call_on_close(steps.close)  # type: ignore[attr-defined]
    return response
