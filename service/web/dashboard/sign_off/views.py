"""Sign-off on the page of an article: quote by quote, without leaving it.

Everything works without scripts: each form leads back to its quote. For the module, the answer is the card
and the row of the quote as they are then.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus

from flask import Response, get_template_attribute, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from service.errors import Conflict, InvalidInput, PreconditionFailed
from service.people.person import Person
from service.store.sign_offs.records import Statement
from service.usecases.reviews.sign_offs import MAX_FILE_BYTES, NOTHING, SignedQuote, SignOffOrder
from service.usecases.speaker_registry import Editor
from service.web.api.reviews import reviewer
from service.web.api.sign_offs import answer_file
from service.web.dashboard.analysis_view import AnalysisView
from service.web.dashboard.form_input import place_faults
from service.web.dashboard.labels import SIGN_OFFS, WORDS
from service.web.dashboard.page import blueprint, page
from service.web.dashboard.pages.article import open_article, present_article
from service.web.dashboard.sign_off.form import SignOffForm, field_of
from service.web.http.authentication import forbid
from service.web.http.scopes import principal
from service.web.services import services

PARTS = "dashboard/quote_parts.html"
MOST_OF_FORM = MAX_FILE_BYTES + 500_000  # bytes


@blueprint.post("/articles/view/<string:article_id>/quotes/<string:quote_id>/sign-off")
@page("review", most_bytes=MOST_OF_FORM)
def sign_off_quote(article_id: str, quote_id: str) -> WerkzeugResponse:
    """Sign a quote off by the form, or take that back."""
    article = services().sign_offs.open(article_id)
    found = article.find(quote_id)
    form = SignOffForm.read(request.form)
    if "withdraw" in request.form:
        return act(article_id, found, form, lambda: NOTHING)
    return act(article_id, found, form, lambda: read_statement(article_id, found, form, article.article.text))


@blueprint.post("/articles/view/<string:article_id>/quotes/<string:quote_id>/speaker")
@page("review")
def add_corrected_speaker(article_id: str, quote_id: str) -> WerkzeugResponse:
    """Add a corrected speaker to the register of speakers, and judge the quote by it again."""
    if not principal().may("write"):
        return forbid("write", principal())
    found = services().sign_offs.open(article_id).find(quote_id)
    name = found.quote["speaker"]["name"]
    if name and services().speakers.resolve(name, None).speaker is None:
        services().speakers.add(Person(name), Editor(principal().name, "named in a correction"))
    signed = services().sign_offs.judge_again(article_id, quote_id)
    return redirect(address_of(article_id, signed), HTTPStatus.SEE_OTHER)


@blueprint.get("/articles/view/<string:article_id>/evidence/<string:file_id>")
@page("read")
def download_evidence(article_id: str, file_id: str) -> Response:
    """A file that is kept as evidence, as a download."""
    return answer_file(article_id, file_id)


def read_statement(article_id: str, found: SignedQuote, form: SignOffForm, text: str) -> Statement:
    """The statement in the form. A file is kept only if all else is right. Raises InvalidInput."""
    statement = form.to_statement(found, text)
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return statement
    file = services().sign_offs.keep_file(article_id, sent.filename, sent.read(), reviewer())
    return form.to_statement(found, text, file.id)


def act(
    article_id: str, found: SignedQuote, form: SignOffForm, read: Callable[[], Statement]
) -> WerkzeugResponse:
    """Record a statement; shows the quote as it is then, or why nothing was changed."""
    tag = request.form.get("tag", "")
    try:
        order = SignOffOrder(
            article_id, found.machine["id"], read(), reviewer(), frozenset({tag}) if tag else None
        )
        signed = services().sign_offs.sign(order)
    except InvalidInput as error:
        faults = place_faults(error.faults, field_of) or {"status": str(error)}
        return answer(article_id, found, replace(form, faults=faults), HTTPStatus.UNPROCESSABLE_ENTITY)
    except (Conflict, PreconditionFailed) as error:
        told = f"Nothing was saved: {error}. What you see now is the present state; your text is still here."
        return answer(article_id, found, replace(form, faults={"status": told}), HTTPStatus.CONFLICT)
    if not wants_parts():
        return redirect(address_of(article_id, signed), HTTPStatus.SEE_OTHER)
    if signed.quote["content"] != found.quote["content"] or signed.quote["speaker"] != found.quote["speaker"]:
        return jsonify(reload=address_of(article_id, signed))  # marks, counts and filters change, too
    return answer(article_id, signed)


def answer(
    article_id: str, found: SignedQuote, form: SignOffForm | None = None, status: int = HTTPStatus.OK
) -> Response:
    """The page, or for the module the parts of it that change."""
    stored, view = open_article(article_id)
    if form is not None:
        laid = [replace(one, form=form) if one.number == found.number else one for one in view.all]
        view = replace(view, all=laid)
    if not wants_parts():
        return present_article(stored, view, status)
    return answer_parts(view, found.number, status)


def answer_parts(view: AnalysisView, number: int, status: int) -> Response:
    """The parts of the page that show one quote, and the count."""
    laid = view.by_number[number]
    flag, card, row, count = (
        get_template_attribute(PARTS, name) for name in ("flag", "card", "row", "signed_count")
    )
    told = SIGN_OFFS[laid.form.status].word if laid.is_signed_off else "Not signed off"
    parts = jsonify(
        number=number,
        flag=flag(laid),
        card=card(WORDS, laid, view, True, principal().may("write")),
        row=row(WORDS, laid, view),
        count=count(view),
        told=f"Quote {number}: {told}. {view.signed} of {len(view.all)} signed off.",
    )
    parts.status_code = status
    return parts


def wants_parts() -> bool:
    """Whether the module asks."""
    return request.accept_mimetypes.best == "application/json"


def address_of(article_id: str, signed: SignedQuote) -> str:
    """The quote on the page of its article."""
    return url_for("dashboard.show_article", article_id=article_id, _anchor=f"q{signed.number}")
