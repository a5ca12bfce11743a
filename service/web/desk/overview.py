"""The front page."""

from __future__ import annotations

from flask import redirect
from werkzeug.wrappers import Response as WerkzeugResponse

from service.web.desk.pages import blueprint, page


@blueprint.get("/")
@page("read")
def show_overview() -> WerkzeugResponse:
    """Lead to the page that checks an article."""
    return redirect("/articles/check")
