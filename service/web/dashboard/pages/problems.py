"""The kinds of problems that the API answers with, at the addresses that their `type` names."""

from __future__ import annotations

from typing import Final

from flask import Response

from schemas.problem_types import PROBLEM_TYPES
from service.errors import NotFound
from service.web.dashboard.page import blueprint, page, render

BY_NAME: Final = {kind.name: kind for kind in PROBLEM_TYPES}


@blueprint.get("/problems")
@page(None)
def list_problems() -> Response:
    """All kinds of problems."""
    return render("dashboard/problems.html", title="Problems that the API tells of", kinds=PROBLEM_TYPES)


@blueprint.get("/problems/<string:name>")
@page(None)
def show_problem(name: str) -> Response:
    """One kind of problem."""
    kind = BY_NAME.get(name)
    if kind is None:
        raise NotFound("there is no such kind of problem")
    return render("dashboard/problems.html", title=f"Problem: {name.replace('-', ' ')}", kinds=[kind])
