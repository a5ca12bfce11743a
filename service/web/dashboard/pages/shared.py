"""The page of an article that was shared by a link: readable without a key until the link ends."""

from __future__ import annotations

from flask import Response

from service.web.dashboard.analysis_view import AnalysisView, lay_out_signed
from service.web.dashboard.page import blueprint, page, render
from service.web.services import services


@blueprint.get("/shared/<string:token>")
@page(None)
def show_shared(token: str) -> Response:
    """The article with its verdicts and sign-offs, without forms, comments and files. Requests are limited by
    address, as all without a key; the page is kept out of search engines and tells nobody its address."""
    link, signed = services().work.open_shared(token)
    stored = signed.article
    laid = lay_out_signed(signed, {}, {})
    view = AnalysisView(signed.analysis, laid, version=stored.version, is_shared=True)
    response = render(
        "dashboard/shared.html",
        title=stored.headline or "An article",
        view=view,
        link=link,
        updated_at=stored.updated_at,
    )
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
