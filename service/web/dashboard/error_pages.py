"""Errors of the dashboard: a page for people, problem details for
scripts."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as WerkzeugResponse

from service.errors import VerbatimError
from service.web.http.problems import (
    CONTENT_TYPE,
    answer_http_error,
    answer_unforeseen,
    answer_verbatim_error,
    problem,
)

HTML: Final = "text/html"
STALE: Final = (
    "This page was open for too long, or is not of the dashboard. Load it again and repeat what you did."
)


def register(blueprint: Blueprint) -> None:
    """Make every error of the dashboard's pages readable."""
    blueprint.register_error_handler(CSRFError, lambda _error: show(HTTPStatus.FORBIDDEN, STALE))
    blueprint.register_error_handler(VerbatimError, lambda error: present(answer_verbatim_error(error)))
    blueprint.register_error_handler(HTTPException, present_http_error)
    blueprint.register_error_handler(Exception, lambda error: present(answer_unforeseen(error)))


def present_http_error(error: HTTPException) -> WerkzeugResponse:
    """The answer to an error of the web framework; its own response if it has one."""
    if error.response is not None and isinstance(error.response, Response):
        return present(error.response)
    return present(answer_http_error(error))


def show(status: int, detail: str) -> Response:
    """A page with an error."""
    return present(problem(status, detail))


def present(refusal: Response) -> Response:
    """An error of the API, as a page if the browser asked for one."""
    if not wants_page() or refusal.content_type != CONTENT_TYPE:
        return refusal
    details: dict[str, Any] = refusal.get_json()
    html = render_template(
        "dashboard/error.html",
        title=details["title"],
        detail=details["detail"],
        faults=details.get("errors", ()),
        section="",
    )
    response = Response(html, status=refusal.status_code, content_type="text/html; charset=utf-8")
    for name, value in refusal.headers:
        if name in ("Retry-After", "Allow"):
            response.headers[name] = value
    return response


def ask_to_sign_in() -> WerkzeugResponse:
    """A redirect to the page to sign in, which leads back."""
    if not wants_page():
        return problem(
            HTTPStatus.UNAUTHORIZED, "You are not signed in, or your session has ended: sign in again."
        )
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("dashboard.show_sign_in", next=back), HTTPStatus.SEE_OTHER)


def wants_page() -> bool:
    """Whether the browser asks for a page, and not a script for JSON."""
    return HTML in [value.partition(";")[0] for value, _ in request.accept_mimetypes] or not (
        request.accept_mimetypes
    )
