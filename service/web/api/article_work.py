"""The list of articles, who signs them off, comments, share links, and what changed between versions."""

from __future__ import annotations

from typing import Any

from flask import Response, url_for

from schemas.answers import encode_json, present
from schemas.article_work import (
    ArticleListQuerySchema,
    ArticleListSchema,
    AssigneeSchema,
    ChangesQuerySchema,
    ChangesSchema,
    CommentInputSchema,
    CommentSchema,
    CommentsSchema,
    ListedArticleSchema,
    NewShareLinkSchema,
    ShareInputSchema,
    ShareLinkSchema,
    ShareLinksSchema,
    present_changes,
    present_comment,
)
from service.web.api.jobs import owner_name
from service.web.api.reviews import reviewer
from service.web.http.idempotency import idempotent
from service.web.http.overload import costly, searching
from service.web.http.parsing import StrictBlueprint
from service.web.http.scopes import requires
from service.web.services import answer_json, services

blueprint = StrictBlueprint("article_work", __name__, url_prefix="/v1/articles", description=__doc__ or "")


@blueprint.get("")
@requires("read")
@searching
@blueprint.arguments(ArticleListQuerySchema, location="query")
@blueprint.response(200, ArticleListSchema)
def list_articles(query: dict[str, Any]) -> Response:
    """List the stored articles: drafts, published or both, with how many of their quotes are signed off."""
    search = ArticleListQuerySchema().to_search(query, owner_name())
    found = services().work.find_page(search, query.get("cursor"), query["limit"])
    return answer_json(present(ArticleListSchema(), found))


@blueprint.put("/<string:article_id>/assignee")
@requires("review")
@blueprint.arguments(AssigneeSchema)
@blueprint.response(200, ListedArticleSchema)
def put_assignee(asked: dict[str, Any], article_id: str) -> Response:
    """Assign an article to the owner of a key who is to sign it off, or to nobody."""
    listed = services().work.assign(article_id, asked["assignee"], reviewer())
    return answer_json(present(ListedArticleSchema(), listed))


@blueprint.get("/<string:article_id>/comments")
@requires("read")
@blueprint.response(200, CommentsSchema)
def list_comments(article_id: str) -> Response:
    """List the comments on the quotations of an article."""
    signed = services().sign_offs.open(article_id)
    found = services().work.find_comments(signed)
    quotes = [
        {
            "number": number,
            "quote_id": signed.quotes[number - 1].quote["id"],
            "comments": [present_comment(comment) for comment in comments],
        }
        for number, comments in sorted(found.items())
    ]
    return answer_json(encode_json({"quotes": quotes}))


@blueprint.post("/<string:article_id>/quotes/<string:quote_id>/comments")
@requires("review")
@idempotent
@blueprint.arguments(CommentInputSchema)
@blueprint.response(201, CommentSchema)
def add_comment(text: str, article_id: str, quote_id: str) -> Response:
    """Comment on a quotation. Comments are not changed; they are deleted with their article."""
    comment = services().work.comment(article_id, quote_id, text, reviewer())
    response = answer_json(encode_json(present_comment(comment)))
    response.status_code = 201
    return response


@blueprint.get("/<string:article_id>/share-links")
@requires("review")
@blueprint.response(200, ShareLinksSchema)
def list_share_links(article_id: str) -> Response:
    """List the links by which an article is readable without a key at the moment."""
    services().work.get(article_id)
    links = services().work.find_links(article_id)
    return answer_json(present(ShareLinksSchema(), {"links": links}))


@blueprint.post("/<string:article_id>/share-links")
@requires("review")
@blueprint.arguments(ShareInputSchema)
@blueprint.response(201, NewShareLinkSchema)
def add_share_link(asked: dict[str, Any], article_id: str) -> Response:
    """Make a link by which an article can be read without a key, with its verdicts and sign-offs.

    It ends by itself after some days, and can be revoked. Its address is shown only in this answer. There is
    no `Idempotency-Key`, since stored answers would keep the address: a request that is repeated makes
    another link.
    """
    made = services().work.share(article_id, asked["days"], reviewer())
    address = url_for("dashboard.show_shared", token=made.token, _external=True)
    response = answer_json(encode_json(ShareLinkSchema().dump(made.link) | {"address": address}))
    response.status_code = 201
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.delete("/<string:article_id>/share-links/<string:link_id>")
@requires("review")
@blueprint.response(204)
def revoke_share_link(article_id: str, link_id: str) -> None:
    """Revoke a link: it leads nowhere from then on."""
    services().work.revoke(article_id, link_id, reviewer())


@blueprint.get("/<string:article_id>/changes")
@requires("read")
@costly
@blueprint.arguments(ChangesQuerySchema, location="query")
@blueprint.response(200, ChangesSchema)
def get_changes(query: dict[str, Any], article_id: str) -> Response:
    """Compare two versions of an article: which quotations were added, removed, reworded or judged otherwise.

    Quotations are shown as the machine read and judged them in each version.
    """
    found = services().articles.compare(article_id, query["before"], query["after"])
    return answer_json(encode_json(present_changes(found)))
