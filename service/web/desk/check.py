"""Check an article."""

from __future__ import annotations

from flask import Response

from service.web.desk.pages import blueprint, page, render


@blueprint.get("/articles/check")
@page("check")
def show_check() -> Response:
    """The form."""
    return render("desk/check.html", title="Check an article", section="check")
