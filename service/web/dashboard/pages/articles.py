"""The list of articles, and what is done to one as a whole: assign, share, delete, compare versions."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from flask import Response, redirect, request, url_for
from marshmallow import Schema, ValidationError
from werkzeug.wrappers import Response as WerkzeugResponse

from schemas.article_work import ChangesQuerySchema, CommentInputSchema, ShareInputSchema
from schemas.dashboard import ArticlesPageSchema
from schemas.validation_errors import find_faults
from service.errors import InvalidInput
from service.store.articles.work import ArticlePage, ArticleSearch
from service.web.api.jobs import owner_name
from service.web.api.reviews import reviewer
from service.web.dashboard.form_input import Asked, read_asked, read_query
from service.web.dashboard.page import blueprint, page, render
from service.web.dashboard.pages.article import open_article, present_article
from service.web.dashboard.pages.speaker import refused
from service.web.http.overload import searching
from service.web.services import services

SHOWN: Final = 25
SORTS: Final = {
    "updated": "Last changed first",
    "open": "Most open quotes first",
    "severity": "Worst first",
    "headline": "By headline",
}


@blueprint.get("/articles")
@page("read")
@searching
def show_articles() -> Response:
    """The articles, with how many of their quotes are open."""
    asked = read_asked(ArticlesPageSchema())
    found = ArticlePage((), 0, None)
    if not asked.faults:
        try:
            found = find_articles(asked)
        except InvalidInput as error:
            asked = refused(asked, error)
    return render(
        "dashboard/articles.html",
        title="Articles",
        section="articles",
        status=asked.status,
        asked=asked,
        found=found,
        sorts=SORTS,
        deleted="deleted" in request.args,
    )


def find_articles(asked: Asked) -> ArticlePage:
    """A page of the list."""
    wanted = asked.values
    search = ArticleSearch(
        wanted.get("status"),
        owner_name() if wanted["whose"] == "mine" else None,
        wanted["points"] == "open",
        wanted.get("q"),
        wanted["sort"],
    )
    return services().work.find_page(search, wanted.get("cursor"), SHOWN)


@blueprint.post("/articles/view/<string:article_id>/assign")
@page("review")
def assign_article(article_id: str) -> WerkzeugResponse:
    """Assign the article to somebody."""
    services().work.assign(article_id, request.form.get("assignee") or None, reviewer())
    return back_to(article_id)


@blueprint.post("/articles/view/<string:article_id>/delete")
@page("write")
def delete_article(article_id: str) -> WerkzeugResponse:
    """Delete the article with its versions, quotes, sign-offs, comments and files."""
    services().articles.delete(article_id)
    return redirect(url_for("dashboard.show_articles", deleted=1), HTTPStatus.SEE_OTHER)


@blueprint.post("/articles/view/<string:article_id>/quotes/<string:quote_id>/comment")
@page("review")
def comment_on_quote(article_id: str, quote_id: str) -> WerkzeugResponse:
    """Comment on a quote."""
    found = services().sign_offs.open(article_id).find(quote_id)
    if request.form.get("text", "").strip():
        text = load(CommentInputSchema(), {"text": request.form["text"].replace("\r\n", "\n")})
        services().work.comment(article_id, quote_id, text, reviewer())
    return back_to(article_id, f"q{found.number}")


@blueprint.post("/articles/view/<string:article_id>/share")
@page("review")
def share_article(article_id: str) -> Response:
    """Make a link; its address is shown once."""
    typed = request.form.get("days", "")
    asked = int(typed) if typed.isdecimal() and len(typed) < 4 else 0  # which is refused
    days: int = load(ShareInputSchema(), {"days": asked})["days"]
    made = services().work.share(article_id, days, reviewer())
    address = url_for("dashboard.show_shared", token=made.token, _external=True)
    return present_article(*open_article(article_id), shared_at=address)


@blueprint.post("/articles/view/<string:article_id>/share/<string:link_id>/revoke")
@page("review")
def revoke_link(article_id: str, link_id: str) -> WerkzeugResponse:
    """Revoke a link."""
    services().work.revoke(article_id, link_id, reviewer())
    return back_to(article_id, "work")


@blueprint.get("/articles/view/<string:article_id>/changes")
@page("read")
def show_changes(article_id: str) -> Response:
    """Two versions side by side: their quotes and verdicts."""
    stored = services().articles.get(article_id)
    asked = {"before": max(1, stored.version - 1), "after": stored.version}
    asked |= read_query(ChangesQuerySchema(partial=True), ("from", "to"), "there are no such versions")
    return render(
        "dashboard/changes.html",
        title=stored.headline or "Without a headline",
        section="articles",
        article=stored,
        found=services().articles.compare(article_id, asked["before"], asked["after"]),
    )


def load(schema: Schema, members: dict[str, Any]) -> Any:
    """A form's values, validated as in the API. Raises InvalidInput."""
    try:
        return schema.load(members)
    except ValidationError as error:
        raise InvalidInput("the form is not complete", tuple(find_faults(error.messages))) from None


def back_to(article_id: str, anchor: str | None = None) -> WerkzeugResponse:
    """The page of the article."""
    where = url_for("dashboard.show_article", article_id=article_id, _anchor=anchor)
    return redirect(where, HTTPStatus.SEE_OTHER)
